"""Putting a pin on the map: the exact and the public position, and the areas of each, always together."""

from community_map import geo
from community_map.geo import Position
from community_map.places import areas
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
    pin.public_longitude, pin.public_latitude = (
        (public.longitude, public.latitude) if public else (None, None)
    )
    pin.public_mercator_x, pin.public_mercator_y = public.mercator if public else (None, None)
    pin.public_near = areas.nearest_place(public) if public else None


def assign_areas(pin: Pin) -> None:
    """Link a saved pin to the areas of its exact and of its public position."""
    shapes = areas.shapes()
    public = Position(pin.public_longitude, pin.public_latitude) if pin.public_longitude is not None else None
    pin.areas.set(shapes.ids_at(pin.position) if pin.position else [])
    pin.public_areas.set(shapes.ids_at(public) if public else [])


def place_all(progress=lambda done, total: None) -> int:
    """Work out every pin's position columns and areas again, after boundaries or places have changed.

    Returns how many pins there were. Only derived columns are written, in bulk and without history:
    nobody changed their mind about a pin, so there is nothing to tell.
    """
    total = Pin.objects.count()
    done = 0
    for pins in _batches(Pin.objects.order_by("pk"), 500):
        for pin in pins:
            place(pin, pin.position)
        Pin.objects.bulk_update(pins, DERIVED_COLUMNS)
        _link_areas(pins)
        done += len(pins)
        progress(done, total)
    return total


DERIVED_COLUMNS = [
    "near",
    "public_longitude",
    "public_latitude",
    "public_mercator_x",
    "public_mercator_y",
    "public_near",
]


def _batches(queryset, size: int):
    last = 0
    while batch := list(queryset.filter(pk__gt=last)[:size]):
        yield batch
        last = batch[-1].pk


def _link_areas(pins: list[Pin]) -> None:
    """Make the area links of these pins what the shapes say, touching only the links that change."""
    shapes = areas.shapes()
    for links, position in (
        (Pin.areas.through, lambda pin: (pin.longitude, pin.latitude)),
        (Pin.public_areas.through, lambda pin: (pin.public_longitude, pin.public_latitude)),
    ):
        wanted = {
            (pin.pk, area)
            for pin in pins
            if position(pin)[0] is not None
            for area in shapes.ids_at(Position(*position(pin)))
        }
        rows = {(row.pin_id, row.area_id): row.pk for row in links.objects.filter(pin__in=pins)}
        links.objects.filter(pk__in=[pk for pair, pk in rows.items() if pair not in wanted]).delete()
        links.objects.bulk_create(
            links(pin_id=pin, area_id=area) for pin, area in sorted(wanted - rows.keys())
        )
