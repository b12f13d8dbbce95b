"""The service stays up: a worker that is killed comes back, and a reload loses nothing that was asked meanwhile."""

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.factories import make_portal
from tests.serving import serve_by_make_run, serve_deployed, wait_until_it_answers

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

WORKERS = 2
READERS = 4
BACK = 40  # seconds until a killed worker must have been replaced, on a busy machine


def children(pid: int) -> set[int]:
    """The worker processes of a server; Python's resource tracker is a child too, and no worker."""
    found = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            words = Path(f"/proc/{child}/cmdline").read_text(encoding="utf-8", errors="replace")
            if "resource_tracker" not in words:
                found.add(int(child))
    return found


def wait_for(what, seconds: int = BACK) -> float:
    """Wait until what() is true; return how long that took."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - began


@contextmanager
def readers(address: str):
    """Readers who ask again and again, each on a connection of its own; gives the statuses, counted so far."""
    seen: Counter = Counter()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                seen[requests.get(f"{address}/", timeout=30).status_code] += 1
            except requests.RequestException as error:
                seen[type(error).__name__] += 1

    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def kill_a_worker(address: str, server: subprocess.Popen, workers: int) -> str:
    """Kill one worker as the system does; return how the service went on."""
    before = children(server.pid)
    assert len(before) == workers
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    began = time.monotonic()
    wait_for(lambda: len(children(server.pid) - {killed}) == workers)
    # A connection that the killed worker had accepted is lost with it; the service is not.
    wait_until_it_answers(address, server, BACK)
    back = time.monotonic() - began
    answered = sum(requests.get(f"{address}/", timeout=30).status_code == 200 for _ in range(50))
    assert answered == 50
    return f"replaced after {back:.1f} s, then {answered} of 50 requests answered"


def test_a_killed_worker_is_replaced_and_the_service_goes_on(capsys):
    make_portal()
    with serve_deployed(workers=WORKERS, PUBLIC_REQUESTS_PER_MINUTE="0") as (address, server):
        found = kill_a_worker(address, server, WORKERS)

    with capsys.disabled():
        print(f"\nkilled worker, one of two: {found}")


def test_the_demonstrations_only_worker_is_replaced_when_it_is_killed(tmp_path, capsys):
    with serve_by_make_run(tmp_path, demo="0") as (address, server):
        found = kill_a_worker(address, server, 1)

    with capsys.disabled():
        print(f"\nkilled worker, the only one: {found}")


def test_a_reload_loses_no_request(capsys):
    make_portal()
    with serve_deployed(workers=WORKERS, PUBLIC_REQUESTS_PER_MINUTE="0") as (address, server):
        before = children(server.pid)
        with readers(address) as seen:
            time.sleep(1)
            server.send_signal(signal.SIGHUP)
            took = wait_for(lambda: not before & children(server.pid))
            time.sleep(1)

    with capsys.disabled():
        print(
            f"\nreload: both workers replaced in {took:.1f} s, {seen[200]} of {sum(seen.values())} answered {dict(seen)}"
        )
    assert set(seen) == {200} and seen[200] > 50
