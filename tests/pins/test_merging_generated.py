"""Generated merges: nothing is lost, all of it can be put back, and without a tick nobody reads anything new."""

import itertools
import random
import re

import pytest
from django.db import transaction
from django.urls import reverse

from community_map.cached import forget_all
from pins import actions
from pins.actions.audience import reach_of
from pins.models import Pin, Reach
from tests.factories import (
    make_contributor,
    make_moderator,
    make_partner,
    make_portal,
    make_service,
    make_user,
)
from tests.merges import Vocabularies, held_by, make_full_pin, undo, words_of

pytestmark = pytest.mark.django_db
STATES = list(itertools.product(("submitted", "published"), (0, 1, 2), (False, True)))


@pytest.fixture
def words():
    return Vocabularies([make_service() for _ in range(4)], [make_user() for _ in range(3)])


def random_state(chance) -> dict:
    status, visibility, sensitive = chance.choice(STATES)
    return {"status": status, "visibility": visibility, "sensitive": sensitive}


@pytest.mark.parametrize("seed", range(30))
def test_a_merge_loses_nothing_and_its_row_is_enough_to_put_everything_back(words, seed):
    make_portal()
    chance = random.Random(seed)
    pin, into = (make_full_pin(chance, words, **random_state(chance)) for _ in range(2))
    before, all_words = held_by(pin, into), words_of(pin, into)
    plan = actions.plan_merge(pin, into)
    ticked = {line.key for line in plan.asks if chance.random() < 0.5}

    merge = actions.merge(pin, into, by=make_moderator(), state=plan.state, ticked=ticked)

    pin.refresh_from_db(), into.refresh_from_db()
    assert words_of(pin, into) == all_words
    assert (pin.version, into.version) == (merge.pin_version, merge.into_version)
    assert_says_what_there_is(merge, into)
    undo(merge)
    assert held_by(pin, into) == before


def assert_says_what_there_is(merge, into) -> None:
    """The values "after" in the row are those in the database."""
    for column, (_before, after) in merge.moved["fields"].items():
        assert getattr(into, column) == after
    for row in merge.moved["connections"]:
        connection = into.connections.get(pk=row["connection"])
        assert actions.merging.values_of(connection) == row["after"]
    assert set(merge.moved["answers"]) <= set(into.answers.values_list("pk", flat=True))


@pytest.mark.parametrize("seed", range(5))
def test_with_every_line_ticked_everything_moves_that_the_other_has_not(words, seed):
    make_portal()
    chance = random.Random(seed)
    pin, into = (make_full_pin(chance, words, **random_state(chance)) for _ in range(2))
    plan = actions.plan_merge(pin, into)

    merge = actions.merge(pin, into, by=make_moderator(), ticked={line.key for line in plan.asks})

    assert merge.left == sorted(line.key for line in plan.stays)
    assert not pin.connections.exists()


def people_for(pin, into, services) -> dict:
    """One person of every kind that reads something, by what they are to the two pins."""
    return {
        "the author of the duplicate": pin.created_by,
        "the author of the pin that stays": into.created_by,
        "the organisation of the pin that stays": make_partner(service=into.created_by.service)
        if into.created_by.groups.filter(name="Partners")
        else make_partner(),
        **{f"a colleague of {service}": make_contributor(service=service) for service in services},
        "a colleague of another service": make_contributor(service=make_service()),
        "a colleague without a service": make_user(groups=("Contributors",)),
        "a partner": make_partner(),
    }


def read_by(client, person, pins) -> set[str]:
    """Return the marks that a person, or a visitor, reads on the pages of these pins."""
    names = ["pins:pin"] + (["staff:pin"] if person else [])
    client.logout()
    if person:
        client.force_login(person)
    found = set()
    for name, pin in itertools.product(names, pins):
        answer = client.get(reverse(name, args=[pin.public_id]))
        if answer.status_code == 200:
            text = answer.content.decode()
            # Names of rows that all pins share count with the pin they stand on.
            found |= set(re.findall(r"MARK\d+X", text, re.IGNORECASE))
            found |= {(pin.pk, word) for word in re.findall(r"(?:Offer|Initiative|Approach) \d+", text)}
            found |= {(pin.pk, word) for word in re.findall(r"Service \d+", text)}
    return found


def check_readers(client, seed: int, state: tuple, other: tuple) -> int:
    """Merge two pins of these states without a tick; return how many pairs of person and page were compared."""
    chance = random.Random(seed)
    services = [make_service() for _ in range(3)]
    words = Vocabularies(services, [make_user() for _ in range(2)])
    authors = [make_contributor(service=make_service()), make_partner()]
    pin, into = (
        make_full_pin(
            chance, words, full=0.7, status=status, visibility=visibility, sensitive=sensitive,
            author=chance.choice(authors),
        )
        for status, visibility, sensitive in (state, other)
    )  # fmt: skip
    people = {"a visitor": None, **people_for(pin, into, services)}
    before = {name: read_by(client, person, (pin, into)) for name, person in people.items()}

    actions.merge(pin, into, by=make_moderator())

    for name, person in people.items():
        # What stood on either pin and was read there may be read on the one that stays.
        known = before[name] | {(into.pk, word) for key, word in pairs(before[name]) if key == pin.pk}
        new = read_by(client, person, (pin, into)) - known
        assert new == set(), f"{name} reads {new} after merging {state} into {other}"
    return len(people)


def pairs(found) -> list[tuple]:
    return [item for item in found if isinstance(item, tuple)]


def sample(number: int) -> list[tuple]:
    return random.Random(8).sample(list(itertools.product(STATES, STATES)), number)


@pytest.mark.parametrize("number", range(12))
def test_without_a_tick_nobody_reads_anything_new(client, settings, number):
    settings.PUBLIC_REQUESTS_PER_MINUTE = 10**9
    make_portal()

    assert check_readers(client, number, *sample(12)[number]) > 8


@pytest.mark.proof
def test_without_a_tick_nobody_reads_anything_new_in_any_pair_of_states(client, settings, capsys):
    settings.PUBLIC_REQUESTS_PER_MINUTE = 10**9
    make_portal()
    every = list(itertools.product(STATES, STATES))
    for number, (state, other) in enumerate(every):
        # Each pair in a world of its own: what a process keeps of one must not stand in the next.
        with transaction.atomic():
            check_readers(client, number, state, other)
            transaction.set_rollback(True)
        forget_all()
    with capsys.disabled():
        print(f"\nMerging: {len(every)} pairs of states merged without a tick: nobody read anything new")


def test_the_reach_of_a_pin_is_what_the_policy_says(words):
    """Whoever the reach names can open the pin, and nobody beyond them can."""
    libraries, parks = words.services[:2]
    for status, visibility, sensitive in STATES:
        pin = make_full_pin(
            random.Random(1), words, full=0, status=status, visibility=visibility, sensitive=sensitive,
            author=make_contributor(service=make_service()),
        )  # fmt: skip
        pin.connections.create(service=libraries, kind="working")
        may = {
            Reach.STAFF: Pin.objects.visible_to(make_contributor(service=parks)).filter(pk=pin.pk).exists(),
            Reach.TEAMS: Pin.objects.visible_to(make_contributor(service=libraries))
            .filter(pk=pin.pk)
            .exists(),
            Reach.EVERYONE: Pin.objects.public().filter(pk=pin.pk).exists(),
        }
        for reach, allowed in may.items():
            assert (reach_of(pin) <= reach) == allowed, (status, visibility, sensitive)
