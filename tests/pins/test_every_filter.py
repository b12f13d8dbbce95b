"""Filters put together by chance: the list's pages, the members of the tiles and a plain computation name the same pins."""

import math
import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from community_map import geo
from community_map.geo import Position
from community_map.models import Initiative
from pins.models import Connection, LessHeardGroup, Offer, Pin, Precision, Status, Visibility
from tests import policy_table
from tests.factories import (
    make_administrator,
    make_approach,
    make_area,
    make_boundary_set,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_partner,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
    make_service,
)

pytestmark = pytest.mark.django_db
SAMPLE, FULL = 10, 1000  # of each role
PINS = 110
ZOOM = 12
VISITOR, WITHOUT_SERVICE = "visitor", "contributor without a service"
ROLES = (
    VISITOR,
    "contributor",
    WITHOUT_SERVICE,
    "partner",
    "moderator",
    "administrator",
)
EVERYONE = ("q", "near", "category", "area", "approach", "offers", "about", "initiative", "confirmed")
COLLEAGUE = (*EVERYONE, "connection", "service", "visibility", "status")
NAMES = {
    VISITOR: EVERYONE,
    "contributor": COLLEAGUE,
    WITHOUT_SERVICE: COLLEAGUE,
    "partner": (*EVERYONE, "status"),
    "moderator": (*COLLEAGUE, "less-heard"),
    "administrator": (*COLLEAGUE, "less-heard"),
}
# What was typed, and the words that it may find: the word itself, or else its beginnings, or else slips.
TYPED = {
    "choir": ({"choir", "choirs"},),
    "Choirs": ({"choir", "choirs"},),
    "chior": ({"chior"}, set(), {"choir", "choirs"}),
    "walks": ({"walking", "walks"},),
    "gard": (set(), {"garden", "gardeners"}),
    "co-op": ({"co-op", "coop"},),
    "coop": ({"co-op", "coop"},),
    "N2": ({"n2"},),
    "biscuit": ({"biscuits"},),
    "underhil": ({"underhill"},),
    "musick": (set(), set(), {"music"}),
    "nothing": (),
}
WORDS = ("choir", "choirs", "walking", "walks", "garden", "gardeners", "co-op", "coop", "n2", "football")
# Of hidden pins' names and of staff's texts only: nobody else's search may know that "chior" is a word.
STAFF_WORDS = ("chior", "biscuits", "cake", "football")
WARDS = ("Underhill", "Hendon", "Finchley", "Barnet")
MONTHS = {"3": 3, "6": 6, "12": 12, "24": 24}
WEST, SOUTH, EAST, NORTH = -0.26, 51.60, -0.18, 51.63


@dataclass
class Fact:
    """What the test knows of one pin."""

    pin: Pin
    public_words: set[str]
    staff_words: set[str]
    offers: set[str]
    groups: set[str]
    connections: list[tuple] = field(default_factory=list)  # service, kind, approaches


@dataclass
class World:
    facts: list[Fact]
    people: dict
    places: dict
    wards: list[tuple]

    def ward(self, longitude: float | None) -> str:
        return next((slug for west, east, slug in self.wards if longitude and west <= longitude < east), "")


def make_world(chance: random.Random) -> World:
    make_portal()
    wards, rows = [], make_boundary_set(kind="ward")
    for number, name in enumerate(WARDS):
        west = -0.30003 + 0.05 * number
        make_area(name, bounds=(west, 51.5, west + 0.05, 51.7), boundary_set=rows, slug=name.lower())
        wards.append((west, west + 0.05, name.lower()))
    places = {"Oak Mount": (-0.2612, 51.6003), "Elm Rise": (-0.18, 51.631)}
    for name, (longitude, latitude) in places.items():
        make_place(name, "park", longitude, latitude)
    services = [make_service(name) for name in ("Libraries", "Parks", "Friends")]
    people = {
        "contributor": make_contributor(service=services[0]),
        "partner": make_partner(service=services[2]),
        WITHOUT_SERVICE: make_contributor(service=None),
        "moderator": make_moderator(),
        "administrator": make_administrator(),
        "others": make_contributor(service=services[1]),
        "other partner": make_partner(service=services[2]),
    }
    categories = [make_category("Music"), make_category("Sport"), make_sensitive_category("Faith")]
    approaches = [make_approach("Consulting"), make_approach("Partnership")]
    offers = [Offer.objects.create(name=name, slug=name.lower()) for name in ("Money", "Spaces", "Insight")]
    groups = [LessHeardGroup.objects.create(name=name, slug=name.lower()) for name in ("Carers", "Migrants")]
    initiatives = [Initiative.objects.create(name=name, slug=name.lower()) for name in ("Summer", "Winter")]
    world = World([], people, places, wards)
    for _number in range(PINS):
        category = chance.choice(categories)
        sensitive = category.is_sensitive
        visibility = chance.choice(Visibility.values)
        status = chance.choice([*Status.values, "published", "published", "published", "submitted"])
        hidden = visibility == Visibility.TEAM or status in ("returned", "declined", "archived")
        name = [chance.choice(WORDS), *(["chior"] if hidden and chance.random() < 0.5 else [])]
        description, meeting = chance.choice(("", "music", "walks")), chance.choice(STAFF_WORDS)
        initiative = chance.choice([None, None, *initiatives])
        agreed = sensitive and visibility == Visibility.PUBLIC
        precision = chance.choice([2, 2, 3] if sensitive else Precision.values)
        position = Position(round(chance.uniform(WEST, EAST), 6), round(chance.uniform(SOUTH, NORTH), 6))
        pin = make_pin(
            " ".join(name), category=category, description=description, meeting=meeting, initiative=initiative,
            visibility=visibility, status=status, precision=precision, about=chance.choice(Pin.About.values),
            author=people[chance.choice(("others", "others", "contributor", "partner", "other partner"))],
            position=position if chance.random() < 0.9 or precision < 3 else None,
            agreement="In May" if agreed else "", services_agreed=agreed and chance.random() < 0.5,
            last_confirmed_at=chance.choice((None, *(a_day(days) for days in (0, 30, 100, 200, 400, 800)))),
        )  # fmt: skip
        fact = Fact(pin, {*name, *description.split(), category.name.lower()}, {meeting}, set(), set())
        fact.public_words |= {initiative.name.lower()} if initiative else set()
        fact.public_words.add(world.ward(pin.public_longitude))
        fact.staff_words.add(world.ward(pin.longitude))
        for rows, slugs, some in (
            (pin.offers, fact.offers, offers),
            (pin.less_heard_groups, fact.groups, groups),
        ):
            chosen = chance.sample(some, chance.randint(0, 2))
            rows.set(chosen)
            slugs.update(row.slug for row in chosen)
        for service in chance.sample(services, chance.randint(0, 2)):
            kind, said = chance.choice(Connection.Kind.values), chance.choice(("", *STAFF_WORDS))
            used = chance.sample(approaches, 1) if kind == "working" else []
            make_connection(pin, service, used, kind=kind, what_worked=said)
            fact.connections.append((service.slug, kind, {row.slug for row in used}))
            fact.staff_words.add(said)
        world.facts.append(fact)
    return world


def a_day(ago: int) -> date:
    return date.today() - timedelta(days=ago)


# --- the plain computation ---


def is_visible(world: World, role: str, fact: Fact) -> bool:
    pin, me = fact.pin, world.people.get(role)
    state = (pin.status, pin.visibility, pin.is_sensitive)
    if role == VISITOR:
        return state[:2] == ("published", Visibility.PUBLIC)
    if role == "partner":
        return pin.created_by in (me, world.people["other partner"])
    if role == WITHOUT_SERVICE:
        return policy_table.may_know_pin(policy_table.CONTRIBUTOR, *state)
    if role == "contributor":
        knows = any(service == "libraries" for service, _kind, _used in fact.connections)
        who = policy_table.COLLEAGUE if knows else policy_table.CONTRIBUTOR
        return pin.created_by == me or policy_table.may_know_pin(who, *state)
    return True


def expected(world: World, role: str, query: dict) -> list[Fact]:
    staff = role != VISITOR
    facts = [fact for fact in world.facts if is_visible(world, role, fact)]
    if staff and "status" not in query:
        facts = [fact for fact in facts if fact.pin.status in ("submitted", "published")]
    found = facts
    for typed in query.get("q", [""])[0].split():
        known = words_found(typed, facts, role)
        found = [fact for fact in found if words_of(fact, role) & known]
    rules = {
        "near": lambda fact, values: is_near(world, role, fact, values[0]),
        "category": lambda fact, values: fact.pin.category.slug in values,
        "area": lambda fact, values: world.ward(position_of(fact, role)[0]) in values,
        "approach": lambda fact, values: bool(approaches_of(fact, role) & set(values)),
        "offers": lambda fact, values: bool(fact.offers & set(values)),
        "about": lambda fact, values: fact.pin.about in values,
        "initiative": lambda fact, values: fact.pin.initiative and fact.pin.initiative.slug in values,
        "confirmed": lambda fact, values: is_confirmed(fact, MONTHS[values[0]]),
        "connection": lambda fact, values: is_connected(fact, values, query.get("service", [])),
        "service": lambda fact, values: any(row[0] in values for row in fact.connections),
        "visibility": lambda fact, values: Visibility(fact.pin.visibility).name.lower() in values,
        "status": lambda fact, values: fact.pin.status in values,
        "less-heard": lambda fact, values: bool(fact.groups & set(values)),
    }
    for name, values in query.items():
        if name != "q":
            found = [fact for fact in found if rules[name](fact, values)]
    return found


def words_of(fact: Fact, role: str) -> set[str]:
    return fact.public_words | (set() if role in (VISITOR, "partner") else fact.staff_words)


def words_found(typed: str, facts: list[Fact], role: str) -> set[str]:
    known = set().union(*(words_of(fact, role) for fact in facts))
    return next((words & known for words in TYPED[typed] if words & known), set())


def position_of(fact: Fact, role: str) -> tuple:
    pin = fact.pin
    return (pin.public_longitude, pin.public_latitude) if role == VISITOR else (pin.longitude, pin.latitude)


def is_near(world: World, role: str, fact: Fact, name: str) -> bool:
    (west, south), (longitude, latitude) = world.places[name], position_of(fact, role)
    if longitude is None:
        return False
    metres = 111_195 * math.hypot((longitude - west) * math.cos(math.radians(south)), latitude - south)
    assert not 4_970 < metres < 5_030, "the test cannot tell: take another place"
    return metres < 5_000


def approaches_of(fact: Fact, role: str) -> set[str]:
    told = role not in (VISITOR, "partner") or not fact.pin.is_sensitive or fact.pin.services_agreed
    return set().union(*(used for _service, kind, used in fact.connections if kind == "working" and told))


def is_confirmed(fact: Fact, months: int) -> bool:
    day = fact.pin.last_confirmed_at
    return day is not None and (date.today() - day).days <= months * 30.5


def is_connected(fact: Fact, kinds: list[str], services: list[str]) -> bool:
    of_service = [kind for service, kind, _used in fact.connections if not services or service in services]
    nobody = "nobody" in kinds and all(kind != "working" for _service, kind, _used in fact.connections)
    return nobody or any(kind in kinds for kind in of_service)


# --- what the portal answers ---


def some_query(chance: random.Random, role: str) -> dict[str, list[str]]:
    values = {
        "q": [" ".join(pair) for pair in zip(TYPED, [*TYPED][5:], strict=False)] + [*TYPED] * 3,
        "near": ["Oak Mount", "Elm Rise"], "category": ["music", "sport", "faith"],
        "area": [name.lower() for name in WARDS], "approach": ["consulting", "partnership"],
        "offers": ["money", "spaces", "insight"], "about": Pin.About.values, "initiative": ["summer", "winter"],
        "confirmed": [*MONTHS], "connection": [*Connection.Kind.values, "nobody", "nobody"],
        "service": ["libraries", "parks", "friends"], "visibility": ["public", "staff", "team"],
        "status": Status.values, "less-heard": ["carers", "migrants"],
    }  # fmt: skip
    single = {"q", "near", "area", "confirmed", "service"}
    query = {}
    for name in NAMES[role]:
        if chance.random() < 0.2:
            number = 1 if name in single else chance.randint(1, 2)
            query[name] = chance.sample(values[name], min(number, len(values[name])))
    return query


class Reader:
    """Reads the list and the tiles as one role."""

    def __init__(self, world: World, role: str) -> None:
        self.client, self.asked = Client(), 0
        self.space = "pins" if role == VISITOR else "staff"
        if role != VISITOR:
            self.client.force_login(world.people[role])

    def get(self, address: str, query: dict | None = None):
        # Each from an address of its own: limits have tests of their own.
        self.asked += 1
        host = f"10.{self.asked >> 16}.{self.asked >> 8 & 255}.{self.asked & 255}"
        response = self.client.get(address, query, REMOTE_ADDR=host)
        assert response.status_code == 200, (address, query, response.status_code)
        return response

    def listed(self, query: dict) -> list[str]:
        page = self.get(reverse(f"{self.space}:list"), query).text
        found = []
        while True:
            found += re.findall(
                r'app-pin-row__name">\s*<a class="govuk-link" href="[^"]*/pins/([0-9a-f-]{36})/', page
            )
            following = re.search(r'rel="next"\s+href="([^"]+)"', page)
            if not following:
                return found
            page = self.get(following[1].replace("&amp;", "&")).text

    def drawn(self, query: dict) -> list[str]:
        """Every pin that the tiles name, going into each cluster that does not name its members."""
        found, tiles = [], []
        for longitude in (WEST - 0.02, (WEST + EAST) / 2, EAST + 0.02):
            for latitude in (SOUTH - 0.02, NORTH + 0.02):
                tiles.append((ZOOM, *tile_at(longitude, latitude, ZOOM)))
        tiles = sorted(set(tiles))
        while tiles:
            z, x, y = tiles.pop()
            for feature in self.get(reverse(f"{self.space}:tile", args=(z, x, y)), query).json()["features"]:
                told = feature["properties"]
                found += [pin["id"] for pin in told.get("members", [])] + (
                    [told["id"]] if "id" in told else []
                )
                if "id" not in told and "members" not in told:
                    # A cluster is one cell of the tile, and a cell is a tile three zooms on.
                    tiles.append((z + 3, *tile_at(*feature["geometry"]["coordinates"], z + 3)))
        return found


def tile_at(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    x, y = geo.mercator(longitude, latitude)
    return x >> (geo.GRID_BITS - zoom), y >> (geo.GRID_BITS - zoom)


def compare(seed: int, role: str, number: int) -> tuple[int, int]:
    """Try that many combinations as one role; return how many found something, and how many pins they found."""
    chance = random.Random(seed)
    world = make_world(random.Random(5))
    reader, fruitful, pins = Reader(world, role), 0, 0
    for _number in range(number):
        query = some_query(chance, role)
        facts = expected(world, role, query)
        placed = [fact for fact in facts if position_of(fact, role)[0] is not None]
        assert sorted(reader.listed(query)) == ids(facts), query
        assert sorted(reader.drawn(query)) == ids(placed), query
        fruitful, pins = fruitful + bool(facts), pins + len(facts)
    return fruitful, pins


def ids(facts: list[Fact]) -> list[str]:
    return sorted(str(fact.pin.public_id) for fact in facts)


@pytest.mark.parametrize("role", ROLES)
def test_list_tiles_and_a_plain_computation_find_the_same(role):
    fruitful, _pins = compare(1, role, SAMPLE)

    assert fruitful >= SAMPLE / 4, "combinations that find nothing prove little"


@pytest.mark.proof
@pytest.mark.parametrize("role", ROLES)
def test_a_thousand_combinations_find_the_same(role, capsys):
    fruitful, pins = compare(2, role, FULL)

    with capsys.disabled():
        print(f"\nfilters, {role}: {FULL} combinations, {fruitful} found something, {pins} pins in all")
    assert fruitful >= FULL / 4
