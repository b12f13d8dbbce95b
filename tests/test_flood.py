"""An anonymous flood beside a reader: real server, real processes, and how much longer the reader waits."""

import json
import statistics
import subprocess
import sys
import time
from collections import Counter

import pytest
import requests
from django.core.cache import cache

from community_map.models import User
from tests.factories import make_area, make_category, make_contributor, make_pin, make_place, make_portal
from tests.serving import ROOT, serve_tests

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

READER, FLOOD = "198.51.100.1", "203.0.113.9"
PROCESSES = 2
SECONDS = 25
WARM = 6  # seconds until the flood is at its limit in every way
READS = 60
MOST_TIMES = 5
PAGES = ["/map/list/", "/map/tiles/12/2045/1360.json", "/", "/map/", "/map/places/?q=oak"]


@pytest.fixture
def world():
    cache.clear()
    make_portal()
    make_area("Hill ward")
    make_place("Oak Hill Park")
    category = make_category("Clubs")
    for number in range(300):
        make_pin(f"Club {number}", category=category, author=make_author())
    yield
    cache.clear()


def make_author():
    return User.objects.filter(email="author@example.org").first() or make_contributor("author@example.org")


def read(address: str) -> tuple[float, Counter]:
    """Read as a person does, a page after another with a pause; return the median in milliseconds, and statuses."""
    session = requests.Session()
    session.headers["X-Forwarded-For"] = READER
    times, statuses = [], Counter()
    for number in range(READS):
        began = time.perf_counter()
        statuses[session.get(address + PAGES[number % len(PAGES)], timeout=30).status_code] += 1
        times.append(1000 * (time.perf_counter() - began))
        time.sleep(0.1)
    return statistics.median(times), statuses


def start_flood(address: str) -> list[subprocess.Popen]:
    command = [sys.executable, "-m", "tests.flood", address, FLOOD, str(SECONDS)]
    return [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 (our own words)
        for _ in range(PROCESSES)
    ]


def test_a_reader_beside_an_anonymous_flood_waits_at_most_five_times_as_long(world, capsys):
    with serve_tests(TRUSTED_PROXY_COUNT="1") as address:
        read(address)
        alone, statuses = read(address)
        flood = start_flood(address)
        time.sleep(WARM)
        beside, statuses_beside = read(address)
        seen = Counter()
        for process in flood:
            seen.update(json.loads(process.communicate(timeout=SECONDS + 30)[0]))

    with capsys.disabled():
        print(
            f"\nflood: {sum(seen.values())} requests in {SECONDS} s {dict(seen)}; median of a reader {alone:.1f} ms alone, "
            f"{beside:.1f} ms beside it, {beside / alone:.1f} times"
        )
    assert (statuses, statuses_beside) == (Counter({200: READS}), Counter({200: READS}))
    assert seen["429"] > 1000 and not set(seen) & {"0", "500", "502", "503"}
    assert beside <= MOST_TIMES * alone
