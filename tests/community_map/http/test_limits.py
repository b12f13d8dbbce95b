"""How often and how much: what is refused, how it is said, and what it costs the next reader."""

from collections import Counter

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from community_map.http import limits
from community_map.http.limits import Limit
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


SEARCHES = {
    "/map/?q=oak": limits.SEARCH_TIMES,
    "/map/list/?q=oak": limits.SEARCH_TIMES,
    "/map/list/?near=oak": limits.SEARCH_TIMES,
    "/map/places/?q=oak": limits.PLACES_TIMES,
    "/toolkit/search/?q=oak": limits.SEARCH_TIMES,
}


def test_each_kind_of_search_has_a_limit_of_its_own(client):
    make_portal()
    make_place("Oak Hill Park")
    answers = {
        address: Counter(client.get(address).status_code for _ in range(times + 1))
        for address, times in SEARCHES.items()
    }

    assert answers == {address: {200: times, 429: 1} for address, times in SEARCHES.items()}
    assert client.get("/map/list/").status_code == 200


def test_whoever_searches_too_often_reads_that_it_was_searching(client):
    make_portal()
    for _ in range(limits.SEARCH_TIMES):
        client.get("/toolkit/search/?q=oak")
    refused = client.get("/toolkit/search/?q=oak")

    assert "have searched more than 60 times in the last minute. Try again in 50 seconds." in refused.text
    assert refused.headers["Retry-After"] == "50"


def test_an_office_behind_one_address_searches_for_places_as_each_person_does(client):
    """A person is counted for themselves, and nobody is counted for the address that all of them have."""
    make_place("Oak Hill Park")
    statuses = Counter()
    for number in range(3):
        client.force_login(make_contributor(f"colleague-{number}@example.org"))
        for _ in range(100):
            statuses[client.get("/staff/pins/places/?q=oak").status_code] += 1
    one = [client.get("/staff/pins/places/?q=oak") for _ in range(limits.PLACES_TIMES - 99)]

    assert statuses == {200: 300}
    assert [answer.status_code for answer in one] == [200] * (limits.PLACES_TIMES - 100) + [429]
    assert one[0].json()["places"] == client.get("/map/places/?q=oak").json()["places"]
    assert one[-1].text.count("You have searched more than 240 times in the last minute.") == 1


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:198.51.100.1", "198.51.100.1", True),
        ("::ffff:198.51.100.1", "::ffff:198.51.100.2", False),
        ("198.51.100.1", "198.51.100.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_a_household_of_ipv6_addresses_counts_as_one(one, other, is_same):
    limit = Limit("test", times=1, seconds=60)
    waits(limit, 1, address=one)

    assert waits(limit, 1, address=other) == [is_same]


def test_sign_in_codes_from_one_ipv6_network_are_counted_together():
    """Sixty-four bits of a household's address are its own to change, for each try."""
    answers = [
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}").post(
            "/accounts/password/reset/", {"email": f"somebody-{number}@example.org"}
        )
        for number in range(1, 23)
    ]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429] * 2


def test_a_flood_of_addresses_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 50)
    stepped, strict = Limit("stepped", 100, 60, step=10), Limit("strict", times=0, seconds=60)
    for number in range(500):
        address = f"198.51.{number // 250}.{number % 250}"
        waits(stepped, 1, address=address)
        waits(strict, 1, address=address)

    assert len(limits._not_added) <= 50 and len(limits._refused_until) <= 50
    # What it forgot, the shared count still knows.
    assert waits(strict, 1, address="198.51.0.0") == [True]


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
