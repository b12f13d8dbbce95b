"""Where is it? One path for every way of placing: coordinates, a place, an area, or no single place."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from community_map import areas
from community_map.geo import Position, PositionError, parse_position
from community_map.models import Area, Place
from community_map.models.place import search_key

MOST_PLACES = 8


@dataclass(frozen=True)
class Placement:
    """A checked answer to "where are they mostly?"; no position means no single place."""

    position: Position | None


class NotPlaced(PositionError):
    """Nothing was answered."""


def read_placement(cleaned: dict) -> Placement:
    """Return the placement that the answers give. Raises PositionError with a sentence.

    `placed_by` says which way was touched last; without it coordinates come before a place,
    a place before an area, an area before "no single place".
    """
    ways = {
        "coordinates": lambda: _from_coordinates(cleaned),
        "place": lambda: _from_row(cleaned.get("place")),
        "area": lambda: _from_row(cleaned.get("area")),
        "none": lambda: Placement(None) if cleaned.get("no_single_place") else None,
    }
    last = cleaned.get("placed_by")
    order = [last, *ways] if last in ways else list(ways)
    for way in order:
        placement = ways[way]()
        if placement:
            if placement.position:
                areas.check_inside(placement.position)
            return placement
    raise NotPlaced(_("Choose where they are, or tick “No single place”"))


def _from_coordinates(cleaned: dict) -> Placement | None:
    longitude, latitude = cleaned.get("longitude") or "", cleaned.get("latitude") or ""
    if not longitude and not latitude:
        return None
    return Placement(parse_position(longitude, latitude))


def _from_row(row) -> Placement | None:
    return Placement(Position(row.longitude, row.latitude)) if row else None


def find_places(text: str, most: int = MOST_PLACES) -> list[Place]:
    """Return the gazetteer's places for what somebody typed: those that begin with it, then those that hold it.

    A full postcode that the gazetteer lacks finds its district.
    """
    key = search_key(text)
    if len(key) < 2:
        return []
    begins = Place.objects.filter(search_name__startswith=key).order_by("search_name", "pk")[:most]
    found = list(begins)
    if len(found) < most and len(key) > 2:
        holds = Place.objects.filter(search_name__contains=key).exclude(pk__in=[place.pk for place in found])
        found += holds.order_by("search_name", "pk")[: most - len(found)]
    if not found and 5 <= len(key) <= 7 and key[-3].isdigit() and key[-2:].isalpha():
        found = list(Place.objects.filter(Q(kind="postcode-district"), search_name=key[:-3]))
    return found


def words_for(position: Position) -> str:
    """Return where a point is, in words, as far as the boundaries and the gazetteer know."""
    names = Area.objects.filter(pk__in=areas.shapes().ids_at(position)).values_list("name", flat=True)
    near = areas.nearest_place(position)
    return areas.in_words(list(names), near.name if near else None)
