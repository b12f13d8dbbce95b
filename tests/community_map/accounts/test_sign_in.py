"""Signing in with a password or a code, signing up, and what neither of them tells."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.test import Client

from community_map.models import OutboxMail, User
from tests.factories import make_administrator, make_contributor, make_portal, make_user
from tests.mail import sent_mail

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def test_a_colleague_signs_in_with_e_mail_and_password(client):
    make_contributor("colleague@example.org")

    response = sign_in(client, "Colleague@Example.org")

    assert (response.status_code, response.headers["Location"]) == (302, "/staff/")
    assert client.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"), [("colleague@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("", "")]
)
def test_a_wrong_sign_in_gets_a_sentence_and_stays_out(client, email, password):
    make_contributor("colleague@example.org")

    response = sign_in(client, email, password)

    assert response.status_code == 200
    assert "govuk-error-summary" in response.content.decode()
    assert client.get("/staff/").status_code == 302


def test_somebody_without_a_role_is_told_whom_to_ask(client):
    make_user("new@example.org")
    sign_in(client, "new@example.org")

    response = client.get("/staff/")

    assert response.status_code == 403
    assert "You do not have a role yet" in response.content.decode()


def test_signing_out_takes_a_post_and_ends_the_session(client):
    client.force_login(make_contributor())
    client.get("/accounts/logout/")
    assert client.get("/staff/").status_code == 200

    client.post("/accounts/logout/")

    assert client.get("/staff/").status_code == 302


def test_sign_up_is_closed(client):
    response = client.post(
        "/accounts/signup/", {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert "You cannot create your own account" in response.content.decode()
    assert not EmailAddress.objects.exists()


@pytest.mark.parametrize(
    "address", ["login", "login/code", "password/reset", "signup", "password/reset/done", "inactive"]
)
def test_every_account_page_has_one_heading(client, address):
    text = client.get(f"/accounts/{address}/").content.decode()

    assert text.count("<h1") == 1


def test_admin_is_entered_through_the_same_sign_in(client):
    response = client.get("/admin/")
    assert response.status_code == 302

    follow = client.get("/admin/login/?next=/admin/pins/pin/")

    assert follow.headers["Location"].startswith("/accounts/login/?next=/admin/pins/pin/")


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/login/?next=/admin/"])
def test_admin_takes_no_password_of_its_own(client, address):
    make_administrator("boss@example.net")

    client.post(address, {"username": "boss@example.net", "password": PASSWORD, "next": "/admin/"})

    assert client.get("/admin/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_somebody_signed_in_who_may_not_enter_admin_gets_no_form_for_it(client):
    client.force_login(make_contributor())

    response = client.get("/admin/login/?next=/admin/")

    assert (response.status_code, response.headers["Location"]) == (302, "/staff/")


@pytest.mark.parametrize(
    "address",
    ["password/set/", "social/login/", "3rdparty/", "email/", "openid/login/", "confirm-email/key/"],
)
def test_addresses_of_allauth_that_are_not_used_are_not_there(client, address):
    make_portal()
    for person in (None, make_contributor()):
        if person:
            client.force_login(person)
        assert client.get(f"/accounts/{address}").status_code == 404


def test_the_account_page_says_who_i_am_and_leads_on(client):
    client.force_login(make_contributor("colleague@example.org", name="Ada <b>"))

    text = client.get("/accounts/").content.decode()

    assert "colleague@example.org" in text and "Ada &lt;b&gt;" in text and "Contributors" in text
    assert "/accounts/password/change/" in text and "/accounts/2fa/" in text


# --- by code ---


def code_of(message) -> str:
    """The code in a mail: it stands on a line of its own."""
    return re.search(r"^([A-Z0-9]{4,}-?[A-Z0-9]*)$", message.body, re.MULTILINE)[1]


def test_a_colleague_signs_in_with_a_code_by_e_mail(client):
    make_contributor("colleague@example.net")
    response = client.post("/accounts/login/code/", {"email": "colleague@example.net"})
    assert response.headers["Location"] == "/accounts/login/code/confirm/"
    assert [message.to for message in sent_mail()] == [["colleague@example.net"]]

    response = client.post("/accounts/login/code/confirm/", {"code": code_of(sent_mail()[0])})

    assert (response.status_code, response.headers["Location"]) == (302, "/staff/")
    assert client.get("/staff/").status_code == 200


def test_three_wrong_codes_end_the_attempt(client):
    make_contributor("colleague@example.net")
    client.post("/accounts/login/code/", {"email": "colleague@example.net"})
    for _ in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "AAAAAA"})

    client.post("/accounts/login/code/confirm/", {"code": code_of(sent_mail()[0])})

    assert client.get("/staff/").status_code == 302


def test_a_code_works_only_in_the_browser_that_asked_for_it(client):
    make_contributor("colleague@example.net")
    client.post("/accounts/login/code/", {"email": "colleague@example.net"})
    other = Client()

    other.post("/accounts/login/code/confirm/", {"code": code_of(sent_mail()[0])})

    assert other.get("/staff/").status_code == 302


def test_a_code_may_be_asked_for_after_every_password(client, settings):
    settings.ACCOUNT_LOGIN_BY_CODE_REQUIRED = {"password"}
    make_contributor("colleague@example.net")

    response = sign_in(client, "colleague@example.net")

    assert response.headers["Location"] == "/accounts/login/code/confirm/"
    assert client.get("/staff/").status_code == 302
    client.post("/accounts/login/code/confirm/", {"code": code_of(sent_mail()[0])})
    assert client.get("/staff/").status_code == 200


# --- signing up ---


@pytest.fixture
def sign_up_open(settings):
    settings.SIGNUP_DOMAINS = ["example.net", "schools.example.net"]


def sign_up(client, email, password=PASSWORD):
    return client.post("/accounts/signup/", {"email": email, "password1": password, "password2": password})


def test_a_colleague_signs_up_proves_the_address_and_may_do_nothing_yet(client, sign_up_open):
    response = sign_up(client, "New.Colleague@Example.net")
    assert response.headers["Location"] == "/accounts/confirm-email/"
    assert client.get("/staff/").status_code == 302

    response = client.post("/accounts/confirm-email/", {"code": code_of(sent_mail()[0])})

    user = User.objects.get()
    assert response.headers["Location"] == "/staff/"
    assert (user.email, user.is_staff, user.is_superuser, list(user.groups.all())) == (
        "new.colleague@example.net",
        False,
        False,
        [],
    )
    denied = client.get("/staff/")
    assert denied.status_code == 403 and "You do not have a role yet" in denied.content.decode()


def test_a_setting_makes_new_colleagues_contributors(client, settings, sign_up_open):
    settings.SIGNUP_CONTRIBUTORS = True
    sign_up(client, "new@schools.example.net")

    client.post("/accounts/confirm-email/", {"code": code_of(sent_mail()[0])})

    assert [group.name for group in User.objects.get().groups.all()] == ["Contributors"]
    assert client.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    "email",
    [
        "me@example.org",
        "me@example.net.example.org",
        "me@notexample.net",
        "me@sub.example.net",
        "me@example.net@example.org",
        "me@еxample.net",
    ],
)
def test_nobody_else_signs_up(client, sign_up_open, email):
    response = sign_up(client, email)

    assert "govuk-error-summary" in response.content.decode()
    assert not User.objects.exists() and not sent_mail()


def test_without_the_code_there_is_no_way_in(client, sign_up_open):
    sign_up(client, "new@example.net")
    client.post("/accounts/confirm-email/", {"code": "AAAAAA"})

    other = Client()
    response = sign_in(other, "new@example.net")

    assert response.headers.get("Location") != "/staff/"
    assert client.get("/staff/").status_code == other.get("/staff/").status_code == 302


def test_signing_up_gives_no_role_that_was_not_asked_of_the_form(client, sign_up_open):
    client.post(
        "/accounts/signup/",
        {
            "email": "new@example.net",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "is_superuser": "on",
            "is_staff": "on",
            "groups": "2",
        },
    )

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (False, False, 0)


# --- what they do not tell ---


def answer_to(address, data) -> tuple:
    """Status, place and page of an answer, without what differs by chance or repeats what was typed."""
    client = Client()
    response = client.post(address, data)
    place = response.headers.get("Location", "")
    text = client.get(place).content.decode() if place else response.content.decode()
    for typed in data.values():
        text = text.replace(typed, "TYPED")
    return response.status_code, place, re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", text)


DOORS = {
    "login": ("/accounts/login/", lambda email: {"login": email, "password": "not the password"}),
    "reset": ("/accounts/password/reset/", lambda email: {"email": email}),
    "code": ("/accounts/login/code/", lambda email: {"email": email}),
    "sign-up": (
        "/accounts/signup/",
        lambda email: {"email": email, "password1": PASSWORD, "password2": PASSWORD},
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_no_answer_tells_whether_there_is_an_account(sign_up_open, door):
    make_portal()
    make_contributor("known@example.net")
    make_contributor("left@example.net", is_active=False)
    address, data = DOORS[door]

    known, left, unknown = (
        answer_to(address, data(f"{name}@example.net")) for name in ("known", "left", "nobody")
    )

    assert known == unknown
    assert left == unknown


@pytest.mark.parametrize("door", ["reset", "code", "sign-up"])
def test_a_mail_goes_out_either_way(sign_up_open, door):
    make_contributor("known@example.net")
    address, data = DOORS[door]

    for name in ("known", "nobody"):
        Client().post(address, data(f"{name}@example.net"))

    assert [message.to for message in sent_mail()] == [["known@example.net"], ["nobody@example.net"]]


@pytest.mark.parametrize("door", ["reset", "code", "sign-up"])
@pytest.mark.parametrize("name", ["known", "nobody"])
def test_a_mail_server_that_is_down_changes_no_answer_and_tells_nothing(settings, sign_up_open, door, name):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nothing listens there
    make_contributor("known@example.net")
    address, data = DOORS[door]

    response = Client().post(address, data(f"{name}@example.net"))

    assert response.status_code == 302
    [row] = OutboxMail.objects.all()
    assert (row.to, row.is_secret, row.body.startswith("gAAAA")) == (f"{name}@example.net", True, True)


def test_a_changed_password_ends_other_sessions_and_is_told_by_mail(client):
    user = make_contributor("colleague@example.net")
    other = Client()
    for browser in (client, other):
        sign_in(browser, user.email)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another long password", "password2": "another long password"},
    )

    assert (client.get("/staff/").status_code, other.get("/staff/").status_code) == (200, 302)
    assert [message.to for message in sent_mail()] == [["colleague@example.net"]]
    assert sent_mail()[0].subject == "Your password has been changed"
    assert "If it was not you" in sent_mail()[0].body


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(client):
    make_contributor("colleague@example.net")
    client.post("/accounts/password/reset/", {"email": "colleague@example.net"})
    link = re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+)", sent_mail()[0].body)[1]
    form = client.get(link, follow=True)
    assert "Set a new password" in form.content.decode() and form.content.decode().count("<h1") == 1

    done = client.post(
        form.redirect_chain[-1][0],
        {"password1": "another long password", "password2": "another long password"},
        follow=True,
    )

    assert "You have set a new password" in done.content.decode()
    assert client.get("/staff/").status_code == 302
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()
    assert sign_in(client, "colleague@example.net", "another long password").status_code == 302


@pytest.mark.parametrize(
    ("door", "status", "sentence"),
    [("reset", 429, "Please wait"), ("code", 200, "You have tried too many times")],
)
@pytest.mark.parametrize("name", ["known", "nobody"])
def test_nobodys_mailbox_is_flooded(door, status, sentence, name):
    make_portal()
    make_contributor("known@example.net")
    address, data = DOORS[door]

    answers = [Client().post(address, data(f"{name}@example.net")) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, status]
    assert len(sent_mail()) == 3
    assert sentence in answers[-1].content.decode()


def test_accounts_are_not_made_by_the_dozen(sign_up_open):
    answers = [sign_up(Client(), f"person{number}@example.net").status_code for number in range(11)]

    assert answers == [302] * 10 + [429]


def test_filling_the_cache_does_not_wipe_out_the_count_of_wrong_passwords(client):
    make_contributor("colleague@example.net")
    for _ in range(5):
        sign_in(client, "colleague@example.net", "wrong")
    cache.set_many({f"filling:{number}": number for number in range(1000)}, timeout=600)

    response = sign_in(client, "colleague@example.net")

    assert "You have tried too many times" in response.content.decode()


PEOPLE = ("known", "left", "council", "nobody")


class CountingHasher(PBKDF2PasswordHasher):
    """The real hasher; a password's hash is nearly all the time that an answer takes."""

    done = 0

    def encode(self, password, salt, iterations=None):
        type(self).done += 1
        return super().encode(password, salt, iterations)


@pytest.mark.parametrize("door", DOORS)
def test_every_answer_takes_the_same_work(settings, sign_up_open, door):
    """Measured by hashes, not by the clock, which other programs of the machine make go astray."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    make_contributor("known@example.net")
    make_contributor("left@example.net", is_active=False)
    address, data = DOORS[door]
    work = {}

    council = make_contributor("council@example.net")
    council.set_unusable_password()  # as those have who come by single sign-on
    council.save()

    for name in PEOPLE:
        before = CountingHasher.done
        Client().post(address, data(f"{name}@example.net"))
        work[name] = CountingHasher.done - before

    expected = {"login": 1, "sign-up": 1, "reset": 0, "code": 0}[door]
    assert work == dict.fromkeys(PEOPLE, expected)
