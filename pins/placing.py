"""Putting a pin on the map: the exact and the public position, and the areas of each, always together."""

from community_map import areas, geo
from community_map.geo import Position
from pins.models import Pin, Precision


def public_position(position: Position | None, precision: int) -> Position | None:
    """Return where the public sees a pin: the point, the centre of its fixed grid cell, or nothing.

    Deterministic, so that asking twice tells nothing more. A centre outside the outline is moved inside.
    """
    if position is None or precision == Precision.BOROUGH:
        return None
    bits = Precision(precision).cell_bits
    if bits is None:
        return position
    return areas.move_inside(geo.cell_centre(position.longitude, position.latitude, bits))


def place(pin: Pin, position: Position | None) -> None:
    """Fill the pin's position columns, exact and public, from a checked position; does not save.

    No position means no single place: the pin is then across the borough.
    """
    if position is None:
        pin.precision = Precision.BOROUGH
    pin.longitude, pin.latitude = (position.longitude, position.latitude) if position else (None, None)
    pin.mercator_x, pin.mercator_y = position.mercator if position else (None, None)
    pin.near = areas.nearest_place(position) if position else None
    public = public_position(position, pin.precision)
    pin.public_longitude, pin.public_latitude = (public.longitude, public.latitude) if public else (None, None)
    pin.public_mercator_x, pin.public_mercator_y = public.mercator if public else (None, None)
    pin.public_near = areas.nearest_place(public) if public else None


def assign_areas(pin: Pin) -> None:
    """Link a saved pin to the areas of its exact and of its public position."""
    shapes = areas.shapes()
    exact = Position(pin.longitude, pin.latitude) if pin.is_placed else None
    public = Position(pin.public_longitude, pin.public_latitude) if pin.public_longitude is not None else None
    pin.areas.set(shapes.ids_at(exact) if exact else [])
    pin.public_areas.set(shapes.ids_at(public) if public else [])
