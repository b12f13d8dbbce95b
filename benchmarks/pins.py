"""How long do the map's pages take with a hundred thousand communities?

Run with -m. Generated pins beside the demonstration's, in a database of its own; PINS sets how many. Medians in
milliseconds, to compare two states of the code on one machine: nothing is held to a limit.
"""

import os
import statistics
import tempfile

from benchmarks.toolkit import ask, prepare

ROUNDS = 15
WHOLE, TOWN, STREET = "9/255/170", "13/4091/2720", "17/65463/43528"
PAGES = [
    "/map/",
    "/map/list/",
    "/map/list/?q=walking",
    "/map/list/?category=shared-goal",
    *(f"/map/tiles/{tile}.json" for tile in (WHOLE, TOWN, STREET)),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from django.core.management import call_command
        from django.db import connection
        from django.test import Client

        pins = int(os.environ.get("PINS", "100000"))
        call_command("make_pins", pins, add=True)
        client = Client()
        print(f"{connection.vendor}: median of {ROUNDS} requests each, in milliseconds, with {pins:,} pins")
        for address in PAGES:
            times = [ask(client, address) for _ in range(ROUNDS + 1)][1:]
            print(f"  {address:45} {statistics.median(times):8.1f}")
        connection.close()


if __name__ == "__main__":
    main()
