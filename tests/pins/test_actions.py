import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from community_map.models import OutboxMail
from pins import actions
from pins.models import Decision, Pin
from tests.factories import INSIDE, make_contributor, make_moderator, make_pin
from tests.mail import sent_mail

pytestmark = pytest.mark.django_db


def test_publish_moves_a_submitted_pin_and_records_who():
    pin, moderator = make_pin(status="submitted"), make_moderator()

    assert actions.decide(Pin.objects.all(), "publish", by=moderator) == 1

    pin.refresh_from_db()
    assert (pin.status, pin.version) == ("published", 2)
    assert list(Decision.objects.values_list("kind", "by")) == [("publish", moderator.pk)]
    assert pin.history.first().history_user == moderator


def test_publish_does_not_touch_a_pin_that_was_declined_meanwhile():
    pin = make_pin(status="declined")

    assert actions.decide(Pin.objects.all(), "publish", by=make_moderator()) == 0

    pin.refresh_from_db()
    assert pin.status == "declined"


def test_return_without_a_reason_is_refused():
    make_pin(status="submitted")

    with pytest.raises(ValidationError):
        actions.decide(Pin.objects.all(), "return", by=make_moderator(), reason="  ")


def test_nobody_decides_their_own_pin():
    moderator = make_moderator()
    pin = make_pin(status="submitted", author=moderator)

    with pytest.raises(PermissionDenied):
        actions.decide(Pin.objects.all(), "publish", by=moderator)

    pin.refresh_from_db()
    assert pin.status == "submitted"


def test_a_contributor_decides_nothing():
    make_pin(status="submitted")

    with pytest.raises(PermissionDenied):
        actions.decide(Pin.objects.all(), "publish", by=make_contributor())


def test_the_author_is_mailed_the_outcome_after_the_transaction():
    make_pin("Walking group", status="submitted", author=make_contributor("author@example.org"))

    actions.decide(Pin.objects.all(), "return", by=make_moderator(), reason="Please choose the library.")

    assert [(mail.to, mail.subject) for mail in sent_mail()] == [
        (["author@example.org"], "Changes needed: Walking group")
    ]
    assert "Please choose the library." in sent_mail()[0].body


def test_the_author_is_told_of_the_last_decision_only_while_the_first_can_be_taken_back():
    make_pin("Walking group", status="submitted", author=make_contributor("author@example.org"))
    actions.decide(Pin.objects.all(), "publish", by=make_moderator())

    actions.decide(Pin.objects.all(), "archive", by=make_moderator(), reason="Moved away.")

    assert [mail.subject for mail in sent_mail()] == ["Removed from the map: Walking group"]


def test_an_author_who_has_sent_the_pin_again_is_not_asked_for_changes_afterwards():
    author = make_contributor("author@example.org")
    pin = make_pin("Walking group", status="submitted", author=author)
    actions.decide(Pin.objects.all(), "return", by=make_moderator(), reason="Please choose the library.")
    pin.refresh_from_db()

    answers = actions.ConnectionAnswers(service=author.service, kind="know-of")
    actions.resend_pin(pin, INSIDE, answers, by=author, version=pin.version)

    assert (sent_mail(), OutboxMail.objects.count()) == ([], 0)


def test_a_mail_that_has_gone_is_followed_by_the_next():
    make_pin("Walking group", status="submitted", author=make_contributor("author@example.org"))
    actions.decide(Pin.objects.all(), "publish", by=make_moderator())
    assert len(sent_mail()) == 1

    actions.decide(Pin.objects.all(), "archive", by=make_moderator(), reason="Moved away.")

    assert len(sent_mail()) == 2


@pytest.mark.parametrize("kind", ["publish", "return", "decline", "archive"])
def test_nobody_writes_to_an_author_who_has_left(kind):
    make_pin(status="submitted", author=make_contributor(is_active=False))

    assert actions.decide(Pin.objects.all(), kind, by=make_moderator(), reason="Because.") == 1

    assert (sent_mail(), OutboxMail.objects.count()) == ([], 0)
