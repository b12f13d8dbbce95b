"""The map page, pages of the list by key, and places by name: what the public and staff pages share."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import JsonResponse, QueryDict
from django.utils.translation import gettext as _

from community_map.places.areas import describe_distance
from community_map.places.gazetteer import find_places
from pins import vocabulary
from pins.filters import NEAR_PLACE_METRES, PublicPinFilter, filter_address, reach_from

PAGE = 20
LONGEST_DISTANCE = 18  # digits that fit into every database's largest integer


class BadKey(ValueError):
    """The address names a page that cannot be read."""


@dataclass(frozen=True)
class Page:
    """One page of pins. `next_key` goes into the address of the next one; empty on the last."""

    pins: list
    next_key: str


def page_after(pins: QuerySet, key: str, *, squared_distance=None) -> Page:
    """Return the pins that come after a key, by name, or nearest first where there is something to measure by.

    Pins that come and go meanwhile move nothing else. Raises BadKey unless the key came from a page.
    """
    by = Lower("name") if squared_distance is None else squared_distance
    pins = pins.annotate(sort_key=by).order_by("sort_key", "public_id")
    if key:
        start, _sign, public_id = key.rpartition("~")
        try:
            last = UUID(public_id)
        except ValueError as error:
            raise BadKey(key) from error
        if squared_distance is not None:
            if not (start.isascii() and start.isdecimal() and len(start) <= LONGEST_DISTANCE):
                raise BadKey(key)
            start = int(start)
        elif "\x00" in start:
            raise BadKey(key)
        pins = pins.filter(Q(sort_key__gt=start) | Q(sort_key=start, public_id__gt=last))
    rows = list(pins[: PAGE + 1])
    following = ""
    if len(rows) > PAGE:
        rows = rows[:PAGE]
        following = quote(f"{rows[-1].sort_key}~{rows[-1].public_id}")
    return Page(rows, following)


def read_map(data: QueryDict, found, *, longitude: str) -> tuple[dict, int]:
    """Return what a map's template needs, and the status. Numbers are of what the filter found, and of nothing else.

    `longitude` names the column that is empty where a pin is not drawn: the public one in public code.
    """
    context = {
        "filter": found,
        "filters": filter_address(data, type(found)),
        "categories": vocabulary.current().categories,
    }
    if not found.is_valid():
        return context, 400
    not_drawn = found.qs.filter(**{longitude: None})
    return context | {"count": found.qs.count(), "not_drawn": not_drawn.count()}, 200


def read_list(data: QueryDict, found: PublicPinFilter, *, row_of) -> tuple[dict, int]:
    """Return what a list's template needs, and the status: a page by name, or of what is near a place.

    `row_of` makes of each pin what the template of a row shows.
    """
    context = {"filter": found, "filters": filter_address(data, type(found)), "pins": []}
    if not found.is_valid():
        return context, 400
    near, place = found.form.cleaned_data["near"], found.place
    context |= {"near": near, "place": place}
    if near and place is None:
        return context, 200
    try:
        page = page_after(
            found.qs, data.get("after", ""), squared_distance=found.squared_distance() if near else None
        )
    except BadKey:
        error = _("That page of the list does not exist. Start again from the first page.")
        return context | {"error": error}, 400
    if near:
        add_distances(page.pins, found)
    rows = [row_of(pin) for pin in page.pins]
    context |= {"count": found.qs.count(), "is_first": "after" not in data}
    return context | {"pins": rows, "next_key": page.next_key}, 200


def answer_places(request) -> JsonResponse:
    """Answer with the gazetteer's places for what somebody has typed so far."""
    names = ("name", "kind", "longitude", "latitude")
    rows = find_places(request.GET.get("q", "")[:100], most=10)
    return JsonResponse({"places": [{name: getattr(row, name) for name in names} for row in rows]})


def add_distances(pins: list, found: PublicPinFilter) -> None:
    """Give pins of a page that is nearest first their `distance` from the place, in words."""
    metres_per_unit = NEAR_PLACE_METRES / reach_from(found.place)
    for pin in pins:
        pin.distance = describe_distance(pin.sort_key**0.5 * metres_per_unit)
