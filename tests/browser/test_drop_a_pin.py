"""Dropping a pin as an officer does it, on a desk and on a phone, with script and without."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from pins import actions
from pins.models import Pin, Precision, Visibility
from tests.factories import (
    make_approach,
    make_area,
    make_boundary_set,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
    make_service,
)

NEW = "/staff/pins/new/"
PHONE = {"width": 375, "height": 667}


@pytest.fixture
def author(live_server, db_with_groups):
    make_portal(place_name="Testshire")
    make_area("Hendon", bounds=(-0.27, 51.57, -0.21, 51.62), boundary_set=make_boundary_set("Wards"))
    make_place("Hendon Library", "library", -0.2262, 51.5929)
    make_category("A shared goal", shape="star", default_precision=Precision.STREET, order=1)
    make_sensitive_category("Something they have in common", shape="diamond", order=2)
    make_approach("Consulting", question_label="Asked their views")
    make_service("Libraries")
    return make_contributor("officer@example.org")


@pytest.fixture
def form(page, live_server, author, enter_as):
    enter_as(author)
    page.goto(live_server.url + NEW)
    return page


def answer_all(page, name="Walking group"):
    page.get_by_label("A shared goal").check()
    page.get_by_label("Or choose an area").select_option(label="Hendon")
    page.get_by_label("What are they called?").fill(name)
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Asked their views").check()


def send(page):
    page.get_by_role("button", name="Send", exact=True).click()


def name_of(page):
    return page.get_by_label("What are they called?")


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, PHONE], ids=["desk", "phone"])
def test_an_officer_drops_a_pin_and_is_thanked(form, size):
    form.set_viewport_size(size)
    answer_all(form)
    expect(form.get_by_text("Placed in Hendon, near Hendon Library")).to_be_visible()
    expect(form.get_by_label("This street")).to_be_checked()
    expect(form.get_by_label("Everyone, after a check")).to_be_checked()

    send(form)

    expect(form.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(form.get_by_text("not checked yet")).to_be_visible()
    pin = Pin.objects.get()
    assert (pin.name, pin.status, pin.precision) == ("Walking group", "submitted", Precision.STREET)
    assert 0 <= pin.seconds_taken < 60
    assert pin.connections.get().kind == "working"

    form.get_by_label("What has worked well").fill("Tea")
    form.get_by_role("button", name="Save answers").click()
    expect(form.get_by_text("Your answers have been saved")).to_be_visible()
    assert pin.connections.get().what_worked == "Tea"


def test_without_script_the_same_pages_find_check_and_send(browser, page, live_server, author, enter_as):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    enter_as(author)
    context.add_cookies(page.context.cookies())
    page = context.new_page()
    page.goto(NEW)
    known = make_pin("Walking group", position=None, precision=Precision.BOROUGH)

    page.get_by_label("A shared goal").check()
    page.get_by_label("Find a place or postcode").fill("hendon lib")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Hendon Library").check()
    name_of(page).fill("Walking group")
    page.get_by_role("button", name="Check if we already know them").click()
    expect(page.get_by_text("This is in Hendon, near Hendon Library.")).to_be_visible()
    expect(page.get_by_role("heading", name="We may already know them")).to_be_visible()
    send(page)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("No, we only know of them").check()
    send(page)

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    pin = Pin.objects.exclude(pk=known.pk).get()
    assert (pin.name, pin.longitude, pin.latitude, pin.seconds_taken) == (
        "Walking group",
        -0.2262,
        51.5929,
        None,
    )
    context.close()


def test_the_draft_survives_a_reload_and_is_gone_once_sent(form):
    answer_all(form)
    expect(form.get_by_text("Placed in Hendon, near Hendon Library")).to_be_visible()

    form.reload()

    expect(form.get_by_text("We have kept the answers you gave before.")).to_be_visible()
    expect(name_of(form)).to_have_value("Walking group")
    expect(form.get_by_label("A shared goal")).to_be_checked()
    expect(form.get_by_label("Asked their views")).to_be_checked()
    expect(form.get_by_text("Placed in Hendon, near Hendon Library")).to_be_visible()
    send(form)
    expect(form.get_by_role("heading", name="Thank you")).to_be_visible()
    # The page's script takes the draft away, a moment after the heading is there.
    form.wait_for_load_state("load")
    assert form.evaluate("Object.keys(sessionStorage).length") == 0
    form.goto(form.url.rsplit("/staff/", 1)[0] + NEW)
    expect(name_of(form)).to_have_value("")
    expect(form.get_by_text("We have kept the answers you gave before.")).to_be_hidden()


def test_start_again_empties_the_form(form):
    name_of(form).fill("Walking group")
    form.reload()

    form.get_by_role("button", name="Start again").click()

    expect(name_of(form)).to_have_value("")


def test_nobody_meets_the_draft_of_somebody_else(form, live_server, enter_as):
    name_of(form).fill("Walking group")
    form.context.clear_cookies()
    colleague = make_contributor("colleague@example.org")

    enter_as(colleague)
    form.goto(live_server.url + NEW)

    expect(name_of(form)).to_have_value("")
    assert form.evaluate("Object.keys(sessionStorage).length") == 0


def test_signing_out_takes_the_draft_along(form):
    name_of(form).fill("Walking group")
    assert form.evaluate("Object.keys(sessionStorage).length") == 1

    form.get_by_role("button", name="Sign out").click()
    form.wait_for_url(re.compile("/$|/accounts/"))

    assert form.evaluate("Object.keys(sessionStorage).length") == 0


def test_a_session_that_ended_meanwhile_costs_no_answer(form, live_server, author, enter_as):
    answer_all(form)
    form.context.clear_cookies()
    send(form)
    expect(form.get_by_role("heading", name="Send your answers again")).to_be_visible()

    enter_as(author)
    form.get_by_role("link", name="Open the page again").click()

    expect(name_of(form)).to_have_value("Walking group")
    send(form)
    expect(form.get_by_role("heading", name="Thank you")).to_be_visible()


def test_pressing_send_twice_makes_one_pin(form):
    answer_all(form)
    form.get_by_role("button", name="Send", exact=True).dblclick(no_wait_after=True)

    expect(form.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Pin.objects.count() == 1


def test_going_back_and_sending_again_shows_the_pin_already_sent(form):
    answer_all(form)
    key = form.locator("#id_idempotency_key").input_value()
    send(form)
    expect(form.get_by_role("heading", name="Thank you")).to_be_visible()
    sent = form.url

    form.go_back()
    form.locator("#id_idempotency_key").evaluate("(input, key) => { input.value = key; }", key)
    answer_all(form, "Walking group again")
    send(form)

    expect(form.get_by_role("heading", name="Thank you")).to_be_visible()
    assert form.url == sent
    assert Pin.objects.get().name == "Walking group"


def test_mistakes_are_listed_and_each_line_leads_to_its_field(form):
    form.get_by_label("A shared goal").check()
    send(form)

    summary = form.get_by_role("alert")
    expect(summary.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(form.get_by_label("A shared goal")).to_be_checked()
    expect(form.locator("body.js-enabled")).to_be_attached()
    summary.get_by_role("link", name="Enter what they are called").click()
    expect(name_of(form)).to_be_focused()
    summary.get_by_role("link", name="Choose where they usually meet").click()
    expect(form.get_by_label("Find a place or postcode")).to_be_focused()


def test_scripts_that_come_late_take_nobody_out_of_the_field_they_have_reached(form):
    held = []
    form.route("**/js/main*.js", lambda route: held.append(route))
    send(form)
    form.get_by_role("link", name="Enter what they are called").click()
    form.get_by_label("A shared goal").check()

    with form.expect_event("load"):
        held.pop().continue_()

    expect(form.locator(".govuk-error-summary[data-govuk-error-summary-init]")).to_be_attached()
    expect(form.get_by_label("A shared goal")).to_be_focused()


def test_a_community_that_is_known_gets_a_connection_and_no_second_pin(form, author):
    known = make_pin("Walking group")
    make_connection(known, make_service("Parks"))
    name_of(form).fill("Hendon walking group")

    expect(form.get_by_text("Known to: Parks")).to_be_visible()
    form.get_by_role("link", name="Yes, this is them: add my team").click()
    form.get_by_label("Not yet, but we would like to").check()
    form.get_by_role("button", name="Save").click()

    expect(form.get_by_role("heading", name="Walking group")).to_be_visible()
    expect(form.get_by_text("Known by officer@example.org")).to_be_visible()
    assert (Pin.objects.count(), known.connections.get(service=author.service).kind) == (1, "would-like")


def test_no_they_are_different_is_said_once(form):
    make_pin("Walking group")
    name_of(form).fill("Walking group")
    different = form.get_by_role("button", name="No, they are different")

    different.click()
    with form.expect_response("**/similar/") as answered:
        name_of(form).fill("Walking group two")
    answered.value.finished()
    form.wait_for_timeout(300)  # for the page to have shown the answer, if it were going to

    expect(different).to_be_hidden()


def test_of_a_hidden_pin_nothing_is_said(form):
    make_pin(
        "Secret walking group", visibility=Visibility.TEAM, author=make_contributor(service=make_service())
    )
    with form.expect_response("**/similar/") as answered:
        name_of(form).fill("Secret walking group")
    answered.value.finished()
    form.wait_for_timeout(300)  # for the page to have shown the answer, if there were one

    expect(form.locator("[data-similar]")).to_have_text("")


def test_personal_details_are_pointed_out_before_sending(form):
    answer_all(form, "Ring 07700 900123")
    send(form)

    expect(form.get_by_text("This looks like a phone number: 07700 900123.")).to_be_visible()
    assert form.url.endswith(NEW) and Pin.objects.count() == 0
    form.get_by_role("button", name="Change it").click()
    expect(name_of(form)).to_be_focused()
    form.keyboard.type("them on Monday")
    expect(form.get_by_text("This looks like a phone number")).to_be_hidden()
    expect(name_of(form)).to_have_value("Ring them on Monday")


def test_what_is_kept_is_sent_and_recorded(form):
    answer_all(form, "Ring 07700 900123")
    send(form)
    form.get_by_role("button", name="Keep it").click()
    expect(form.get_by_role("button", name="Send", exact=True)).to_be_focused()
    send(form)

    expect(form.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Pin.objects.get().details_kept == {"name": ["phone"]}


def test_a_category_fills_in_and_limits_what_may_be_shown(form):
    form.get_by_label("A shared goal").check()
    agreement = form.get_by_label("How has the group agreed")
    expect(agreement).to_be_hidden()
    naming = form.get_by_label("They also agreed that we can say which teams")
    expect(naming).to_be_hidden()

    form.get_by_label("Something they have in common").check()

    expect(form.get_by_label("Council staff")).to_be_checked()
    expect(form.get_by_label("This neighbourhood")).to_be_checked()
    expect(form.get_by_label("This street")).to_be_disabled()
    form.get_by_label("Everyone, after a check").check()
    expect(agreement).to_be_visible()
    expect(naming).to_be_visible()
    form.get_by_label("A shared goal").check()
    expect(agreement).to_be_hidden()
    expect(naming).to_be_hidden()
    expect(form.get_by_label("This street")).to_be_checked()


def test_no_single_place_asks_no_more_how_closely(form):
    form.get_by_label("No single place").check()

    expect(form.get_by_text("How much detail should the map show?")).to_be_hidden()


def test_a_returned_pin_is_found_changed_and_sent_again(page, live_server, author, enter_as):
    pin = make_pin("Choir", author=author, status="submitted", is_home=False)
    make_connection(pin, author.service, kind="know-of")
    actions.decide(Pin.objects.all(), "return", by=make_moderator(), reason="Which hall?")
    enter_as(author)
    page.goto(live_server.url + "/staff/")

    expect(page.get_by_text("Which hall?")).to_be_visible()
    page.get_by_role("link", name="Change it and send it again").click()
    expect(name_of(page)).to_have_value("Choir")
    name_of(page).fill("Choir at the town hall")
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    pin.refresh_from_db()
    assert (pin.name, pin.status) == ("Choir at the town hall", "submitted")


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, PHONE], ids=["desk", "phone"])
def test_what_the_script_adds_keeps_the_accessibility_rules(form, author, size):
    """test_every_page.py looks at the pages as they open; this one is half filled in, with all that it points out."""
    form.set_viewport_size(size)
    make_pin("Walking group")
    form.get_by_label("A shared goal").check()
    name_of(form).fill("Walking group 07700 900123")
    name_of(form).blur()
    expect(form.get_by_role("button", name="Keep it")).to_be_visible()
    expect(form.get_by_role("button", name="No, they are different")).to_be_visible()

    broken = (
        Axe()
        .run(form, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        .response["violations"]
    )

    # GOV.UK Frontend itself tells of a radio's conditional part with aria-expanded.
    assert [rule["id"] for rule in broken if rule["id"] != "aria-allowed-attr"] == []
    assert form.evaluate("document.documentElement.scrollWidth <= innerWidth")
