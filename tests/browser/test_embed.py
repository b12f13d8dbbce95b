"""The map in a frame on another site, in a real browser: drawn where it is allowed, and each community in a new tab."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from tests.factories import make_category, make_pin, make_portal


@pytest.fixture
def portal(db_with_groups):
    make_portal()
    return make_pin("Chess club", category=make_category("Clubs"))


@pytest.fixture
def elsewhere(live_server):
    """Another site: a server of its own on 127.0.0.1, whose page at /?/map/… has our page at /map/… in a frame."""

    class HostPage(BaseHTTPRequestHandler):
        def do_GET(self):
            frame = f'<iframe src="{live_server.url}{self.path[2:]}" title="Map" width="900" height="600">'
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(
                f'<!doctype html><link rel="icon" href="data:,"><title>Elsewhere</title>{frame}</iframe>'.encode()
            )

        def log_message(self, *args):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), HostPage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_site_that_may_shows_the_map_and_opens_a_community_in_a_new_tab(
    page, context, live_server, portal, elsewhere
):
    with override_settings(EMBED_HOSTS=[elsewhere]):
        page.goto(elsewhere + "/?" + "/map/embed/")
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("heading", level=1)).to_have_text("Map of communities")
        frame.get_by_role("button", name="Chess club").click()
        with context.expect_page() as opened:
            frame.get_by_role("dialog").get_by_role("link", name="Chess club").click()

    opened.value.wait_for_load_state()
    assert opened.value.url == f"{live_server.url}/map/pins/{portal.public_id}/"
    assert context.cookies() == []


def test_filters_and_the_list_stay_in_the_frame(page, context, portal, elsewhere):
    make_pin("Choir", category=make_category("Music"))
    with override_settings(EMBED_HOSTS=[elsewhere]):
        page.goto(elsewhere + "/?" + "/map/embed/")
        frame = page.frame_locator("iframe")
        frame.get_by_label("Music").check()
        expect(frame.locator("[data-count]")).to_contain_text("1 community")
        frame.get_by_role("link", name="View as a list").click()
        expect(frame.get_by_role("heading", name="Choir")).to_be_visible()
        expect(frame.get_by_role("heading", name="Chess club")).to_have_count(0)

    assert len(context.pages) == 1


@pytest.mark.parametrize("path", ["/map/embed/", "/map/"])
def test_a_site_that_may_not_shows_nothing(page, portal, elsewhere, faults, path):
    hosts = [] if path == "/map/embed/" else [elsewhere]
    with override_settings(EMBED_HOSTS=hosts):
        page.goto(elsewhere + "/?" + path)
        page.wait_for_load_state("networkidle")

        expect(page.frame_locator("iframe").get_by_role("heading", name="Map of communities")).to_have_count(
            0
        )
    assert any("frame-ancestors" in fault for fault in faults)
    faults.clear()
