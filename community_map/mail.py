"""The mail outbox: a mail is written in the transaction that causes it and sent after it."""

import logging
from datetime import timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map.jobs import job
from community_map.models import OutboxMail, Portal

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 10


def queue_mail(to: str, subject: str, body: str) -> OutboxMail:
    """Write a mail into the outbox; it is sent when the transaction commits, or later by the outbox job."""
    mail = OutboxMail.objects.create(to=to, subject=" ".join(subject.split())[:200], body=body)
    transaction.on_commit(lambda: send(mail))
    return mail


def signature(portal: Portal) -> list[str]:
    """Return the last lines of every mail: who writes, and where to answer."""
    team = _("%(team)s, %(council)s") % {"team": portal.team_name, "council": portal.council_name}
    return ["", team, portal.mailbox]


def send(mail: OutboxMail) -> bool:
    """Send one mail now, unless it has gone; a failure is noted on the row, logged without the address, tried again."""
    if not OutboxMail.objects.filter(pk=mail.pk, sent_at=None).exists():
        return True
    try:
        send_mail(mail.subject, mail.body, None, [mail.to])
    except OSError as error:  # SMTPException is one, and so is a refused connection
        OutboxMail.objects.filter(pk=mail.pk).update(attempts=F("attempts") + 1, last_error=str(error)[:300])
        logger.warning("mail %s was not sent: %s", mail.pk, type(error).__name__)
        return False
    OutboxMail.objects.filter(pk=mail.pk).update(
        attempts=F("attempts") + 1, sent_at=timezone.now(), last_error=""
    )
    return True


@job("outbox", gettext_lazy("Send email"), every=timedelta(minutes=5))
def send_outbox_again() -> str:
    sent, failed = send_outbox()
    return _("%(sent)d sent, %(failed)d failed") % {"sent": sent, "failed": failed}


def send_outbox() -> tuple[int, int]:
    """Try every mail that waits; return how many were sent and how many failed."""
    waiting = OutboxMail.objects.filter(sent_at=None, attempts__lt=MAX_ATTEMPTS).order_by("created_at")
    results = [send(mail) for mail in waiting]
    return results.count(True), results.count(False)
