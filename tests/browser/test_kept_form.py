"""The sign-in ends while a form stands open: without script, the server brings the answers back."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from pins.models import Connection, Pin
from tests.browser.test_every_page import WIDTHS, look
from tests.factories import (
    make_area,
    make_boundary_set,
    make_category,
    make_contributor,
    make_pin,
    make_portal,
    make_service,
)

PASSWORD = "a long enough password"


@pytest.fixture
def plain_page(browser, live_server, db_with_groups, django_db_serialized_rollback):
    """A page of a browser without script, signed in through the real form."""
    make_portal()
    make_area("Hendon", bounds=(-0.27, 51.57, -0.21, 51.62), boundary_set=make_boundary_set("Wards"))
    make_category("A shared goal")
    make_contributor("officer@example.org", service=make_service("Libraries"))
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    # Background maps are not what this is about, and nobody else is asked.
    context.route(lambda address: not address.startswith(live_server.url), lambda route: route.abort())
    page = context.new_page()
    page.goto("/staff/")
    sign_in(page)
    yield page
    context.close()


def sign_in(page) -> None:
    page.get_by_label("Email address").fill("officer@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()


def test_a_pin_is_sent_after_signing_in_again(plain_page, page, live_server):
    plain_page.goto("/staff/pins/new/")
    plain_page.get_by_label("A shared goal").check()
    plain_page.get_by_label("Or choose an area").select_option(label="Hendon")
    plain_page.get_by_label("What are they called?").fill("Walking group")
    plain_page.get_by_label("No, we only know of them").check()
    Session.objects.all().delete()
    plain_page.get_by_role("button", name="Send", exact=True).click()

    expect(plain_page.get_by_text("We keep them for an hour")).to_be_visible()
    sign_in(plain_page)
    expect(plain_page.get_by_role("heading", name="We have kept your answers")).to_be_visible()
    # The same page with script, for axe.
    page.context.add_cookies(plain_page.context.cookies())
    assert [fault for width in WIDTHS for fault in look(page, f"{live_server.url}/staff/kept/", width)] == []
    plain_page.get_by_role("button", name="Check them first").click()
    expect(plain_page.get_by_label("What are they called?")).to_have_value("Walking group")
    expect(plain_page.get_by_label("A shared goal")).to_be_checked()
    plain_page.get_by_label("What are they called?").fill("Walking group of Hendon")
    plain_page.get_by_role("button", name="Send", exact=True).click()

    expect(plain_page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Pin.objects.get().name == "Walking group of Hendon"


def test_a_connection_is_stored_after_a_wrong_token_and_signing_in_again(plain_page):
    pin = make_pin("Choir")
    plain_page.goto(f"/staff/pins/{pin.public_id}/connect/")
    plain_page.get_by_label("Not yet, but we would like to").check()
    plain_page.context.clear_cookies()
    plain_page.get_by_role("button", name="Save").click()

    expect(plain_page.get_by_role("heading", name="Send your answers again")).to_be_visible()
    plain_page.get_by_role("link", name="Continue with my answers").click()
    sign_in(plain_page)
    plain_page.get_by_role("button", name="Send them now").click()

    plain_page.wait_for_url(f"**/staff/pins/{pin.public_id}/")
    assert Connection.objects.get().kind == "would-like"


def test_a_colleague_at_the_same_computer_does_not_meet_them(plain_page):
    make_contributor("colleague@example.org")
    plain_page.goto("/staff/pins/new/")
    plain_page.get_by_label("What are they called?").fill("Walking group")
    Session.objects.all().delete()
    plain_page.get_by_role("button", name="Send", exact=True).click()

    plain_page.get_by_label("Email address").fill("colleague@example.org")
    plain_page.get_by_label("Password", exact=True).fill(PASSWORD)
    plain_page.locator("main").get_by_role("button", name="Sign in").click()

    plain_page.wait_for_url("**/staff/")
    expect(plain_page.get_by_text("Walking group")).to_have_count(0)
    plain_page.goto("/staff/kept/")
    plain_page.wait_for_url("**/staff/")
