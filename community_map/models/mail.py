from datetime import datetime, timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_map.models.lease import LeasedQuerySet

KEEP_TRYING = timedelta(days=3)


def new_message_id() -> str:
    """Return a Message-ID: the same one at every try, so that mailboxes show a mail once that was sent twice."""
    return make_msgid(domain=urlsplit(settings.SITE_URL).hostname)


def in_three_days() -> datetime:
    return timezone.now() + KEEP_TRYING


class OutboxMailQuerySet(LeasedQuerySet):
    def unsent(self) -> "OutboxMailQuerySet":
        """The mails that have not gone and are still to go, now or later."""
        return self.filter(sent_at=None, given_up_at=None)

    def waiting(self, now: datetime) -> "OutboxMailQuerySet":
        """The mails that can go now."""
        return self.unsent().free(now).filter(send_after__lte=now)


class OutboxMail(models.Model):
    """One mail to send. Written in the transaction that causes it; the job in community_map.outbox sends it."""

    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    # Encrypted where it is secret, and empty once such a mail has gone.
    body = models.TextField(_("text"), blank=True)
    is_secret = models.BooleanField(_("for signing in"), default=False, editable=False)
    message_id = models.CharField(max_length=200, default=new_message_id, unique=True, editable=False)
    # What it tells of: a later mail about the same thing replaces one that has not gone.
    about = models.CharField(max_length=80, blank=True, editable=False, db_index=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    send_after = models.DateTimeField(_("not sent before"), default=timezone.now)
    try_until = models.DateTimeField(_("tried until"), default=in_three_days)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    # Which process is sending it, and until when that counts.
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    # How often sending began since the mail server last answered: a process that was killed leaves a one.
    unanswered = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("email")
        verbose_name_plural = _("emails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["send_after"], condition=Q(sent_at=None, given_up_at=None), name="mail_to_send"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_is_sent_or_given_up_but_not_both",
                condition=Q(sent_at=None) | Q(given_up_at=None),
            ),
            models.CheckConstraint(
                name="mail_for_signing_in_keeps_no_text_once_it_has_gone",
                condition=Q(is_secret=False) | Q(sent_at=None, given_up_at=None) | Q(body=""),
            ),
            models.CheckConstraint(
                name="mail_has_a_lease_with_an_end_or_none",
                condition=Q(lease=None, leased_until=None)
                | Q(lease__isnull=False, leased_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject
