"""Sending what is in the outbox: the only place from which mail leaves.

Rows are claimed by a conditional UPDATE with a lease, and no transaction is open while a mail is sent. So a mail is sent
once. If the process is killed between the mail server's answer and its own note of it, the mail is sent a second time,
with the same Message-ID, and never a third.
"""

import contextlib
import logging
import smtplib
import uuid
from collections import Counter
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map import jobs
from community_map.accounts.encryption import decrypt
from community_map.mail import PURPOSE
from community_map.models import OutboxMail
from community_map.models.mail import KEEP_TRYING

logger = logging.getLogger(__name__)
BATCH = 20
# Somebody waits for a code.
FIRST = ("-is_secret", "send_after", "pk")
# Longer than one mail takes a slow server: each step waits no longer than EMAIL_TIMEOUT.
LEASE = timedelta(minutes=2)
# The first pause after a failure; each is twice the one before.
PAUSE, PAUSE_OF_SECRET = timedelta(minutes=1), timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=6)
# These tell of one mail; every other fault is the connection's, and so the fault of all that wait.
OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException, ValueError)


def mail_waits() -> bool:
    return OutboxMail.objects.waiting(timezone.now()).exists()


@jobs.job("outbox", gettext_lazy("Send email"), every=timedelta(seconds=1), waits=mail_waits)
def send_waiting() -> str:
    """Send every mail that can go now, a batch for each connection; codes for signing in first."""
    counts: Counter = Counter(sent=0, failed=0)
    while not jobs.stopping.is_set() and (batch := claim()):
        counts.update(send_batch(batch))
    return _("%(sent)d sent, %(failed)d failed") % counts


def claim() -> list[OutboxMail]:
    """Claim the next batch; two processes that try at the same moment get different rows."""
    while True:
        now, lease = timezone.now(), uuid.uuid4()
        waiting = OutboxMail.objects.waiting(now)
        chosen = list(waiting.order_by(*FIRST).values_list("pk", flat=True)[:BATCH])
        if not chosen:
            return []
        # None where another process was quicker: the next ones are still to go.
        if waiting.filter(pk__in=chosen).update(lease=lease, leased_until=now + LEASE):
            return list(OutboxMail.objects.filter(lease=lease).order_by(*FIRST))


def send_batch(batch: list[OutboxMail]) -> Counter:
    """Send claimed mails through one connection; return how many were sent and how many failed."""
    counts: Counter = Counter()
    server = get_connection()
    try:
        server.open()
        for mail in batch:
            if begin(mail):
                counts["sent" if send(mail, server) else "failed"] += 1
    except Exception as error:  # whatever it is, it is the connection's: nothing can be sent now
        logger.warning("mail cannot be sent: %s", type(error).__name__)
        counts["failed"] += 1
        postpone(batch, error)
    finally:
        with contextlib.suppress(OSError):
            server.close()
    return counts


def begin(mail: OutboxMail) -> bool:
    """Note that this mail is about to be sent; False where it is no longer ours, or no longer worth sending."""
    now = timezone.now()
    if mail.unanswered >= 2:
        give_up(mail, _("Sending was interrupted twice. The email may have arrived."))
        return False
    if mail.is_secret and mail.try_until <= now:
        give_up(mail, mail.last_error or _("The code or link had expired."))
        return False
    mail.attempts, mail.unanswered = mail.attempts + 1, mail.unanswered + 1
    return bool(
        _ours(mail).update(
            attempts=F("attempts") + 1, unanswered=F("unanswered") + 1, leased_until=now + LEASE
        )
    )


def send(mail: OutboxMail, server) -> bool:
    """Send one mail and note the answer. Raises what is the connection's fault, once it is noted."""
    try:
        body = decrypt(mail.body, PURPOSE) if mail.is_secret else mail.body
        if body is None:
            give_up(mail, _("The text cannot be read with the present SECRET_KEY."))
            return False
        headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
        server.send_messages([EmailMessage(mail.subject, body, None, [mail.to], headers=headers)])
    except Exception as error:
        note_failure(mail, error)
        if isinstance(error, OF_ONE_MAIL):
            return False
        raise
    _let_go(mail, **_ended(mail, "sent_at"), last_error="", unanswered=0)
    return True


def _ours(mail: OutboxMail):
    return OutboxMail.objects.filter(pk=mail.pk, lease=mail.lease)


def _let_go(mail: OutboxMail, **values) -> None:
    """Write these values and end the lease, if it is still ours."""
    _ours(mail).update(lease=None, leased_until=None, **values)


def _ended(mail: OutboxMail, column: str) -> dict:
    """Return what a mail keeps once it has gone or been given up: a text for signing in does not stay."""
    return {column: timezone.now(), "body": "" if mail.is_secret else mail.body}


def give_up(mail: OutboxMail, why: str) -> None:
    _let_go(mail, **_ended(mail, "given_up_at"), last_error=why[:300])


def note_failure(mail: OutboxMail, error: Exception) -> None:
    """Write down why a mail was not sent, and when it is tried again; give it up when it has been tried for long enough."""
    now = timezone.now()
    if now >= mail.try_until:
        give_up(mail, describe(error))
        return
    _let_go(
        mail,
        send_after=now + pause_after(mail.attempts, is_secret=mail.is_secret),
        last_error=describe(error),
        unanswered=0,
    )


def pause_after(attempts: int, *, is_secret: bool) -> timedelta:
    first = PAUSE_OF_SECRET if is_secret else PAUSE
    # No number of attempts may reach beyond what a timedelta holds.
    return min(first * 2 ** min(max(attempts, 1) - 1, 20), LONGEST_PAUSE)


def postpone(batch: list[OutboxMail], error: Exception) -> None:
    """Let everything that waits wait a little longer, as no mail can be sent at present."""
    now: datetime = timezone.now()
    OutboxMail.objects.filter(lease__in={mail.lease for mail in batch}).update(lease=None, leased_until=None)
    waiting = OutboxMail.objects.waiting(now)
    overdue, why = waiting.filter(try_until__lte=now), describe(error)
    overdue.filter(is_secret=True).update(given_up_at=now, last_error=why, body="")
    overdue.filter(is_secret=False).update(given_up_at=now, last_error=why)
    waiting.filter(is_secret=True).update(send_after=now + PAUSE_OF_SECRET, last_error=why)
    waiting.filter(is_secret=False).update(send_after=now + PAUSE, last_error=why)


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def send_again(mails) -> int:
    """Let given-up mails be tried for another three days; return how many there were. Erased texts are gone."""
    now = timezone.now()
    return (
        mails.filter(is_secret=False)
        .exclude(given_up_at=None)
        .update(given_up_at=None, send_after=now, try_until=now + KEEP_TRYING, unanswered=0)
    )
