"""Putting a pin on the map: the exact and the public position, and the areas of each, always together."""

from collections.abc import Callable
from functools import lru_cache

from django.db import transaction

from community_map import geo
from community_map.geo import Position
from community_map.places import areas
from pins import search
from pins.models import Pin, Precision


def public_position(
    position: Position | None, precision: int, shapes: areas.Shapes | None = None
) -> Position | None:
    """Return where the public sees a pin: the point, the centre of its fixed grid cell, or nothing.

    Deterministic, so that asking twice tells nothing more. A centre outside the outline is moved inside it.
    """
    if position is None or precision == Precision.BOROUGH:
        return None
    bits = Precision(precision).cell_bits
    if bits is None:
        return position
    centre = geo.cell_centre(position.longitude, position.latitude, bits)
    return (shapes or areas.shapes()).move_inside(centre)


def cell_of(public: Position, precision: int, shapes: areas.Shapes) -> tuple[int, int, int, int] | None:
    """Return the cell that a coarse public position stands for: west, north, east, south in grid units.

    That is the cell around it, or, where the centre was moved inside the outline, the neighbour from which it came.
    None where the position stands for itself.
    """
    bits = Precision(precision).cell_bits
    if bits is None:
        return None
    x, y = public.mercator
    around = [(0, 0), *((east, south) for east in (-1, 0, 1) for south in (-1, 0, 1))]
    for east, south in around:
        west, north, *_others = cell = geo.cell_bounds(x + (east << bits), y + (south << bits), bits)
        centre = geo.cell_centre(*geo.from_mercator(west + 0.5, north + 0.5), bits)
        if shapes.move_inside(centre) == public:
            return cell
    # The outline has changed since: what it stood for then is still about here.
    return geo.cell_bounds(x, y, bits)


class Survey:
    """Boundaries and gazetteer as they are now, read once, so that many pins are placed by the rule for one."""

    # Cells, and places where many meet. Exact positions are too many to remember.
    REMEMBERED = 2**16

    def __init__(self) -> None:
        self._shapes = areas.shapes()
        remember = lru_cache(self.REMEMBERED)
        self.area_ids = remember(self._shapes.ids_at)
        self.nearest_place = remember(areas.Gazetteer().nearest)
        self._cells: dict[tuple[int, int, int], Position] = {}

    def public_position(self, position: Position | None, precision: int) -> Position | None:
        """Return what public_position does; a cell is worked out once."""
        bits = Precision(precision).cell_bits
        if position is None or bits is None:
            return public_position(position, precision)
        x, y = position.mercator
        cell = (bits, x >> bits, y >> bits)
        if cell not in self._cells:
            self._cells[cell] = public_position(position, precision, self._shapes)
        return self._cells[cell]


def place(pin: Pin, position: Position | None, survey: Survey | None = None) -> None:
    """Fill the pin's position columns, exact and public, from a checked position; does not save.

    No position means no single place: the pin is then across the borough. Who places many gives a survey.
    """
    if position is None:
        pin.precision = Precision.BOROUGH
    nearest = survey.nearest_place if survey else areas.nearest_place
    pin.longitude, pin.latitude = (position.longitude, position.latitude) if position else (None, None)
    pin.mercator_x, pin.mercator_y = position.mercator if position else (None, None)
    pin.near = nearest(position) if position else None
    public = (survey.public_position if survey else public_position)(position, pin.precision)
    pin.public_longitude, pin.public_latitude = (
        (public.longitude, public.latitude) if public else (None, None)
    )
    pin.public_mercator_x, pin.public_mercator_y = public.mercator if public else (None, None)
    pin.public_near = nearest(public) if public else None


def assign_areas(pin: Pin) -> None:
    """Link a saved pin to the areas of its exact and of its public position."""
    exact, public = area_ids(pin, areas.shapes().ids_at)
    pin.areas.set(exact)
    pin.public_areas.set(public)


def area_ids(pin: Pin, ids_at: Callable[[Position], list[int]]) -> tuple[list[int], list[int]]:
    """Return the ids of the areas of a placed pin's exact and of its public position."""
    public = Position(pin.public_longitude, pin.public_latitude) if pin.public_longitude is not None else None
    return ids_at(pin.position) if pin.position else [], ids_at(public) if public else []


def place_all(progress=lambda done, total: None) -> int:
    """Work out every pin's position columns and areas again, after boundaries or places have changed.

    Returns how many pins there were. Each batch is a transaction of its own, so that others can write meanwhile, and
    stopping in between does no harm. Only derived columns are written, in bulk and without history:
    nobody changed their mind about a pin, so there is nothing to tell.
    """
    total = Pin.objects.count()
    done, last, survey = 0, 0, Survey()
    while pins := _place_batch(last, survey):
        done, last = done + len(pins), pins[-1].pk
        # Others may have added pins since they were counted.
        total = max(total, done)
        progress(done, total)
    return total


BATCH = 500


@transaction.atomic
def _place_batch(after: int, survey: Survey) -> list[Pin]:
    """Place the next pins. They are locked, so that nobody moves one between reading and writing it."""
    pins = list(Pin.objects.select_for_update(of=("self",)).filter(pk__gt=after).order_by("pk")[:BATCH])
    for pin in pins:
        place(pin, pin.position, survey)
    if pins:
        Pin.objects.bulk_update(pins, DERIVED_COLUMNS)
        _link_areas(pins, survey)
        search.write(pins)
    return pins


DERIVED_COLUMNS = [
    "near",
    "public_longitude",
    "public_latitude",
    "public_mercator_x",
    "public_mercator_y",
    "public_near",
]


def _link_areas(pins: list[Pin], survey: Survey) -> None:
    """Make the area links of these pins what the shapes say, touching only the links that change."""
    found = [(pin.pk, area_ids(pin, survey.area_ids)) for pin in pins]
    for side, links in enumerate((Pin.areas.through, Pin.public_areas.through)):
        wanted = {(pk, area) for pk, ids in found for area in ids[side]}
        rows = {(row.pin_id, row.area_id): row.pk for row in links.objects.filter(pin__in=pins)}
        links.objects.filter(pk__in=[pk for pair, pk in rows.items() if pair not in wanted]).delete()
        links.objects.bulk_create(
            links(pin_id=pin, area_id=area) for pin, area in sorted(wanted - rows.keys())
        )
