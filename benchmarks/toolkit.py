"""How much longer does a toolkit page take than a view that returns a constant through the same middleware?

Both are asked in turn, in one process and one run, of the demonstration in a database of its own. The ratio of the
medians is what counts: it holds on slow machines and on fast ones. Ends with 1 where a page takes more than four
times as long.
"""

import itertools
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 300
WARM_UP = 20
MOST = 4.0
FLOOR = "/bare/"
PAGES = [
    "/toolkit/",
    "/toolkit/kicking-off/",
    "/toolkit/four-approaches/",
    "/toolkit/case-studies/",
    "/toolkit/case-studies/barnet-food-hub/",
    "/toolkit/glossary/",
    "/toolkit/site-map/",
    "/toolkit/print/",
]
# Drawn for each request, because their address has a query: measured, and not held to the ratio.
DRAWN = ["/toolkit/search/?q=community", "/toolkit/?level=new"]


def prepare(folder: str) -> None:
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ["DJANGO_SETTINGS_MODULE"] = "community_map.settings"
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ROOT_URLCONF = "benchmarks.urls"
    for command in (["migrate"], ["load_demo"], ["seed_toolkit"]):
        call_command(*command, verbosity=0)


# Each request comes from a network of its own: one reader who asks so often would be refused.
networks = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}" for number in itertools.count())


def ask(client, address: str) -> float:
    """Ask once; return the milliseconds."""
    start = time.perf_counter()
    response = client.get(address, headers={"Host": "localhost"}, REMOTE_ADDR=next(networks))
    took = (time.perf_counter() - start) * 1000
    if response.status_code != 200:
        sys.exit(f"{address} answered {response.status_code}")
    return took


def measure() -> dict[str, float]:
    """Return the median milliseconds by address. The floor is asked before each, so that a busy moment hits both."""
    from django.test import Client

    client = Client()
    times: dict[str, list[float]] = {address: [] for address in (FLOOR, *PAGES, *DRAWN)}
    for number in range(WARM_UP + ROUNDS):
        for address in (*PAGES, *DRAWN):
            took = {FLOOR: ask(client, FLOOR), address: ask(client, address)}
            if number >= WARM_UP:
                for asked, milliseconds in took.items():
                    times[asked].append(milliseconds)
    return {address: statistics.median(found) for address, found in times.items()}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from django.db import connection

        medians = measure()
        vendor = connection.vendor
        connection.close()
    floor = medians[FLOOR]
    print(f"{vendor}: median of {ROUNDS} requests each, in milliseconds, and as a multiple of a constant")
    for address, median in medians.items():
        print(f"  {address:45} {median:8.2f} {median / floor:7.1f}")
    worst = max(medians[address] for address in PAGES) / floor
    print(f"toolkit pages: at most {worst:.1f} times a constant (limit {MOST:.0f})")
    sys.exit(1 if worst > MOST else 0)


if __name__ == "__main__":
    main()
