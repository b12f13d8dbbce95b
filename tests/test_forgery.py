"""What a page elsewhere, a forged link or a forged header can do: nothing, at any address. Each test prints its count.

In `make test` every address meets some of the forgeries; in `make proof` every address meets all of them.
"""

import re
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_administrator,
    make_connection,
    make_contributor,
    make_pin,
    make_place,
    make_portal,
)
from tests.mail import sent_mail
from tests.routes import all_routes
from tests.toolkit_factories import make_case_study, make_page

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"

# Ways to write an address that a browser takes for another site's.
STARTS = ["//", "///", "////", "\\\\", "/\\", "\\/", "/\t/", "\t//", "/\n/", " //", "/%09/", "https:", "https://", "https:/",
          "http:///", "HTTPS://", "hTtP://", "https:\\\\", "//%00", "//user@", "https://testserver@",
          "https://testserver:80@", "//testserver.", "https://testserver.", "javascript:alert(1)//", "JaVaScRiPt:alert(1)//",
          "java\nscript:alert(1)//", "data:text/html,<script>alert(1)</script>", "vbscript:x//", "ftp://", "ws://"]  # fmt: skip
ENDS = ["evil.example", "evil.example/%2e%2e"]
REDIRECTS = [start + end for start in STARTS for end in ENDS]
NAMES = ["next", "redirect", "url", "return_to", "continue"]
# The share of the forgeries that each address meets.
SHARES = [pytest.param(6, id="sample"), pytest.param(1, id="all", marks=pytest.mark.proof)]


@pytest.fixture
def paths():
    make_portal()
    make_place("Oak Hill Park")
    pin = make_pin()
    make_connection(pin)
    make_page(slug="example")
    make_case_study(slug="example")
    return [route.path for route in all_routes(public_id=pin.public_id)]


@pytest.fixture
def tell(capsys):
    def tell(sentence: str) -> None:
        with capsys.disabled():
            print(f"\n{sentence}")

    return tell


def leads_away(location: str) -> bool:
    """Would a browser on our page go to another site? Browsers drop tabs and line ends, and read \\ as /."""
    seen = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    target = urlsplit(urljoin("http://testserver/here/", seen))
    return target.scheme not in {"http", "https"} or target.hostname != "testserver"


@pytest.mark.parametrize("location", REDIRECTS[::2])
def test_the_check_sees_an_address_elsewhere(location):
    elsewhere = leads_away(location)

    assert elsewhere or urljoin("http://testserver/", location).startswith("http://testserver/")


@pytest.mark.parametrize("every", SHARES)
def test_no_link_leads_through_us_to_another_site(paths, tell, every):
    tried, redirected = 0, 0
    visitor, colleague = Client(), Client()
    colleague.force_login(make_administrator())
    for client in (visitor, colleague):
        # Every address once with every name; those that redirect, or sign in and out, with more.
        for path in paths:
            first = client.get(path, dict.fromkeys(NAMES, REDIRECTS[0]))
            redirects = first.status_code in {301, 302} or path.startswith("/accounts/")
            payloads = (
                REDIRECTS if path.startswith("/accounts/") else REDIRECTS[::7] if redirects else REDIRECTS[:1]
            )
            for payload in payloads[::every]:
                answer = client.get(path, dict.fromkeys(NAMES, payload))
                tried += 1
                if "Location" in answer.headers:
                    redirected += 1
                    assert not leads_away(answer.headers["Location"]), (
                        path,
                        payload,
                        answer.headers["Location"],
                    )
    tell(
        f"open redirects: {tried} forged links at {len(paths)} addresses, {redirected} redirects, 0 lead away"
    )
    assert redirected > 300 / every


@pytest.mark.parametrize("every", SHARES)
@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/logout/", "/accounts/reauthenticate/", "/admin/login/"]
)
def test_signing_in_and_out_leads_nowhere_else(settings, address, tell, every):
    make_portal()
    user = make_contributor()
    led = 0
    settings.ACCOUNT_RATE_LIMITS = False
    payloads = REDIRECTS[::every]
    for payload in payloads:
        client = Client()
        if address != "/accounts/login/":
            client.force_login(user)
        answer = client.post(
            f"{address}?next={quote(payload)}", {"login": user.email, "password": PASSWORD, "next": payload}
        )
        if "Location" in answer.headers:
            led += 1
            assert not leads_away(answer.headers["Location"]), (payload, answer.headers["Location"])
        assert answer.status_code < 500
    tell(f"open redirects: {len(payloads)} posts to {address}, {led} redirects, 0 lead away")
    assert led >= len(payloads) - 2


def test_our_own_address_is_still_followed():
    user = make_contributor()
    answer = Client().post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD, "next": "/staff/list/"}
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, "/staff/list/")


FORGED = [
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Cookie": "csrftoken=forged"},
    {"Referer": "http://testserver.evil.example/", "X-CSRFToken": "forged", "Sec-Fetch-Site": "same-site"},
]
FORGERIES = [("post", forged) for forged in FORGED]
FORGERIES += [(method, FORGED[3]) for method in ("put", "patch", "delete")]


@pytest.mark.parametrize("every", SHARES)
def test_no_address_takes_a_post_that_one_of_our_pages_has_not_sent(paths, tell, every):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_administrator())
    session = client.cookies["sessionid"].value
    tried = 0
    for number, path in enumerate(paths):
        # In the sample every address meets one forged post, of another kind than the address before it.
        for method, forged in FORGERIES if every == 1 else [FORGERIES[number % len(FORGED)]]:
            headers = {**forged, "Cookie": f"sessionid={session}; {forged.get('Cookie', '')}"}
            answer = getattr(client, method)(
                path,
                {"name": "x", "page": "/toolkit/example/", "useful": "yes"},
                content_type="application/x-www-form-urlencoded"
                if method != "post"
                else "multipart/form-data; boundary=BoUnDaRyStRiNg",
                headers=headers,
            )
            tried += 1
            # 405 comes before the check where an address takes no such method from anybody.
            allowed = {403} if method == "post" else {403, 405}
            assert answer.status_code in allowed, (method, path, forged, answer.status_code)
    tell(f"CSRF: {tried} forged requests at {len(paths)} addresses, 0 taken")


def test_a_json_body_as_text_is_no_way_round_the_check(paths):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_administrator())
    for path in paths:
        answer = client.post(path, '{"name": "x"}', content_type="text/plain")
        assert answer.status_code == 403, path


# Signing out deletes a session; a visit may start one, and counts.
WRITES = re.compile(
    r'^\s*(INSERT|UPDATE|DELETE|REPLACE)\b(?!.*"?(django_session|portal_cache)"?)', re.IGNORECASE | re.DOTALL
)


def test_reading_writes_nothing(paths, tell):
    client = Client()
    client.force_login(make_administrator())
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
            client.head(path)
            client.options(path)
        written = [query["sql"][:200] for query in queries if WRITES.match(query["sql"])]
        assert written == [], path
    tell(f"safe methods: {3 * len(paths)} requests, 0 writes")


HOSTS = [
    {"Host": "evil.example"},
    {"Host": "evil.example:80"},
    {"Host": "testserver@evil.example"},
    {"Host": "testserver evil.example"},
    {"Host": "testserver/evil.example"},
    {"Host": "evil.example#testserver"},
    {"Host": ".testserver.evil.example"},
]
FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "Forwarded": "host=evil.example",
    "X-Original-URL": "/evil.example",
    "X-Rewrite-URL": "/evil.example",
    "X-Forwarded-Prefix": "/evil.example",
    "X-HTTP-Method-Override": "DELETE",
}


def test_a_forged_host_is_refused_and_forwarded_ones_change_nothing(paths, tell):
    client = Client()
    tried = 0
    for path in paths:
        for host in HOSTS:
            answer = client.get(path, headers=host)
            tried += 1
            assert answer.status_code == 400 and "evil.example" not in answer.text, (path, host)
        plain, forged = client.get(path), client.get(path, headers=FORWARDED)
        tried += 1
        without_tokens = [
            re.sub(r'value="[A-Za-z0-9-]{36,64}"', "", answer.text) for answer in (plain, forged)
        ]
        assert (plain.status_code, without_tokens[0]) == (forged.status_code, without_tokens[1]), path
        assert "evil.example" not in str(dict(forged.headers)), path
    tell(f"host headers: {tried} forged requests at {len(paths)} addresses, 0 reached a page")


@pytest.mark.parametrize("address", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_a_forged_host_reaches_no_mail(address):
    make_portal()
    user = make_contributor()
    answer = Client().post(address, {"email": user.email}, headers=FORWARDED)

    assert answer.status_code == 302
    assert len(sent_mail()) == 1
    assert "evil.example" not in sent_mail()[0].subject + sent_mail()[0].body
