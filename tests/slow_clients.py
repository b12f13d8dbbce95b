"""Clients that send and read as slowly as they can: a process of its own, which tests/test_slow_clients.py starts.

    python -m tests.slow_clients https://localhost:8123 100 100 /toolkit/print/

opens 100 connections that send a form's body byte by byte and 100 that read a page byte by byte, writes "ready" once
all are open, and goes on until its input ends. Then it writes as JSON how many were opened, and how many are still open.
"""

import json
import select
import socket
import ssl
import sys
from collections import Counter
from urllib.parse import urlsplit

PAUSE = 1.0  # seconds between two bytes
FORM = "/toolkit/useful/"
ANY_SERVER = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
ANY_SERVER.check_hostname, ANY_SERVER.verify_mode = False, ssl.CERT_NONE  # nothing secret is sent


class Client:
    """One connection; `is_reader` reads slowly, else it writes slowly."""

    def __init__(self, url, path: str, *, is_reader: bool):
        self.is_reader = is_reader
        # A small window, or the machine itself would read the whole answer for the slow reader.
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        raw.settimeout(20)
        raw.connect((url.hostname, url.port))
        if url.scheme == "https":
            raw = ANY_SERVER.wrap_socket(raw, server_hostname=url.hostname)
        self.socket = raw
        origin = f"{url.scheme}://{url.netloc}"
        lines = [f"GET {path} HTTP/1.1"] if is_reader else [f"POST {FORM} HTTP/1.1", "Content-Length: 5000"]
        lines += [f"Host: {url.netloc}", f"Origin: {origin}"]
        lines += ["Content-Type: application/x-www-form-urlencoded"]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())

    def step(self) -> bool:
        """Send or read a byte; return whether the connection is still open."""
        try:
            if self.is_reader:
                return self._read() != b""
            self.socket.sendall(b"x")
            # A form that is answered before it was sent has been refused.
            return self._read() is None
        except OSError:
            return False

    def _read(self) -> bytes | None:
        """Return the next byte; nothing at the end, and None where none has come."""
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        finally:
            self.socket.settimeout(20)


def main(address: str, writers: str, readers: str, path: str) -> None:
    url = urlsplit(address)
    wanted = [False] * int(writers) + [True] * int(readers)
    opened = Counter()

    def begin(is_reader: bool) -> Client:
        opened["readers" if is_reader else "writers"] += 1
        return Client(url, path, is_reader=is_reader)

    clients = [begin(is_reader) for is_reader in wanted]
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        # Whoever was disconnected comes again.
        clients = [client if client.step() else begin(client.is_reader) for client in clients]
    held = Counter("readers" if client.is_reader else "writers" for client in clients if client.step())
    print(json.dumps({"opened": opened, "held": held}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
