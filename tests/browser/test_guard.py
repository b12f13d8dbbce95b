"""The guard of the browser tests: a page that asks another server than the tile host fails its test."""

import contextlib

from playwright.sync_api import Error


def test_asking_another_server_is_a_fault(page, live_server, faults):
    page.goto(f"{live_server.url}/healthz")
    with contextlib.suppress(Error):
        page.goto("https://example.org/")

    assert faults == ["asked another server: https://example.org/"]
    faults.clear()


def test_a_picture_from_elsewhere_is_a_fault_and_one_from_the_tile_host_is_not(page, faults):
    page.set_content('<img src="https://tile.openstreetmap.org/1/1/1.png" alt="">')
    page.wait_for_load_state("networkidle")
    assert faults == []

    page.set_content('<img src="https://example.org/1.png" alt="">')
    page.wait_for_load_state("networkidle")
    assert faults == ["asked another server: https://example.org/1.png"]
    faults.clear()
