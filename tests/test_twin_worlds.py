"""Two worlds with the same public data, one of them with hundreds of hidden things: nobody outside can tell which.

Every public answer has to be the same to the byte, with its length, its ETag and its other headers. The hidden rows
are made between the public ones, so that keys and orders differ as much as they can. `make proof` asks 5,000 things,
`make test` a sample.
"""

import itertools
import random
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from community_map.cached import forget_all
from community_map.geo import Position
from pins import search
from pins.models import Connection, Decision, Pin
from tests.factories import (
    give_answers,
    make_approach,
    make_area,
    make_category,
    make_connection,
    make_contributor,
    make_lists,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
    make_service,
    numbers,
)
from tests.toolkit_factories import (
    make_case_study,
    make_page,
    make_prompt,
    make_story,
    make_term,
    make_tool,
    make_voice,
)
from tests.twin_addresses import MISSPELT, WORDS, place_of, public_addresses
from toolkit import actions
from toolkit.models import CaseStudy, Page, Prompt, PublicationStatus, SearchEntry, Story, Term, Tool, Voice

pytestmark = pytest.mark.django_db

SEED = 4
PUBLIC_PINS = 60
# Probes, and hidden pins: in the sample and in the proof.
SAMPLE, ALL = (200, 120), (5_000, 500)
STATES = [
    (status, visibility)
    for status, visibility in itertools.product(
        ("submitted", "published", "returned", "declined", "archived"), (0, 1, 2)
    )
    if (status, visibility) != ("published", 0)
]
HIDDEN = "Hidden refuge"


def make_world(chance: random.Random, hidden: int) -> None:
    """Make the public things, with hidden ones between them."""
    make_portal()
    for name in ("Hendon", "Finchley"):
        make_area(name)
    for name in ("Oak Hill Park", "Hendon Library", "Hendon Central"):
        make_place(name)
    services = [make_service(name) for name in ("Libraries", "Parks", "Hidden wishes")]
    approaches = [make_approach(name) for name in ("Consulting", "Partnership")]
    categories = [make_category("Clubs"), make_category("Goals"), make_sensitive_category("Shared")]
    author = make_contributor("author@example.org", service=services[0], name="Hidden author")
    lists = make_lists()
    each = -(-hidden // PUBLIC_PINS)
    for number in range(PUBLIC_PINS):
        for _ in range(each):
            pin = make_hidden_pin(chance, categories, services, approaches, author)
            give_answers(pin, lists, chance)
        longitude, latitude = place_of(chance)
        pin = make_pin(
            f"{chance.choice(WORDS[:3])} group {number}",
            category=categories[2 if number % 5 == 4 else number % 2],
            author=author,
            position=Position(longitude, latitude),
            precision=2 if number % 5 == 4 else chance.choice((0, 1, 2)),
            meeting=f"Hidden meeting {chance.choice(MISSPELT)}",
            agreement="Hidden agreement" if number % 5 == 4 else "",
        )
        give_answers(pin, lists, chance)
        if number % 3:
            make_connection(
                pin, chance.choice(services[:2]), [chance.choice(approaches)], what_worked="Hidden words"
            )
        make_connection(
            pin, services[2], kind=chance.choice(("would-like", "know-of")), what_worked="Hidden words"
        )
    make_toolkit(approaches)


def make_hidden_pin(chance, categories, services, approaches, author) -> Pin:
    status, visibility = chance.choice(STATES)
    category = chance.choice(categories)
    longitude, latitude = place_of(chance)
    pin = make_pin(
        f"{HIDDEN} {chance.choice(MISSPELT)} {next(numbers)}",
        category=category,
        author=author,
        position=Position(longitude, latitude),
        status=status,
        visibility=max(visibility, 1) if category.is_sensitive else visibility,
        precision=2,
        # Some were merged with one that everybody sees.
        merged_into=Pin.objects.public().first() if status == "archived" and chance.random() < 0.5 else None,
    )
    make_connection(pin, chance.choice(services), [chance.choice(approaches)])
    return pin


def make_toolkit(approaches) -> None:
    later = timezone.now() + timedelta(days=1)
    makers = (make_page, make_case_study, make_prompt, make_tool, make_voice, make_term)
    for number, make in enumerate(makers):
        make(f"{HIDDEN} draft", slug=f"hidden-{number}", status=PublicationStatus.DRAFT, publish_at=None)
        make(f"Public {number}", slug=f"public-{number}")
        make(f"{HIDDEN} scheduled", slug=f"later-{number}", publish_at=later)
        make(f"{HIDDEN} retired", slug=f"retired-{number}", status=PublicationStatus.RETIRED)
    make_page(
        "With all",
        slug="all",
        approaches=approaches,
        body="{prompt: hidden-2}\n\n{tool: hidden-3}\n\n## A walk",
    )
    make_story(f"{HIDDEN} story")


def take_hidden_away() -> int:
    """Delete everything that the public may not know of; return how many pins went."""
    hidden = Pin.objects.exclude(pk__in=Pin.objects.public().values("pk"))
    keys = list(hidden.values_list("pk", flat=True))
    Connection.objects.filter(pin__in=keys).delete()
    Decision.objects.filter(pin__in=keys).delete()
    Pin.objects.filter(pk__in=keys).delete()
    Connection.objects.exclude(kind=Connection.Kind.WORKING).delete()
    Connection.objects.update(what_worked="")
    Pin.objects.update(meeting="")
    # A visitor may not know of any: all of them may be otherwise.
    Pin.less_heard_groups.through.objects.all().delete()
    search.write(Pin.objects.all())
    search.tidy()
    Story.objects.all().delete()
    for model in (Page, CaseStudy, Prompt, Tool, Voice, Term):
        model.objects.exclude(pk__in=model.objects.due().values("pk")).delete()
    actions.publish_edition()
    return len(keys)


def answers(addresses: list[str]) -> list[tuple]:
    """Ask each address once; return everything that a visitor gets."""
    client, found = Client(), []
    forget_all()
    for number, address in enumerate(addresses):
        if number % 50 == 0:
            cache.clear()
        # Every seventh asks for the head alone, every eleventh whether there is anything new.
        if number % 7 == 6:
            response = client.head(address)
        elif number % 11 == 10:
            known = client.get(address).headers.get("ETag", "")
            response = client.get(address, headers={"If-None-Match": known})
        else:
            response = client.get(address)
        # When this process first drew a page is no part of the world; that hidden things do not move it is tested below.
        headers = {name: value for name, value in response.headers.items() if name != "Last-Modified"}
        found.append((address, response.status_code, sorted(headers.items()), response.content))
    return found


def compare(settings, number: int, hidden_pins: int) -> None:
    settings.PUBLIC_REQUESTS_PER_MINUTE = 10**9
    chance = random.Random(SEED)
    make_world(chance, hidden_pins)
    ids = [str(public_id) for public_id in Pin.objects.values_list("public_id", flat=True)]
    addresses = public_addresses(chance, number, ids)
    with_hidden = answers(addresses)
    hidden = take_hidden_away()
    assert hidden >= hidden_pins

    without = answers(addresses)

    differ = [one[0] for one, other in zip(with_hidden, without, strict=True) if one != other]
    told = [one[0] for one in with_hidden if HIDDEN.encode() in one[3] or b"Hidden author" in one[3]]
    good = sum(one[1] in {200, 304} for one in with_hidden)
    print(
        f"\ntwin worlds: {len(addresses)} probes at {len(set(addresses))} addresses ({good} answered 200 or 304), "
        f"{hidden} hidden pins, {len(differ)} differ"
    )
    assert (differ[:10], told[:10]) == ([], [])
    assert good > number / 2


def test_a_sample_of_public_answers_is_the_same_with_and_without_what_is_hidden(settings):
    compare(settings, *SAMPLE)


@pytest.mark.proof
def test_every_public_answer_is_the_same_with_and_without_what_is_hidden(settings):
    compare(settings, *ALL)


def test_a_difference_is_noticed(settings):
    """The comparison itself: one more public pin is seen by many probes."""
    chance = random.Random(SEED)
    make_world(chance, 0)
    addresses = ["/map/list/", "/map/", "/"]
    before = answers(addresses)
    make_pin("One more", published_at=timezone.now())

    assert [
        one[0] for one, other in zip(before, answers(addresses), strict=True) if one != other
    ] == addresses


def test_saving_what_is_hidden_does_not_move_the_date_of_public_pages(client):
    make_portal()
    make_page("Public", slug="public")
    before = client.get("/toolkit/public/").headers["Last-Modified"]
    make_page("Scheduled", publish_at=timezone.now() + timedelta(days=1))
    make_page("Draft", status=PublicationStatus.DRAFT, publish_at=None)

    assert client.get("/toolkit/public/").headers["Last-Modified"] == before
    assert SearchEntry.objects.count() == 2


def test_saving_a_staff_note_of_a_public_pin_changes_nothing_outside():
    make_portal()
    pin = make_pin("Public")
    addresses = ["/", "/map/", "/map/list/", f"/map/pins/{pin.public_id}/", "/map/tiles/12/2045/1360.json"]
    before = answers(addresses)
    pin.meeting = "Hidden meeting"
    pin.version += 1
    pin.save()
    make_connection(pin, kind="would-like", what_worked="Hidden words")

    assert answers(addresses) == before
