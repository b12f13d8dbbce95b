"""Bad numbers, places and texts through the doors that store: a sentence and a 4xx, never a 500, nothing invalid kept."""

import uuid

import pytest
from django.urls import reverse

from pins.models import Pin
from tests.factories import (
    make_approach,
    make_category,
    make_contributor,
    make_moderator,
    make_pin,
    make_portal,
)

pytestmark = pytest.mark.django_db

NUMBERS = [
    "NaN", "nan", "Infinity", "-Infinity", "inf", "1e130", "1e200", "1e308", "1e400", "-1e400", "5" * 5000, "true", "null",
    "[]", "{}", "0x1F", "51,6", "51.6.1", "--1", "+-1", "1_000", "٥١٫٦", "51.6N", "51°36'", "\x00", "51.6\x00", "' OR 1=1",
    "SRID=4326;1",
    "<script>", "1e", "e1", ".", "-", "½",
]  # fmt: skip
PLACES = [
    ("0", "0"), ("-0.0", "-0.0"), ("180", "0"),
    ("-180", "90"), ("0", "-90"), ("181", "51.6"), ("-0.2", "90.0001"), ("51.6", "-0.2"),
    ("523000", "187000"), ("-0.2", "51.70002"), ("-0.2", "51.72"), ("5e-324", "51.6"), ("-0.2", ""), ("", "51.6"),
]  # fmt: skip
TEXTS = [
    "\x00", "   ", "\u202e", "\u200b\u200c\u200d", "\ufeff", "x" * 101, "x" * 1_000_00, "\n\n", "\ud7ff\u0301" * 200,
]  # fmt: skip
GOOD_TEXTS = [
    "<script>alert(1)</script>", "{{ 7*7 }}", "'; DROP TABLE pins_pin; --", "=1+1", "Cymdeithas Gymraeg Llŷn", "ਪੰਜਾਬੀ ਸਭਾ",
    "جمعية الحي", "社區中心", "தமிழ்ச் சங்கம்", "👨‍👩‍👧 family", "e\u0301cole", "A & B \"C\" 'D'",
]  # fmt: skip


@pytest.fixture
def answers(client):
    make_portal()
    author = make_contributor()
    client.force_login(author)
    return {
        "category": make_category().pk,
        "longitude": "-0.2",
        "latitude": "51.6",
        "name": "Walking group",
        "kind": "working",
        "approaches": [make_approach().pk],
        "service": author.service_id,
        "idempotency_key": str(uuid.uuid4()),
        "send": "1",
    }


def send(client, answers, **changes):
    return client.post(reverse("staff:new"), {**answers, **changes})


def assert_refused(response) -> None:
    assert 400 <= response.status_code < 500, response.status_code
    assert "govuk-error-summary" in response.content.decode()
    assert Pin.objects.count() == 0


@pytest.mark.parametrize("number", NUMBERS, ids=lambda text: repr(text[:12]))
def test_a_bad_number_is_refused_with_a_sentence(client, answers, number):
    assert_refused(send(client, answers, longitude=number))
    assert_refused(send(client, answers, latitude=number))


@pytest.mark.parametrize("place", PLACES)
def test_a_place_elsewhere_is_refused_with_a_sentence_and_kept(client, answers, place):
    response = send(client, answers, longitude=place[0], latitude=place[1])

    assert_refused(response)
    assert 'value="Walking group"' in response.content.decode()


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:12]))
def test_a_name_that_is_none_is_refused(client, answers, text):
    assert_refused(send(client, answers, name=text))


@pytest.mark.parametrize("text", GOOD_TEXTS)
def test_names_in_every_script_and_of_every_shape_are_text(client, answers, text):
    assert send(client, answers, name=text).status_code == 302

    pin = Pin.objects.get()
    for address in (reverse("staff:home"), reverse("staff:pin", args=[pin.public_id]), reverse("staff:list")):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page or "49" not in pin.name


@pytest.mark.parametrize(
    "name", ["category", "service", "kind", "approaches", "precision", "visibility", "area", "place"]
)
@pytest.mark.parametrize("value", ["0", "-1", "999999999999999999999", "x", "\x00", "1e3", "None"])
def test_a_choice_that_does_not_exist_is_refused_or_left_out(client, answers, name, value):
    response = send(client, answers, **{name: value})

    assert response.status_code in {302, 422}, (name, value)
    if response.status_code == 422:
        assert Pin.objects.count() == 0


def test_too_large_a_body_is_refused(client, answers):
    assert send(client, answers, name="x" * 1_100_000).status_code in {400, 413}
    assert Pin.objects.count() == 0


@pytest.mark.parametrize("number", NUMBERS, ids=lambda text: repr(text[:12]))
def test_the_where_address_answers_bad_numbers_with_a_sentence(client, answers, number):
    response = client.post(reverse("staff:where"), {"longitude": number, "latitude": "51.6"})

    assert response.status_code == 422
    assert response.json()["sentence"].endswith(".")


@pytest.mark.parametrize("number", NUMBERS, ids=lambda text: repr(text[:12]))
def test_a_moderator_cannot_store_a_bad_number_either(client, number):
    make_portal()
    pin = make_pin()
    client.force_login(make_moderator())
    fields = {
        "name": pin.name,
        "category": pin.category_id,
        "about": pin.about,
        "visibility": 0,
        "precision": 0,
    }

    data = {**fields, "longitude": number, "latitude": "51.6", "read_version": 1}
    response = client.post(reverse("admin:pins_pin_change", args=[pin.pk]), data)

    pin.refresh_from_db()
    assert (response.status_code, pin.longitude, pin.version) == (200, -0.2, 1)


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=" + "x" * 5000, "category=%00", "area=x", "approach=1", "after=%00", "after=~", "near=%00"],
)
@pytest.mark.parametrize("address", ["/map/", "/map/list/", "/staff/map/", "/staff/list/"])
def test_bad_filters_are_no_server_error(client, answers, address, query):
    assert client.get(f"{address}?{query}").status_code in {200, 400}


@pytest.mark.parametrize("tile", ["99/0/0", "3/9/9", "0/1/0", "22/99999999/0"])
def test_a_tile_that_is_none_is_a_400(client, tile):
    assert client.get(f"/map/tiles/{tile}.json").status_code == 400
