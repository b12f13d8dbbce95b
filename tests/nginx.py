"""A real nginx for tests, with a configuration of their own."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
needs_nginx = pytest.mark.skipif(
    # In CI nothing is skipped: there the test runs, and fails.
    NGINX is None and os.environ.get("CI") != "true",
    reason="nginx is not installed",
)
AROUND = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {inside}
}}
"""


@contextmanager
def nginx(folder: Path, inside: str, address: str, verify: str | bool = True) -> Iterator[str]:
    """Run nginx with `inside` as its http block; give this address of its own once /healthz answers there."""
    # Where root runs the tests, nginx would make its worker somebody who may not write here.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(AROUND.format(folder=folder, user=user, inside=inside), encoding="utf-8")
    assert NGINX, "nginx is not installed"
    process = subprocess.Popen(  # noqa: S603 (our own words)
        [NGINX, "-p", str(folder), "-c", str(configuration)], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            try:
                requests.get(f"{address}/healthz", timeout=5, verify=verify)
                break
            except requests.ConnectionError:
                assert process.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
