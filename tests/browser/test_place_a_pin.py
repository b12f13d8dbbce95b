"""Every way of placing a pin, each as the first and each as the move of a pin already placed."""

import re

import pytest
from playwright.sync_api import expect

from pins.models import Pin, Precision
from tests.factories import (
    SQUARE,
    make_approach,
    make_area,
    make_boundary_set,
    make_category,
    make_contributor,
    make_place,
    make_portal,
)

NEW = "/staff/pins/new/"
MIDDLE = (-0.2, 51.6)
LIBRARY = (-0.155, 51.64)
HENDON = (-0.24, 51.585)
PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True, "is_mobile": True}
# At the zoom that shows the whole test portal a pixel is about 0.0007 degrees.
CLOSE = 0.003


@pytest.fixture
def author(db_with_groups):
    make_portal(place_name="Testshire")
    wards = make_boundary_set("Wards", "ward")
    make_area("Hendon ward", bounds=(-0.27, 51.57, -0.21, 51.60), boundary_set=wards)
    make_place("Hendon Central", "station", -0.2262, 51.5829)
    make_place("East Barnet Library", "library", *LIBRARY)
    make_place("East Finchley", "town-centre", -0.1647, 51.5874)
    make_category("A place", colour="#00703c", shape="square", default_precision=Precision.EXACT)
    make_category("A shared goal", colour="#d4351c", shape="star", default_precision=Precision.STREET)
    make_approach("Consulting")
    return make_contributor()


@pytest.fixture
def form(page, live_server, enter_as, author):
    enter_as(author)
    page.set_default_timeout(6_000)
    page.goto(f"{live_server.url}{NEW}")
    page.get_by_label("A place", exact=True).check()
    return page


def map_of(page):
    return page.get_by_role("application", name=re.compile("Map"))


def middle_of(locator):
    """The middle of what is on the screen; nothing is scrolled, so that both ends of a drag stay where they are."""
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def answer(page):
    return page.locator("[data-place-words]")


def suggestions(page):
    return page.get_by_role("listbox", name="Places found").get_by_role("option")


def send(page, name="Walking group") -> Pin:
    page.get_by_label("What are they called?").fill(name)
    page.get_by_label("No, we only know of them").check()
    home = page.get_by_label("No, nobody lives there")
    if home.is_visible():  # asked where the place is shown exactly
        home.check()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(re.compile("/sent/"))
    return Pin.objects.get()


def test_a_home_is_not_shown_exactly(form):
    form.get_by_text("Enter coordinates", exact=True).click()
    form.get_by_label("Longitude", exact=True).fill("-0.2")
    form.get_by_label("Latitude", exact=True).fill("51.6")
    expect(form.get_by_text("Is this somebody’s home?")).to_be_visible()
    form.get_by_label("What are they called?").fill("Walking group")
    form.get_by_label("No, we only know of them").check()
    form.get_by_label("Yes, somebody lives there").check()
    form.get_by_role("button", name="Send", exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text("We never show the exact place of a home")

    form.get_by_label("This street").check()
    form.get_by_role("button", name="Send", exact=True).click()
    form.wait_for_url(re.compile("/sent/"))

    assert (Pin.objects.get().precision, Pin.objects.get().is_home) == (Precision.STREET, True)


def position(pin) -> tuple[float, float]:
    return pin.longitude, pin.latitude


def near(point, close=CLOSE):
    return pytest.approx(point, abs=close)


def drag(page, start, end) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def place_in_hendon(page) -> None:
    """Place the pin in an ordinary way, for the tests of moving it."""
    page.get_by_label("Or choose an area").select_option("Hendon ward")
    expect(answer(page)).to_have_text("Placed in Hendon ward, near Hendon Central")


def test_dragging_the_categorys_pin_onto_the_map_places_it(form):
    handle = form.locator(".app-has-pin-handle", has_text="A shared goal").locator(".app-pin-handle")

    drag(form, middle_of(handle), middle_of(map_of(form)))

    expect(form.get_by_label("A shared goal", exact=True)).to_be_checked()
    expect(answer(form)).to_contain_text("Placed")
    pin = send(form)
    assert (position(pin), pin.category.name) == (near(MIDDLE), "A shared goal")


def test_dragging_the_pin_that_waits_on_the_map_places_it(form):
    tray = form.get_by_role("button", name="Drag this pin onto the map, or click where they meet")

    drag(form, middle_of(tray), middle_of(map_of(form)))

    expect(tray).to_be_hidden()
    assert position(send(form)) == near(MIDDLE)


def test_a_pin_dropped_beside_the_map_changes_nothing(form):
    handle = form.locator(".app-pin-handle").first

    drag(form, middle_of(handle), (20, 400))

    expect(form.locator("[data-place-status]")).to_have_text(
        "You dropped the pin outside the map, so nothing has changed."
    )
    expect(form.get_by_label("Longitude")).to_have_value("")


def test_a_pin_on_the_map_can_be_dragged_elsewhere(form):
    x, y = middle_of(map_of(form))
    form.mouse.click(x, y)
    marker = form.get_by_role("button", name="Your pin.")
    expect(marker).to_be_visible()

    drag(form, (x, y - 20), (x + 80, y - 20))

    expect(answer(form)).to_contain_text("Placed")
    longitude, latitude = position(send(form))
    assert latitude == pytest.approx(MIDDLE[1], abs=CLOSE)
    assert longitude > MIDDLE[0] + 0.02


def test_clicking_the_map_places_and_moves_the_pin(form):
    x, y = middle_of(map_of(form))

    form.mouse.click(x + 60, y + 60)
    expect(answer(form)).to_contain_text("Placed")
    form.mouse.click(x, y)

    expect(form.get_by_label("Latitude")).to_have_value(re.compile(r"^51\.(599|600)"))
    assert position(send(form)) == near(MIDDLE)


@pytest.mark.browser_context_args(**PHONE)
def test_tapping_on_a_phone_places_it_and_the_map_stays_above_the_questions(form):
    page = form
    x, y = middle_of(map_of(page))

    page.touchscreen.tap(x, y)
    expect(answer(page)).to_contain_text("Placed")

    name = page.get_by_label("What are they called?")
    name.focus()
    box, field = map_of(page).bounding_box(), name.bounding_box()
    assert box["y"] == pytest.approx(0, abs=2)
    assert field["y"] >= box["y"] + box["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert position(send(page)) == near(MIDDLE)


def test_arrows_and_enter_place_the_pin_at_the_crosshair(form):
    form.get_by_role("button", name="Place the pin using the keyboard").press("Enter")
    area = map_of(form)
    expect(area).to_be_focused()
    expect(form.locator(".app-place-map__crosshair")).to_be_visible()

    form.keyboard.press("Enter")
    expect(answer(form)).to_contain_text("Placed")
    expect(form.get_by_label("Latitude")).to_have_value(re.compile(r"^51\.(599|600)"))
    form.keyboard.press("ArrowRight")
    expect(form.locator("[data-place-status]")).to_contain_text("Press Enter to put the pin here.")
    form.keyboard.press("Enter")
    expect(form.get_by_label("Longitude")).not_to_have_value(re.compile(r"^-0\.(199|20)"))

    longitude, latitude = position(send(form))
    assert latitude == pytest.approx(MIDDLE[1], abs=CLOSE)
    assert MIDDLE[0] + 0.01 < longitude < SQUARE[2]


def test_arrow_keys_move_the_pin_itself(form):
    form.mouse.click(*middle_of(map_of(form)))
    marker = form.get_by_role("button", name="Your pin.")
    before = float(form.get_by_label("Latitude").input_value())

    marker.press("ArrowUp")
    marker.press("ArrowUp")

    expect(form.get_by_label("Latitude")).not_to_have_value(re.compile(rf"^{before}"))
    longitude, latitude = position(send(form))
    assert longitude == pytest.approx(MIDDLE[0], abs=CLOSE)
    assert before + 0.005 < latitude < before + 0.02


def test_my_location_moves_the_pin(form):
    form.context.grant_permissions(["geolocation"])
    form.context.set_geolocation({"longitude": HENDON[0], "latitude": HENDON[1]})
    form.mouse.click(*middle_of(map_of(form)))

    form.get_by_role("button", name="Use my location").click()

    expect(answer(form)).to_have_text("Placed in Hendon ward, near Hendon Central")
    assert position(send(form)) == HENDON


def test_a_location_that_is_not_shared_says_so_and_loses_nothing(form):
    place_in_hendon(form)

    form.get_by_role("button", name="Use my location").click()

    expect(answer(form)).to_contain_text("did not share your location")
    expect(form.get_by_label("Longitude")).to_have_value(str(HENDON[0]))


def test_searching_by_keyboard_places_the_pin(form):
    place_in_hendon(form)
    search = form.get_by_role("combobox", name="Find a place or postcode")

    search.press_sequentially("east")
    expect(suggestions(form)).to_have_text(["East Barnet Library library", "East Finchley town centre"])
    search.press("ArrowDown")
    expect(suggestions(form).first).to_have_attribute("aria-selected", "true")
    search.press("Enter")

    expect(search).to_have_value("East Barnet Library")
    expect(suggestions(form).first).to_be_hidden()
    expect(answer(form)).to_have_text("Placed near East Barnet Library")
    expect(form.get_by_label("Or choose an area")).to_have_value("")
    assert position(send(form)) == LIBRARY


def test_clicking_a_suggestion_places_the_pin_and_no_match_is_said(form):
    search = form.get_by_role("combobox", name="Find a place or postcode")

    search.press_sequentially("atlantis")
    expect(form.locator("[data-place-status]")).to_contain_text("No place found for “atlantis”")
    search.fill("barnet lib")
    suggestions(form).first.click()

    expect(answer(form)).to_have_text("Placed near East Barnet Library")
    assert position(send(form)) == LIBRARY


def test_choosing_an_area_places_the_pin_in_its_middle_and_moves_one(form):
    form.mouse.click(*middle_of(map_of(form)))

    place_in_hendon(form)

    assert position(send(form)) == HENDON


def test_typed_coordinates_place_and_move_the_pin(form):
    place_in_hendon(form)
    form.get_by_text("Enter coordinates", exact=True).click()

    form.get_by_label("Longitude").fill("-0.155")
    form.get_by_label("Latitude").fill("51.64")
    form.get_by_label("Latitude").press("Enter")

    expect(answer(form)).to_have_text("Placed near East Barnet Library")
    assert position(send(form)) == LIBRARY


def test_swapped_coordinates_are_offered_the_right_way_round(form):
    form.get_by_text("Enter coordinates", exact=True).click()
    form.get_by_label("Longitude").fill("51.585")
    form.get_by_label("Latitude").fill("-0.24")
    form.get_by_label("Latitude").press("Tab")
    expect(answer(form)).to_contain_text("You may have swapped longitude and latitude.")

    form.get_by_role("button", name="Swap them: longitude -0.24, latitude 51.585").click()

    expect(answer(form)).to_have_text("Placed in Hendon ward, near Hendon Central")
    assert position(send(form)) == HENDON


def test_a_place_outside_says_how_far_and_keeps_what_was_typed(form):
    form.get_by_text("Enter coordinates", exact=True).click()
    form.get_by_label("Longitude").fill("-0.05")
    form.get_by_label("Latitude").fill("51.6")
    form.get_by_label("Latitude").press("Tab")

    expect(answer(form)).to_have_text(
        re.compile(r"^That is 3\.\d km outside Testshire\. Choose a place inside it\.$")
    )
    expect(form.get_by_label("Longitude")).to_have_value("-0.05")
    expect(form.get_by_label("Latitude")).to_have_value("51.6")

    form.mouse.click(*middle_of(map_of(form)))
    assert position(send(form)) == near(MIDDLE)


def test_half_a_position_and_nonsense_are_told_and_the_pin_stays(form):
    place_in_hendon(form)
    form.get_by_text("Enter coordinates", exact=True).click()

    form.get_by_label("Longitude").fill("west")
    form.get_by_label("Longitude").press("Enter")
    expect(answer(form)).to_have_text(re.compile("must be plain numbers"))
    form.get_by_label("Longitude").fill("")
    form.get_by_label("Longitude").press("Enter")
    expect(answer(form)).to_have_text("Enter both longitude and latitude")

    expect(form.get_by_role("button", name="Your pin.")).to_be_visible()


def test_no_single_place_takes_the_pin_off_the_map_and_gives_it_back(form):
    place_in_hendon(form)
    nowhere = form.get_by_label("No single place")

    nowhere.check()
    expect(answer(form)).to_have_text("No single place. They will be in the list but not on the map")
    expect(form.get_by_role("button", name="Your pin.")).to_have_count(0)
    nowhere.uncheck()
    expect(answer(form)).to_have_text("Placed in Hendon ward, near Hendon Central")
    nowhere.check()

    pin = send(form)
    assert (position(pin), pin.precision) == ((None, None), Precision.BOROUGH)


def test_placing_a_pin_unticks_no_single_place(form):
    form.get_by_label("No single place").check()

    form.mouse.click(*middle_of(map_of(form)))

    expect(form.get_by_label("No single place")).not_to_be_checked()
    assert position(send(form)) == near(MIDDLE)


def test_what_residents_will_see_is_said_and_drawn(form):
    place_in_hendon(form)
    note, box = form.locator("[data-place-note]"), form.locator(".app-map__box")

    form.get_by_label("This exact place").check()
    expect(note).to_have_text("Residents will see this exact place.")
    expect(box).to_have_count(0)
    form.get_by_label("This neighbourhood").check()
    expect(note).to_have_text("Residents will see an area about 760 metres across, not the exact place.")
    expect(box).to_have_count(1)
    form.get_by_label("Across the borough").check()
    expect(note).to_have_text("Residents will see them in the list but not on the map.")
    expect(box).to_have_count(0)


def test_the_form_works_when_background_map_outline_and_search_all_fail(form):
    form.route("**/*.png", lambda route: route.abort())
    form.route(re.compile(r"^https?://[^/]+/(map|staff/pins/places)/"), lambda route: route.abort())
    form.reload()

    expect(form.get_by_text("The background map could not be loaded.")).to_be_visible()
    form.get_by_label("A place", exact=True).check()
    form.mouse.click(*middle_of(map_of(form)))
    expect(answer(form)).to_contain_text("Placed")

    form.get_by_role("combobox", name="Find a place or postcode").press_sequentially("east")
    expect(form.locator("[data-place-status]")).to_contain_text("Search is not working at the moment.")
    assert position(send(form)) == near(MIDDLE)


def test_the_form_works_when_leaflet_does_not_arrive(form):
    form.route("**/leaflet*.js", lambda route: route.abort())
    form.reload()

    expect(map_of(form)).to_be_hidden()
    form.get_by_label("A place", exact=True).check()
    place_in_hendon(form)

    assert position(send(form)) == HENDON


def test_an_answer_of_the_server_that_does_not_come_leaves_the_pin_placed(form):
    form.route("**/staff/pins/where/", lambda route: route.abort())

    form.mouse.click(*middle_of(map_of(form)))

    expect(answer(form)).to_have_text("Placed on the map. We could not look up the name of this location")
    assert position(send(form)) == near(MIDDLE)


def test_a_returned_form_still_shows_the_pin(form):
    place_in_hendon(form)

    form.get_by_role("button", name="Send", exact=True).click()

    expect(form.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(answer(form)).to_have_text("Placed in Hendon ward, near Hendon Central")
    expect(form.get_by_role("button", name="Your pin.")).to_be_visible()
    assert position(send(form)) == HENDON


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_script_an_area_places_the_pin(form):
    form.get_by_label("Or choose an area").select_option("Hendon ward")

    expect(form.get_by_role("application")).to_have_count(0)
    assert position(send(form)) == HENDON
