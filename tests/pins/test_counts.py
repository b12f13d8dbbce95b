"""The numbers of pages and tiles: as many as there are rows that their reader is shown, whatever is hidden."""

import itertools
import random
import re

import pytest
from django.utils.html import strip_tags

from community_map import geo
from community_map.cached import forget_all
from community_map.geo import Position
from pins import tiles
from pins.models import Pin, Precision, Status, Visibility
from tests.factories import (
    make_approach,
    make_area,
    make_boundary_set,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_portal,
    make_sensitive_category,
    make_service,
)

pytestmark = pytest.mark.django_db
AREAS = {"west": -0.25, "middle": -0.2, "east": -0.15}
CATEGORIES = ("sport", "skills", "faith", "health")
PUBLIC_PAGES = [("/map/", "/map/list/"), ("/map/embed/", "/map/embed/list/")]
STAFF_PAGES = ("/staff/map/", "/staff/list/")
HIDDEN = (
    {"status": Status.SUBMITTED},
    {"status": Status.RETURNED},
    {"status": Status.DECLINED},
    {"status": Status.ARCHIVED},
    {"visibility": Visibility.STAFF},
    {"visibility": Visibility.TEAM},
)


def text_of(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def make_group(category, longitude: float | None = -0.2, **fields) -> Pin:
    sensitive = {"agreement": "At a visit in May", "services_agreed": True} if category.is_sensitive else {}
    return make_pin(
        category=category,
        position=longitude and Position(longitude, 51.6),
        precision=Precision.NEIGHBOURHOOD,
        **{**sensitive, **fields},
    )


def number_told(client, address: str, choice: dict | None = None) -> int:
    """The number that stands first on a page: how many communities there are, or match the filters."""
    response = client.get(address, choice or {})
    said = re.search(r'role="status"[^>]*>\s*(\d+) communit(?:y|ies)\b([^<]*)<', response.content.decode())
    assert said[2].strip() in ("", "matches your filters", "match your filters")
    return int(said[1])


def rows_listed(client, address: str, choice: dict | None = None) -> int:
    """How many rows a list has on all of its pages."""
    number, query = 0, dict(choice or {})
    while True:
        response = client.get(address, query)
        number += len(response.context["pins"])
        if not response.context["next_key"]:
            return number
        following = re.search(r'rel="next"\s+href="[^"?]*\?([^"]*)"', response.content.decode())
        address, query = f"{address.partition('?')[0]}?{following[1].replace('&amp;', '&')}", {}


@pytest.fixture
def small_world():
    """Public communities of plain and of sensitive categories, few of each; and hidden ones among them."""
    chance = random.Random(4)
    make_portal()
    wards = make_boundary_set(kind="ward")
    for name, middle in AREAS.items():
        make_area(name, bounds=(middle - 0.025, 51.5, middle + 0.025, 51.7), boundary_set=wards, slug=name)
    categories = [make_category("Sport"), make_category("Skills")]
    categories += [make_sensitive_category("Faith"), make_sensitive_category("Health")]
    approaches, service = [make_approach("One"), make_approach("Two")], make_service()
    author = make_contributor(service=service)
    for category, longitude, approach in itertools.product(
        categories, (*AREAS.values(), None), [*approaches, None]
    ):
        for _number in range(chance.randint(0, 3)):
            hidden = chance.choice(HIDDEN) if chance.random() < 0.4 else {}
            pin = make_group(category, longitude, author=author, **hidden)
            if approach:
                make_connection(pin, service, [approach])
    forget_all()
    return author


def choices() -> list[dict]:
    chosen = [list(some) for size in range(3) for some in itertools.combinations(CATEGORIES, size)]
    return [
        {"category": some, **({"area": area} if area else {}), **({"approach": approach} if approach else {})}
        for some in chosen
        for area in ("", "middle")
        for approach in ("", "one")
    ]


# --- as many as the rows ---


@pytest.mark.parametrize(("map_address", "list_address"), PUBLIC_PAGES)
def test_public_pages_count_as_many_communities_as_they_list(client, small_world, map_address, list_address):
    seen = set()
    for choice in choices():
        rows = rows_listed(client, list_address, choice)
        told = number_told(client, map_address, choice), number_told(client, list_address, choice)
        assert told == (rows, rows), choice
        seen.add(rows)

    assert {0, 1, 2} < seen
    assert rows_listed(client, list_address) == Pin.objects.public().count() < Pin.objects.count()


def test_staff_pages_count_as_many_as_they_list_for_whoever_reads(client, small_world):
    told = []
    for user in (small_world, make_contributor(), make_moderator()):
        client.force_login(user)
        for choice in ({}, {"category": ["faith"]}, {"status": ["archived", "submitted"]}):
            rows = rows_listed(client, "/staff/list/", choice)
            assert [number_told(client, page, choice) for page in STAFF_PAGES] == [rows, rows]
            told.append(rows)

    assert len(set(told)) > 4


def test_a_few_sensitive_communities_are_one_plain_number(client):
    make_portal()
    sport, faith = make_category("Sport"), make_sensitive_category("Faith")
    for category in (sport, sport, faith):
        make_group(category)

    assert "3 communities" in text_of(client.get("/map/"))
    assert "1 community matches your filters" in text_of(client.get("/map/list/", {"category": "faith"}))
    assert "0 communities match your filters" in text_of(client.get("/map/list/", {"q": "chess"}))


def test_the_map_counts_those_that_are_in_the_list_only(client):
    make_portal()
    faith = make_sensitive_category("Faith")
    make_group(faith)
    assert "in the list only" not in text_of(client.get("/map/"))
    make_group(faith, None)
    assert "1 group with no single location is in the list only." in text_of(client.get("/map/"))
    make_group(faith, None)
    make_group(faith, None, visibility=Visibility.STAFF)

    assert "2 groups with no single location are in the list only." in text_of(client.get("/map/"))


@pytest.mark.parametrize("z", [9, 12, 14])
def test_the_tiles_of_a_zoom_count_as_many_as_are_listed_and_drawn(client, small_world, z):
    north_west, south_east = geo.mercator(-0.3, 51.65), geo.mercator(-0.1, 51.55)
    (west, north), (east, south) = (
        [axis >> (geo.GRID_BITS - z) for axis in corner] for corner in (north_west, south_east)
    )
    for choice in ({}, {"category": "faith"}, {"category": ["faith", "health"], "approach": "one"}):
        counted = 0
        for x, y in itertools.product(range(west, east + 1), range(north, south + 1)):
            for feature in client.get(f"/map/tiles/{z}/{x}/{y}.json", choice).json()["features"]:
                members = feature["properties"].get("members")
                number = feature["properties"].get("count", 1)
                assert members is None or len(members) == number
                counted += number
        response = client.get("/map/", choice)
        assert counted == rows_listed(client, "/map/list/", choice) - response.context["not_drawn"] > 1


def test_a_cluster_has_the_number_of_its_communities_and_nothing_else():
    sport, faith = make_category("Sport"), make_sensitive_category("Faith")
    for longitude, category, number in ((-0.2, sport, 3), (-0.2005, faith, 12), (-0.29, sport, 13)):
        for _each in range(number):
            make_group(category, longitude)
    make_group(faith, visibility=Visibility.STAFF)
    z = 9
    x, y = (axis >> (geo.GRID_BITS - z) for axis in geo.mercator(-0.2, 51.6))

    def clusters(source) -> list[dict]:
        found = [feature["properties"] for feature in tiles.tile_features(source, z, x, y)]
        return sorted(found, key=lambda cluster: cluster["count"])

    assert clusters(tiles.PublicTiles(Pin.objects.public())) == [{"count": 13}, {"count": 15}]
    assert clusters(tiles.StaffTiles(Pin.objects.all())) == [{"count": 13}, {"count": 16}]


# --- and of nothing that is hidden ---


@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
def test_a_hidden_community_changes_no_public_number_and_no_tile(client, hidden):
    make_portal()
    categories = [make_category("Sport"), make_sensitive_category("Faith")]
    author = make_contributor()
    for category, longitude in itertools.product(categories, (None, -0.2, -0.2)):
        pin = make_group(category, longitude, author=author)
    spot = pin.public_mercator_x, pin.public_mercator_y
    addresses = ["/", "/map/list/?category=faith", *itertools.chain(*PUBLIC_PAGES)]
    for z in (9, 12, 18):
        x, y = (axis >> (geo.GRID_BITS - z) for axis in spot)
        addresses.append(f"/map/tiles/{z}/{x}/{y}.json")

    def answers() -> list[tuple]:
        forget_all()
        responses = [client.get(address) for address in addresses]
        return [(response.content, response.headers["ETag"]) for response in responses]

    before = answers()
    for category, longitude in itertools.product(categories, (-0.2, -0.2001, None)):
        make_group(category, longitude, author=author, **hidden)
    assert answers() == before

    make_group(categories[1], author=author)
    after = answers()
    assert not [address for address, one, other in zip(addresses, before, after, strict=True) if one == other]
