"""Where is it? One path for every way of placing: coordinates, a place, an area, or no single place."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from community_map.geo import Position, PositionError, parse_position
from community_map.places import areas


@dataclass(frozen=True)
class Placement:
    """A checked answer to "where do they usually meet?"; no position means no single place."""

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
    raise NotPlaced(_("Choose where they usually meet, or select “No single place”"))


def _from_coordinates(cleaned: dict) -> Placement | None:
    longitude, latitude = cleaned.get("longitude") or "", cleaned.get("latitude") or ""
    if not longitude and not latitude:
        return None
    return Placement(parse_position(longitude, latitude))


def _from_row(row) -> Placement | None:
    return Placement(Position(row.longitude, row.latitude)) if row else None
