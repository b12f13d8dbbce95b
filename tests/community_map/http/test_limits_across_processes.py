"""Sign-in limits with two real server processes on one database, and with forged addresses."""

from contextlib import ExitStack

import pytest
import requests
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache

from tests.factories import make_contributor
from tests.serving import serve_tests

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def empty_cache(transactional_db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def servers(django_db_setup):
    """Two processes that trust one proxy in front of them."""
    with ExitStack() as both:
        yield [both.enter_context(serve_tests(TRUSTED_PROXY_COUNT="1")) for _ in range(2)]


@pytest.fixture
def colleague():
    # The processes have no hasher for the tests' quick passwords.
    user = make_contributor("colleague@example.net")
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    user.save(update_fields=["password"])
    return user.email


def sign_in(address: str, email: str, password: str, forwarded: str = "", host: str = "") -> str:
    """Try to sign in at one process, as a browser that nobody knows; return what came of it."""
    browser = requests.Session()
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    headers |= {"Host": host} if host else {}
    page = browser.get(f"{address}/accounts/login/", headers=headers, timeout=30)
    token = page.text.split('csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
    answer = browser.post(
        f"{address}/accounts/login/",
        {"login": email, "password": password, "csrfmiddlewaretoken": token},
        headers=headers,
        timeout=30,
        allow_redirects=False,
    )
    if answer.status_code == 302:
        return "in"
    for sentence, outcome in (("You have tried too many times", "limited"), ("is incorrect", "wrong")):
        if sentence in answer.text:
            return outcome
    return f"{answer.status_code}"


def test_five_wrong_passwords_for_one_account_count_in_both_processes(servers, colleague):
    assert [sign_in(address, colleague, PASSWORD) for address in servers] == ["in", "in"]
    tries = [sign_in(servers[number % 2], colleague, "wrong", f"198.51.100.{number}") for number in range(5)]
    assert tries == ["wrong"] * 5

    sixth = [sign_in(address, colleague, PASSWORD, "198.51.100.99") for address in servers]

    assert sixth == ["limited", "limited"]


def test_another_port_in_the_host_header_gives_no_further_tries(servers, colleague):
    tries = [
        sign_in(servers[0], colleague, "wrong", f"198.51.100.{number}", host=f"localhost:{2000 + number}")
        for number in range(6)
    ]

    assert tries == ["wrong"] * 5 + ["limited"]


def test_ten_wrong_passwords_from_one_address_count_whatever_the_client_forwards(servers):
    """The proxy appends the address that it saw; what stands before it was written by the client."""
    forged = [f"203.0.113.{number}, 198.51.100.7" for number in range(12)]
    tries = [
        sign_in(servers[number % 2], f"person{number}@example.net", "wrong", forwarded)
        for number, forwarded in enumerate(forged)
    ]

    assert tries == ["wrong"] * 10 + ["limited"] * 2
    assert sign_in(servers[0], "another@example.net", "wrong", "203.0.113.1, 198.51.100.8") == "wrong"


def test_without_a_proxy_the_header_is_not_read_at_all():
    with serve_tests() as address:
        tries = [
            sign_in(address, f"person{number}@example.net", "wrong", f"203.0.113.{number}")
            for number in range(11)
        ]

    assert tries == ["wrong"] * 10 + ["limited"]


@pytest.mark.parametrize("forwarded", ["", "nonsense", "1.2.3.4", "a, b, c", "," * 50, "::1%eth0"])
def test_a_strange_header_is_no_fault(servers, forwarded):
    assert sign_in(servers[0], "nobody@example.net", "wrong", forwarded) == "wrong"


def test_past_the_proxies_it_counts_for_what_connected():
    with serve_tests(TRUSTED_PROXY_COUNT="2") as address:
        tries = [
            sign_in(address, f"person{number}@example.net", "wrong", f"203.0.113.{number}")
            for number in range(11)
        ]

    assert tries == ["wrong"] * 10 + ["limited"]
