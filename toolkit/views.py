"""The public pages of the toolkit. What they show comes from the published toolkit and from nowhere else."""

from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from community_map.http.limits import limited_search
from community_map.text import clean_text
from toolkit import rendering, search
from toolkit.filters import CaseStudyFilter, PageFilter
from toolkit.page_cache import Snapshot, public_page, respond, take_snapshot
from toolkit.published import PublicCaseStudy, PublicPage
from toolkit.taxonomy import Taxonomy


def by_title(items) -> list:
    return sorted(items, key=lambda item: item.title.casefold())


def _with_approaches(items, taxonomy: Taxonomy) -> list[dict]:
    """Each item with the approaches that it is about, for cards and lists."""
    return [{"item": item, "approaches": taxonomy.approaches_of(item)} for item in items]


@public_page(*PageFilter.base_fields)
def index(request, snapshot: Snapshot):
    """What the toolkit is, and the situations, which have no order but the alphabet's."""
    chosen = PageFilter(request.GET, snapshot.taxonomy)
    is_valid = chosen.is_valid()
    pages = {
        name: _with_approaches(chosen.keep(by_title(items)) if is_valid else [], snapshot.taxonomy)
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
        "rendered": rendering.render_page(front, snapshot.toolkit, snapshot.taxonomy) if front else None,
        "newest_case_studies": sorted(
            snapshot.toolkit.case_studies.values(), key=lambda item: item.last_updated, reverse=True
        )[:3],
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
    return page_response(request, snapshot, found)


def page_response(request, snapshot: Snapshot, found: PublicPage, preview=None):
    """A page; `preview` is the row when an editor looks at it before it is published."""
    context = {
        "item": found,
        "rendered": rendering.render_page(found, snapshot.toolkit, snapshot.taxonomy),
        "approaches": snapshot.taxonomy.approaches_of(found),
        "related": snapshot.toolkit.related_to(found),
        "preview": preview,
    }
    return respond(request, "toolkit/page.html", snapshot, context)


def page_preview(request, found: PublicPage, *, preview):
    """The preview of a page, for admin."""
    return page_response(request, take_snapshot(), found, preview)


def case_study_preview(request, found: PublicCaseStudy, *, preview):
    """The preview of a case study, for admin."""
    return case_study_response(request, take_snapshot(), found, preview)


@public_page(*CaseStudyFilter.base_fields)
def case_studies(request, snapshot: Snapshot):
    chosen = CaseStudyFilter(request.GET, snapshot.taxonomy)
    is_valid = chosen.is_valid()
    found = chosen.keep(by_title(snapshot.toolkit.case_studies.values())) if is_valid else []
    context = {
        "chosen": chosen,
        "case_studies": _with_approaches(found, snapshot.taxonomy),
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
    return case_study_response(request, snapshot, found)


def case_study_response(request, snapshot: Snapshot, found: PublicCaseStudy, preview=None):
    context = {
        "item": found,
        "rendered": rendering.render_case_study(found, snapshot.toolkit, snapshot.taxonomy),
        "approaches": snapshot.taxonomy.approaches_of(found),
        "initiative": snapshot.taxonomy.initiative_of(found),
        "preview": preview,
    }
    return respond(request, "toolkit/case_study.html", snapshot, context)


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
    terms = sorted(snapshot.toolkit.terms.values(), key=lambda term: term.name.casefold())
    letters: dict[str, list] = {}
    for term in terms:
        letters.setdefault(term.name[0].upper(), []).append(term)
    return respond(request, "toolkit/glossary.html", snapshot, {"letters": letters, "count": len(terms)})


@public_page()
def tools(request, snapshot: Snapshot):
    rows = sorted(snapshot.toolkit.tools.values(), key=lambda tool: tool.name.casefold())
    return respond(
        request, "toolkit/tools.html", snapshot, {"tools": _with_approaches(rows, snapshot.taxonomy)}
    )


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
        "tools": sorted(snapshot.toolkit.tools.values(), key=lambda tool: tool.name.casefold()),
        "terms": sorted(snapshot.toolkit.terms.values(), key=lambda term: term.name.casefold()),
    }
    return respond(request, "toolkit/site_map.html", snapshot, context)


@public_page()
def print_all(request, snapshot: Snapshot):
    """The whole toolkit as one page, to print or to keep."""
    ids: set[str] = set()
    toolkit = snapshot.toolkit
    published = (toolkit, snapshot.taxonomy)
    chapters = [
        (title, anchor, [(item, render(item, *published, ids=ids, deeper=2)) for item in by_title(items)])
        for title, anchor, items, render in (
            (_("Situations"), "all-situations", toolkit.situations, rendering.render_page),
            (_("Explainers"), "all-explainers", toolkit.explainers, rendering.render_page),
            (
                _("Case studies"),
                "all-case-studies",
                toolkit.case_studies.values(),
                rendering.render_case_study,
            ),
        )
    ]
    context = {
        "chapters": [chapter for chapter in chapters if chapter[2]],
        "tools": sorted(toolkit.tools.values(), key=lambda tool: tool.name.casefold()),
        "voices": by_title(toolkit.voices.values()),
        "terms": sorted(toolkit.terms.values(), key=lambda term: term.name.casefold()),
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
