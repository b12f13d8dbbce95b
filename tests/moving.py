"""Moving pins on the map without anybody's doing, as if they had always been elsewhere."""

import random

from community_map import geo
from community_map.geo import Position
from pins import placing, search
from pins.models import Pin, Precision
from tests.factories import SQUARE

COARSE = (Precision.STREET, Precision.NEIGHBOURHOOD, Precision.BOROUGH)


def elsewhere_in_its_cell(pin: Pin, chance: random.Random) -> Position:
    """Another exact position that the same public position stands for."""
    west, south, east, north = SQUARE
    if pin.precision == Precision.BOROUGH:
        return anywhere(chance)
    bits = Precision(pin.precision).cell_bits
    x, y = (axis >> bits << bits for axis in (pin.mercator_x, pin.mercator_y))
    while True:
        longitude, latitude = geo.from_mercator(
            x + chance.uniform(0, (1 << bits) - 1), y + chance.uniform(0, (1 << bits) - 1)
        )
        place = Position(round(longitude, 6), round(latitude, 6))
        inside = west < place.longitude < east and south < place.latitude < north
        if inside and all(a >> bits << bits == b for a, b in zip(place.mercator, (x, y), strict=True)):
            return place


def anywhere(chance: random.Random) -> Position:
    """Any place inside the outline."""
    west, south, east, north = SQUARE
    return Position(round(chance.uniform(west, east), 6), round(chance.uniform(south, north), 6))


def move(pin: Pin, position: Position) -> bool:
    """Place a stored pin anew, as saving it would; return whether its areas or its nearest place are others now."""
    before = (set(pin.areas.values_list("pk", flat=True)), pin.near_id)
    placing.place(pin, position)
    Pin.objects.filter(pk=pin.pk).update(
        **{name: getattr(pin, name) for name in ("longitude", "latitude", "mercator_x", "mercator_y")},
        **{name: getattr(pin, name) for name in placing.DERIVED_COLUMNS},
    )
    placing.assign_areas(pin)
    search.write([pin])
    return before != (set(pin.areas.values_list("pk", flat=True)), pin.near_id)
