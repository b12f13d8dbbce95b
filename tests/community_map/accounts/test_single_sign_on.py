"""Single sign-on against a real OpenID provider on this machine, with right and wrong tokens."""

import logging
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from community_map.models import User
from tests.factories import make_contributor, make_portal
from tests.mail import sent_mail
from tests.oidc.server import serve_provider

pytestmark = pytest.mark.django_db
BACK = "http://localhost:8000/accounts/sso/callback/"
PASSWORD = "a long enough password"
ADA = {
    "sub": "subject-1",
    "email": "Ada@example.net",
    "email_verified": True,
    "name": "Ada Officer",
    "groups": ["everybody", "map-staff"],
}


@pytest.fixture(scope="module")
def running_provider():
    with serve_provider(BACK) as provider:
        yield provider


@pytest.fixture
def provider(running_provider, settings):
    running_provider.settings(settings, BACK)
    running_provider.control(account=ADA, tamper=None, down=False)
    make_portal()
    return running_provider


def come_back(client, browser=None, **asked) -> str:
    """Go to the provider as a browser does; return the address that it sends back to."""
    response = client.post("/accounts/sso/login/", asked)
    assert response.status_code == 302, response.content.decode()
    browser = browser or requests.Session()
    place = response.headers["Location"]
    for _ in range(6):
        answer = browser.get(place, allow_redirects=False, timeout=10)
        assert answer.status_code in {302, 303}, answer.text
        place = requests.compat.urljoin(place, answer.headers["Location"])
        if place.startswith(BACK):
            return place.removeprefix("http://localhost:8000")
    raise AssertionError(f"the provider did not send back: {place}")


def sign_in(client, **asked):
    return client.get(come_back(client, **asked))


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_colleague_comes_in_with_the_roles_of_their_groups(client, provider):
    response = sign_in(client)

    user = User.objects.get()
    account = SocialAccount.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, "/staff/")
    assert client.get("/staff/").status_code == 200
    assert (user.email, user.name, user.is_staff, user.is_superuser) == (
        "ada@example.net",
        "Ada Officer",
        False,
        False,
    )
    assert [group.name for group in user.groups.all()] == ["Contributors"]
    assert (account.provider, account.uid, account.extra_data) == (provider.issuer, "subject-1", {})
    assert not user.has_usable_password()


def test_after_signing_in_it_goes_on_where_it_was_wanted(client, provider):
    assert sign_in(client, next="/staff/list/").headers["Location"] == "/staff/list/"


@pytest.mark.parametrize("next_page", ["https://example.org/", "//example.org", "/\\example.org"])
def test_it_never_leads_to_another_site(client, provider, next_page):
    assert sign_in(client, next=next_page).headers["Location"] == "/staff/"


@pytest.mark.parametrize(
    ("groups", "roles", "is_staff", "is_superuser"),
    [
        (["map-team"], ["Moderators"], True, False),
        (["map-writers", "map-staff"], ["Contributors", "Editors"], True, False),
        (["map-admins"], [], True, True),
        ("map-staff", ["Contributors"], False, False),
    ],
)
def test_each_group_stands_for_its_role(client, provider, groups, roles, is_staff, is_superuser):
    provider.control(account={**ADA, "groups": groups})

    sign_in(client)

    user = User.objects.get()
    assert sorted(user.groups.values_list("name", flat=True)) == roles
    assert (user.is_staff, user.is_superuser) == (is_staff, is_superuser)


@pytest.mark.parametrize(
    "groups",
    [[], ["everybody"], None, {"map-staff": 1}, [["map-staff"]], ["Contributors"], "map-staff map-team"],
)
def test_without_a_mapped_group_nobody_comes_in(client, provider, groups):
    provider.control(account={**ADA, "groups": groups})

    response = sign_in(client)

    assert response.status_code == 403
    assert "Your council account does not have access to this site" in response.content.decode()
    assert not is_in(client) and not User.objects.exists()


def test_groups_are_read_again_at_every_sign_in_and_end_older_sessions(client, provider):
    sign_in(client)
    provider.control(account={**ADA, "groups": ["map-team"]})
    other = Client()
    sign_in(other)
    assert other.get("/admin/pins/pin/").status_code == 200
    assert client.get("/staff/").status_code == 302

    provider.control(account={**ADA, "groups": []})
    response = sign_in(Client())

    user = User.objects.get()
    assert response.status_code == 403
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (False, False, 0)
    assert other.get("/admin/pins/pin/").status_code == 302


def test_a_person_is_told_by_subject_and_not_by_address(client, provider):
    sign_in(client)
    provider.control(account={**ADA, "email": "ada.newname@example.net"})
    sign_in(Client())
    assert User.objects.count() == 1

    # Somebody else was given the old address.
    provider.control(account={**ADA, "sub": "subject-2"})
    response = sign_in(Client())

    assert response.status_code == 403
    assert User.objects.count() == 1


@pytest.mark.parametrize("is_verified", [True, False, None])
def test_an_account_with_a_password_is_never_taken_by_its_address(client, provider, is_verified):
    local = make_contributor("ada@example.net")
    provider.control(account={**ADA, "groups": ["map-admins"], "email_verified": is_verified})

    response = sign_in(client)

    local.refresh_from_db()
    assert response.status_code == 403
    assert "There is already an account with your email address" in response.content.decode()
    assert not is_in(client) and not local.is_superuser and not SocialAccount.objects.exists()


def test_another_issuer_is_another_person(client, provider):
    """The same subject at another provider, once the settings name that one."""
    stranger = make_contributor("stranger@example.net")
    SocialAccount.objects.create(user=stranger, provider="https://other.example.org", uid=ADA["sub"])

    sign_in(client)

    assert client.session["_auth_user_id"] != str(stranger.pk)


def test_an_address_that_only_entra_names_is_taken_and_none_at_all_is_refused(client, provider):
    sent = {"claims": {"preferred_username": "Ada@example.net"}}
    account = {name: value for name, value in ADA.items() if not name.startswith("email")}
    provider.control(account=account, tamper=sent)
    sign_in(client)
    assert User.objects.get().email == "ada@example.net"

    provider.control(account={**account, "sub": "subject-3"}, tamper=None)
    response = sign_in(Client())

    assert response.status_code == 403
    assert "has no email address" in response.content.decode()


def test_an_unproven_address_is_not_marked_as_proven(client, provider):
    provider.control(account={**ADA, "email_verified": False})

    sign_in(client)

    assert [(row.email, row.verified) for row in EmailAddress.objects.all()] == [("ada@example.net", False)]


def test_whoever_was_deactivated_here_stays_out(client, provider):
    sign_in(client)
    User.objects.update(is_active=False)
    other = Client()

    response = sign_in(other)

    assert response.headers["Location"] == "/accounts/inactive/"
    assert not is_in(other)


# --- no second way in ---


def test_a_password_does_not_outlive_the_groups(client, provider):
    sign_in(client)
    user = User.objects.get()
    user.set_password(PASSWORD)
    user.save()
    other = Client()

    response = other.post("/accounts/login/", {"login": user.email, "password": PASSWORD})

    assert response.status_code == 403
    assert "Use your council account" in response.content.decode()
    assert not is_in(other)


def test_neither_code_nor_reset_open_an_account_of_the_councils(client, provider):
    sign_in(client)
    other = Client()
    other.post("/accounts/password/reset/", {"email": "ada@example.net"})
    assert (
        "There is no account with this address" in sent_mail()[-1].body
        and "/reset/key/" not in sent_mail()[-1].body
    )
    other.post("/accounts/login/code/", {"email": "ada@example.net"})
    code = sent_mail()[-1].body.split("\n\n")[1].strip()

    other.post("/accounts/login/code/confirm/", {"code": code})

    assert not is_in(other)


def test_the_session_gets_another_name(client, provider):
    back = come_back(client)
    planted = client.session.session_key

    client.get(back)

    assert is_in(client) and client.session.session_key != planted


# --- wrong answers ---


def in_seconds(seconds: int) -> int:
    import time

    return int(time.time()) + seconds


WRONG = {
    "another audience": {"claims": {"aud": "another-client"}},
    "several audiences, no authorised party": {"claims": {"aud": ["portal", "another-client"]}},
    "another authorised party": {"claims": {"azp": "another-client"}},
    "another issuer": {"claims": {"iss": "https://evil.example.org"}},
    "the issuer with a slash": {"claims": {"iss": "ISSUER/"}},
    "another nonce": {"claims": {"nonce": "of-another-sign-in"}},
    "an empty nonce": {"claims": {"nonce": ""}},
    "no nonce": {"drop": ["nonce"]},
    "expired": {"claims": {"exp": "NOW-120"}},
    "no expiry": {"drop": ["exp"]},
    "from the future": {"claims": {"iat": "NOW+3600", "exp": "NOW+7200"}},
    "not yet": {"claims": {"nbf": "NOW+3600"}},
    "no subject": {"drop": ["sub"]},
    "an empty subject": {"claims": {"sub": ""}},
    "a subject that is no text": {"claims": {"sub": 7}},
    "a subject without end": {"claims": {"sub": "s" * 300}},
    "signed by a stranger in the provider's name": {"key": "stranger"},
    "signed by a key that is not published": {"key": "stranger", "header": {"kid": "key-999"}},
    "not signed": {"key": "none"},
    "signed with the shared secret": {"key": "secret"},
}


def filled_in(value, issuer: str):
    if isinstance(value, dict):
        return {name: filled_in(inner, issuer) for name, inner in value.items()}
    if isinstance(value, str) and value.startswith("NOW"):
        return in_seconds(int(value[3:]))
    return value.replace("ISSUER", issuer) if isinstance(value, str) else value


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_token_lets_nobody_in(client, provider, wrong, caplog):
    provider.control(tamper=filled_in(WRONG[wrong], provider.issuer))
    with caplog.at_level(logging.WARNING):
        response = sign_in(client)

    assert response.status_code == 403
    assert "could not confirm who you are" in response.content.decode()
    assert not is_in(client)
    assert not User.objects.exists() and not SocialAccount.objects.exists()
    assert "single sign-on failed" in caplog.text
    assert "ada@example.net" not in caplog.text.lower() and "subject-1" not in caplog.text


def test_the_same_way_of_tampering_passes_when_nothing_is_wrong(client, provider):
    """So that the refusals above are the claim's, and not the tampering's."""
    provider.control(tamper={"claims": {"name": "Signed again"}})

    sign_in(client)

    assert is_in(client) and User.objects.get().name == "Signed again"


def test_the_provider_may_replace_its_keys_and_the_old_ones_are_worth_nothing(client, provider):
    sign_in(client)
    provider.control(rotate=True)
    other = Client()
    sign_in(other)
    assert is_in(other)

    provider.control(tamper={"key": "previous", "header": {"kid": "key-1"}})
    late = Client()
    response = sign_in(late)

    assert response.status_code == 403 and not is_in(late)


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.example.org"},
        {"token_endpoint": "ftp://evil.example.org"},
        {"jwks_uri": None},
        {"authorization_endpoint": ["/auth"]},
    ],
)
def test_a_provider_that_is_not_the_one_of_the_settings_is_not_asked(client, provider, discovery):
    provider.control(tamper={"discovery": discovery})

    response = client.post("/accounts/sso/login/")

    assert response.status_code == 403
    assert "could not confirm who you are" in response.content.decode()


def test_userinfo_of_another_person_is_refused(client, provider):
    account = {name: value for name, value in ADA.items() if name != "name"}
    provider.control(account=account, tamper={"userinfo": {"sub": "subject-9", "name": "Mallory"}})

    response = sign_in(client)

    assert response.status_code == 403 and not is_in(client)


def test_groups_that_stand_in_userinfo_only_are_read_there(client, provider):
    provider.control(
        account={**ADA, "groups": []}, tamper={"drop": ["groups"], "userinfo": {"groups": ["map-staff"]}}
    )

    sign_in(client)

    assert is_in(client)


# --- the way there and back ---


def test_what_is_asked_of_the_provider(client, provider):
    response = client.post(
        "/accounts/sso/login/?scope=offline_access&auth_params=prompt%3Dnone%26redirect_uri%3Dhttps://evil.example.org&process=connect"
    )

    asked = {
        name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()
    }
    assert response.headers["Location"].startswith(f"{provider.issuer}/auth?")
    assert (
        len(asked.pop("state")) >= 16
        and len(asked.pop("nonce")) >= 32
        and len(asked.pop("code_challenge")) == 43
    )
    assert sorted(asked.pop("scope").split()) == ["email", "openid", "profile"]
    assert asked == {
        "client_id": "portal",
        "redirect_uri": BACK,
        "response_type": "code",
        "code_challenge_method": "S256",
    }


def test_an_answer_works_once_and_only_in_the_browser_that_asked(client, provider):
    back = come_back(client)
    thief = Client()
    stolen = thief.get(back)
    assert stolen.status_code == 403 and not is_in(thief)
    client.get(back)
    assert is_in(client)

    client.post("/accounts/logout/")
    again = client.get(back)

    assert again.status_code == 403 and not is_in(client)


@pytest.mark.parametrize(
    "query",
    ["", "?code=made-up", "?state=made-up&code=made-up", "?error=access_denied", "?error=%3Cscript%3E"],
)
def test_a_made_up_answer_is_refused_with_a_sentence(client, provider, query):
    response = client.get(f"/accounts/sso/callback/{query}")

    assert response.status_code == 403
    assert "could not confirm who you are" in response.content.decode()
    assert "<script>" not in response.content.decode()


def test_whoever_changes_their_mind_at_the_provider_is_led_back(client, provider):
    response = client.post("/accounts/sso/login/")
    state = parse_qs(urlsplit(response.headers["Location"]).query)["state"][0]

    response = client.get(f"/accounts/sso/callback/?error=access_denied&state={state}")

    assert response.status_code == 403
    assert 'href="/accounts/login/"' in response.content.decode()


def test_a_code_that_the_provider_does_not_know_is_refused(client, provider):
    back = come_back(client)
    code = parse_qs(urlsplit(back).query)["code"][0]

    response = client.get(back.replace(code, "made-up"))

    assert response.status_code == 403 and not is_in(client)


def test_while_the_provider_is_away_readers_read_and_others_are_told(client, provider):
    back = come_back(client)
    provider.control(down=True)

    answers = [client.post("/accounts/sso/login/"), client.get(back)]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert all("is not working" in answer.content.decode() for answer in answers)
    assert client.get("/").status_code == client.get("/accounts/login/").status_code == 200


def test_the_button_is_there_when_the_settings_are(client, provider, settings):
    assert "Sign in with your council account" in client.get("/accounts/login/").content.decode()
    settings.OIDC_ISSUER = ""

    assert "council account" not in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/sso/login/").status_code == 404
    assert client.get("/accounts/sso/callback/?code=1").status_code == 404


def test_the_provider_is_not_asked_without_end(client, provider):
    provider.control(down=True)

    answers = [client.post("/accounts/sso/login/").status_code for _ in range(32)]

    answers.append(client.post("/accounts/sso/login/").status_code)
    # A window of the limit may end between two of them.
    assert answers[:30] == [503] * 30
    assert 429 in answers[30:]


# --- the second step ---


def test_the_second_step_of_the_council_counts(client, provider, settings):
    settings.SECOND_FACTOR = True
    provider.control(account={**ADA, "groups": ["map-team"]}, tamper={"claims": {"amr": ["pwd", "mfa"]}})

    sign_in(client)

    assert client.get("/admin/pins/pin/").status_code == 200


@pytest.mark.parametrize("amr", [None, ["pwd"], "mfa", ["MFA"]])
def test_without_it_a_moderator_sets_up_one_here(client, provider, settings, amr):
    settings.SECOND_FACTOR = True
    provider.control(account={**ADA, "groups": ["map-team"]}, tamper={"claims": {"amr": amr}})

    sign_in(client)

    assert client.get("/admin/pins/pin/").headers["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
