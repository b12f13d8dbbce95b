"""Nothing that somebody asks who is signed in places a community better than they may know it.

What they may not know of is moved anywhere; what a partner sees coarsely, as everyone does, is moved within its cell.
Every answer stays as it was, byte for byte. `make proof` asks 2,000 things in each role, `make test` a sample.
"""

import random

import pytest

from community_map.geo import Position
from pins.models import Pin, Precision, Visibility
from tests.factories import make_category, make_contributor, make_pin, make_portal, make_service
from tests.moving import COARSE, anywhere, elsewhere_in_its_cell, move
from tests.pins.test_similar_attacks import GUESS, HIDDEN, metres_between
from tests.pins.test_similar_attacks import Prober as SimilarProber
from tests.twin_answers import Comparison, ask_all
from tests.twin_probes import probes
from tests.twin_worlds import PARTNER, ROLES, World, make_person, make_world

pytestmark = pytest.mark.django_db

SEED = 9
HIDDEN_PINS = 60
SAMPLE, ALL = 50, 2_000


def move_what_nobody_told(world: World, chance: random.Random) -> tuple[int, int]:
    """Move hidden pins anywhere, and for a partner other people's public ones within their cells; return how many of each."""
    hidden = [pin for pin in world.hidden if pin.is_placed]
    changed = sum(move(pin, anywhere(chance)) for pin in hidden)
    coarse = []
    if world.role == PARTNER:
        others = Pin.objects.filter(pk__in=[pin.pk for pin in world.known], visibility=Visibility.PUBLIC)
        coarse = list(others.filter(precision__in=COARSE, created_by__in=world.authors["others"]))
        changed += sum(move(pin, elsewhere_in_its_cell(pin, chance)) for pin in coarse)
    assert changed > 3, "nothing that staff would see has changed: the proof would be empty"
    return len(hidden), len(coarse)


def compare(role: str, number: int) -> None:
    chance = random.Random(SEED)
    world = make_world(role, chance, HIDDEN_PINS)
    requests = probes(world, chance, number)
    before = ask_all(world, requests)
    hidden, coarse = move_what_nobody_told(world, chance)
    found = Comparison(requests, before, ask_all(world, requests))

    moved = f"{hidden} hidden pins moved anywhere and {coarse} coarse ones within their cells"
    print(f"\n{found.words(f'probing for places, {role}', moved)}")
    for request in found.differing[:40]:
        print(f"  differs: {str(request)[:300]}", *found.lines_of(request), sep="\n      ")
    assert (found.differing, found.faults) == ([], [])


@pytest.mark.parametrize("role", ROLES)
def test_a_sample_of_what_somebody_signed_in_asks_places_nothing_better_than_they_may_know(role):
    compare(role, SAMPLE)


@pytest.mark.proof
@pytest.mark.parametrize("role", ROLES)
def test_two_thousand_probes_of_somebody_signed_in_place_nothing_better_than_they_may_know(role):
    compare(role, ALL)


@pytest.mark.parametrize("role", ROLES)
def test_halving_distances_finds_nothing_of_a_hidden_place(client, role):
    make_portal()
    author = make_contributor(service=make_service("Family services"))
    make_pin("Quiet mothers circle", position=HIDDEN, visibility=Visibility.TEAM, author=author)
    prober = SimilarProber(client, make_person(role, make_service("Parks")))

    found = prober.locate(GUESS)

    print(f"\nhalving distances, {role}: nothing found of a team-only pin in {prober.requests} requests")
    assert (found, len(prober.answers)) == (None, 1)


@pytest.mark.parametrize("precision", [Precision.STREET, Precision.NEIGHBOURHOOD])
def test_halving_distances_finds_a_coarse_pin_where_it_is_shown_wherever_it_is(client, precision):
    make_portal()
    pin = make_pin("Tea afternoons", position=HIDDEN, precision=precision, category=make_category())
    shown = Position(pin.public_longitude, pin.public_latitude)
    prober = SimilarProber(client, make_person(PARTNER, make_service("Friends")))

    found = prober.locate(GUESS)
    move(pin, elsewhere_in_its_cell(pin, random.Random(SEED)))

    print(
        f"\nhalving distances, {PARTNER}, {precision.label}: {metres_between(found, shown):.1f} m from where it is "
        f"shown, {metres_between(found, HIDDEN):.0f} m from where it is, in {prober.requests} requests"
    )
    assert metres_between(found, shown) < 1
    assert prober.locate(GUESS) == found
