import uuid
from datetime import date

import pytest
from django.utils import timezone

from community_map.models import Service
from pins import actions
from pins.actions import ConnectionAnswers
from pins.models import Pin, Precision, Question, Visibility
from tests.factories import INSIDE, make_category, make_contributor

pytestmark = pytest.mark.django_db


def send(author, **fields) -> Pin:
    pin = Pin(
        name="Choir",
        precision=Precision.STREET,
        visibility=Visibility.PUBLIC,
        **{"category": make_category(), **fields},
    )
    answers = ConnectionAnswers(service=author.service or Service.objects.first(), kind="know-of")
    return actions.send_pin(pin, INSIDE, answers, author=author)[0]


@pytest.mark.parametrize(
    ("months", "due"),
    [(1, date(2026, 3, 31)), (6, date(2026, 8, 31)), (12, date(2027, 3, 1)), (60, date(2031, 3, 1))],
)
def test_a_pin_is_due_for_review_as_many_months_after_sending_as_its_category_says(months, due, time_machine):
    time_machine.move_to("2026-03-01 12:00+00:00")

    pin = send(make_contributor(), category=make_category(review_months=months))

    pin.refresh_from_db()
    assert (pin.review_due, pin.last_confirmed_at) == (due, date(2026, 3, 1))


def test_sending_again_is_a_new_version_that_waits_and_an_older_page_is_refused(time_machine):
    author = make_contributor()
    answers = ConnectionAnswers(service=author.service, kind="know-of")
    time_machine.move_to("2026-03-01 12:00+00:00", tick=False)
    pin = send(author)
    Pin.objects.filter(pk=pin.pk).update(status="returned")
    time_machine.move_to("2026-03-02 12:00+00:00", tick=False)
    pin = Pin.objects.get(pk=pin.pk)

    actions.resend_pin(pin, INSIDE, answers, by=author, version=1)

    pin = Pin.objects.get(pk=pin.pk)
    assert (pin.status, pin.version, pin.submitted_at) == ("submitted", 2, timezone.now())
    with pytest.raises(actions.StaleVersion, match="changed this pin"):
        actions.resend_pin(pin, INSIDE, answers, by=author, version=1)


def test_what_has_been_checked_meanwhile_is_not_sent_again():
    author = make_contributor()
    pin = send(author)
    Pin.objects.filter(pk=pin.pk).update(status="published", published_at=timezone.now())

    with pytest.raises(actions.StaleVersion):
        actions.resend_pin(
            pin, INSIDE, ConnectionAnswers(service=author.service, kind="know-of"), by=author, version=1
        )


def test_the_same_pin_sent_twice_is_one():
    author, key = make_contributor(), uuid.uuid4()
    category = make_category()

    first = send(author, idempotency_key=key, category=category)
    again = send(author, idempotency_key=key, category=category)

    assert (again, Pin.objects.count()) == (first, 1)
    assert send(make_contributor(), idempotency_key=key, category=category) != first


def test_details_are_one_new_version_of_the_pin_and_of_the_connection():
    author = make_contributor()
    pin = send(author)
    connection = pin.connections.get()
    before = connection.version

    actions.add_details(
        pin,
        {"meeting": "On Mondays"},
        {},
        by=author,
        version=1,
        connection=connection,
        said={"what_worked": "Tea."},
    )

    pin.refresh_from_db()
    connection.refresh_from_db()
    assert (pin.version, pin.meeting) == (2, "On Mondays")
    assert (connection.version, connection.what_worked) == (before + 1, "Tea.")


def test_an_answer_that_is_taken_away_is_gone_and_the_others_stay():
    author = make_contributor()
    pin = send(author)
    members, founded = (
        Question.objects.create(label=label, kind="number") for label in ("Members?", "Founded?")
    )
    actions.add_details(pin, {}, {members: 20, founded: 1999}, by=author, version=1)

    actions.add_details(pin, {}, {members: None, founded: 2001}, by=author, version=2)

    assert list(pin.answers.values_list("asked_as", "value")) == [("Founded?", 2001)]
