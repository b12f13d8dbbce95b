"""The public pages of the toolkit. What they show comes from the published toolkit and from nowhere else."""

from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from community_map.http.limits import limited_search
from community_map.text import clean_text
from toolkit import rendering, search
from toolkit.filters import CaseStudyFilter, PageFilter
from toolkit.page_cache import Snapshot, public_page, respond
from toolkit.published import PublicCaseStudy, PublicPage


def by_title(items) -> list:
    return sorted(items, key=lambda item: item.title.casefold())


@public_page(*PageFilter.base_fields)
def index(request, snapshot: Snapshot):
    """What the toolkit is, and the situations, which have no order but the alphabet's."""
    chosen = PageFilter(request.GET, snapshot.taxonomy)
    is_valid = chosen.is_valid()
    pages = {
        name: snapshot.taxonomy.with_approaches(chosen.keep(by_title(items)) if is_valid else [])
        for name, items in (
            ("situations", snapshot.toolkit.situations),
            ("explainers", snapshot.toolkit.explainers),
        )
    }
    front = snapshot.toolkit.front
    context = {
        **pages,
        "chosen": chosen,
        "front": front,
        "rendered": rendering.render(front.texts, snapshot.toolkit, snapshot.taxonomy) if front else None,
        "newest_case_studies": snapshot.toolkit.newest_case_studies(3),
    }
    return respond(request, "toolkit/index.html", snapshot, context, status=200 if is_valid else 400)


@public_page()
def page(request, snapshot: Snapshot, slug: str):
    found = snapshot.toolkit.pages.get(slug)
    if found is None or found.address != request.path:
        new = snapshot.toolkit.pages.get(snapshot.toolkit.old_pages.get(slug, ""))
        if new is None:
            raise Http404
        return redirect(new.address, permanent=True)
    return item_response(request, snapshot, found)


def item_response(request, snapshot: Snapshot, item: PublicPage | PublicCaseStudy, preview=None):
    """A page or case study; `preview` is the row when an editor looks at it before it is published."""
    context = {
        "item": item,
        "rendered": rendering.render(item.texts, snapshot.toolkit, snapshot.taxonomy),
        "approaches": snapshot.taxonomy.approaches_of(item),
        "preview": preview,
    }
    if isinstance(item, PublicPage):
        context["related"] = snapshot.toolkit.related_to(item)
        return respond(request, "toolkit/page.html", snapshot, context)
    context["initiative"] = snapshot.taxonomy.initiative_of(item)
    return respond(request, "toolkit/case_study.html", snapshot, context)


@public_page(*CaseStudyFilter.base_fields)
def case_studies(request, snapshot: Snapshot):
    chosen = CaseStudyFilter(request.GET, snapshot.taxonomy)
    is_valid = chosen.is_valid()
    found = chosen.keep(by_title(snapshot.toolkit.case_studies.values())) if is_valid else []
    context = {
        "chosen": chosen,
        "case_studies": snapshot.taxonomy.with_approaches(found),
        "count": len(found),
        "places": sorted(
            {item.place_in_words for item in snapshot.toolkit.case_studies.values() if item.place_in_words}
        ),
    }
    return respond(request, "toolkit/case_studies.html", snapshot, context, status=200 if is_valid else 400)


@public_page()
def case_study(request, snapshot: Snapshot, slug: str):
    found = snapshot.toolkit.case_studies.get(slug)
    if found is None:
        new = snapshot.toolkit.case_studies.get(snapshot.toolkit.old_case_studies.get(slug, ""))
        if new is None:
            raise Http404
        return redirect(new.address, permanent=True)
    return item_response(request, snapshot, found)


@public_page()
def case_studies_geojson(request, snapshot: Snapshot):
    """The case studies that have a place, as GeoJSON points for the map and for others."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [item.longitude, item.latitude]},
            "properties": {
                "title": item.title,
                "place": item.place_in_words,
                "summary": item.summary,
                "address": item.address,
            },
        }
        for item in by_title(snapshot.toolkit.case_studies.values())
        if item.longitude is not None
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )


@public_page()
def glossary(request, snapshot: Snapshot):
    terms = by_title(snapshot.toolkit.terms.values())
    letters: dict[str, list] = {}
    for term in terms:
        letters.setdefault(term.name[0].upper(), []).append(term)
    return respond(request, "toolkit/glossary.html", snapshot, {"letters": letters, "count": len(terms)})


@public_page()
def tools(request, snapshot: Snapshot):
    rows = snapshot.taxonomy.with_approaches(by_title(snapshot.toolkit.tools.values()))
    return respond(request, "toolkit/tools.html", snapshot, {"tools": rows})


@public_page()
def voices(request, snapshot: Snapshot):
    return respond(
        request, "toolkit/voices.html", snapshot, {"voices": by_title(snapshot.toolkit.voices.values())}
    )


@public_page()
def site_map(request, snapshot: Snapshot):
    """Everything there is, made from the edition."""
    context = {
        "situations": by_title(snapshot.toolkit.situations),
        "explainers": by_title(snapshot.toolkit.explainers),
        "case_studies": by_title(snapshot.toolkit.case_studies.values()),
        "voices": by_title(snapshot.toolkit.voices.values()),
        "tools": by_title(snapshot.toolkit.tools.values()),
        "terms": by_title(snapshot.toolkit.terms.values()),
    }
    return respond(request, "toolkit/site_map.html", snapshot, context)


@public_page()
def print_all(request, snapshot: Snapshot):
    """The whole toolkit as one page, to print or to keep."""
    ids: set[str] = set()
    toolkit = snapshot.toolkit

    def render(item):
        return rendering.render(item.texts, toolkit, snapshot.taxonomy, ids=ids, deeper=2)

    chapters = [
        (title, anchor, [(item, render(item)) for item in by_title(items)])
        for title, anchor, items in (
            (_("Situations"), "all-situations", toolkit.situations),
            (_("Explainers"), "all-explainers", toolkit.explainers),
            (_("Case studies"), "all-case-studies", toolkit.case_studies.values()),
        )
    ]
    context = {
        "chapters": [chapter for chapter in chapters if chapter[2]],
        "tools": by_title(toolkit.tools.values()),
        "voices": by_title(toolkit.voices.values()),
        "terms": by_title(toolkit.terms.values()),
    }
    return respond(request, "toolkit/print.html", snapshot, context)


@limited_search("toolkit")
@public_page("q")
def search_page(request, snapshot: Snapshot):
    """Look for words in everything; nothing found is an ordinary answer, whatever was typed."""
    query = clean_text(request.GET.get("q", ""))[: search.LONGEST_QUERY]
    hits = search.find(query, snapshot.toolkit)
    context = {
        "q": query,
        "hits": hits,
        "suggestion": "" if hits or not query else search.suggestion(query, snapshot.toolkit),
        "most": search.MOST_HITS,
    }
    return respond(request, "toolkit/search.html", snapshot, context)


@public_page()
def notebook(request, snapshot: Snapshot):
    """The reader's own answers, which only the script in their browser can read."""
    return respond(request, "toolkit/notebook.html", snapshot, {})
