"""The portal as `make run` serves it: granian, hashed files, the demonstration in a database of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(address: str, server: subprocess.Popen, seconds: int = 60) -> None:
    for _ in range(seconds * 5):
        assert server.poll() is None, server.stdout.read()
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310 (our own server)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"no answer within {seconds} s")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a portal that scripts/run.py started with an empty database."""
    port = spare_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"SITE_URL", "WEB_PROCESS"}},
        "PORT": str(port),
        "DEMO": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('served') / 'portal.sqlite3'}",
    }
    server = subprocess.Popen(
        [sys.executable, "scripts/run.py"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_it_answers(f"http://localhost:{port}", server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=20)


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
    page.goto(f"{served}/staff/")
    page.get_by_label("E-mail address").fill("contributor@example.org")
    page.get_by_label("Password", exact=True).fill("community-map-demo")
    page.locator("main").get_by_role("button", name="Sign in").click()

    page.wait_for_url(f"{served}/staff/")
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
