"""Ask a server as fast as it answers: a process of its own, which tests/test_flood.py starts.

    python -m tests.flood http://localhost:8123 203.0.113.9 10

asks from this forwarded address for ten seconds and writes how often which status came, as JSON.
"""

import http.client
import itertools
import json
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

CONNECTIONS = 4
# What costs most: searches in every word, tiles, pages that nobody has asked for before.
ADDRESSES = [
    "/map/list/?q={}", "/map/tiles/11/1022/680.json?q={}", "/map/places/?q={}", "/map/?q={}", "/map/list/?near={}",
    "/toolkit/search/?q={}", "/map/tiles/12/2045/1360.json", "/map/areas.json?set=ward", "/", "/accounts/login/?next={}",
]  # fmt: skip


def ask(host: str, forwarded: str, until: float, seen: Counter) -> None:
    connection = http.client.HTTPConnection(host, timeout=30)
    for number in itertools.count():
        if time.monotonic() > until:
            return
        path = ADDRESSES[number % len(ADDRESSES)].format(f"word{number}")
        try:
            connection.request("GET", path, headers={"X-Forwarded-For": forwarded})
            response = connection.getresponse()
            response.read()
            seen[response.status] += 1
        except (OSError, http.client.HTTPException):
            seen[0] += 1
            connection.close()


def main(address: str, forwarded: str, seconds: str) -> None:
    seen: Counter = Counter()
    until = time.monotonic() + float(seconds)
    arguments = (urlsplit(address).netloc, forwarded, until, seen)
    threads = [threading.Thread(target=ask, args=arguments) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
