"""Clients that send and read byte by byte: behind docs/nginx.conf a reader hardly notices; without it two stop the server."""

import datetime
import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.factories import make_pin, make_portal
from tests.nginx import needs_nginx, nginx
from tests.serving import ROOT, serve_tests, spare_port
from tests.toolkit_factories import make_page

pytestmark = [
    pytest.mark.proof,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    needs_nginx,
]
SLOW = 100  # writers, and as many readers
READS = 60
MOST_TIMES = 2
PAGES = ["/map/list/", "/map/tiles/12/2045/1360.json", "/", "/toolkit/print/"]
LONG_PAGE = "/toolkit/print/"


@pytest.fixture
def world():
    make_portal()
    for number in range(50):
        make_pin(f"Club {number}")
    for number in range(8):
        make_page(slug=f"page-{number}", title=f"Page {number}", body="A long page. " * 2500)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for localhost and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "portal.pem", folder / "portal.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


@contextmanager
def documented_proxy(folder: Path, port: int, upstream: str):
    """nginx as docs/nginx.conf has it, but for names, ports and the certificate; gives its address and certificate."""
    certificate, key = make_certificate(folder)
    inside = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    for documented, here, times in (
        ("listen 80;", f"listen 127.0.0.1:{spare_port()};", 1),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;", 1),
        ("map.example.gov.uk", "localhost", 2),
        ("/etc/ssl/certs/portal.pem", str(certificate), 1),
        ("/etc/ssl/private/portal.key", str(key), 1),
        ("http://127.0.0.1:8000", upstream, 1),
    ):
        assert inside.count(documented) == times, documented
        inside = inside.replace(documented, here)
    with nginx(folder, inside, f"https://localhost:{port}", verify=str(certificate)) as address:
        yield address, str(certificate)


@contextmanager
def slow_clients(address: str, writers: int, readers: int):
    """So many slow clients while the block runs; gives a dictionary that then says how many there were."""
    command = [sys.executable, "-m", "tests.slow_clients", address, str(writers), str(readers), LONG_PAGE]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)  # noqa: S603 (our own words)
    seen: dict = {}
    try:
        assert process.stdout.readline() == "ready\n"
        time.sleep(3)
        yield seen
        seen.update(json.loads(process.communicate("stop\n", timeout=60)[0]))
    finally:
        process.kill()
        process.wait()


def read(address: str, certificate: str) -> tuple[float, Counter]:
    """Read as a person does; return the median in milliseconds, and statuses."""
    times, statuses = [], Counter()
    session = requests.Session()
    for number in range(READS):
        began = time.perf_counter()
        page = PAGES[number % len(PAGES)]
        statuses[session.get(address + page, timeout=30, verify=certificate).status_code] += 1
        times.append(1000 * (time.perf_counter() - began))
        time.sleep(0.05)
    return statistics.median(times), statuses


def test_behind_the_documented_web_server_a_reader_hardly_notices_slow_clients(world, tmp_path, capsys):
    port = spare_port()
    with (
        serve_tests(SITE_URL=f"https://localhost:{port}", TRUSTED_PROXY_COUNT="1") as upstream,
        documented_proxy(tmp_path, port, upstream) as (address, certificate),
    ):
        length = len(requests.get(address + LONG_PAGE, timeout=30, verify=certificate).content)
        read(address, certificate)
        alone, statuses = read(address, certificate)
        with slow_clients(address, SLOW, SLOW) as seen:
            beside, statuses_beside = read(address, certificate)

    with capsys.disabled():
        print(
            f"\nslow clients behind nginx: {seen['held']} of {seen['opened']} opened; a page of {length:,} bytes; median of a "
            f"reader {alone:.1f} ms alone, {beside:.1f} ms beside them, {beside / alone:.2f} times"
        )
    assert (statuses, statuses_beside) == (Counter({200: READS}), Counter({200: READS}))
    # They are there, and slow: else this would prove nothing.
    assert seen["held"] == {"writers": SLOW, "readers": SLOW}, seen
    assert beside <= MOST_TIMES * alone


def test_without_a_web_server_in_front_two_half_sent_forms_stop_the_server(world, capsys):
    """Why docs/deploying.md asks for one; should a server learn to wait by itself, this says so."""
    with serve_tests() as address:
        with slow_clients(address, 0, SLOW) as seen:
            answer = requests.get(f"{address}/", timeout=10)
            assert answer.status_code == 200
        with slow_clients(address, 2, 0), pytest.raises(requests.ReadTimeout):
            requests.get(f"{address}/", timeout=5)
        after = requests.get(f"{address}/", timeout=30).status_code

    with capsys.disabled():
        print(
            f"\nslow clients, server alone: beside {seen['held']} a page in {answer.elapsed.total_seconds() * 1000:.0f} ms; "
            f"beside 2 half-sent forms none in 5 s; {after} once they are gone"
        )
    assert after == 200
