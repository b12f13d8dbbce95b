"""Nothing that the tests run may reach another machine.

tests/conftest.py installs this in its own process; every Python process that a test starts imports it by itself,
because the folder stands in PYTHONPATH. What was tried is refused, and written down, so that a caught error fails
the run too.
"""

import ipaddress
import os
import sys

LOG = "TESTS_TRIED_TO_LEAVE"
EVENTS = {"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}


def is_here(host) -> bool:
    """Is this a name or an address of this machine?"""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def guard(event: str, arguments: tuple) -> None:
    if event not in EVENTS:
        return
    target = arguments[0] if event in {"socket.getaddrinfo", "socket.gethostbyname"} else arguments[1]
    if isinstance(target, tuple):
        target = target[0]
    elif event in {"socket.connect", "socket.sendto"}:
        return  # a path: a socket of this machine
    if not is_here(target):
        if log := os.environ.get(LOG):
            with open(log, "a", encoding="utf-8") as file:
                file.write(f"{event} {target}\n")
        raise PermissionError(f"a test tried to reach {target}")


if os.environ.get(LOG):
    sys.addaudithook(guard)
