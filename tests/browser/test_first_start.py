"""The portal as `make run` serves it: granian, hashed files, the demonstration in a database of its own."""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.serving import ROOT


def sign_in_to_demo(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill("community-map-demo")
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/staff/")


@pytest.mark.parametrize("path", ["/", "/map/", "/map/list/", "/accounts/login/", "/privacy/"])
def test_every_file_of_a_page_is_hashed_and_arrives(page: Page, served, path):
    names = []
    page.on("response", lambda response: names.append(response.url) if "/static/" in response.url else None)

    page.goto(served + path, wait_until="networkidle")

    expect(page.locator("body")).to_contain_class("js-enabled govuk-frontend-supported")
    expect(page.locator("h1")).to_have_count(1)
    unhashed = [name for name in names if len(name.rsplit("/", 1)[1].split(".")) < 3]
    assert names
    assert unhashed == []


def test_the_address_with_numbers_works_too(page: Page, served):
    page.goto(served.replace("localhost", "127.0.0.1"))

    expect(page.get_by_role("link", name="Map", exact=True)).to_be_visible()


def test_the_demonstration_can_be_signed_into(page: Page, served):
    sign_in_to_demo(page, served, "contributor@example.org")

    expect(page).to_have_url(f"{served}/staff/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_second_start_on_the_same_port_says_which_port_is_free_to_try(served):
    port = served.rsplit(":", 1)[1]

    done = subprocess.run(
        [sys.executable, "scripts/run.py"],
        cwd=ROOT,
        env={**os.environ, "PORT": port},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert f"make run PORT={int(port) + 1}" in done.stderr
