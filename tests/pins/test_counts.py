"""The numbers of public pages: never how few communities of a sensitive category there are, not by subtracting either."""

import itertools
import random
import re

import pytest
from django.utils.html import strip_tags

from community_map import geo
from community_map.cached import forget_all
from community_map.geo import Position
from pins import counts, tiles
from pins.models import Pin, Precision, Visibility
from tests.factories import (
    make_approach,
    make_area,
    make_boundary_set,
    make_category,
    make_connection,
    make_contributor,
    make_pin,
    make_portal,
    make_sensitive_category,
    make_service,
)

pytestmark = pytest.mark.django_db
AREAS = {"west": -0.25, "middle": -0.2, "east": -0.15}


def text_of(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def make_group(category, longitude=-0.2, **fields) -> Pin:
    sensitive = {"agreement": "At a visit in May", "services_agreed": True} if category.is_sensitive else {}
    return make_pin(
        category=category,
        position=Position(longitude, 51.6),
        precision=Precision.NEIGHBOURHOOD,
        **sensitive,
        **fields,
    )


@pytest.mark.parametrize(
    ("number", "sensitive", "words"),
    [
        (0, 0, "0 communities"),
        (1, 0, "1 community, and fewer than 10 in sensitive categories"),
        (5, 5, "Fewer than 10 communities"),
        (24, 9, "15 communities, and fewer than 10 in sensitive categories"),
        (24, 10, "14 communities, and 10 or more in sensitive categories"),
        (29, 29, "20 or more communities"),
    ],
)
def test_few_sensitive_communities_are_told_in_steps(number, sensitive, words):
    assert counts.disclosed_count(number, sensitive).words == words


def test_plain_categories_are_counted_and_the_portal_sets_the_threshold(client):
    make_portal(count_threshold=3)
    sport, faith = make_category("Sport"), make_sensitive_category("Faith")
    for category in (sport, sport, faith, faith):
        make_group(category)

    assert "2 communities match your filters" in text_of(client.get("/map/list/", {"category": "sport"}))
    assert "Fewer than 3 communities" in text_of(client.get("/map/list/", {"category": "faith"}))
    assert "2 communities, and fewer than 3 in sensitive categories" in text_of(client.get("/map/"))


def test_no_sensitive_category_that_may_be_public_means_plain_numbers(client):
    make_sensitive_category("Faith", loosest_visibility=Visibility.STAFF)
    make_group(make_category("Sport"))

    assert "1 community" in text_of(client.get("/map/"))
    assert "sensitive categories" not in text_of(client.get("/map/"))


def test_a_cluster_says_what_is_certain_of_sensitive_ones_and_counts_plain_ones():
    sport, faith = make_category("Sport"), make_sensitive_category("Faith")
    for longitude, category, number in ((-0.2, sport, 3), (-0.2005, faith, 12), (-0.29, sport, 13)):
        for _each in range(number):
            make_group(category, longitude)
    z = 9
    x, y = (axis >> (geo.GRID_BITS - z) for axis in geo.mercator(-0.2, 51.6))

    def disclosed_count(source) -> list[tuple]:
        found = [feature["properties"] for feature in tiles.tile_features(source, z, x, y)]
        return sorted((cluster["count"], cluster.get("or_more", False)) for cluster in found)

    assert disclosed_count(tiles.PublicTiles(Pin.objects.public())) == [(13, False), (13, True)]
    assert disclosed_count(tiles.StaffTiles(Pin.objects.all())) == [(13, False), (15, False)]


# --- subtracting ---


@pytest.fixture
def small_world():
    chance = random.Random(4)
    make_portal()
    wards = make_boundary_set(kind="ward")
    for name, middle in AREAS.items():
        make_area(name, bounds=(middle - 0.025, 51.5, middle + 0.025, 51.7), boundary_set=wards, slug=name)
    categories = [make_category("Sport"), make_category("Skills")]
    categories += [make_sensitive_category("Faith"), make_sensitive_category("Health")]
    approaches, service, author = (
        [make_approach("One"), make_approach("Two")],
        make_service(),
        make_contributor(),
    )
    for category, longitude, approach in itertools.product(categories, AREAS.values(), [*approaches, None]):
        for _number in range(chance.randint(0, 4)):
            pin = make_group(category, longitude, author=author)
            if approach:
                make_connection(pin, service, [approach])
    forget_all()


def choices() -> list[dict]:
    names = ["sport", "skills", "faith", "health"]
    chosen = [list(some) for size in range(5) for some in itertools.combinations(names, size)]
    return [
        {
            "category": categories,
            **({"area": area} if area else {}),
            **({"approach": approach} if approach else {}),
        }
        for categories in chosen
        for area in ("", *AREAS)
        for approach in ("", "one", "two")
    ]


TOLD = re.compile(
    r"(?:(?P<plain>\d+) communit(?:y|ies)(?:, and (?:(?P<few>fewer) than 10|(?P<many>\d+) or more) in sensitive)?"
    r"|(?P<only_few>Fewer) than 10 communities|(?P<only_many>\d+) or more communities)"
)


def learned(text: str) -> tuple[int, int]:
    """What somebody who reads the heading knows of the sensitive ones: no fewer than, no more than."""
    found = TOLD.search(text)
    if found["few"] or found["only_few"]:
        return 0, 9
    if many := found["many"] or found["only_many"]:
        return int(many), int(many) + 9
    return 0, 0


def pins_of(choice: dict) -> set:
    pins = Pin.objects.public().filter(is_sensitive=True)
    if choice["category"]:
        pins = pins.filter(category__slug__in=choice["category"])
    if "area" in choice:
        pins = pins.filter(public_areas__slug=choice["area"])
    if "approach" in choice:
        pins = pins.filter(connections__approaches__slug=choice["approach"])
    return set(pins.values_list("pk", flat=True))


@pytest.mark.parametrize("address", ["/map/list/", "/map/"])
def test_no_two_numbers_tell_a_few_sensitive_communities_by_subtraction(client, small_world, address):
    known = []
    for choice in choices():
        truth = pins_of(choice)
        least, most = learned(text_of(client.get(address, choice)).split("Filters and key")[0])
        assert least <= len(truth) <= most, choice
        known.append((choice, truth, least, most))

    tried = 0
    for (one, all_of, least, most), (other, some, fewest, greatest) in itertools.permutations(known, 2):
        rest = all_of - some
        if not some <= all_of or not 0 < len(rest) < 10:
            continue
        tried += 1
        low, high = max(0, least - greatest), most - fewest
        assert low < high, f"{one} less {other} tells that there are {low}"
    assert tried > 500
