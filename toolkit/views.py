"""The public pages of the toolkit. What they show comes from the printed edition and from nowhere else."""

from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from community_map.limits import limited_search
from community_map.text import clean_text
from toolkit import drawing, search
from toolkit.filters import CaseStudyFilter, PageFilter
from toolkit.reading import Reading, draw, public_page, read
from toolkit.shelf import PublicCaseStudy, PublicPage


def by_title(items) -> list:
    return sorted(items, key=lambda item: item.title.casefold())


def _with_approaches(items, words) -> list[dict]:
    """Each item with the approaches that it is about, for cards and lists."""
    return [{"item": item, "approaches": words.approaches_of(item)} for item in items]


@public_page
def index(request, reading: Reading):
    """What the toolkit is, and the situations, which have no order but the alphabet's."""
    chosen = PageFilter(request.GET, reading.words)
    is_valid = chosen.is_valid()
    pages = {
        name: _with_approaches(chosen.keep(by_title(items)) if is_valid else [], reading.words)
        for name, items in (
            ("situations", reading.shelf.situations),
            ("explainers", reading.shelf.explainers),
        )
    }
    front = reading.shelf.front
    context = {
        **pages,
        "chosen": chosen,
        "front": drawing.draw_page(front, reading.shelf, reading.words) if front else None,
        "newest_case_studies": sorted(
            reading.shelf.case_studies.values(), key=lambda item: item.last_updated, reverse=True
        )[:3],
    }
    return draw(request, "toolkit/index.html", reading, context, status=200 if is_valid else 400)


@public_page
def page(request, reading: Reading, slug: str):
    found = reading.shelf.pages.get(slug)
    if found is None or found.address != request.path:
        new = reading.shelf.pages.get(reading.shelf.old_pages.get(slug, ""))
        if new is None:
            raise Http404
        return redirect(new.address, permanent=True)
    return answer_page(request, reading, found)


def answer_page(request, reading: Reading, found: PublicPage, preview=None):
    """Draw a page; `preview` is the row when an editor looks at it before it is published."""
    context = {
        "drawing": drawing.draw_page(found, reading.shelf, reading.words),
        "approaches": reading.words.approaches_of(found),
        "related": reading.shelf.related_to(found),
        "preview": preview,
    }
    return draw(request, "toolkit/page.html", reading, context)


def draw_page(request, found: PublicPage, *, preview):
    """The preview of a page, for admin."""
    return answer_page(request, read(), found, preview)


def draw_case_study(request, found: PublicCaseStudy, *, preview):
    """The preview of a case study, for admin."""
    return answer_case_study(request, read(), found, preview)


@public_page
def case_studies(request, reading: Reading):
    chosen = CaseStudyFilter(request.GET, reading.words)
    is_valid = chosen.is_valid()
    found = chosen.keep(by_title(reading.shelf.case_studies.values())) if is_valid else []
    context = {
        "chosen": chosen,
        "case_studies": _with_approaches(found, reading.words),
        "count": len(found),
        "places": sorted(
            {item.place_in_words for item in reading.shelf.case_studies.values() if item.place_in_words}
        ),
    }
    return draw(request, "toolkit/case_studies.html", reading, context, status=200 if is_valid else 400)


@public_page
def case_study(request, reading: Reading, slug: str):
    found = reading.shelf.case_studies.get(slug)
    if found is None:
        new = reading.shelf.case_studies.get(reading.shelf.old_case_studies.get(slug, ""))
        if new is None:
            raise Http404
        return redirect(new.address, permanent=True)
    return answer_case_study(request, reading, found)


def answer_case_study(request, reading: Reading, found: PublicCaseStudy, preview=None):
    context = {
        "drawing": drawing.draw_case_study(found, reading.shelf, reading.words),
        "approaches": reading.words.approaches_of(found),
        "initiative": reading.words.initiative_of(found),
        "preview": preview,
    }
    return draw(request, "toolkit/case_study.html", reading, context)


@public_page
def case_studies_geojson(request, reading: Reading):
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
        for item in by_title(reading.shelf.case_studies.values())
        if item.longitude is not None
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )


@public_page
def glossary(request, reading: Reading):
    terms = sorted(reading.shelf.terms.values(), key=lambda term: term.name.casefold())
    letters: dict[str, list] = {}
    for term in terms:
        letters.setdefault(term.name[0].upper(), []).append(term)
    return draw(request, "toolkit/glossary.html", reading, {"letters": letters, "count": len(terms)})


@public_page
def tools(request, reading: Reading):
    rows = sorted(reading.shelf.tools.values(), key=lambda tool: tool.name.casefold())
    return draw(request, "toolkit/tools.html", reading, {"tools": _with_approaches(rows, reading.words)})


@public_page
def voices(request, reading: Reading):
    return draw(request, "toolkit/voices.html", reading, {"voices": by_title(reading.shelf.voices.values())})


@public_page
def site_map(request, reading: Reading):
    """Everything there is, made from the edition."""
    context = {
        "situations": by_title(reading.shelf.situations),
        "explainers": by_title(reading.shelf.explainers),
        "case_studies": by_title(reading.shelf.case_studies.values()),
        "voices": by_title(reading.shelf.voices.values()),
        "tools": sorted(reading.shelf.tools.values(), key=lambda tool: tool.name.casefold()),
        "terms": sorted(reading.shelf.terms.values(), key=lambda term: term.name.casefold()),
    }
    return draw(request, "toolkit/site_map.html", reading, context)


@public_page
def print_all(request, reading: Reading):
    """The whole toolkit as one page, to print or to keep."""
    ids: set[str] = set()
    shelf_, words = reading.shelf, reading.words
    chapters = [
        (title, anchor, [drawn(item, shelf_, words, ids=ids, deeper=2) for item in by_title(items)])
        for title, anchor, items, drawn in (
            (_("Situations"), "all-situations", shelf_.situations, drawing.draw_page),
            (_("Explainers"), "all-explainers", shelf_.explainers, drawing.draw_page),
            (_("Case studies"), "all-case-studies", shelf_.case_studies.values(), drawing.draw_case_study),
        )
    ]
    context = {
        "chapters": [chapter for chapter in chapters if chapter[2]],
        "tools": sorted(shelf_.tools.values(), key=lambda tool: tool.name.casefold()),
        "voices": by_title(shelf_.voices.values()),
        "terms": sorted(shelf_.terms.values(), key=lambda term: term.name.casefold()),
    }
    return draw(request, "toolkit/print.html", reading, context)


@limited_search
@public_page
def search_page(request, reading: Reading):
    """Look for words in everything; nothing found is an ordinary answer, whatever was typed."""
    query = clean_text(request.GET.get("q", ""))[: search.LONGEST_QUERY]
    hits = search.find(query, reading.shelf)
    context = {
        "q": query,
        "hits": hits,
        "suggestion": "" if hits or not query else search.suggestion(query, reading.shelf),
        "most": search.MOST_HITS,
    }
    return draw(request, "toolkit/search.html", reading, context)


@public_page
def notebook(request, reading: Reading):
    """The reader's own answers, which only the script in their browser can read."""
    return draw(request, "toolkit/notebook.html", reading, {})
