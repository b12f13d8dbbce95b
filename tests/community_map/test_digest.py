"""The daily email: one a day at most, about what still waits, and out of it by one click that only a person makes."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community_map import digest
from community_map.models import DigestItem, OutboxMail, User
from pins import actions
from pins.actions import ConnectionAnswers
from pins.models import Pin, Precision, Visibility
from tests.factories import (
    INSIDE,
    make_administrator,
    make_category,
    make_contributor,
    make_moderator,
    make_pin,
    make_portal,
)

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def asks(monkeypatch):
    """A kind of items that all still wait."""
    monkeypatch.setattr(digest, "describers", {"test": lambda user, about: [f"Asked: {', '.join(about)}"]})

    def ask(*users, about="a"):
        digest.add_to_digest(users, "test", about)

    return ask


def mails() -> list[tuple[str, str]]:
    return list(OutboxMail.objects.order_by("pk").values_list("to", "body"))


def links_in(body: str) -> dict[str, str]:
    paths = re.findall(r"http://localhost:8000(/daily-email/\S+)", body)
    return {path.rstrip("/").rpartition("/")[2]: path for path in paths}


# --- one a day ---


def test_what_several_things_ask_is_one_mail_and_the_next_one_comes_tomorrow(asks, time_machine):
    time_machine.move_to("2026-03-10 08:00+00:00")
    user = make_moderator("a@example.org")
    for about in ("a", "b", "a"):
        asks(user, about=about)

    assert digest.send_digests() == "1 written"
    assert [(to, body.splitlines()[0]) for to, body in mails()] == [("a@example.org", "Asked: a, b")]

    asks(user, about="c")
    assert digest.send_digests() == "0 written"
    time_machine.move_to("2026-03-11 08:00+00:00")
    assert digest.send_digests() == "1 written"
    assert mails()[1][1].startswith("Asked: c") and digest.send_digests() == "0 written"


def test_what_no_longer_waits_is_not_asked(asks, monkeypatch):
    user = make_moderator()
    asks(user)
    monkeypatch.setitem(digest.describers, "test", lambda user, about: [])

    assert digest.send_digests() == "0 written"

    assert (mails(), DigestItem.objects.count()) == ([], 0)


def test_one_persons_fault_holds_up_nobody_elses_mail(asks, monkeypatch):
    people = [make_moderator(f"{name}@example.org") for name in "abc"]
    asks(*people)

    def describe(user, about):
        return [f"Asked: {1 / (user.email[0] != 'b')}"]

    monkeypatch.setitem(digest.describers, "test", describe)

    with pytest.raises(RuntimeError, match="1 not written, 2 written"):
        digest.send_digests()

    assert [to for to, _body in mails()] == ["a@example.org", "c@example.org"]
    assert list(DigestItem.objects.values_list("user__email", flat=True)) == ["b@example.org"]


def test_whoever_has_left_or_stopped_it_is_not_asked(asks):
    left, stopped = make_moderator(), make_moderator()
    asks(left, stopped)
    User.objects.filter(pk=left.pk).update(is_active=False)
    digest.stop(stopped)
    stopped.refresh_from_db()
    asks(stopped)

    assert digest.send_digests() == "0 written"
    assert DigestItem.objects.count() == 0


def test_the_database_holds_one_item_for_a_thing(asks):
    user = make_moderator()
    asks(user)

    with pytest.raises(IntegrityError), transaction.atomic():
        DigestItem.objects.create(user=user, kind="test", about="a")


# --- pins to check ---


def send(author, name="Choir") -> Pin:
    pin = Pin(name=name, precision=Precision.STREET, visibility=Visibility.PUBLIC, category=make_category())
    answers = ConnectionAnswers(service=author.service, kind="know-of")
    return actions.send_pin(pin, INSIDE, answers, author=author)[0]


def test_moderators_are_told_how_many_pins_wait_and_never_their_names():
    make_portal(portal_name="Testshire together")
    make_pin("Waits since last week", status="submitted")
    moderator, administrator = make_moderator("m@example.org"), make_administrator()
    make_moderator("left@example.org", is_active=False)
    make_pin("Their own", status="submitted", author=moderator)
    author = make_contributor()
    for name in ("Secret choir", "Secret club", "Secret walk"):
        pin = send(author, name)
    actions.decide(Pin.objects.filter(pk=pin.pk), "publish", by=administrator)
    OutboxMail.objects.all().delete()

    assert digest.send_digests() == "1 written"

    [(to, body)] = mails()
    assert (
        to == moderator.email and OutboxMail.objects.get().subject == "Waiting for you on Testshire together"
    )
    assert body.splitlines()[:3] == [
        "2 new pins to check",
        "3 pins to check in total",
        "http://localhost:8000/admin/pins/pin/",
    ]
    assert "Secret" not in body


def test_nobody_is_asked_to_check_their_own_pin_or_after_losing_the_role():
    author, other = make_moderator("author@example.org"), make_moderator("other@example.org")
    author.service = make_contributor().service
    send(author)
    assert list(DigestItem.objects.values_list("user__email", flat=True)) == ["other@example.org"]
    other.groups.clear()

    assert digest.send_digests() == "0 written"


def test_without_a_moderator_the_administrators_are_asked():
    make_administrator("boss@example.org")
    send(make_contributor())

    assert list(DigestItem.objects.values_list("user__email", flat=True)) == ["boss@example.org"]


def test_a_pin_that_is_sent_again_is_asked_for_again():
    moderator, author = make_moderator(), make_contributor()
    pin = send(author)
    digest.send_digests()
    actions.decide(Pin.objects.all(), "return", by=moderator, reason="Choose the library.")
    assert not DigestItem.objects.exists()
    pin.refresh_from_db()

    actions.resend_pin(
        pin, INSIDE, ConnectionAnswers(service=author.service, kind="know-of"), by=author, version=pin.version
    )

    assert list(DigestItem.objects.values_list("about", flat=True)) == [str(pin.public_id)]


# --- not now, and stop ---


@pytest.fixture
def links(asks) -> dict[str, str]:
    make_portal()
    asks(make_moderator("m@example.org"))
    digest.send_digests()
    return links_in(mails()[0][1])


def test_a_link_alone_changes_nothing_and_its_button_does(links):
    user = User.objects.get(email="m@example.org")
    for path in links.values():
        page = Client().get(path)
        assert (page.status_code, page.text.count("<h1")) == (200, 1)
        user.refresh_from_db()
        assert (user.gets_digest, user.digest_paused_until) == (True, None)

    page = Client().post(links["pause"], headers=OURS).text
    user.refresh_from_db()
    assert "Your daily email is paused" in page
    assert user.digest_paused_until == timezone.localdate() + timedelta(days=14)

    page = Client().post(links["stop"], headers=OURS).text
    user.refresh_from_db()
    assert "Your daily email is off" in page and not user.gets_digest


def test_what_is_asked_during_a_pause_comes_in_one_mail_after_it(links, asks, time_machine):
    user = User.objects.get(email="m@example.org")
    Client().post(links["pause"], headers=OURS)
    for day in range(1, 15):
        time_machine.move_to(timezone.now() + timedelta(days=1))
        user.refresh_from_db()
        asks(user, about=f"day {day}")
        assert digest.send_digests() == ("1 written" if day == 14 else "0 written")

    assert "day 1, day 2" in mails()[1][1] and len(mails()) == 2


def test_the_page_tells_nobody_whose_it_is_and_leaves_nothing_behind(links):
    for answer in (Client().get(links["stop"]), Client().post(links["stop"], headers=OURS)):
        assert "example.org" not in answer.text.replace("participation@example.org", "")
        assert dict(answer.cookies) == {} and answer.headers["Cache-Control"] == "no-store"
        # The address, with the token in it, is not told to other sites.
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_a_page_of_another_site_cannot_press_the_button(links):
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert Client().post(links["stop"], headers=headers).status_code == 403

    assert User.objects.get(email="m@example.org").gets_digest


def test_a_token_that_was_not_signed_for_this_opens_nothing(links, time_machine):
    user = User.objects.get(email="m@example.org")
    token = links["stop"].split("/")[2]
    forged = [
        "token",
        str(user.pk),
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        signing.dumps(user.pk),
        signing.dumps(user.pk, salt="another use"),
    ]
    for other in forged:
        for method in (Client().get, Client().post):
            assert method(f"/daily-email/{other}/stop/", headers=OURS).status_code == 404
    assert Client().post(f"/daily-email/{token}/delete/", headers=OURS).status_code == 404
    assert User.objects.get(pk=user.pk).gets_digest

    time_machine.move_to(timezone.now() + timedelta(days=366))
    assert Client().get(links["stop"]).status_code == 404


def test_the_token_signs_nobody_in_and_opens_no_other_link(links):
    token, browser = links["stop"].split("/")[2], Client()
    browser.post(links["pause"], headers=OURS)

    assert browser.get("/accounts/").status_code == 302
    for reader in (
        signing.loads,
        lambda text: signing.loads(text, salt="django.contrib.sessions.backends.signed_cookies"),
    ):
        with pytest.raises(signing.BadSignature):
            reader(token)
    user = User.objects.get(email="m@example.org")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert browser.get(links["stop"]).status_code == 404


# --- on the account page ---


def test_a_person_sees_and_changes_it_on_their_account_page(client):
    make_portal()
    user = make_moderator()
    client.force_login(user)
    address = reverse("account_daily_email")
    assert "On. We send it when something is waiting for you." in client.get("/accounts/").text
    assert client.post(address, {}).status_code == 422

    assert client.post(address, {"choice": "stop"}).headers["Location"] == "/accounts/"
    assert "Off." in client.get("/accounts/").text
    client.post(address, {"choice": "pause"})
    assert "Paused until" in " ".join(client.get("/accounts/").text.split())
    client.post(address, {"choice": "on"})

    user.refresh_from_db()
    assert (user.gets_digest, user.digest_paused_until) == (True, None)


def test_nobody_changes_it_for_somebody_else(client):
    other = make_moderator()

    assert client.post(reverse("account_daily_email"), {"choice": "stop"}).status_code == 302

    other.refresh_from_db()
    assert other.gets_digest
