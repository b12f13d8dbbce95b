"""What residents see of a pin is one thing: on its page, in lists, on the map, and in a moderator's preview."""

import dataclasses
import uuid
from datetime import date

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from community_map import geo
from community_map.models import Initiative, Portal
from pins import actions
from pins.models import Answer, Decision, Offer, Pin, Precision, Question, Visibility
from pins.public_pin import PublicPin, PublicPoint, PublicRow, preview, public_pin
from tests.factories import (
    make_approach,
    make_area,
    make_category,
    make_connection,
    make_moderator,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
    make_service,
)

pytestmark = pytest.mark.django_db


def full_pin(*, is_sensitive: bool = False, **fields) -> Pin:
    """A submitted pin for everyone with every answer there is, of which some are not for the public."""
    if is_sensitive:
        category = make_sensitive_category("Faith")
        fields = {"precision": Precision.NEIGHBOURHOOD, "agreement": "Agreed at a visit in May", **fields}
    else:
        category = make_category("Places")
    pin = make_pin(
        "Quiet circle",
        category=category,
        status="submitted",
        description="They sit & talk.",
        meeting="Wednesdays, in the back room",
        web_page="https://circle.example.org/",
        initiative=Initiative.objects.create(name="Warm rooms", slug="warm-rooms"),
        last_confirmed_at=date(2026, 5, 1),
        **fields,
    )
    pin.offers.add(Offer.objects.create(name="A big kettle", slug="kettle"))
    make_connection(
        pin,
        make_service("Libraries"),
        [make_approach("Partnering", order=1), make_approach("Asking", order=2)],
    )
    make_connection(pin, make_service("Youth work"), kind="would-like")
    for label, is_public in (("How many meet?", True), ("Who has the key?", False)):
        question = Question.objects.create(label=label, kind="short-text", is_public=is_public)
        Answer.objects.create(pin=pin, question=question, asked_as=label, value=f"Answer to {label}")
    return pin


def said(shown: PublicPin) -> dict:
    """Every field that is shown, each row by its words too: two rows of one table are equal by their key alone."""
    return {field.name: plain(getattr(shown, field.name)) for field in dataclasses.fields(shown)} | {
        "address": shown.address
    }


def plain(value):
    if isinstance(value, Model):
        return value.pk, str(value)
    return [plain(item) for item in value] if isinstance(value, tuple) else value


@pytest.fixture
def portal() -> Portal:
    make_area("Underhill")
    make_place("Victoria Park")
    return make_portal(sensitive_pins_need_two=False)


@pytest.mark.parametrize("shows_services", [True, False])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"precision": Precision.STREET},
        {"precision": Precision.NEIGHBOURHOOD},
        {"precision": Precision.BOROUGH, "position": None},
        {"is_sensitive": True},
        {"is_sensitive": True, "services_agreed": True},
    ],
    ids=str,
)
def test_a_preview_says_exactly_what_the_page_says_once_it_is_published(
    client, portal, fields, shows_services
):
    Portal.objects.update(shows_services=shows_services)
    pin = full_pin(**fields)
    moderator = make_moderator()
    client.force_login(moderator)
    before = client.get(reverse("admin:pins_pin_change", args=[pin.pk]))
    actions.decide(Pin.objects.all(), Decision.Kind.PUBLISH, by=moderator)
    after = client.get(pin.get_absolute_url())

    shown, page = before.context["public_view"], after.context["pin"]
    assert said(shown) == said(page)
    tells_teams = fields.get("services_agreed", not fields.get("is_sensitive", False))
    assert [str(row) for row in page.services] == (["Libraries"] if tells_teams and shows_services else [])
    assert [str(row) for row in page.approaches] == (["Partnering", "Asking"] if tells_teams else [])
    words = [page.name, page.description, page.category.name, page.web_page, page.place_description[:2]]
    words += [
        page.initiative.name,
        "1 May 2026",
        "A big kettle",
        "How many meet?",
        "Answer to How many meet?",
    ]
    words += [str(row) for row in (*page.services, *page.approaches)]
    preview_html = before.content.decode().split('id="public-title"')[1].split("</section>")[0]
    page_html = after.content.decode()
    for html in (preview_html, page_html):
        assert [word for word in words if escape(word) not in html] == []
        for hidden in (
            "Wednesdays",
            "Youth work",
            "Who has the key?",
            "Agreed at a visit",
            pin.created_by.email,
        ):
            assert hidden not in html


@pytest.mark.parametrize("visibility", [Visibility.STAFF, Visibility.TEAM])
def test_there_is_nothing_to_preview_of_a_pin_that_is_not_for_everyone(portal, visibility):
    assert preview(full_pin(visibility=visibility)) is None


def test_only_what_is_public_has_a_public_pin(portal):
    pin = full_pin()

    assert public_pin(pin.public_id) is None
    assert public_pin(uuid.uuid4()) is None
    Pin.objects.update(status="published", published_at=pin.submitted_at)
    assert public_pin(pin.public_id).name == "Quiet circle"


def test_home_list_tile_and_page_say_the_same_of_what_they_share(client, portal):
    pin = full_pin(precision=Precision.STREET)
    actions.decide(Pin.objects.all(), Decision.Kind.PUBLISH, by=make_moderator())
    whole = said(public_pin(pin.public_id))

    for row in (client.get("/").context["latest"][0], client.get("/map/list/").context["pins"][0]):
        assert type(row) is PublicRow
        assert said(row) == {name: whole[name] for name in said(row)}
    x, y = (axis >> (geo.GRID_BITS - 18) for axis in geo.mercator(whole["longitude"], whole["latitude"]))
    feature = client.get(reverse("pins:tile", args=(18, x, y))).json()["features"][0]
    assert feature["geometry"]["coordinates"] == [whole["longitude"], whole["latitude"]]
    assert feature["properties"] == {
        "id": str(pin.public_id), "name": "Quiet circle", "category": "places", "precision": "street"
    }  # fmt: skip
    assert issubclass(PublicRow, PublicPoint) and issubclass(PublicPin, PublicRow)


def test_the_page_asks_as_often_for_much_as_for_little(client, portal):
    little, much = make_pin("Little"), full_pin()
    for number in range(5):
        make_connection(much, make_service(), [make_approach()])
        much.offers.add(Offer.objects.create(name=f"Offer {number}", slug=f"offer-{number}"))
    make_connection(little, make_service(), [make_approach()])
    Pin.objects.update(status="published", published_at=little.submitted_at)
    asked = []
    for pin in (little, much):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert public_pin(pin.public_id).services
        asked.append(len(queries))

    assert asked == [7, 7]
