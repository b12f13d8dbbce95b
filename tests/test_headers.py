"""Every address, whoever asks and whatever is answered, has the headers that hold: scored as the Observatory does."""

from collections import Counter

import pytest
from django.core.handlers.base import BaseHandler
from django.test import Client

from community_map.http import limits
from community_map.http.middleware import has_session, is_open_data
from tests.factories import (
    make_administrator,
    make_connection,
    make_contributor,
    make_editor,
    make_moderator,
    make_pin,
    make_portal,
)
from tests.observatory import score
from tests.routes import all_routes
from tests.toolkit_factories import make_case_study, make_page

pytestmark = pytest.mark.django_db

ROLES = {
    "visitor": None,
    "contributor": make_contributor,
    "moderator": make_moderator,
    "editor": make_editor,
    "administrator": make_administrator,
}
PAGE, DATA = 130, 120
TOO_MUCH = b"x" * 1_000_001
EVERY_HEADER = (
    *("Content-Security-Policy", "Strict-Transport-Security", "X-Frame-Options", "X-Content-Type-Options"),
    *(
        "Referrer-Policy",
        "Permissions-Policy",
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy",
        "Cache-Control",
    ),
)


@pytest.fixture
def https(settings):
    """The settings that an https:// SITE_URL brings."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"


@pytest.fixture
def paths():
    make_portal()
    pin = make_pin()
    make_connection(pin)
    make_page(slug="example")
    make_case_study(slug="example")
    return [route.path for route in all_routes(public_id=pin.public_id)]


def client_of(role: str, **options) -> Client:
    client = Client(raise_request_exception=False, **options)
    if make := ROLES[role]:
        client.force_login(make())
    return client


def score_of(response) -> int:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return score(
        response.headers,
        [cookie for cookie in response.cookies.values() if cookie["max-age"] != 0],  # 0 takes one away
        body.decode("utf-8", "replace"),
        session_cookies={"__Host-sessionid"},
        csrf_cookies={"__Host-csrftoken"},
    )


def wanted(response, path: str) -> int:
    """What the answer must score: less where it is data that other sites may read."""
    return DATA if is_open_data(path) else PAGE


def check(response, path: str) -> None:
    headers = response.headers
    found = score_of(response)
    assert found >= wanted(response, path), f"{path} {response.status_code} {found}: {list(headers.items())}"
    assert headers["Permissions-Policy"].startswith("geolocation=(self)"), path
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
    assert set(EVERY_HEADER) - set(headers) == set(), (path, response.status_code)
    cache = headers["Cache-Control"]
    if has_session(path):
        assert cache == "private, no-store", path
    else:
        # A public page is for everyone, unless it is for nobody but who just answered it.
        assert "no-store" in cache or "private" not in cache, (path, cache)
    if response.cookies:
        assert has_session(path), path


def ask_everything(client: Client, path: str):
    """Ask for a page; send what is forged, too large and in a way that is not known."""
    yield client.get(path, secure=True)
    yield client.get(path, {"category": "nothing", "after": "nothing", "status": "nothing"}, secure=True)
    yield client.put(path, secure=True)
    yield client.post(path, {"name": "forged"}, secure=True)
    yield client.post(path, TOO_MUCH, content_type="application/json", secure=True)
    yield client.get(path)  # over HTTP: led to HTTPS


# Those with the least and the most rights in make test; all in make proof.
PROVEN = [pytest.param(role, marks=pytest.mark.proof) for role in ("contributor", "moderator", "editor")]


@pytest.mark.parametrize("role", ["visitor", "administrator", *PROVEN])
def test_every_answer_to_everyone_scores_high(https, paths, role, capsys):
    client = client_of(role, enforce_csrf_checks=True)
    statuses = Counter()
    for path in paths:
        for response in ask_everything(client, path):
            statuses[response.status_code] += 1
            if response.wsgi_request.is_secure():
                check(response, path)
            else:
                # HSTS means nothing over HTTP; the redirect has the rest all the same.
                assert "default-src 'none'" in response.headers["Content-Security-Policy"], path

    with capsys.disabled():
        print(f"\nheaders, {role}: {sum(statuses.values())} answers, {dict(sorted(statuses.items()))}")
    assert {200, 301, 400, 403, 404, 405, 413} <= set(statuses)
    assert 500 not in statuses


def test_a_fault_at_any_address_scores_high(https, paths, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(BaseHandler, "make_view_atomic", lambda self, view: broken)
    client = client_of("administrator")
    for path in paths:
        response = client.get(path, secure=True)

        assert response.status_code == 500, path
        assert b"broken on purpose" not in response.content
        check(response, path)


def test_whoever_asks_too_often_is_told_so_with_all_headers(https, paths, settings, time_machine):
    time_machine.move_to("2026-05-01T12:00:10Z", tick=False)
    settings.PUBLIC_REQUESTS_PER_MINUTE = 1
    client = client_of("visitor")
    client.get("/", secure=True)
    client.get("/", secure=True)
    refused = 0
    for path in paths:
        response = client.get(path, secure=True)
        if path in limits.UNCOUNTED:
            assert response.status_code == 200
            continue
        assert response.status_code == 429, path
        assert 0 < int(response.headers["Retry-After"]) <= 60
        check(response, path)
        refused += 1

    assert refused > 100


def test_an_unknown_host_and_an_unknown_address_score_high(https):
    client = client_of("visitor")
    for path, host, status in (("/", "evil.example.org", 400), ("/nothing/", "testserver", 404)):
        response = client.get(path, secure=True, headers={"Host": host})

        assert response.status_code == status
        check(response, path)


def test_an_unchanged_page_scores_high(https, paths):
    client = client_of("visitor")
    first = client.get("/map/list/", secure=True)
    response = client.get("/map/list/", secure=True, headers={"If-None-Match": first.headers["ETag"]})

    assert response.status_code == 304
    check(response, "/map/list/")


def test_a_static_file_has_the_headers_of_pages(https, tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "notes.txt").write_text("text", encoding="utf-8")
    response = client_of("visitor").get("/static/notes.txt", secure=True)

    assert response.status_code == 200
    assert score_of(response) >= PAGE
    assert set(EVERY_HEADER) - set(response.headers) == set()
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Permissions-Policy"].startswith("geolocation=(self)")


def test_signing_in_sets_cookies_that_only_this_host_gets(https, paths):
    response = client_of("visitor").get("/accounts/login/", secure=True)

    cookie = response.cookies["__Host-csrftoken"]
    flags = (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
    assert flags == (True, True, "Lax", "/", "")
    assert score_of(response) >= PAGE + 5


def test_open_data_may_be_read_by_pages_elsewhere_and_nothing_else_may(https, paths):
    client = client_of("visitor")
    for path in paths:
        headers = client.get(path, secure=True).headers
        assert headers.get("Access-Control-Allow-Origin") == ("*" if is_open_data(path) else None), path
        assert "Access-Control-Allow-Credentials" not in headers, path


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"Content-Security-Policy": None}, 55),
        ({"Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'"}, 50),
        ({"Strict-Transport-Security": None}, 50),
        ({"Strict-Transport-Security": "max-age=300"}, 10),
        ({"Cross-Origin-Resource-Policy": "cross-origin"}, 10),
        ({"Referrer-Policy": "unsafe-url"}, 10),
        ({"X-Content-Type-Options": None}, 5),
        ({"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"}, 80),
    ],
)
def test_the_score_sees_a_header_that_is_missing_or_weak(https, paths, change, lost):
    response = client_of("visitor").get("/", secure=True)
    headers = {**response.headers, **change}
    headers = {name: value for name, value in headers.items() if value is not None}
    full = score_of(response)
    found = score(headers, [], response.text, session_cookies=set(), csrf_cookies=set())

    assert full >= PAGE
    assert full - found == lost
