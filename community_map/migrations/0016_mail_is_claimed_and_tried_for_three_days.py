"""Mail rows say who is sending them, until when they are tried, and when they were given up.

Mail that the old software had given up in silence (after ten attempts) is marked as given up, so that admin shows it.
"""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone

import community_map.models.mail

MOST_ATTEMPTS = 10


def say_what_was_given_up(apps, schema_editor):
    mails, now = apps.get_model("community_map", "OutboxMail").objects, timezone.now()
    for pk in mails.values_list("pk", flat=True):
        mails.filter(pk=pk).update(message_id=community_map.models.mail.new_message_id())
    mails.update(send_after=F("created_at"))
    mails.filter(sent_at=None, attempts__gte=MOST_ATTEMPTS).update(given_up_at=now)
    mails.filter(sent_at=None, given_up_at=None).update(try_until=now + timedelta(days=3))


def as_the_old_software_reads_it(apps, schema_editor):
    """It would send an encrypted text as it is, and try again what was given up."""
    mails = apps.get_model("community_map", "OutboxMail").objects
    mails.filter(is_secret=True).delete()
    mails.exclude(given_up_at=None).filter(attempts__lt=MOST_ATTEMPTS).update(attempts=MOST_ATTEMPTS)


class Migration(migrations.Migration):
    dependencies = [
        ("community_map", "0015_scheduled_jobs"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="outboxmail", name="mail_waiting"),
        migrations.AlterField("outboxmail", "body", models.TextField(blank=True, verbose_name="text")),
        migrations.AddField(
            "outboxmail",
            "is_secret",
            models.BooleanField(default=False, editable=False, verbose_name="for signing in"),
        ),
        migrations.AddField(
            "outboxmail", "message_id", models.CharField(default="", editable=False, max_length=200)
        ),
        migrations.AddField(
            "outboxmail",
            "about",
            models.CharField(blank=True, db_index=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            "outboxmail",
            "send_after",
            models.DateTimeField(default=timezone.now, verbose_name="not sent before"),
        ),
        migrations.AddField(
            "outboxmail",
            "try_until",
            models.DateTimeField(default=community_map.models.mail.in_three_days, verbose_name="tried until"),
        ),
        migrations.AddField(
            "outboxmail",
            "given_up_at",
            models.DateTimeField(blank=True, null=True, verbose_name="given up"),
        ),
        migrations.AddField("outboxmail", "lease", models.UUIDField(editable=False, null=True)),
        migrations.AddField("outboxmail", "leased_until", models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            "outboxmail", "unanswered", models.PositiveSmallIntegerField(default=0, editable=False)
        ),
        migrations.RunPython(say_what_was_given_up, as_the_old_software_reads_it),
        migrations.AlterField(
            "outboxmail",
            "message_id",
            models.CharField(
                default=community_map.models.mail.new_message_id, editable=False, max_length=200, unique=True
            ),
        ),
        migrations.AddIndex(
            "outboxmail",
            models.Index(
                fields=["send_after"], condition=Q(sent_at=None, given_up_at=None), name="mail_to_send"
            ),
        ),
        migrations.AddConstraint(
            "outboxmail",
            models.CheckConstraint(
                name="mail_is_sent_or_given_up_but_not_both",
                condition=Q(sent_at=None) | Q(given_up_at=None),
            ),
        ),
        migrations.AddConstraint(
            "outboxmail",
            models.CheckConstraint(
                name="mail_for_signing_in_keeps_no_text_once_it_has_gone",
                condition=Q(is_secret=False) | Q(sent_at=None, given_up_at=None) | Q(body=""),
            ),
        ),
        migrations.AddConstraint(
            "outboxmail",
            models.CheckConstraint(
                name="mail_has_a_lease_with_an_end_or_none",
                condition=Q(lease=None, leased_until=None)
                | Q(lease__isnull=False, leased_until__isnull=False),
            ),
        ),
    ]
