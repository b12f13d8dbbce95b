"""Every kind of page, wide and narrow, against axe's rules for WCAG 2.2 A and AA; no page scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.server import sign_in_to_demo

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PUBLIC = [
    "/",
    "/map/",
    "/map/list/",
    "/accounts/login/",
    "/accessibility-statement/",
    "/privacy/",
    "/cookies/",
]
STAFF = ["/staff/", "/staff/map/", "/staff/list/", "/staff/pins/new/"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


def is_ours(rule: str, html: str) -> bool:
    """Say no to the one thing that GOV.UK Frontend itself does: it tells of a radio's conditional part."""
    return not (rule == "aria-allowed-attr" and 'type="radio"' in html and "aria-controls=" in html)


def faults_of(page: Page) -> list[str]:
    """Return a line for each rule broken by a thing on the page, and one if the page is wider than the window."""
    found = [
        f"{broken['id']}: {node['html'][:120]}"
        for broken in Axe().run(page, options=RULES).response["violations"]
        for node in broken["nodes"]
        if is_ours(broken["id"], node["html"])
    ]
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"scrolls sideways by {width} px"] if width > 0 else [])]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_breaks_no_rule(page: Page, served, path, size):
    page.set_viewport_size(size)
    page.goto(served + path, wait_until="networkidle")

    assert faults_of(page) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_community_breaks_no_rule(page: Page, served, size):
    page.set_viewport_size(size)
    page.goto(f"{served}/map/list/")
    page.locator("main a[href*='/map/pins/']").first.click()
    page.wait_for_url("**/map/pins/**")

    assert faults_of(page) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_staff_pages_break_no_rule(page: Page, served, size):
    page.set_viewport_size(size)
    sign_in_to_demo(page, served, "contributor@example.org")
    found = {}
    for path in STAFF:
        page.goto(served + path, wait_until="networkidle")
        found[path] = faults_of(page)

    assert found == {path: [] for path in STAFF}
