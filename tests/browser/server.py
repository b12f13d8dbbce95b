"""The portal as `make run` serves it, for tests that want the real thing with its demonstration."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

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


@contextmanager
def serve_demo(folder: Path) -> Iterator[str]:
    """Start scripts/run.py with an empty database in this folder; give the portal's address, stop it afterwards."""
    port = spare_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"SITE_URL", "WEB_PROCESS"}},
        "PORT": str(port),
        "DEMO": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
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


def sign_in_to_demo(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill("community-map-demo")
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/staff/")
