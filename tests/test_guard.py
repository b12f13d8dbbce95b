"""The guard over the whole test run: it sees what it must, in this process and in those that tests start."""

import os
import socket
import subprocess
import sys

import pytest
import requests

FAR = [("198.51.100.1", 443), ("2001:db8::1", 443)]


@pytest.mark.parametrize("address", FAR, ids=str)
def test_another_machine_cannot_be_reached(tried_to_leave, address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as probe, pytest.raises(PermissionError):
        probe.connect(address)

    assert tried_to_leave.read_text(encoding="utf-8") == f"socket.connect {address[0]}\n"
    tried_to_leave.write_text("", encoding="utf-8")


def test_a_name_elsewhere_is_not_even_looked_up(tried_to_leave):
    with pytest.raises(OSError, match="a test tried to reach"):
        requests.get("https://example.org/", timeout=5)

    assert tried_to_leave.read_text(encoding="utf-8") == "socket.getaddrinfo example.org\n"
    tried_to_leave.write_text("", encoding="utf-8")


def test_a_process_that_a_test_starts_is_guarded_too(tried_to_leave):
    code = "import socket; socket.create_connection(('198.51.100.1', 443), timeout=5)"
    done = subprocess.run(  # noqa: S603 (our own interpreter, our own words)
        [sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, timeout=30, check=False
    )

    assert "a test tried to reach 198.51.100.1" in done.stderr
    assert "198.51.100.1" in tried_to_leave.read_text(encoding="utf-8")
    tried_to_leave.write_text("", encoding="utf-8")


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("localhost", port), timeout=5) as probe:
            assert probe.getpeername() == ("127.0.0.1", port)
