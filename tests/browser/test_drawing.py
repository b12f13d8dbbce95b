"""The server's own maps as people see them: narrow, on paper, in their own colours, and by axe."""

import pytest

from pins.models import Precision
from tests.browser.test_every_page import look
from tests.factories import (
    make_administrator,
    make_area,
    make_boundary_set,
    make_pin,
    make_place,
    make_portal,
)

PARTS = {
    "land": ".app-drawing__land",
    "mark": ".app-drawing__map .app-drawing__area",
    "name": ".app-drawing__place",
}


@pytest.fixture
def pin(db_with_groups):
    make_portal()
    make_area("Hill ward")
    make_place("Oak Hill Park", longitude=-0.203, latitude=51.602)
    return make_pin("Chess club", precision=Precision.NEIGHBOURHOOD)


def fills(page) -> dict[str, str]:
    return {
        name: page.locator(selector).first.evaluate("element => getComputedStyle(element).fill")
        for name, selector in PARTS.items()
    }


def test_a_communitys_map_fits_a_small_screen_and_can_be_read_there(page, live_server, pin):
    for width in (320, 375, 1280):
        assert look(page, f"{live_server.url}/map/pins/{pin.public_id}/", width) == []
        drawn = page.get_by_role("img", name="Map of where Chess club meets")
        size = drawn.bounding_box()
        assert 250 < size["width"] <= 460
        assert size["x"] >= 0
        assert size["x"] + size["width"] <= width
        # The smallest letters on a small screen; everything is in the words below too.
        letters = page.locator(".app-drawing__place").first.bounding_box()
        assert letters["height"] > 11


def test_a_map_takes_the_readers_own_colours_and_black_on_paper(page, live_server, pin):
    page.goto(f"{live_server.url}/map/pins/{pin.public_id}/")
    own = fills(page)
    system = {"land": "canvas", "mark": "highlight", "name": "canvastext"}

    page.emulate_media(forced_colors="active", color_scheme="dark")
    dark = fills(page)
    for name, keyword in system.items():
        asked = page.evaluate(
            """(keyword) => {
              const probe = document.createElement("i");
              probe.style.cssText = `forced-color-adjust: none; color: ${keyword}`;
              document.body.append(probe);
              const colour = getComputedStyle(probe).color;
              probe.remove();
              return colour;
            }""",
            keyword,
        )
        assert dark[name] == asked
    page.emulate_media(forced_colors="none", color_scheme="light", media="print")
    paper = fills(page)

    assert own["land"] != paper["land"] == "rgb(255, 255, 255)"
    assert paper["name"] == "rgb(11, 12, 12)"
    assert own["mark"] == paper["mark"] == "rgb(29, 112, 184)"


def test_an_areas_page_in_admin_has_nothing_that_axe_objects_to(page, live_server, pin, enter_as, faults):
    wards = make_boundary_set("Wards")
    area = make_area("West", bounds=(-0.3, 51.5, -0.2, 51.7), boundary_set=wards)
    make_area("East", bounds=(-0.2, 51.5, -0.1, 51.7), boundary_set=wards)
    enter_as(make_administrator())

    for width in (320, 1280):
        wrong = look(page, f"{live_server.url}/admin/community_map/area/{area.pk}/change/", width)
        assert [fault for fault in wrong if "drawing" in fault or "svg" in fault or "wide" in fault] == []
        assert page.get_by_role("img", name="Map of West").is_visible()
        # axe measures admin's own pages by styles that it writes into them, which the policy refuses.
        assert all("Applying inline style" in fault for fault in faults)
        faults.clear()
