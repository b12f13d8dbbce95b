"""No public answer places a community better than its cell: moved within it, every answer stays as it was, byte for byte."""

import itertools
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community_map import geo
from community_map.geo import Position
from pins.models import Pin, Precision
from tests.factories import (
    SQUARE,
    make_approach,
    make_area,
    make_boundary_set,
    make_category,
    make_connection,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
)
from tests.moving import COARSE, elsewhere_in_its_cell, move

pytestmark = pytest.mark.django_db
SAMPLE, FULL = 100, 2000
hosts = itertools.count(1)


@pytest.fixture
def world():
    """Twelve communities shown coarsely, whose cells areas cut through, and a few that are shown exactly."""
    chance = random.Random(4)
    make_portal()
    wards = make_boundary_set(kind="ward")
    west, south, east, north = SQUARE
    for number in range(8):
        left = west + (east - west) * number / 8
        make_area(
            f"Ward {number}", bounds=(left, south, left + (east - west) / 8, north), boundary_set=wards,
            slug=f"ward-{number}",
        )  # fmt: skip
    for number in range(40):
        make_place(f"Place {number}", "park", chance.uniform(west, east), chance.uniform(south, north))
    kinds = [make_category("Sport"), make_sensitive_category("Faith", default_precision=Precision.BOROUGH)]
    approach = make_approach("One")
    for number in range(24):
        category, coarse = kinds[number % 2], COARSE[number % 3]
        agreed = {"agreement": "At a visit in May"} if category.is_sensitive else {}
        precision = max(coarse, category.finest_precision)
        place = Position(chance.uniform(west, east), chance.uniform(south, north))
        pin = make_pin(f"Group {number}", category=category, precision=precision, position=place, **agreed)
        if number % 4 == 0:
            make_connection(pin, approaches=[approach])
    for _number in range(6):
        make_pin(
            category=kinds[0], position=Position(chance.uniform(west, east), chance.uniform(south, north))
        )


def move_all(chance: random.Random) -> int:
    """Move every coarse pin within its cell; return how many changed an area or their nearest place."""
    pins = Pin.objects.filter(precision__in=COARSE).exclude(longitude=None)
    return sum(move(pin, elsewhere_in_its_cell(pin, chance)) for pin in pins)


near_places = st.integers(0, 39).map(lambda number: f"Place {number}")
choices = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["group", "ward 3", "faith", "place 7", "1"]),
        "category": st.lists(st.sampled_from(["sport", "faith"]), max_size=2),
        "area": st.sampled_from([f"ward-{number}" for number in range(8)]),
        "approach": st.sampled_from(["one"]),
        "near": near_places,
        "about": st.sampled_from(["community", "asset"]),
        "confirmed": st.sampled_from(["3", "12"]),
    },
)
places = st.tuples(st.floats(SQUARE[0], SQUARE[2]), st.floats(SQUARE[1], SQUARE[3]))


@st.composite
def tile_addresses(draw):
    z = draw(st.integers(0, 19))
    longitude, latitude = draw(places)
    x, y = (axis >> (geo.GRID_BITS - z) for axis in geo.mercator(longitude, latitude))
    return f"/map/tiles/{z}/{x}/{y}.json"


near = near_places.map(lambda name: {"near": name})
probes = st.one_of(
    st.tuples(tile_addresses(), choices),
    st.tuples(tile_addresses(), choices),
    st.tuples(st.just("/map/list/"), choices),
    st.tuples(st.just("/map/list/"), near),
    st.tuples(st.just("/map/"), choices),
    st.tuples(st.sampled_from(["/", "/map/embed/", "/map/embed/list/", "/sitemap.xml"]), st.just({})),
    st.tuples(st.integers(0, 29), st.just({})),
)


def answer(client, address, query) -> tuple:
    if isinstance(address, int):
        ids = list(Pin.objects.order_by("pk").values_list("public_id", flat=True))
        address = f"/map/pins/{ids[address]}/"
    # Each from an address of its own: a prober with patience is not held up by limits.
    host = next(hosts)
    response = client.get(address, query, REMOTE_ADDR=f"10.{host >> 16}.{host >> 8 & 255}.{host & 255}")
    assert response.status_code != 429
    return (
        response.status_code,
        response.content,
        response.headers.get("ETag"),
        response.headers.get("Last-Modified"),
    )


def probe(client, how_many: int) -> tuple[int, int]:
    """Ask, move everything, ask again; return how many answers differed and how many probes there were."""
    asked = []
    quiet = settings(
        max_examples=how_many, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    @quiet
    @given(probes)
    def ask(one):
        asked.append((one, answer(client, *one)))

    ask()
    assert move_all(random.Random(11)) > 3, (
        "nothing that staff would see has changed: the proof would be empty"
    )
    return sum(answer(client, *one) != before for one, before in asked), len(asked)


def test_a_sample_of_probes_cannot_place_a_community_better_than_its_cell(client, world):
    differing, number = probe(client, SAMPLE)

    assert (differing, number >= SAMPLE * 0.9) == (0, True)


@pytest.mark.proof
def test_two_thousand_probes_cannot_place_a_community_better_than_its_cell(client, world, capsys):
    differing, number = probe(client, FULL)

    with capsys.disabled():
        print(f"\nprobing for places, a visitor: {number} probes, {differing} differ")
    assert (differing, number >= FULL * 0.9) == (0, True)
