from datetime import date

import pytest

from community_map.models import Service
from pins import actions
from pins.actions import ConnectionAnswers
from pins.models import Pin, Precision, Visibility
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
