"""Where is it? One path for every way of placing: coordinates, a place, an area, or no single place."""

from django.utils.translation import gettext as _

from community_map.geo import Position, PositionError, parse_position
from community_map.places import areas


class NotPlaced(PositionError):
    """Nothing was answered."""


def read_placement(cleaned: dict) -> Position | None:
    """Return the checked position that the answers give, None for no single place. Raises PositionError with a sentence.

    `placed_by` says which way was touched last; without it coordinates come before a place,
    a place before an area, an area before "no single place".
    """
    answered = {
        "coordinates": cleaned.get("longitude") or cleaned.get("latitude"),
        "place": cleaned.get("place"),
        "area": cleaned.get("area"),
        "none": cleaned.get("no_single_place"),
    }
    way = next((way for way in (cleaned.get("placed_by"), *answered) if answered.get(way)), None)
    if way is None:
        raise NotPlaced(_("Choose where they usually meet, or select “No single place”"))
    if way == "none":
        return None
    if way == "coordinates":
        position = parse_position(cleaned.get("longitude") or "", cleaned.get("latitude") or "")
    else:
        position = Position(answered[way].longitude, answered[way].latitude)
    areas.check_inside(position)
    return position
