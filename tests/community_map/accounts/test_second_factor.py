"""The second step of signing in: who needs it, how it is set up, and that nothing goes past it."""

import base64
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from tests.factories import (
    make_administrator,
    make_contributor,
    make_editor,
    make_moderator,
    make_portal,
)
from tests.mail import sent_mail

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
SET_UP = "/accounts/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def asked_for(settings):
    settings.SECOND_FACTOR = True


def six_digits(secret: str, at: float | None = None) -> str:
    """The code of RFC 6238 for this moment, as an authenticator app reckons it."""
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(client, email, password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def set_up(client) -> str:
    """Set the second step up as a person does; return the app's key."""
    page = client.get(SET_UP).content.decode()
    secret = re.search(r'app-code">([A-Z2-7]+)<', page)[1]
    response = client.post(SET_UP, {"code": six_digits(secret)})
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/2fa/recovery-codes/")
    return secret


@pytest.fixture
def moderator(client):
    """A moderator who has set up the second step and signed out again: (e-mail, key, recovery codes)."""
    make_portal()
    make_moderator("moderator@example.net")
    sign_in(client, "moderator@example.net")
    secret = set_up(client)
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    codes = re.findall(r'app-code">(\w+)<', page)
    client.post("/accounts/logout/")
    return "moderator@example.net", secret, codes


def test_the_key_of_rfc_6238_gives_its_digits():
    secret = base64.b32encode(b"12345678901234567890").decode()

    assert [six_digits(secret, at) for at in (59, 1_111_111_109, 20_000_000_000)] == [
        "287082",
        "081804",
        "353130",
    ]


@pytest.mark.parametrize("make", [make_moderator, make_editor, make_administrator])
@pytest.mark.parametrize("address", ["/staff/", "/staff/pins/new/", "/admin/", "/admin/pins/pin/"])
def test_those_who_decide_or_configure_set_it_up_before_anything_else(client, make, address):
    client.force_login(make())

    for method in (client.get, client.post):
        response = method(address)
        assert (response.status_code, response.headers["Location"]) == (302, SET_UP)


def test_a_contributor_needs_none(client):
    client.force_login(make_contributor())

    assert client.get("/staff/").status_code == 200


def test_where_the_setting_is_off_nobody_needs_one(client, settings):
    settings.SECOND_FACTOR = False
    client.force_login(make_moderator())

    assert client.get("/admin/pins/pin/").status_code == 200


def test_public_pages_and_the_account_stay_open(client):
    make_portal()
    client.force_login(make_moderator())

    assert [client.get(address).status_code for address in ("/", "/map/", "/accounts/", SET_UP)] == [200] * 4


def test_a_moderator_sets_it_up_and_goes_on(client):
    make_portal(portal_name="Map of Testshire")
    make_moderator("moderator@example.net")
    sign_in(client, "moderator@example.net")
    page = client.get("/staff/", follow=True)
    assert page.redirect_chain == [(SET_UP, 302)]
    assert "Your role needs two-step verification" in page.content.decode()

    set_up(client)

    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert len(re.findall(r'app-code">\w+<', page)) == 10
    assert client.get("/staff/").status_code == client.get("/admin/pins/pin/").status_code == 200


def test_a_wrong_code_sets_nothing_up(client):
    client.force_login(make_moderator())
    client.get(SET_UP)

    response = client.post(SET_UP, {"code": "000000"})

    assert "The code is incorrect." in response.content.decode()
    assert not Authenticator.objects.exists()
    assert client.get("/staff/").headers["Location"] == SET_UP


def test_the_key_and_the_recovery_codes_are_sealed_in_the_database(moderator):
    _email, secret, codes = moderator

    stored = " ".join(str(row.data) for row in Authenticator.objects.all())

    assert secret not in stored
    assert not [code for code in codes if code in stored]


def test_the_password_alone_opens_nothing_any_more(client, moderator):
    email, secret, _codes = moderator

    response = sign_in(client, email)

    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/staff/").headers["Location"].startswith("/accounts/login/")
    assert client.get("/admin/pins/pin/").headers["Location"].startswith("/admin/login/")
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "The code is incorrect." in wrong.content.decode()
    assert client.get("/staff/").status_code == 302

    # The code of the set-up is used up; the next half minute's is taken too, for clocks that go apart.
    client.post("/accounts/2fa/authenticate/", {"code": six_digits(secret, time.time() + 30)})

    assert client.get("/staff/").status_code == 200


def test_a_code_of_the_app_works_once_however_long_it_is_valid(client, moderator):
    email, secret, _codes = moderator
    code = six_digits(secret, time.time() + 30)
    sign_in(client, email)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.get("/staff/").status_code == 200
    client.post("/accounts/logout/")
    # allauth's own note of the code lasts for 30 seconds only.
    user = Authenticator.objects.first().user_id
    assert cache.delete(f"allauth.mfa.totp.used?user={user}&code={code}")

    sign_in(client, email)
    client.post("/accounts/2fa/authenticate/", {"code": f" {code[:3]} {code[3:]}"})

    assert client.get("/staff/").status_code == 302


def test_a_recovery_code_works_once(client, moderator):
    email, _secret, codes = moderator
    sign_in(client, email)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert client.get("/staff/").status_code == 200
    client.post("/accounts/logout/")

    sign_in(client, email)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert client.get("/staff/").status_code == 302


def test_neither_a_code_by_mail_nor_a_new_password_goes_past_it(client, moderator):
    email, _secret, _codes = moderator
    client.post("/accounts/login/code/", {"email": email})
    code = re.search(r"^(\S{4,})$", sent_mail()[-1].body, re.MULTILINE)[1]
    response = client.post("/accounts/login/code/confirm/", {"code": code})
    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/staff/").status_code == 302

    other = Client()
    other.post("/accounts/password/reset/", {"email": email})
    link = re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+)", sent_mail()[-1].body)[1]
    form = other.get(link, follow=True).redirect_chain[-1][0]
    other.post(form, {"password1": "another long password", "password2": "another long password"})
    response = sign_in(other, email, "another long password")

    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert other.get("/staff/").status_code == 302


def test_codes_cannot_be_guessed_for_long(client, moderator):
    email, secret, _codes = moderator
    sign_in(client, email)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    client.post("/accounts/2fa/authenticate/", {"code": six_digits(secret, time.time() + 30)})

    assert client.get("/staff/").status_code == 302


def test_it_is_changed_only_by_whom_it_belongs_to(client, moderator):
    """A session left open is not enough: the password or a code is asked for once more."""
    email, _secret, codes = moderator
    sign_in(client, email)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    session = client.session
    session["signed_in_at"] -= 3600
    session.save()

    for address in ("totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"):
        response = client.get(f"/accounts/2fa/{address}")
        if response.status_code == 302:
            assert "reauthenticate" in response.headers["Location"], address
        else:
            assert not [code for code in codes if code in response.content.decode()], address
    response = client.post("/accounts/2fa/totp/deactivate/")

    assert "reauthenticate" in response.headers["Location"]
    assert Authenticator.objects.filter(type="totp").exists()


def test_whoever_takes_it_away_sets_it_up_anew(client, moderator):
    email, _secret, codes = moderator
    sign_in(client, email)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert client.get("/staff/").headers["Location"] == SET_UP


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_whoever_changes_it_is_told_by_email_what_has_changed(client, moderator):
    email, _secret, codes = moderator
    sign_in(client, email)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    sent_mail().clear()

    client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    set_up(client)

    assert [(message.subject, message.body.split("\n\n")[0]) for message in sent_mail()] == [
        (
            "You have new recovery codes",
            "New recovery codes have been created for your account. The old ones no longer work.",
        ),
        ("Two-step verification is off", "Two-step verification has been turned off for your account."),
        ("Two-step verification is on", "Two-step verification has been turned on for your account."),
    ]


def test_an_administrator_takes_it_away_from_whoever_lost_everything(client, settings, moderator):
    settings.SECOND_FACTOR = False
    client.force_login(make_administrator())
    user = Authenticator.objects.first().user

    client.post(
        "/admin/community_map/user/",
        {"action": "turn_off_second_factor", "_selected_action": [user.pk]},
    )

    assert not Authenticator.objects.exists()


def test_a_moderator_cannot_take_it_away_from_others(client, settings, moderator):
    settings.SECOND_FACTOR = False
    client.force_login(make_moderator())

    response = client.post(
        "/admin/community_map/user/",
        {"action": "turn_off_second_factor", "_selected_action": [Authenticator.objects.first().user_id]},
    )

    assert response.status_code == 403
    assert Authenticator.objects.exists()


def test_another_secret_key_matches_no_code_and_lets_nobody_in(client, settings, moderator):
    email, secret, codes = moderator
    settings.SECRET_KEY = "another secret key, of at least fifty characters, for this test"
    sign_in(client, email)

    for code in (six_digits(secret, time.time() + 30), codes[0], six_digits("A" * 32)):
        client.post("/accounts/2fa/authenticate/", {"code": code})

    assert client.get("/staff/").status_code == 302


def test_a_key_that_was_replaced_still_reads_what_it_sealed(client, settings, moderator):
    email, _secret, codes = moderator
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key, of at least fifty characters, for this test"
    sign_in(client, email)

    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert client.get("/staff/").status_code == 200
