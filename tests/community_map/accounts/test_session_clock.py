"""To the second: when a session is idle, when a day's work is over, when its last request is written down."""

import pytest
from django.contrib.sessions.models import Session

from community_map.accounts.sessions import LAST_SEEN, SIGNED_IN, WRITE_EVERY
from tests.factories import make_contributor

pytestmark = pytest.mark.django_db
BEGIN = 1_900_000_000


@pytest.fixture
def clock(time_machine):
    """A clock that stands still until it is set; the seconds are those since signing in."""

    def set_to(seconds: int) -> None:
        time_machine.move_to(BEGIN + seconds, tick=False)

    set_to(0)
    return set_to


@pytest.fixture
def signed_in(client, clock):
    client.force_login(make_contributor())
    return client


def is_in(client) -> bool:
    return client.get("/staff/").status_code == 200


def write(client, **values: int | None) -> None:
    session = client.session
    for name, value in values.items():
        session.pop(name) if value is None else session.update({name: value})
    session.save()


def test_signing_in_starts_both_clocks(signed_in):
    assert (signed_in.session[SIGNED_IN], signed_in.session[LAST_SEEN]) == (BEGIN, BEGIN)


@pytest.mark.parametrize(("seconds", "stays"), [(1799, True), (1800, False)])
def test_half_an_hour_without_a_request_is_too_long_to_the_second(signed_in, clock, seconds, stays):
    clock(seconds)

    assert is_in(signed_in) is stays


@pytest.mark.parametrize(("ahead", "stays"), [(WRITE_EVERY, True), (WRITE_EVERY + 1, False)])
def test_a_clock_may_differ_by_a_minute_and_no_more(signed_in, ahead, stays):
    write(signed_in, **{LAST_SEEN: BEGIN + ahead})

    assert is_in(signed_in) is stays


@pytest.mark.parametrize(("seconds", "stays"), [(36_000 - 1, True), (36_000, False)])
def test_ten_hours_are_a_days_work_to_the_second(signed_in, clock, settings, seconds, stays):
    assert settings.SESSION_COOKIE_AGE == 36_000
    clock(seconds)
    write(signed_in, **{LAST_SEEN: BEGIN + seconds})

    assert is_in(signed_in) is stays


@pytest.mark.parametrize("name", [SIGNED_IN, LAST_SEEN])
def test_a_session_without_a_clock_is_over(signed_in, name):
    key = signed_in.session.session_key
    write(signed_in, **{name: None})

    assert not is_in(signed_in)
    assert not Session.objects.filter(pk=key).exists()


@pytest.mark.parametrize(("seconds", "written"), [(59, 0), (60, 60)])
def test_the_last_request_is_written_when_a_minute_has_passed(signed_in, clock, seconds, written):
    clock(seconds)

    assert is_in(signed_in)
    assert signed_in.session[LAST_SEEN] == BEGIN + written


def test_public_pages_leave_the_session_alone(signed_in, clock):
    clock(3600)

    assert signed_in.get("/map/").status_code == 200
    assert signed_in.session[LAST_SEEN] == BEGIN


@pytest.mark.parametrize(("seconds", "words"), [(60, "1 minute"), (119, "1 minute"), (300, "5 minutes")])
def test_whoever_was_away_is_told_for_how_long(signed_in, clock, settings, seconds, words):
    settings.IDLE_SECONDS = seconds
    clock(seconds)

    page = signed_in.get("/staff/", follow=True).text

    assert f"because you were inactive for {words}." in page
