"""Text is text: a hundred texts that try to run, in every column, at every address where they show.

In `make test` a few of them, chosen by a seed; in `make proof` all. tests/browser/test_xss.py does it in Chromium.
"""

import json
import random
from urllib.parse import quote

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from community_map.http.limits import Limit
from community_map.http.middleware import has_session
from community_map.models import Initiative
from pins import actions as pin_actions
from pins.models import Answer, Decision, Offer, Pin, Question
from tests.factories import (
    make_administrator,
    make_approach,
    make_area,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_place,
    make_portal,
    make_service,
)
from tests.mail import sent_mail
from tests.routes import all_routes
from tests.toolkit_factories import (
    make_case_study,
    make_page,
    make_prompt,
    make_story,
    make_term,
    make_tool,
    make_voice,
)
from tests.xss import PAYLOADS, Skeleton, write_everywhere
from toolkit.models import Feedback

pytestmark = pytest.mark.django_db
MARKER = "Plainmarker"
REFLECTING = [
    "/map/?q={}", "/map/?category={}", "/map/?area={}", "/map/list/?q={}", "/map/list/?near={}", "/map/list/?after={}",
    "/map/list/?approach={}", "/map/embed/?q={}", "/map/embed/list/?near={}", "/map/places/?q={}", "/map/areas.json?set={}",
    "/map/tiles/12/2045/1360.json?q={}", "/map/tiles/12/2045/1360.json?{}=1", "/toolkit/?approach={}", "/toolkit/search/?q={}",
    "/toolkit/case-studies/?place={}", "/accounts/login/?next={}", "/accounts/password/reset/key/1-{}/", "/staff/list/?q={}",
    "/staff/list/?status={}", "/staff/map/?service={}", "/staff/pins/new/?category={}&near={}", "/admin/pins/pin/?q={}",
    "/admin/pins/pin/?status={}", "/admin/login/?next={}", "/{}/", "/map/pins/{}/", "/toolkit/{}/",
]  # fmt: skip


@pytest.fixture
def world():
    make_portal(
        **dict.fromkeys(
            ("introduction", "map_help", "privacy_text", "accessibility_text", "return_templates"), "x"
        )
    )
    make_area("Hill ward")
    make_place("Oak Hill Park")
    libraries, approach = make_service("Libraries"), make_approach("Consulting")
    clubs = make_category("Clubs", hint="Chess")
    initiative = Initiative.objects.create(name="Green", slug="green")
    author = make_administrator("author@example.org", name="A colleague", service=libraries)
    pin = make_pin(
        "Chess", category=clubs, author=author, description="x", meeting="x", initiative=initiative
    )
    pin.offers.add(Offer.objects.create(name="Insight"))
    make_connection(pin, libraries, [approach], what_worked="x")
    question = Question.objects.create(label="What do they sing?", kind="text", is_public=True)
    Answer.objects.create(pin=pin, question=question, asked_as=question.label, value="x")
    returned = make_pin("Returned", category=clubs, author=author, status="returned")
    Decision.objects.create(pin=returned, kind=Decision.Kind.RETURN, by=author, reason="x")
    make_pin("Waiting", category=clubs, author=make_contributor(), status="submitted")
    for make in (make_prompt, make_term, make_tool, make_voice, make_story):
        make()
    page = make_page(slug="example", approaches=[approach])
    make_case_study(slug="example", place_in_words="x", period="x", longitude=-0.2, latitude=51.6)
    Feedback.objects.create(
        address=page.get_absolute_url() if hasattr(page, "get_absolute_url") else "/toolkit/example/",
        is_useful=True,
        sentence="x",
    )
    kind = ContentType.objects.get_for_model(Pin)
    LogEntry.objects.create(
        user=author, content_type=kind, object_id=pin.pk, object_repr="x", action_flag=CHANGE
    )
    return pin


@pytest.fixture(autouse=True)
def nobody_asks_too_often(monkeypatch):
    monkeypatch.setattr(Limit, "seconds_to_wait", lambda limit, request: 0)


@pytest.fixture
def clients(world):
    colleague = Client()
    colleague.force_login(world.created_by)
    return {False: Client(), True: colleague}


def show(clients, address: str):
    return clients[has_session(address)].get(address)


def skeleton(response):
    """What must not change with the words: the page's elements, or the shape of the data."""
    kind = response.headers["Content-Type"]
    if kind.startswith("text/html"):
        return Skeleton(response.text).parts
    if "json" in kind:
        return shape(json.loads(response.text))
    assert kind.startswith(("text/plain", "text/csv", "application/", "text/javascript")), kind
    return kind


def shape(value):
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__


def where_it_shows(clients, world) -> list[str]:
    """Every address with the marker on it."""
    write_everywhere(MARKER)
    found = []
    for pk in ("1", world.pk):
        for route in all_routes(public_id=world.public_id, object_id=pk, pk=pk):
            if route.path not in found and MARKER in show(clients, route.path).text:
                found.append(route.path)
    return found


def try_payloads(clients, world, payloads) -> tuple[int, int]:
    addresses = where_it_shows(clients, world)
    show(clients, f"/staff/pins/{world.public_id}/")  # takes the messages away that another page has left
    plain = {address: skeleton(show(clients, address)) for address in addresses}
    for payload in payloads:
        columns = write_everywhere(payload)
        show(clients, f"/staff/pins/{world.public_id}/")
        for address in addresses:
            assert skeleton(show(clients, address)) == plain[address], (address, payload)
    return len(addresses), len(columns)


def tell(capsys, payloads: int, addresses: int, columns: int) -> None:
    with capsys.disabled():
        print(
            f"\nXSS: {payloads} payloads in {columns} columns at {addresses} addresses: 0 became more than text"
        )
    assert addresses > 40 and columns > 40


def test_there_are_a_hundred_payloads():
    assert len(set(PAYLOADS)) == 100


def test_a_text_that_tries_to_run_stays_a_text_wherever_it_shows(clients, world, capsys):
    chosen = random.Random(4).sample(PAYLOADS, 2)

    tell(capsys, len(chosen), *try_payloads(clients, world, chosen))


@pytest.mark.proof
def test_a_hundred_texts_that_try_to_run_stay_texts(clients, world, capsys):
    tell(capsys, len(PAYLOADS), *try_payloads(clients, world, PAYLOADS))


def test_what_stands_in_the_address_stays_a_text(clients, world, capsys):
    tried = 0
    for address in REFLECTING:
        plain = show(clients, address.replace("{}", "nothing"))
        for payload in PAYLOADS[::8]:
            answer = show(clients, address.replace("{}", quote(payload, safe="")))
            tried += 1
            assert answer.status_code < 500, (address, payload)
            if address.startswith("/toolkit/search/"):
                # "Did you mean" may add a link to what is known.
                added = {part[0] for part in set(skeleton(answer)) - set(skeleton(plain))}
                assert added <= {"a", "/a", "p", "/p"}, (address, payload)
            elif answer.status_code == plain.status_code:
                assert skeleton(answer) == skeleton(plain), (address, payload)
    with capsys.disabled():
        print(f"\nXSS: {tried} payloads in {len(REFLECTING)} addresses: 0 became more than text")


def test_mail_is_plain_text_whatever_stands_in_it(world):
    waiting = make_pin(status="submitted", author=make_contributor("reader@example.org"))
    for payload in PAYLOADS:
        sent_mail().clear()
        Pin.objects.filter(pk=waiting.pk).update(name=payload, status="submitted", published_at=None)
        pin_actions.decide(Pin.objects.filter(pk=waiting.pk), "return", by=make_moderator(), reason=payload)
        message = sent_mail()[0]
        assert (message.content_subtype, getattr(message, "alternatives", []), message.attachments) == (
            "plain",
            [],
            [],
        )
        assert payload in message.body
        assert "\n" not in message.subject
