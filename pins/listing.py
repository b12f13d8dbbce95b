"""The map page, pages of the list by key, and places by name and what is near them: what the public and staff share."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.functions import Cast, Lower
from django.http import JsonResponse, QueryDict
from django.utils.translation import gettext as _

from community_map import geo
from community_map.models import Place
from community_map.places.areas import describe_distance
from community_map.places.gazetteer import find_places
from pins import vocabulary
from pins.filters import filter_address

PAGE = 20
NEAR_PLACE_METRES = 5_000


class BadKey(ValueError):
    """The address names a page that cannot be read."""


@dataclass(frozen=True)
class Page:
    """One page of pins. `next_key` goes into the address of the next one; empty on the last."""

    pins: list
    next_key: str


def page_after(pins: QuerySet, key: str) -> Page:
    """Return the pins that come after a key, by name. Pins that come and go meanwhile move nothing else.

    Raises BadKey unless the key came from a page.
    """
    pins = pins.annotate(sort_name=Lower("name")).order_by("sort_name", "public_id")
    if key:
        name, _sign, public_id = key.rpartition("~")
        try:
            last = UUID(public_id)
        except ValueError as error:
            raise BadKey(key) from error
        if "\x00" in name:
            raise BadKey(key)
        pins = pins.filter(Q(sort_name__gt=name) | Q(sort_name=name, public_id__gt=last))
    rows = list(pins[: PAGE + 1])
    following = ""
    if len(rows) > PAGE:
        rows = rows[:PAGE]
        following = quote(f"{rows[-1].sort_name}~{rows[-1].public_id}")
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


def read_list(data: QueryDict, found, *, x: str, y: str, row_of) -> tuple[dict, int]:
    """Return what a list's template needs, and the status: a page by name, or what is near a place.

    `x` and `y` are as for near_place; `row_of` makes of each pin what the template of a row shows.
    """
    near = data.get("near", "").strip()[:100]
    context = {"filter": found, "filters": filter_address(data, type(found)), "near": near, "pins": []}
    if not found.is_valid():
        return context, 400
    if near:
        place = place_named(near)
        rows = near_place(found.qs, place, x=x, y=y) if place else []
        return context | {"place": place, "searched": True, "pins": [row_of(pin) for pin in rows]}, 200
    try:
        page = page_after(found.qs, data.get("after", ""))
    except BadKey:
        error = _("That page of the list does not exist. Start again from the first page.")
        return context | {"error": error}, 400
    rows = [row_of(pin) for pin in page.pins]
    context |= {"count": found.qs.count(), "is_first": "after" not in data}
    return context | {"pins": rows, "next_key": page.next_key}, 200


def answer_places(request) -> JsonResponse:
    """Answer with the gazetteer's places for what somebody has typed so far."""
    names = ("name", "kind", "longitude", "latitude")
    rows = find_places(request.GET.get("q", "")[:100], most=10)
    return JsonResponse({"places": [{name: getattr(row, name) for name in names} for row in rows]})


def place_named(text: str) -> Place | None:
    """Return the gazetteer's best place for what somebody typed, or None."""
    return next(iter(find_places(text, most=1)), None)


def near_place(pins: QuerySet, place: Place, *, x: str, y: str) -> list:
    """Return the nearest pins within 5 km of a place, nearest first, each with its `distance` in words.

    `x` and `y` name the mercator columns to measure by: the public ones in public code.
    """
    reach = geo.mercator_units(NEAR_PLACE_METRES, place.latitude)
    east = Cast(F(x), BigIntegerField()) - place.mercator_x
    south = Cast(F(y), BigIntegerField()) - place.mercator_y
    rows = list(
        pins.filter(
            **{
                f"{x}__range": (place.mercator_x - reach, place.mercator_x + reach),
                f"{y}__range": (place.mercator_y - reach, place.mercator_y + reach),
            }
        )
        .annotate(far=east * east + south * south)
        .order_by("far", "public_id")[:PAGE]
    )
    metres_per_unit = NEAR_PLACE_METRES / reach
    for pin in rows:
        pin.distance = describe_distance(pin.far**0.5 * metres_per_unit)
    return rows
