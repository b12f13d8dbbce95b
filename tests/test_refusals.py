"""What is wrong in a request itself, sent to the real server as bytes: every answer of ours has every header."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.factories import make_portal
from tests.serving import serve_tests

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

HOST = b"Host: localhost\r\n"
FORM = b"POST /toolkit/useful/ HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Type: "
URLENCODED, MULTIPART = b"application/x-www-form-urlencoded", b"multipart/form-data"
FILE = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nabc\r\n--x--\r\n'


def post(content_type: bytes, body: bytes) -> bytes:
    return FORM + content_type + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body


OURS = {
    "another host": (400, b"GET / HTTP/1.1\r\nHost: evil.example.org\r\n\r\n"),
    "a host that is none": (400, b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
    "no host": (400, b"GET / HTTP/1.1\r\n\r\n"),
    "a filter that is none": (400, b"GET /map/?category=nothing HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a path that is no text": (404, b"GET /%ff%zz HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a path with a zero": (404, b"GET /%00/map HTTP/1.1\r\n" + HOST + b"\r\n"),
    "too many fields": (400, post(URLENCODED, b"a=1&" * 300)),
    "a file": (400, post(MULTIPART + b"; boundary=x", FILE)),
    "a form without its parts": (400, post(MULTIPART, b"abc")),
    "too large": (413, FORM + URLENCODED + b"\r\nContent-Length: 2000000\r\n\r\n"),
    # Of which nothing is read: the form is empty.
    "of a length not told": (
        400,
        FORM
        + URLENCODED
        + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        + (b"10000\r\n" + b"a" * 65536 + b"\r\n") * 20
        + b"0\r\n\r\n",
    ),
    "an unknown method": (403, b"FOO / HTTP/1.1\r\n" + HOST + b"\r\n"),
}
# What the server refuses before the portal hears of it; in production the web server in front has done so already.
THE_SERVERS = {
    "no request": (400, b"NONSENSE\r\n\r\n"),
    "an address that is no ASCII": (400, b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a length that is none": (400, b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n"),
}
EVERY_HEADER = {
    *("content-security-policy", "x-frame-options", "x-content-type-options", "referrer-policy"),
    *("permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy", "cache-control"),
}


def ask(address: str, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send these bytes; return status, headers by name in small letters, and the beginning of the body."""
    url = urlsplit(address)
    answer = b""
    with socket.create_connection((url.hostname, url.port), timeout=20) as connection:
        connection.sendall(request)
        while b"\r\n\r\n" not in answer:
            received = connection.recv(8192)
            assert received, answer
            answer += received
    head, body = answer.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, body


def test_every_refusal_of_the_portal_has_every_header(capsys):
    make_portal()
    found = {}
    with serve_tests() as address:
        for name, (_status, request) in {**OURS, **THE_SERVERS}.items():
            found[name] = ask(address, request)

    assert {name: answer[0] for name, answer in found.items()} == {
        name: status for name, (status, _request) in {**OURS, **THE_SERVERS}.items()
    }
    missing = {name: EVERY_HEADER - set(found[name][1]) for name in OURS}
    assert missing == {name: set() for name in OURS}
    for name in THE_SERVERS:
        assert found[name][1]["content-length"] == "0" and found[name][2] == b""
    with capsys.disabled():
        print(f"\nrefusals: {len(OURS)} kinds of bad request, each with {len(EVERY_HEADER)} headers")
