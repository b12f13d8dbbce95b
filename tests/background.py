"""The regular jobs as a process of their own, on this test's database."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.serving import ROOT, database_url


def start(*command: str, **settings: str) -> subprocess.Popen:
    return subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running_jobs(*arguments: str, **settings: str) -> Iterator[subprocess.Popen]:
    """Run the loop of run_jobs until the block ends."""
    loop = start("manage.py", "run_jobs", *arguments, **settings)
    try:
        yield loop
    finally:
        loop.kill()
        loop.communicate()


def wait_for(what, seconds: float = 60):
    """Wait until something is true, and return it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing within {seconds} s")
