"""What is put into the outbox: whole mails, one for each thing, with secrets encrypted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from community_map import mail
from community_map.models import OutboxMail

pytestmark = pytest.mark.django_db


def test_nothing_of_a_mail_becomes_a_header():
    row = mail.queue_mail("a@example.org", "Published:\r\nBcc: b@example.org", "Thank you")

    assert row.subject == "Published: Bcc: b@example.org"


def test_a_later_mail_about_the_same_thing_replaces_one_that_has_not_gone():
    now = timezone.now()
    gone = mail.queue_mail("a@example.org", "1", "", about="a")
    OutboxMail.objects.update(sent_at=now)
    leaving = mail.queue_mail("a@example.org", "2", "", about="a")
    OutboxMail.objects.filter(pk=leaving.pk).update(lease=OWN, leased_until=now + timedelta(minutes=1))
    waiting = mail.queue_mail("a@example.org", "3", "", about="a")
    other = mail.queue_mail("a@example.org", "4", "", about="b")
    assert OutboxMail.objects.filter(pk=waiting.pk).exists()

    last = mail.queue_mail("a@example.org", "5", "", about="a")

    left = set(OutboxMail.objects.values_list("pk", flat=True))
    assert left == {gone.pk, leaving.pk, other.pk, last.pk}


def test_a_mail_for_signing_in_lies_in_the_database_encrypted():
    row = mail.queue_secret_mail("a@example.org", "Your sign-in code", "Your code is ABC-123")

    row.refresh_from_db()
    assert "ABC-123" not in row.body and row.body.startswith("gAAAA")


OWN = "5cbb0c6c-9a8b-4a6e-9e5a-111111111111"


@pytest.mark.parametrize(
    "fields",
    [
        {"sent_at": timezone.now(), "given_up_at": timezone.now()},
        {"is_secret": True, "sent_at": timezone.now(), "body": "ABC-123"},
        {"is_secret": True, "given_up_at": timezone.now(), "body": "ABC-123"},
        {"lease": OWN},
        {"leased_until": timezone.now()},
    ],
)
def test_the_database_refuses_a_mail_that_cannot_be(fields):
    row = mail.queue_mail("a@example.org", "1", "")

    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMail.objects.filter(pk=row.pk).update(**fields)


def test_two_mails_never_have_the_same_message_id():
    first, second = (mail.queue_mail("a@example.org", "1", "") for _ in range(2))
    assert first.message_id != second.message_id and first.message_id.endswith("@localhost>")

    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMail.objects.filter(pk=first.pk).update(message_id=second.message_id)


# --- the migration from the outbox that gave up in silence ---


BEFORE = [("community_map", "0015_scheduled_jobs")]
AFTER = [("community_map", "0016_mail_is_claimed_and_tried_for_three_days")]


@pytest.fixture
def migrated():
    """Migrate this test's database there and back; afterwards it is as it was."""

    def go(to):
        executor = MigrationExecutor(connection)
        executor.migrate(to)
        return (
            MigrationExecutor(connection)
            .loader.project_state(to)
            .apps.get_model("community_map", "OutboxMail")
        )

    yield go
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_was_given_up_in_silence_is_shown_and_what_waited_still_waits(migrated):
    old = migrated(BEFORE)
    gone = old.objects.create(to="a@example.org", subject="gone", sent_at=timezone.now())
    waits = old.objects.create(to="a@example.org", subject="waits", body="text", attempts=9)
    lost = old.objects.create(to="a@example.org", subject="lost", attempts=10)

    new = migrated(AFTER)

    rows = {row.subject: row for row in new.objects.all()}
    assert rows["gone"].sent_at == gone.sent_at and rows["lost"].given_up_at is not None
    assert rows["waits"].given_up_at is None and rows["waits"].send_after == waits.created_at
    assert rows["waits"].try_until > timezone.now() + timedelta(days=2)
    assert len({row.message_id for row in rows.values()}) == 3

    new.objects.create(to="a@example.org", subject="code", body="gAAAA", is_secret=True, message_id="<1@x>")
    new.objects.filter(pk=waits.pk).update(attempts=3, given_up_at=timezone.now())
    back = migrated(BEFORE)

    # The old software would send an encrypted text as it is, and try again what was given up.
    assert list(back.objects.order_by("pk").values_list("subject", "attempts")) == [
        ("gone", 0),
        ("waits", 10),
        ("lost", lost.attempts),
    ]
