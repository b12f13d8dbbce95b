"""What holds for every address, whatever it does: headers, cookies, sign-in."""

import re

import pytest

from community_map.http.middleware import has_session
from tests.factories import (
    make_administrator,
    make_area,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_place,
    make_portal,
)
from tests.routes import all_routes
from tests.toolkit_factories import make_case_study, make_page

pytestmark = pytest.mark.django_db

# Addresses with a session that a visitor may open: signing in and what belongs to it, and sending a story.
OPEN = re.compile(r"^/accounts/|^/toolkit/stories/new/")
WAY_IN = re.compile(r"^/accounts/login/|^/admin/login/")
DIRECTIVES = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
]


@pytest.fixture
def world():
    make_portal()
    make_area("Hendon")
    make_place("Oak Hill Park")
    pin = make_pin()
    make_connection(pin)
    make_page(slug="example")
    make_case_study(slug="example")
    return pin


def routes(pin):
    return all_routes(public_id=pin.public_id)


def test_public_addresses_set_no_cookie_and_do_not_care_about_one(client, world):
    public = [route for route in routes(world) if not has_session(route.path)]
    assert len(public) > 8
    plain = {route: client.get(route.path) for route in public}
    client.force_login(make_contributor())

    for route in public:
        signed_in = client.get(route.path)
        assert (route, signed_in.status_code, signed_in.content) == (
            route,
            plain[route].status_code,
            plain[route].content,
        )
        for response in (plain[route], signed_in):
            assert (route, "Set-Cookie" in response.headers, dict(response.cookies)) == (route, False, {})
            assert "cookie" not in response.headers.get("Vary", "").lower(), route
            assert "private" not in response.headers["Cache-Control"], route


def test_every_address_has_the_content_security_policy(client, world):
    for route in routes(world):
        policy = client.get(route.path).headers.get("Content-Security-Policy", "")
        assert all(directive in policy for directive in DIRECTIVES), route
        assert "unsafe" not in policy and "*;" not in policy, route


def test_every_address_has_the_other_headers(client, world):
    for route in routes(world):
        headers = client.get(route.path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", route
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin", route
        assert headers["Permissions-Policy"].startswith("geolocation=(self)"), route
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", route


def test_staff_addresses_are_never_stored(client, world):
    client.force_login(make_contributor())

    for route in routes(world):
        if has_session(route.path):
            assert client.get(route.path).headers["Cache-Control"] == "private, no-store", route


def test_a_visitor_at_a_staff_address_is_asked_to_sign_in(client, world):
    staff = [route for route in routes(world) if has_session(route.path) and not OPEN.match(route.path)]
    assert len(staff) > 8

    for route in staff:
        if route.path == "/admin/login/":
            continue
        for method in (client.get, client.post):
            response = method(route.path)
            # An address that takes only the other method says so, to everyone alike.
            assert response.status_code in {302, 405}, (route, response.status_code)
            if response.status_code == 302:
                assert WAY_IN.match(response.headers["Location"]) or route.path == "/admin/logout/", route


@pytest.mark.parametrize("person", ["visitor", "contributor", "moderator", "administrator"])
def test_no_method_at_any_address_is_a_server_error_for_anyone(client, world, person):
    make = {
        "contributor": make_contributor,
        "moderator": make_moderator,
        "administrator": make_administrator,
    }.get(person)
    if make:
        client.force_login(make())
    for route in routes(world):
        if route.path == "/accounts/logout/":
            continue
        for method in (client.get, client.post, client.head, client.options, client.put, client.delete):
            assert method(route.path).status_code < 500, route
