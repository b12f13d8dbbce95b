"""A resident finds a community: on the map, by keyboard, in the list, near a postcode; whatever fails around them."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from community_map.geo import Position
from pins.actions import decide
from pins.models import Pin, Precision, Status
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
)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def town(live_server):
    """A square borough with a choir in the middle, football in the east, and ten walking groups on one spot."""
    make_portal(council_name="Testing Council")
    make_area("Underhill", slug="underhill", boundary_set=make_boundary_set("Wards"))
    make_place("Victoria Park")
    make_place("N12 9AA", kind="postcode", longitude=-0.16, latitude=51.6)
    music = make_category("Music", shape="circle", colour="#1d70b8")
    sport = make_category("Sport", shape="star", colour="#d4351c")
    choir = make_pin("Finchley choir", category=music, position=Position(-0.2, 51.6))
    make_connection(choir, approaches=[make_approach("Partnership")])
    make_pin("Football club", category=sport, position=Position(-0.16, 51.6))
    for number in range(10):
        make_pin(
            f"Walkers {number}",
            category=sport,
            position=Position(-0.24, 51.56),
            precision=Precision.NEIGHBOURHOOD,
        )
    make_pin("Everywhere club", category=sport, position=None, precision=Precision.BOROUGH)
    return live_server.url


def open_map(page: Page, town: str, rest: str = "") -> None:
    page.goto(f"{town}/map/{rest}")
    expect(page.locator("[data-in-view]")).to_contain_text("in this part of the map")


def marker(page: Page, name: str):
    return page.get_by_role("button", name=name)


def test_by_keyboard_one_tab_stop_arrows_enter_and_escape(page: Page, town):
    open_map(page, town)
    page.get_by_role("application").focus()

    page.keyboard.press("Tab")
    focused = page.locator(".leaflet-marker-icon:focus")
    expect(focused).to_have_count(1)
    expect(page.locator('.leaflet-marker-icon[tabindex="0"]')).to_have_count(1)
    page.keyboard.press("Home")
    expect(marker(page, "Finchley choir, Music")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(marker(page, "Football club, Sport")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Football club, Sport")
    expect(dialog).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(marker(page, "Football club, Sport")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".leaflet-marker-icon:focus")).to_have_count(0)


def test_what_opens_leads_to_the_page_of_the_community(page: Page, town):
    open_map(page, town)

    marker(page, "Finchley choir, Music").click()
    page.get_by_role("dialog").get_by_role("link", name="Finchley choir").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Finchley choir")
    expect(page.get_by_role("link", name="Partnership", exact=True)).to_be_visible()
    page.get_by_role("link", name="Show on the map").click()
    expect(page).to_have_url(re.compile(r"/map/#16/51\.60000/-0\.20000"))
    expect(marker(page, "Finchley choir, Music")).to_be_visible()


def test_those_on_one_spot_are_listed_where_they_stand(page: Page, town):
    open_map(page, town)

    marker(page, "10 communities here").press("Enter")
    dialog = page.get_by_role("dialog")

    expect(dialog.get_by_role("listitem")).to_have_count(10)
    expect(dialog).to_contain_text("In this neighbourhood. We do not show the exact place.")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(marker(page, "10 communities here")).to_be_focused()


def test_a_cluster_comes_apart_and_the_focus_stays_with_it(page: Page, town):
    for number in range(3):
        make_pin(f"Chess {number}", position=Position(-0.2 + number / 2000, 51.65))
    open_map(page, town)

    cluster = marker(page, "communities here. Zoom in")
    for _ in range(6):
        if page.get_by_role("button", name=re.compile(r"^Chess")).count():
            break
        cluster.first.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(700)
        expect(page.locator(".leaflet-marker-icon:focus")).to_have_count(1)

    expect(page.get_by_role("button", name=re.compile(r"^Chess")).first).to_be_visible()


def test_a_few_communities_of_a_sensitive_category_have_their_number_everywhere(page: Page, town):
    faith = make_sensitive_category("Faith")
    for longitude in (-0.19, -0.178, -0.178):
        make_pin(
            category=faith,
            position=Position(longitude, 51.6),
            precision=Precision.NEIGHBOURHOOD,
            agreement="At a visit in May",
        )
    open_map(page, town, "?category=faith")

    expect(page.locator("[data-count]")).to_have_text("3 communities match your filters")
    expect(page.locator("[data-in-view]")).to_have_text("3 in this part of the map")
    if not marker(page, "3 communities here. Zoom in").count():
        page.get_by_role("button", name="Zoom out").click()
    expect(marker(page, "3 communities here. Zoom in")).to_have_text("3")
    page.get_by_role("link", name="View as a list").click()
    expect(page.get_by_text("3 communities match your filters")).to_be_visible()


def test_filters_act_at_once_and_stand_in_the_address(page: Page, town):
    open_map(page, town)
    expect(page.locator("[data-count]")).to_have_text("13 communities")

    page.get_by_role("checkbox", name="Music").check()

    expect(marker(page, "Football club, Sport")).to_have_count(0)
    expect(marker(page, "Finchley choir, Music")).to_be_visible()
    expect(page.locator("[data-count]")).to_have_text("1 community matches your filters")
    expect(page.locator("[data-in-view]")).to_have_text("1 in this part of the map")
    expect(page).to_have_url(re.compile(r"/map/\?category=music(#|$)"))
    page.reload()
    expect(page.get_by_role("checkbox", name="Music")).to_be_checked()
    expect(marker(page, "Football club, Sport")).to_have_count(0)
    page.get_by_role("link", name="View as a list").click()
    expect(page).to_have_url(re.compile(r"/map/list/\?category=music$"))
    expect(page.get_by_role("link", name="Finchley choir")).to_be_visible()


def test_a_word_that_nothing_has_leaves_an_empty_map_that_says_so(page: Page, town):
    open_map(page, town)

    page.get_by_label("Search by name or activity").fill("nothing like it")

    expect(page.locator("[data-count]")).to_have_text("0 communities match your filters")
    expect(page.locator("[data-in-view]")).to_have_text("None in this part of the map")
    expect(page.locator(".leaflet-marker-icon")).to_have_count(0)


def test_the_view_stands_in_the_fragment(page: Page, town):
    open_map(page, town, "#15/51.6000/-0.1600")
    expect(marker(page, "Football club, Sport")).to_be_visible()
    expect(page.locator("[data-in-view]")).to_have_text("1 in this part of the map")

    page.get_by_role("button", name="Zoom in").click()

    expect(page).to_have_url(re.compile(r"#16/51\.600\d*/-0\.16\d*$"))


def test_the_map_goes_to_a_place(page: Page, town):
    open_map(page, town)

    page.get_by_label("Go to a place or postcode").press_sequentially("n12")
    page.get_by_role("option", name="N12 9AA").click()

    expect(page).to_have_url(re.compile(r"#15/51\.600\d*/-0\.1\d*$"))
    expect(marker(page, "Football club, Sport")).to_be_visible()


def test_near_a_postcode_from_the_front_page(page: Page, town):
    page.goto(town)
    page.get_by_label("What is near me?").fill("n12 9aa")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/map/list/\?near=n12"))
    expect(page.get_by_role("main")).to_contain_text("near N12 9AA, nearest first")
    expect(page.locator(".app-pin-row__name").first).to_have_text("Football club")


def test_when_the_background_fails_a_line_says_so_and_all_else_works(page: Page, town, faults):
    page.route(re.compile(r"^https?://(?!localhost|127\.)"), lambda route: route.abort())
    open_map(page, town)

    expect(page.get_by_text("The background map could not be loaded")).to_be_visible()
    marker(page, "Finchley choir, Music").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    faults.clear()


def test_when_the_data_fails_a_line_says_so_and_points_to_the_list(page: Page, town, faults):
    page.route("**/map/tiles/**", lambda route: route.abort())
    page.goto(f"{town}/map/")

    expect(page.locator("[data-map-fault]")).to_contain_text("Some communities could not be loaded")
    expect(page.get_by_role("link", name="View as a list")).to_be_visible()
    faults.clear()


def test_without_script_the_page_has_filters_and_the_way_to_the_list(browser, town):
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{town}/map/")

    expect(page.get_by_role("application")).to_be_hidden()
    page.get_by_role("checkbox", name="Music").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("[data-count]")).to_have_text("1 community matches your filters")
    page.get_by_role("link", name="View the same communities as a list.").click()
    expect(page.get_by_role("link", name="Finchley choir")).to_be_visible()
    plain.close()


def test_on_a_phone_the_choices_are_a_sheet_from_below(page: Page, town):
    page.set_viewport_size({"width": 375, "height": 740})
    open_map(page, town)
    toggle = page.get_by_role("button", name="Filters and key")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("checkbox", name="Music")).to_be_hidden()

    toggle.click()
    page.get_by_role("checkbox", name="Music").check()
    expect(page.locator("[data-count]")).to_have_text("1 community matches your filters")
    page.keyboard.press("Escape")

    expect(toggle).to_be_focused()
    expect(page.get_by_role("checkbox", name="Music")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_published_pin_is_on_the_map_within_five_seconds_and_gone_as_soon(page: Page, town):
    pin = make_pin("New chess club", status=Status.SUBMITTED, position=Position(-0.2, 51.65))
    moderator = make_moderator()
    open_map(page, town)
    expect(marker(page, "New chess club, Music")).to_have_count(0)

    decide(Pin.objects.filter(pk=pin.pk), "publish", by=moderator)
    started = time.monotonic()
    page.reload()
    expect(marker(page, "New chess club, Music")).to_be_visible(timeout=5000)
    assert time.monotonic() - started < 5

    decide(Pin.objects.filter(pk=pin.pk), "archive", by=moderator, reason="Closed")
    started = time.monotonic()
    page.reload()
    expect(marker(page, "Finchley choir, Music")).to_be_visible()
    expect(marker(page, "New chess club, Music")).to_have_count(0)
    assert time.monotonic() - started < 5


def test_an_open_map_learns_of_a_new_pin_when_it_is_moved(page: Page, town):
    pin = make_pin("New chess club", status=Status.SUBMITTED, position=Position(-0.2, 51.65))
    open_map(page, town)
    decide(Pin.objects.filter(pk=pin.pk), "publish", by=make_moderator())
    page.wait_for_timeout(4200)

    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")

    expect(marker(page, "New chess club, Music")).to_be_visible(timeout=5000)


def test_staff_see_what_is_not_checked_yet_with_who_is_connected(page: Page, town, sign_in):
    pin = make_pin("Waiting club", status=Status.SUBMITTED, position=Position(-0.2, 51.65))
    make_connection(pin)
    sign_in(make_contributor())
    page.goto(f"{town}/staff/map/")

    marker(page, "Waiting club, Music, Not checked yet").click()

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Not checked yet")
    expect(dialog).to_contain_text("Teams: Service")
    expect(dialog.get_by_role("link", name="Waiting club")).to_have_attribute(
        "href", f"/staff/pins/{pin.public_id}/"
    )
