"""When a sign-in begins anew and when it ends."""

import time

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client

from community_map.accounts.sessions import LAST_SEEN, SIGNED_IN, WRITE_EVERY
from tests.factories import make_contributor, make_moderator

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def staff_status(client) -> int:
    return client.get("/staff/").status_code


def age(client, name: str, seconds: int) -> None:
    """Let the session of this client be so much older."""
    session = client.session
    session[name] -= seconds
    session.save()


@pytest.fixture
def signed_in(client):
    """A client whose user has opened one page."""
    user = make_contributor("colleague@example.org")
    client.force_login(user)
    assert staff_status(client) == 200
    client.user = user
    return client


def test_signing_in_gives_the_session_another_name(client):
    make_contributor("colleague@example.org")
    session = client.session
    session["planted"] = "by somebody who knows its name"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted

    client.post("/accounts/login/", {"login": "colleague@example.org", "password": PASSWORD})

    assert client.cookies["sessionid"].value not in {"", planted}
    assert not Session.objects.filter(pk=planted).exists()
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert (staff_status(client), staff_status(thief)) == (200, 302)


def test_the_cookie_goes_with_the_window_and_scripts_cannot_read_it(client):
    make_contributor("colleague@example.org")

    client.post(
        "/accounts/login/", {"login": "colleague@example.org", "password": PASSWORD, "remember": "on"}
    )

    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"], cookie["samesite"]) == (
        "",
        "",
        True,
        "Lax",
    )


def deactivate(user):
    user.is_active = False
    user.save(update_fields=["is_active"])


def make_administrator_of(user):
    user.is_superuser = True
    user.save(update_fields=["is_superuser"])


def let_into_admin(user):
    user.is_staff = True
    user.save(update_fields=["is_staff"])


def take_the_group(user):
    user.groups.clear()


def give_a_group(user):
    user.groups.add(Group.objects.get(name="Moderators"))


def give_another_password(user):
    user.set_password("another long password")
    user.save(update_fields=["password"])


@pytest.mark.parametrize(
    "change",
    [
        deactivate,
        make_administrator_of,
        let_into_admin,
        take_the_group,
        give_a_group,
        give_another_password,
    ],
)
def test_a_changed_role_ends_every_session_at_its_next_request(signed_in, change):
    other = Client()
    other.force_login(signed_in.user)
    key = signed_in.session.session_key
    change(signed_in.user)

    assert (staff_status(signed_in), staff_status(other)) == (302, 302)
    assert not Session.objects.filter(pk=key).exists()


def test_a_session_that_met_the_deactivation_does_not_come_back_with_the_account(signed_in):
    deactivate(signed_in.user)
    assert staff_status(signed_in) == 302

    signed_in.user.is_active = True
    signed_in.user.save()

    assert staff_status(signed_in) == 302


def test_a_new_name_or_team_ends_nothing(signed_in):
    signed_in.user.name = "Another name"
    signed_in.user.service = None
    signed_in.user.save()

    assert staff_status(signed_in) == 200


def test_a_session_ends_after_the_idle_time_and_not_before(signed_in, settings):
    age(signed_in, LAST_SEEN, settings.IDLE_SECONDS - 5)
    assert staff_status(signed_in) == 200
    age(signed_in, LAST_SEEN, settings.IDLE_SECONDS + 1)
    key = signed_in.session.session_key

    response = signed_in.get("/staff/list/")

    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/staff/list/")
    assert not Session.objects.filter(pk=key).exists()


def test_the_idle_time_is_the_installations_to_set(signed_in, settings):
    settings.IDLE_SECONDS = 5 * 60
    age(signed_in, LAST_SEEN, 5 * 60)

    assert staff_status(signed_in) == 302


def test_a_session_ends_after_a_days_work_however_busy(signed_in, settings):
    age(signed_in, SIGNED_IN, settings.SESSION_COOKIE_AGE)

    assert staff_status(signed_in) == 302


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda client: age(client, LAST_SEEN, 30 * 60), "because you were inactive for 30 minutes"),
        (lambda client: age(client, SIGNED_IN, 10 * 60 * 60), "because you signed in 10 hours ago"),
        (lambda client: deactivate(client.user), "because your account or password has changed"),
        (lambda client: give_a_group(client.user), "because your account or password has changed"),
    ],
    ids=["idle", "long day", "deactivated", "another role"],
)
def test_whoever_is_signed_out_is_told_why_and_told_once(signed_in, end, reason):
    end(signed_in)

    assert f"You have been signed out {reason}" in signed_in.get("/staff/", follow=True).text
    assert "You have been signed out" not in signed_in.get("/accounts/login/").text


def test_whoever_signs_out_themselves_needs_no_reason(signed_in):
    signed_in.post("/accounts/logout/")

    assert "You have been signed out because" not in signed_in.get("/staff/", follow=True).text


def test_a_clock_that_went_wrong_lengthens_no_session(signed_in):
    age(signed_in, LAST_SEEN, -24 * 60 * 60)

    assert staff_status(signed_in) == 302


def test_the_last_request_is_written_at_most_once_a_minute(signed_in, django_assert_num_queries):
    noted = signed_in.session[LAST_SEEN]
    assert abs(noted - time.time()) < 30
    age(signed_in, LAST_SEEN, WRITE_EVERY - 10)
    before = signed_in.session[LAST_SEEN]
    staff_status(signed_in)
    assert signed_in.session[LAST_SEEN] == before

    age(signed_in, LAST_SEEN, 10)
    staff_status(signed_in)

    assert signed_in.session[LAST_SEEN] >= noted


def test_the_end_holds_in_admin_too(client, settings):
    client.force_login(make_moderator())
    assert client.get("/admin/pins/pin/").status_code == 200
    age(client, LAST_SEEN, settings.IDLE_SECONDS)

    response = client.get("/admin/pins/pin/")

    assert response.headers["Location"] == "/admin/login/?next=/admin/pins/pin/"
