import random

import pytest

from community_map import geo
from community_map.geo import Position
from community_map.places import areas
from pins import placing
from pins.models import Pin, Precision
from tests.factories import INSIDE, SQUARE, make_area, make_boundary_set, make_pin, make_place, make_portal

pytestmark = pytest.mark.django_db


def random_positions(count: int) -> list[Position]:
    chance = random.Random(1)
    west, south, east, north = SQUARE
    return [
        Position(round(chance.uniform(west, east), 6), round(chance.uniform(south, north), 6))
        for _ in range(count)
    ]


@pytest.mark.parametrize("precision", [Precision.STREET, Precision.NEIGHBOURHOOD])
def test_the_public_position_says_which_cell_and_nothing_more(precision):
    make_portal()
    by_cell = {}

    for position in random_positions(2_000):
        public = placing.public_position(position, precision)
        cell = geo.cell_bounds(*position.mercator, precision.cell_bits)
        assert by_cell.setdefault(cell, public) == public

    assert all(areas.metres_outside(public) == 0 for public in by_cell.values())


def test_the_public_position_is_the_point_only_where_exact_was_chosen():
    assert placing.public_position(INSIDE, Precision.EXACT) == INSIDE
    assert placing.public_position(INSIDE, Precision.BOROUGH) is None
    assert placing.public_position(None, Precision.EXACT) is None


def test_areas_of_the_public_come_from_the_public_position():
    make_portal()
    centre = geo.cell_centre(INSIDE.longitude, INSIDE.latitude, 13)
    wards = make_boundary_set()
    # A border between the point and the centre of its cell.
    border = (INSIDE.longitude + centre.longitude) / 2
    left = make_area("Left", bounds=(-0.3, 51.5, border, 51.7), boundary_set=wards)
    right = make_area("Right", bounds=(border, 51.5, -0.1, 51.7), boundary_set=wards)
    exact, public = (left, right) if border > INSIDE.longitude else (right, left)

    pin = make_pin(precision=Precision.NEIGHBOURHOOD)

    assert (list(pin.areas.all()), list(pin.public_areas.all())) == ([exact], [public])


def test_no_single_place_is_across_the_borough():
    pin = make_pin(position=None)

    assert (pin.precision, pin.longitude, pin.public_longitude, pin.near) == (
        Precision.BOROUGH,
        None,
        None,
        None,
    )


def test_every_pin_is_placed_again_after_boundaries_changed():
    make_portal()
    moved, unplaced = make_pin(precision=Precision.STREET), make_pin(position=None)
    ward, park = make_area("New ward"), make_place("Park")
    told = []

    assert placing.place_all(lambda done, total: told.append((done, total))) == 2

    moved.refresh_from_db()
    assert (list(moved.areas.all()), list(moved.public_areas.all()), moved.near) == ([ward], [ward], park)
    assert list(unplaced.areas.all()) == []
    assert told == [(2, 2)]
    assert moved.history.count() == 1


def test_placing_every_pin_again_asks_nothing_more_for_pins_without_a_place(django_assert_max_num_queries):
    make_portal()
    make_area()
    for _number in range(12):
        make_pin(position=None)

    # Nine of them look after the words of the whole batch.
    with django_assert_max_num_queries(21):
        placing.place_all()

    assert Pin.objects.count() == 12


@pytest.mark.parametrize("precision", Precision)
def test_what_has_no_place_is_shown_nowhere_however_closely_it_would_be(precision):
    assert placing.public_position(None, precision) is None


def test_a_pin_that_loses_its_place_keeps_nothing_of_it():
    make_portal()
    make_place("Park")
    pin = make_pin(precision=Precision.STREET)
    assert None not in (pin.near, pin.public_near, pin.mercator_x, pin.public_mercator_x)

    placing.place(pin, None)
    pin.save()
    placing.assign_areas(pin)

    pin.refresh_from_db()
    assert pin.precision == Precision.BOROUGH
    columns = ("longitude", "latitude", "mercator_x", "mercator_y")
    assert {getattr(pin, prefix + name) for prefix in ("", "public_") for name in columns} == {None}
    assert (pin.near, pin.public_near) == (None, None)
    assert (list(pin.areas.all()), list(pin.public_areas.all())) == ([], [])


def test_what_is_shown_across_the_borough_has_a_place_for_staff_and_none_for_the_public():
    make_portal()
    make_place("Park")
    ward = make_area("Ward")
    pin = make_pin(precision=Precision.BOROUGH)

    pin.refresh_from_db()
    assert (pin.longitude, pin.latitude, pin.near.name) == (INSIDE.longitude, INSIDE.latitude, "Park")
    assert (pin.public_longitude, pin.public_mercator_x, pin.public_near) == (None, None, None)
    assert (list(pin.areas.all()), list(pin.public_areas.all())) == ([ward], [])


def test_placing_again_leaves_out_nothing_and_writes_what_placing_one_would():
    """Batches of 500 would hide it: every derived column of every pin, and only links that have changed."""
    make_portal()
    make_place("Park")
    old = make_area("Old ward")
    pins = [make_pin(precision=precision) for precision in Precision] + [make_pin(position=None)]
    rows = Pin.areas.through.objects
    kept = set(rows.values_list("pk", flat=True))
    public = ("public_longitude", "public_latitude", "public_mercator_x", "public_mercator_y")
    columns = ("near_id", "public_near_id", *public)
    derived = {pin.pk: {name: getattr(pin, name) for name in columns} for pin in pins}
    Pin.objects.exclude(precision=Precision.BOROUGH).update(
        public_longitude=0.0, public_latitude=0.0, public_mercator_x=0, public_mercator_y=0
    )
    Pin.objects.update(near=None, public_near=None)
    far = make_area("Far ward", bounds=(5, 5, 6, 6))
    rows.create(pin=pins[0], area=far)

    assert placing.place_all() == 5

    for pin in Pin.objects.all():
        assert {name: getattr(pin, name) for name in columns} == derived[pin.pk]
    assert set(rows.values_list("pk", flat=True)) == kept
    assert list(pins[0].areas.all()) == [old]


def test_a_batch_that_fails_leaves_its_pins_as_they_were(monkeypatch):
    pin = make_pin()
    make_place("Park")

    def fail(pins, survey):
        raise RuntimeError

    monkeypatch.setattr(placing, "_link_areas", fail)
    with pytest.raises(RuntimeError):
        placing.place_all()

    pin.refresh_from_db()
    assert pin.near is None


@pytest.mark.parametrize("size", [1, 2, 5, 9])
def test_batches_hold_every_pin_once_whatever_their_size(size, monkeypatch):
    for _number in range(5):
        make_pin()
    make_area("New ward")
    monkeypatch.setattr(placing, "BATCH", size)
    told = []

    assert placing.place_all(lambda done, total: told.append((done, total))) == 5

    assert told == [(min(done, 5), 5) for done in range(size, 5 + size, size)]
    assert not Pin.objects.filter(areas=None).exists()
