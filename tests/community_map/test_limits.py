"""How often and how much: what is refused, how it is said, and what it costs the next reader."""

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from community_map import limits
from community_map.limits import Limit, LimitedJSONParser
from tests.factories import make_contributor, make_pin, make_place, make_portal

pytestmark = pytest.mark.django_db
HERE, THERE = "198.51.100.1", "198.51.100.2"


@pytest.fixture(autouse=True)
def one_moment(time_machine):
    """A window must not end in the middle of a test."""
    time_machine.move_to("2026-05-01T12:00:10Z", tick=False)


def asked(address: str = HERE, **headers):
    return RequestFactory(REMOTE_ADDR=address, **headers).get("/")


def waits(limit: Limit, times: int, **request) -> list[bool]:
    """Ask so many times; return which were refused."""
    return [limit.seconds_to_wait(asked(**request)) > 0 for _ in range(times)]


def test_so_many_times_and_no_more_for_each_address():
    limit = Limit("test", times=3, seconds=60)

    assert waits(limit, 5) == [False] * 3 + [True] * 2
    assert waits(limit, 1, address=THERE) == [False]


def test_the_next_window_begins_anew(time_machine):
    limit = Limit("test", times=1, seconds=60)
    assert waits(limit, 2) == [False, True]
    assert limit.seconds_to_wait(asked()) == 50

    time_machine.move_to("2026-05-01T12:01:00Z", tick=False)

    assert waits(limit, 2) == [False, True]


def test_another_process_counts_on_where_this_one_stopped():
    limit = Limit("test", times=10, seconds=60, step=5)
    assert waits(limit, 10) == [False] * 10

    limits.forget()  # as a process that has just started

    assert waits(limit, 6) == [False] * 4 + [True] * 2


def test_a_forged_header_gives_no_further_tries():
    limit = Limit("test", times=2, seconds=60)
    tries = [
        limit.seconds_to_wait(asked(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")) > 0 for number in range(4)
    ]

    assert tries == [False, False, True, True]


def test_behind_a_trusted_proxy_the_last_forwarded_address_counts(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    limit = Limit("test", times=2, seconds=60)
    forged = [f"203.0.113.{number}, {HERE}" for number in range(4)]

    tries = [limit.seconds_to_wait(asked("127.0.0.1", HTTP_X_FORWARDED_FOR=value)) > 0 for value in forged]

    assert tries == [False, False, True, True]
    assert limit.seconds_to_wait(asked("127.0.0.1", HTTP_X_FORWARDED_FOR=f"x, {THERE}")) == 0


def test_the_shared_count_does_not_tell_who_was_here():
    Limit("test", times=3, seconds=60).seconds_to_wait(asked())

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM portal_cache")
        keys = [row[0] for row in cursor.fetchall()]
    assert any("limit:test" in key for key in keys)
    assert not any(HERE in key for key in keys)


def test_refusing_asks_the_database_for_nothing(settings):
    settings.PUBLIC_REQUESTS_PER_MINUTE = 2
    client = Client()
    for _ in range(4):
        client.get("/map/tiles/12/2045/1360.json")

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/map/tiles/12/2045/1360.json")

    assert response.status_code == 429
    assert len(queries) == 0


def test_whoever_asks_too_often_reads_for_how_long_to_wait(settings):
    settings.PUBLIC_REQUESTS_PER_MINUTE = 1
    client = Client()
    client.get("/")
    page, tile = client.get("/"), client.get("/map/tiles/12/2045/1360.json")

    wait = page.headers["Retry-After"]
    assert (page.status_code, tile.status_code) == (429, 429)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.text.count("<h1") == 1 and f"Try again in {wait} second" in page.text
    assert "too many requests from your network" in tile.json()["error"]
    assert client.get("/healthz").status_code == 200


def test_colleagues_are_many_behind_one_address_and_are_not_counted(settings):
    settings.PUBLIC_REQUESTS_PER_MINUTE = 1
    client = Client()
    client.force_login(make_contributor())

    assert {client.get("/staff/").status_code for _ in range(5)} == {200}
    client.cookies["sessionid"] = "forged"
    assert [client.get("/staff/").status_code for _ in range(2)] == [302, 429]


@pytest.mark.parametrize(
    "address",
    [
        "/map/places/?q=oak",
        "/map/list/?q=oak",
        "/map/list/?near=oak",
        "/toolkit/search/?q=oak",
        "/map/?q=oak",
    ],
)
def test_searches_have_a_limit_of_their_own(client, address):
    make_portal()
    make_place("Oak Hill Park")
    answers = [client.get(address).status_code for _ in range(limits.SEARCH_TIMES + 1)]

    assert answers == [200] * limits.SEARCH_TIMES + [429]
    assert client.get("/map/list/").status_code == 200


def test_without_the_shared_cache_a_new_window_begins(monkeypatch):
    """The row may run out between adding it and counting on it."""

    def ran_out(*args):
        raise ValueError

    monkeypatch.setattr(cache, "incr", ran_out)

    assert waits(Limit("test", times=1, seconds=60), 2) == [False, False]


@pytest.mark.parametrize(
    "address", ["/", "/accounts/login/", "/toolkit/useful/", "/staff/pins/new/", "/admin/"]
)
def test_too_large_a_body_is_refused_with_a_sentence(client, address):
    response = client.post(address, b"x" * 1_000_001, content_type="application/octet-stream")

    assert response.status_code == 413
    assert "larger than 1 MB" in response.text and response.text.count("<h1") == 1


def test_a_form_that_says_nothing_of_its_length_is_refused_too(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(make_contributor())
    body = client.post("/staff/pins/similar/", {"name": "x" * 2000})

    assert body.status_code == 413


def test_too_many_fields_are_a_400(client):
    client.force_login(make_contributor())

    assert client.post("/staff/pins/similar/", {f"n{i}": "1" for i in range(201)}).status_code == 400


def parse(text: str):
    request = RequestFactory().post("/", text, content_type="application/json")
    return Request(request, parsers=[LimitedJSONParser()]).data


@pytest.mark.parametrize("depth", [1, 20])
def test_json_of_twenty_levels_is_read(depth):
    assert parse("[" * depth + "]" * depth) == json.loads("[" * depth + "]" * depth)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 21 + "]" * 21,
        "[" * 100_000,
        '{"a":' * 21 + "1" + "}" * 21,
        "[NaN]",
        "[Infinity]",
        "{",
        "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"),
    ],
)
def test_json_that_is_too_deep_or_no_json_is_a_400(text):
    with pytest.raises(ParseError):
        parse(text)


def test_brackets_in_strings_are_no_levels():
    text = json.dumps({"name": "[" * 50, "quoted": '\\"[[[' * 20})

    assert parse(text) == json.loads(text)


@pytest.mark.parametrize(
    "address",
    [
        "/map/tiles/40/0/0.json",
        "/map/tiles/12/99999/0.json",
        "/map/tiles/12/2045/1360.json?bbox=1e200",
        "/map/list/?q=" + "x" * 101,
        "/map/?q=" + "x" * 101,
        "/map/tiles/12/2045/1360.json?q=" + "x" * 101,
        "/map/list/?after=nothing",
    ],
)
def test_a_zoom_box_or_search_beyond_its_limit_is_a_400(client, address):
    make_pin()

    assert client.get(address).status_code == 400


def test_a_long_search_for_places_is_cut(client):
    assert client.get("/map/places/", {"q": "x" * 100_000}).json() == {"places": []}
