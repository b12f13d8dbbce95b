"""A hundred texts that try to run, in Chromium, wherever a community's words show: none runs, none becomes an element.

What a script did would show as a dialog, as a word on the console, or as a violation of the policy: each is a fault.
"""

import pytest

from community_map.geo import Position
from tests.factories import (
    make_administrator,
    make_area,
    make_category,
    make_connection,
    make_pin,
    make_place,
    make_portal,
    make_service,
)
from tests.toolkit_factories import make_case_study, make_page, make_term
from tests.xss import PAYLOADS

AT_ONE_SPOT = 10
ROWS_OF_A_LIST = 20

# Elements and attributes that no page of ours has; they would come from a text that became more than one.
STRANGE = """() => [
    ...document.querySelectorAll("script:not([src]):not([type='application/json']), iframe, object, embed, base[href], math, "
        + "marquee, bgsound, frame, frameset, applet, foreignObject, animate, set, image, audio, video, xss, x"),
    ...[...document.querySelectorAll("*")].filter((element) => [...element.attributes].some(({ name, value }) =>
        name.startsWith("on") || (/^(href|src|action|formaction|xlink:href)$/.test(name)
            && /^\\s*(javascript|vbscript|data:text)/i.test(value)))),
].map((element) => element.outerHTML.slice(0, 200))"""
WATCH = """for (const name of ["alert", "confirm", "prompt", "print"]) {
    window[name] = (text) => console.error(`ran: ${name}(${text})`);
}"""


@pytest.fixture
def world(db_with_groups):
    make_portal()
    make_area("Hill ward")
    make_place("Oak Hill Park")
    service = make_service(PAYLOADS[0])
    person = make_administrator("author@example.org", name=PAYLOADS[1], service=service)
    category = make_category(PAYLOADS[2][:60], slug="clubs", hint=PAYLOADS[3])
    pins = []
    for number, payload in enumerate(PAYLOADS):
        # Ten at one spot, whose names stand in one popup; the spots lie apart.
        position = Position(-0.28 + 0.017 * (number // AT_ONE_SPOT), 51.6)
        pin = make_pin(
            payload, position=position, author=person, category=category, description=payload, meeting=payload
        )
        make_connection(pin, service, what_worked=payload)
        pins.append(pin)
    for number, payload in enumerate(PAYLOADS[:10]):
        make_page(
            payload, slug=f"page-{number}", summary=payload, body=f"{payload}\n\n## {payload}\n\n* {payload}"
        )
        make_case_study(payload, slug=f"study-{number}", summary=payload, what_was_done=payload)
        make_term(payload, definition=payload)
    return person, pins


@pytest.fixture
def watched(page, faults):
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    return page


def look(page, address: str, faults) -> str:
    page.goto(address)
    page.wait_for_load_state("load")
    assert page.evaluate(STRANGE) == [], address
    assert faults == [], address
    return page.content()


def all_names(page) -> set[str]:
    return {text.strip() for text in page.locator("bdi").all_text_contents()}


def pages_of_list(page, address: str, faults) -> set[str]:
    """Read a list page by page; return every name on it, as a person reads it."""
    look(page, address, faults)
    names = all_names(page)
    while page.locator("a[rel=next]").count():
        look(page, page.locator("a[rel=next]").evaluate("link => link.href"), faults)
        names |= all_names(page)
    return names


def test_a_hundred_texts_in_lists_and_queue(watched, live_server, world, enter_as, faults, capsys):
    person, _pins = world
    names = pages_of_list(watched, f"{live_server.url}/map/list/", faults)
    assert {payload.strip() for payload in PAYLOADS} <= names
    enter_as(person)

    assert {payload.strip() for payload in PAYLOADS} <= pages_of_list(
        watched, f"{live_server.url}/staff/list/", faults
    )
    for address in (
        "/admin/pins/pin/?status__exact=published",
        "/admin/pins/pin/?status__exact=published&p=2",
        "/staff/",
        "/admin/",
        "/toolkit/",
        "/toolkit/print/",
        "/toolkit/glossary/",
        "/toolkit/site-map/",
        "/toolkit/case-studies/",
        "/map/embed/list/",
    ):
        look(watched, live_server.url + address, faults)
    with capsys.disabled():
        print(
            f"\nXSS in Chromium: {len(PAYLOADS)} payloads in public, staff and admin lists and the toolkit: 0 ran"
        )


def read_popups(page, address: str, faults) -> set[str]:
    """Open every spot of the map at its closest zoom and return the names in what opens."""
    names = set()
    for spot in range(len(PAYLOADS) // AT_ONE_SPOT):
        look(page, f"{address}#18/51.6/{-0.28 + 0.017 * spot:.4f}", faults)
        page.reload()
        page.locator(".app-map .leaflet-marker-icon, .app-map [role=button]").first.click()
        dialog = page.get_by_role("dialog")
        dialog.wait_for()
        names |= {text.strip() for text in dialog.locator("bdi").all_text_contents()}
        assert page.evaluate(STRANGE) == []
        assert faults == []
    return names


def test_a_hundred_texts_in_popups(watched, live_server, world, enter_as, faults, capsys):
    wanted = {payload.strip() for payload in PAYLOADS}
    assert wanted <= read_popups(watched, f"{live_server.url}/map/", faults)
    enter_as(world[0])

    assert wanted <= read_popups(watched, f"{live_server.url}/staff/map/", faults)
    with capsys.disabled():
        print(f"\nXSS in Chromium: {len(PAYLOADS)} payloads in the popups of both maps: 0 ran")


def look_at_pages(page, address: str, pins, faults) -> None:
    """The pages of communities: title, heading, Open Graph, share links; for staff details and history."""
    for pin in pins:
        look(page, f"{address}/map/pins/{pin.public_id}/", faults)
        assert page.title().startswith(pin.name.strip()), pin.name
        assert page.locator("meta[property='og:title']").get_attribute("content") == pin.name
        assert page.locator("meta[property='og:description']").get_attribute("content") == pin.description
        for way in (
            f"/staff/pins/{pin.public_id}/",
            f"/admin/pins/pin/{pin.pk}/change/",
            f"/admin/pins/pin/{pin.pk}/history/",
        ):
            look(page, address + way, faults)


def test_some_texts_on_pages_of_communities(watched, live_server, world, enter_as, faults):
    enter_as(world[0])

    look_at_pages(watched, live_server.url, world[1][::20], faults)


@pytest.mark.proof
def test_a_hundred_texts_on_pages_of_communities(watched, live_server, world, enter_as, faults, capsys):
    enter_as(world[0])
    look_at_pages(watched, live_server.url, world[1], faults)
    with capsys.disabled():
        print(f"\nXSS in Chromium: {len(PAYLOADS)} payloads on 4 pages each, title and Open Graph: 0 ran")
