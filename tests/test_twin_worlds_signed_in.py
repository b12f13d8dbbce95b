"""Twin worlds for people who are signed in: whatever they ask, what they may not know of changes no byte.

Two worlds with the same things that somebody may know of, one of them with 200 hidden pins: team-only ones of other
services, some of them waiting, sensitive ones that wait, and returned, declined, archived and merged ones. `make
proof` asks 3,000 things in each role, `make test` a sample.
"""

import random

import pytest

from pins.models import Pin, Visibility
from pins.models.pin import PinQuerySet
from tests.factories import make_pin
from tests.twin_answers import Comparison, ask_all
from tests.twin_probes import probes
from tests.twin_worlds import COLLEAGUE, ROLES, make_world, take_hidden_away

pytestmark = pytest.mark.django_db

SEED = 8
# Probes, and hidden pins: in the sample and in the proof.
SAMPLE, ALL = (100, 120), (3_000, 200)


def compare(role: str, number: int, hidden_pins: int) -> None:
    chance = random.Random(SEED)
    world = make_world(role, chance, hidden_pins)
    requests = probes(world, chance, number)
    with_hidden = ask_all(world, requests)
    hidden = take_hidden_away(world)
    found = Comparison(requests, with_hidden, ask_all(world, requests))

    print(f"\n{found.words(f'twin worlds, {role}', f'{hidden} hidden pins')}")
    for request in found.differing[:40]:
        print(f"  differs: {str(request)[:300]}", *found.lines_of(request), sep="\n      ")
    assert hidden >= hidden_pins
    assert (found.differing, found.telling, found.faults) == ([], [], [])
    # Most are answered with something: a proof of refusals alone would be empty.
    assert sum(answer.status == 200 for answer in with_hidden) > number / 3


@pytest.mark.parametrize("role", ROLES)
def test_a_sample_of_what_somebody_signed_in_asks_is_answered_alike_in_both_worlds(role):
    compare(role, *SAMPLE)


@pytest.mark.proof
@pytest.mark.parametrize("role", ROLES)
def test_everything_that_somebody_signed_in_asks_is_answered_alike_in_both_worlds(role):
    compare(role, *ALL)


def asked_before(number: int) -> tuple:
    chance = random.Random(SEED)
    world = make_world(COLLEAGUE, chance, 60)
    requests = probes(world, chance, number)
    return world, requests, ask_all(world, requests)


def test_one_more_pin_that_may_be_known_of_is_noticed():
    world, requests, before = asked_before(60)
    make_pin("Walking group, one more", status="submitted", visibility=Visibility.STAFF)

    differing = Comparison(requests, before, ask_all(world, requests)).differing

    assert {"/staff/list/", "/staff/map/"} <= {request.path.partition("?")[0] for request in differing}


def test_a_way_in_that_shows_everything_is_noticed_many_times_and_by_words_of_what_is_hidden(monkeypatch):
    monkeypatch.setattr(PinQuerySet, "visible_to", lambda self, user: self.all())
    world, requests, before = asked_before(90)
    take_hidden_away(world)

    found = Comparison(requests, before, ask_all(world, requests))

    assert len(found.differing) > 20
    assert len(found.telling) > 5


def test_a_count_that_takes_in_what_is_hidden_is_noticed(monkeypatch):
    """The smallest leak there is: a number that is one too high."""
    told = PinQuerySet.count

    def one_too_many(pins: PinQuerySet) -> int:
        return told(pins) + Pin.objects.filter(status="archived").exists()

    monkeypatch.setattr(PinQuerySet, "count", one_too_many)
    world, requests, before = asked_before(60)
    take_hidden_away(world)

    differing = Comparison(requests, before, ask_all(world, requests)).differing

    assert {request.path.partition("?")[0] for request in differing} >= {"/staff/list/", "/staff/map/"}
