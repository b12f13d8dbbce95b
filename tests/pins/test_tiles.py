"""Map data by tile: never more than 64 features, every pin counted once, nothing that is not public."""

import random
import uuid

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community_map import geo
from community_map.cached import forget_all
from community_map.geo import Position
from pins import tiles
from pins.actions import decide
from pins.models import Category, Pin, Precision, Status, Visibility
from tests.factories import (
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_service,
)

pytestmark = pytest.mark.django_db


def tile_of(longitude: float, latitude: float, z: int) -> tuple[int, int, int]:
    x, y = geo.mercator(longitude, latitude)
    return z, x >> (geo.GRID_BITS - z), y >> (geo.GRID_BITS - z)


def address(z: int, x: int, y: int, *, staff: bool = False) -> str:
    return f"/{'staff' if staff else 'map'}/tiles/{z}/{x}/{y}.json"


def scatter(positions: list[tuple[float, float]]) -> None:
    """Many public pins at once, all columns as pins.placing writes them for exact ones."""
    category, author, now = make_category(), make_contributor(), timezone.now()
    rows = []
    for number, (longitude, latitude) in enumerate(positions):
        x, y = geo.mercator(longitude, latitude)
        rows.append(
            Pin(
                name=f"Pin {number}", category=category, created_by=author, status=Status.PUBLISHED,
                submitted_at=now, published_at=now, visibility=Visibility.PUBLIC, precision=Precision.EXACT,
                loosest_visibility=0, finest_precision=0, is_sensitive=False, idempotency_key=uuid.uuid4(),
                longitude=longitude, latitude=latitude, mercator_x=x, mercator_y=y,
                public_longitude=longitude, public_latitude=latitude, public_mercator_x=x, public_mercator_y=y,
            )
        )  # fmt: skip
    Pin.objects.bulk_create(rows, batch_size=1000)
    forget_all()


def features(client, z, x, y, **query) -> list[dict]:
    response = client.get(address(z, x, y), query)
    assert response.status_code == 200
    body = response.json()
    assert body["type"] == "FeatureCollection"
    return body["features"]


def count(rows: list[dict]) -> int:
    return sum(row["properties"].get("count", 1) for row in rows)


def test_a_pin_is_its_id_name_category_and_precision_at_its_public_position(client):
    pin = make_pin("Choir", category=make_category("Music"), precision=Precision.STREET)

    assert features(client, *tile_of(-0.2, 51.6, 14)) == [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [pin.public_longitude, pin.public_latitude]},
            "properties": {
                "id": str(pin.public_id), "name": "Choir", "category": "music", "precision": "street",
            },
        }
    ]  # fmt: skip
    assert (pin.public_longitude, pin.public_latitude) != (pin.longitude, pin.latitude)


def test_pins_on_one_spot_are_a_cluster_that_names_its_members(client):
    make_pin("Choir")
    make_pin("Brass band")

    [cluster] = features(client, *tile_of(-0.2, 51.6, 12))

    assert cluster["properties"]["count"] == 2
    assert [member["name"] for member in cluster["properties"]["members"]] == ["Brass band", "Choir"]


def test_pins_that_lie_apart_are_a_cluster_with_a_number_only(client):
    make_pin("Choir", position=Position(-0.2, 51.6))
    make_pin("Football", position=Position(-0.2001, 51.6001))

    [cluster] = features(client, *tile_of(-0.2, 51.6, 8))

    assert cluster["properties"] == {"count": 2}


def test_five_thousand_pins_are_at_most_64_features_in_two_queries(client, django_assert_max_num_queries):
    chance = random.Random(7)
    scatter([(chance.uniform(-0.3, -0.1), chance.uniform(51.5, 51.7)) for _ in range(5_000)])
    for z in (0, 8, 10, 12, 14, 16, 18):
        place = tile_of(-0.2, 51.6, z)
        features(client, *place)  # the vocabulary is read
        with django_assert_max_num_queries(2):
            rows = features(client, *place)
        assert len(rows) <= 64
    assert count(features(client, 0, 0, 0)) == 5_000


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    points=st.lists(st.tuples(st.floats(-180, 180), st.floats(-85, 85)), max_size=12),
    z=st.integers(0, 4),
    near=st.booleans(),
)
def test_the_tiles_of_a_zoom_hold_every_pin_once(points, z, near):
    Pin.objects.all().delete()
    Category.objects.all().delete()
    if near:  # many in the same cell
        points = [(-0.2 + longitude / 1e6, 51.6 + latitude / 1e6) for longitude, latitude in points]
    scatter(points)
    total = 0
    for x in range(2**z):
        for y in range(2**z):
            rows = tiles.tile_features(tiles.PublicTiles(Pin.objects.public()), z, x, y)
            west, north, east, south = geo.tile_range(z, x, y)
            inside = Pin.objects.filter(
                public_mercator_x__gte=west, public_mercator_x__lt=east,
                public_mercator_y__gte=north, public_mercator_y__lt=south,
            ).count()  # fmt: skip
            assert count(rows) == inside
            total += count(rows)
            for row in rows:
                members = row["properties"].get("members")
                assert members is None or len(members) == row["properties"]["count"]
    assert total == len(points)


def test_what_the_public_may_not_see_is_in_no_tile(client):
    place = tile_of(-0.2, 51.6, 12)
    for status in (Status.SUBMITTED, Status.RETURNED, Status.DECLINED, Status.ARCHIVED):
        make_pin(status=status)
    make_pin(visibility=Visibility.STAFF)
    make_pin(visibility=Visibility.TEAM)
    make_pin(precision=Precision.BOROUGH)

    assert features(client, *place) == []


def test_the_etag_changes_with_what_the_public_sees_and_with_nothing_else(client):
    place = address(*tile_of(-0.2, 51.6, 12))
    pin = make_pin("Choir")
    waiting = make_pin("Football", status=Status.SUBMITTED)
    first = client.get(place)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"

    make_pin("Hidden", visibility=Visibility.STAFF)
    Pin.objects.filter(pk=pin.pk).update(meeting="Elsewhere")
    assert client.get(place, headers={"If-None-Match": tag}).status_code == 304

    decide(Pin.objects.filter(pk=waiting.pk), "publish", by=make_moderator())
    changed = client.get(place, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    assert count(changed.json()["features"]) == 2


@pytest.mark.parametrize("tile", ["1/2/0", "1/0/2", "23/0/0", "99999/0/0", "0/0/99999999999999999999999"])
def test_a_tile_that_does_not_exist_is_refused_with_a_sentence(client, tile):
    response = client.get(f"/map/tiles/{tile}.json")

    assert response.status_code == 400
    assert response.json() == {"error": f"There is no tile {tile}."}


@pytest.mark.parametrize("tile", ["a/0/0", "1/-1/0", "1.5/0/0", "1/0"])
def test_what_is_no_tile_is_not_found(client, tile):
    assert client.get(f"/map/tiles/{tile}.json").status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("fbclid=1", "There is no filter called: fbclid"),
        ("status=published", "There is no filter called: status"),
        ("category=none", "These filters have a value that is not valid: category"),
        ("category=none&area=none", "These filters have a value that is not valid: category, area"),
    ],
)
def test_tiles_refuse_unknown_names_and_values(client, query, sentence):
    response = client.get(f"/map/tiles/0/0/0.json?{query}")

    assert response.status_code == 400
    assert response.json() == {"error": sentence}


def test_tiles_take_the_filters(client):
    make_pin("Choir", category=make_category("Music"))
    make_pin("Football", category=make_category("Sport"), position=Position(-0.25, 51.6))

    assert [row["properties"]["name"] for row in features(client, 0, 0, 0, category="sport")] == ["Football"]


def test_public_tiles_set_no_cookie_and_say_nothing_of_staff(client):
    client.force_login(make_contributor())
    pin = make_pin("Choir", visibility=Visibility.STAFF)
    make_connection(pin)

    response = client.get(address(*tile_of(-0.2, 51.6, 12)))

    assert response.json()["features"] == []
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_staff_tiles_show_what_is_not_checked_yet_and_who_is_connected(client):
    colleague = make_contributor()
    pin = make_pin(
        "Choir", category=make_category("Music"), status=Status.SUBMITTED, precision=Precision.NEIGHBOURHOOD
    )
    make_connection(pin, make_service("Parks"))
    client.force_login(colleague)

    response = client.get(address(*tile_of(-0.2, 51.6, 14), staff=True))

    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.json()["features"] == [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [-0.2, 51.6]},
            "properties": {
                "id": str(pin.public_id), "name": "Choir", "category": "music", "precision": "exact",
                "status": "submitted", "status_words": "Not checked yet", "services": ["Parks"],
            },
        }
    ]  # fmt: skip


def test_staff_tiles_are_for_staff(client):
    assert client.get("/staff/tiles/0/0/0.json").status_code == 302


def test_a_cluster_stands_in_the_middle_of_its_members_as_the_public_sees_them(client):
    pins = [
        make_pin(position=Position(-0.2 + number / 9_000, 51.6 - number / 7_000), precision=Precision.STREET)
        for number in range(3)
    ]
    places = [(pin.public_mercator_x, pin.public_mercator_y) for pin in pins]
    middle = geo.from_mercator(*(sum(values) / 3 for values in zip(*places, strict=True)))

    [cluster] = features(client, *tile_of(-0.2, 51.6, 8))

    assert cluster["geometry"] == {"type": "Point", "coordinates": [round(number, 6) for number in middle]}
    exact = [sum(getattr(pin, name) for pin in pins) / 3 for name in ("longitude", "latitude")]
    assert cluster["geometry"]["coordinates"] != [round(number, 6) for number in exact]


def test_only_the_cells_own_members_are_named_and_a_neighbours_never(client):
    z, size = 14, 1 << (geo.GRID_BITS - 14 - tiles.CELLS)
    x, y = (value // (8 * size) * 8 * size + 3 * size for value in geo.mercator(-0.2, 51.6))
    last = 2 * size - 1
    spots = {
        "together": [(100, 100), (100, 100)],
        "to the east": [(size + 100, 100), (size + 900, 100)],
        "to the south": [(100, size + 100), (100, size + 900)],
        "together in the last corner": [(last, last), (last, last)],
        "together in the first corner": [(2 * size, 0), (2 * size, 0)],
    }
    scatter([geo.from_mercator(x + east, y + south) for spot in spots.values() for east, south in spot])

    rows = features(client, z, x >> (geo.GRID_BITS - z), y >> (geo.GRID_BITS - z))

    members = [len(row["properties"].get("members", [])) for row in rows]
    assert [row["properties"]["count"] for row in rows] == [2] * 5
    assert sorted(members) == [0, 0, 2, 2, 2]


@pytest.mark.parametrize(("namespace", "root"), [("pins", "map"), ("staff", "staff")])
def test_a_maps_addresses_leave_what_is_to_be_filled_in(namespace, root):
    found = tiles.map_addresses(namespace)

    assert found["tile_url"] == f"/{root}/tiles/{{z}}/{{x}}/{{y}}.json"
    assert found["pin_url"] == f"/{root}/pins/{{id}}/"
