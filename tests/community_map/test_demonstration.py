"""The demonstration's accounts open on the machine that runs it, and by no way in from anywhere else."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.cache import cache
from django.test import Client

from community_map.models import User
from tests.factories import make_portal, make_user
from tests.mail import sent_mail

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
# Written out once more: an account that the demonstration loads and this list lacks fails the test of the two.
ACCOUNTS = ("contributor", "moderator", "editor", "admin")
GROUPS = {"contributor": ("Contributors",), "moderator": ("Moderators",), "editor": ("Editors",), "admin": ()}
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"}
ELSEWHERE = {
    "another peer": {**HERE, "REMOTE_ADDR": "192.0.2.7"},
    "no peer": {**HERE, "REMOTE_ADDR": ""},
    "a proxy's X-Forwarded-For": {**HERE, "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
    "a proxy that says the peer is near": {**HERE, "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    "Forwarded": {**HERE, "HTTP_FORWARDED": "for=192.0.2.7"},
    "X-Real-IP": {**HERE, "HTTP_X_REAL_IP": "192.0.2.7"},
    "Via": {**HERE, "HTTP_VIA": "1.1 tunnel.example.org"},
    "X-Forwarded-Host": {**HERE, "HTTP_X_FORWARDED_HOST": "demo.example.org"},
    "X-Forwarded-Proto": {**HERE, "HTTP_X_FORWARDED_PROTO": "https"},
}


@pytest.fixture(autouse=True)
def people():
    make_portal()
    for name in ACCOUNTS:
        make_user(
            f"{name}@example.org", GROUPS[name], is_staff=name != "contributor", is_superuser=name == "admin"
        )


def is_in(client, **where) -> bool:
    return client.get("/staff/", **where).status_code == 200


def by_password(name: str, where: dict) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": f"{name}@example.org", "password": PASSWORD}, **where)
    return is_in(client, **where)


def by_admin(name: str, where: dict) -> bool:
    client = Client()
    address = client.get("/admin/", **where, follow=True).redirect_chain[-1][0]
    client.post(address, {"login": f"{name}@example.org", "password": PASSWORD}, **where)
    return is_in(client, **where)


def by_code(name: str, where: dict) -> bool:
    client = Client()
    client.post("/accounts/login/code/", {"email": f"{name}@example.org"}, **where)
    code = re.search(r"^([A-Z0-9]{4,}-?[A-Z0-9]*)$", sent_mail()[-1].body, re.MULTILINE)
    if code:
        client.post("/accounts/login/code/confirm/", {"code": code[1]}, **where)
    return is_in(client, **where)


def by_reset(name: str, where: dict) -> bool:
    """A link for a new password, asked for and followed from there; then that password."""
    client, new = Client(), {"password1": "another long password", "password2": "another long password"}
    user = User.objects.get(email=f"{name}@example.org")
    link = (
        f"/accounts/password/reset/key/{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}/"
    )
    form = client.get(link, follow=True, **where)
    client.post(form.redirect_chain[-1][0], new, **where)
    user.refresh_from_db()
    client.post("/accounts/login/", {"login": user.email, "password": new["password1"]}, **where)
    return is_in(client, **where) or user.check_password(new["password1"])


def by_session(name: str, where: dict) -> bool:
    """A session that began on the machine itself, carried off."""
    client = Client()
    client.post("/accounts/login/", {"login": f"{name}@example.org", "password": PASSWORD}, **HERE)
    assert is_in(client, **HERE)
    return is_in(client, **where)


WAYS = (by_password, by_admin, by_code, by_reset, by_session)


@pytest.mark.parametrize("way", WAYS)
def test_no_account_of_the_demonstration_opens_from_elsewhere(way):
    opened = []
    for name in ACCOUNTS:
        for place, where in ELSEWHERE.items():
            cache.clear()
            if way(name, where):
                opened.append(f"{name}, {place}")

    print(f"\n{way.__name__}: {len(opened)} of {len(ACCOUNTS) * len(ELSEWHERE)} opened")
    assert opened == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ACCOUNTS)
def test_each_opens_on_the_machine_that_runs_it(way, name):
    assert way(name, HERE)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:9", "[::1]:8000", "[::1]"])
def test_each_name_of_this_machine_will_do(host):
    assert by_password("editor", {"REMOTE_ADDR": "::1", "HTTP_HOST": host})


@pytest.mark.parametrize("way", WAYS[:3])
def test_none_opens_where_the_address_is_not_this_machines(settings, way):
    settings.SITE_URL = "https://demo.example.org"
    settings.ALLOWED_HOSTS = ["demo.example.org", "localhost"]

    assert [name for name in ACCOUNTS if way(name, HERE)] == []


def test_nobody_elsewhere_is_written_a_link_to_open_one():
    for door in ("password/reset", "login/code"):
        Client().post(f"/accounts/{door}/", {"email": "editor@example.org"}, **ELSEWHERE["Via"])

    assert [message.subject for message in sent_mail()] == ["There is no account with your email address"] * 2


def test_a_code_that_was_asked_for_here_does_not_work_elsewhere():
    client = Client()
    client.post("/accounts/login/code/", {"email": "editor@example.org"}, **HERE)
    code = re.search(r"^([A-Z0-9]{4,}-?[A-Z0-9]*)$", sent_mail()[-1].body, re.MULTILINE)[1]

    refused = client.post("/accounts/login/code/confirm/", {"code": code}, **ELSEWHERE["another peer"])

    assert (refused.status_code, is_in(client, **HERE)) == (403, False)


def test_other_accounts_open_from_anywhere():
    make_user("editor@example.net", ("Editors",))
    client, where = Client(), ELSEWHERE["a proxy's X-Forwarded-For"]

    client.post("/accounts/login/", {"login": "editor@example.net", "password": PASSWORD}, **where)

    assert is_in(client, **where)


# --- what links in mail are built from ---

DOORS = {
    "reset": ("/accounts/password/reset/", {"email": "colleague@example.net"}),
    "reset of nobody's": ("/accounts/password/reset/", {"email": "nobody@example.net"}),
    "code": ("/accounts/login/code/", {"email": "colleague@example.net"}),
    "code of nobody's": ("/accounts/login/code/", {"email": "nobody@example.net"}),
    "sign-up": (
        "/accounts/signup/",
        {"email": "new@example.net", "password1": PASSWORD, "password2": PASSWORD},
    ),
    "sign-up of somebody known": (
        "/accounts/signup/",
        {"email": "colleague@example.net", "password1": PASSWORD, "password2": PASSWORD},
    ),
}


@pytest.mark.parametrize("host", ["localhost:9999", "127.0.0.1:81", "[::1]:9999"])
def test_links_in_mail_lead_to_the_portal_and_not_where_the_host_header_says(settings, host):
    settings.SIGNUP_DOMAINS = ["example.net"]
    settings.SITE_URL = "http://localhost:8000"
    make_user("colleague@example.net", ("Contributors",))

    for address, answers in DOORS.values():
        cache.clear()
        Client().post(address, answers, HTTP_HOST=host)
    client = Client()
    client.post("/accounts/login/", {"login": "colleague@example.net", "password": PASSWORD}, HTTP_HOST=host)
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another long password", "password2": "another long password"},
        HTTP_HOST=host,
    )

    links = [link for message in sent_mail() for link in re.findall(r"https?://\S+", message.body)]
    wrong = [link for link in links if urlsplit(link).netloc != "localhost:8000"]
    print(f"\n{len(wrong)} of {len(links)} links in {len(sent_mail())} mails follow the Host header")
    assert len(sent_mail()) == len(DOORS) + 1
    assert len([link for link in links if "/accounts/password/reset/" in link]) == 2
    assert wrong == []
    assert host not in "".join(message.subject + message.body for message in sent_mail())
