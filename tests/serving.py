"""Real servers for tests: the portal as `make run` serves it with its demonstration, and as docs/deploying.md says."""

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
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
# A demonstration is ready in about 13 s on a quiet machine; beside three other browsers it has taken over 60.
PATIENCE = 240
# Longer than the kill timeout of the servers' own command.
STOP = 20


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(address: str, server: subprocess.Popen, seconds: int = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert server.poll() is None, server.stdout.read()
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310 (our own server)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"no answer within {seconds} s")


@contextmanager
def run(command: list[str], port: int, **settings: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """Run a server until the block ends; give its address, once it answers, and its process."""
    kept = {name: value for name, value in os.environ.items() if name not in {"SITE_URL", "WEB_PROCESS"}}
    server = subprocess.Popen(  # noqa: S603 (our own server, our own words)
        command,
        cwd=ROOT,
        env={**kept, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_it_answers(f"http://localhost:{port}", server)
        yield f"http://localhost:{port}", server
    finally:
        server.terminate()
        try:
            server.communicate(timeout=STOP)
        except subprocess.TimeoutExpired:
            server.kill()
            raise


@contextmanager
def serve_demo(folder: Path) -> Iterator[str]:
    """Start the demonstration with an empty database in this folder; give the portal's address, stop it afterwards."""
    with serve_by_make_run(folder, demo="1") as (address, _server):
        yield address


@contextmanager
def serve_by_make_run(folder: Path, *, demo: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """Start scripts/run.py with an empty database in this folder; give the address and the server's process."""
    port = spare_port()
    settings = {"PORT": str(port), "DEMO": demo, "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}"}
    with run([sys.executable, "scripts/run.py"], port, **settings) as running:
        yield running


@contextmanager
def serve_tests(**settings: str) -> Iterator[str]:
    """Serve this test's database by the command of docs/deploying.md, with one worker; give the address."""
    with serve_deployed(**settings) as (address, _server):
        yield address


@contextmanager
def serve_deployed(*, workers: int = 1, **settings: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """The same with so many workers; give the address and the server's process, for signals."""
    port = spare_port()
    with run(deployed_command(port, workers), port, DATABASE_URL=database_url(), **settings) as running:
        yield running


def deployed_command(port: int, workers: int = 1) -> list[str]:
    """The command that docs/deploying.md gives, with so many workers on this port."""
    lines = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith("granian ")]
    command = (
        line.replace("--port 8000", f"--port {port}").replace("--workers 2", f"--workers {workers}").split()
    )
    assert command[-1] == "community_map.wsgi:application" and str(port) in command
    return [str(Path(sys.executable).with_name("granian")), *command[1:], "--log-level", "warning"]


def database_url() -> str:
    """The database of this test, for another process."""
    there = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{there['NAME']}"
    host, port = quote(there["HOST"] or "localhost", safe=""), there["PORT"] or 5432
    return f"postgres://{quote(there['USER'])}:{quote(there['PASSWORD'] or '')}@{host}:{port}/{there['NAME']}"
