"""The mail that the portal has sent, for tests: sending is a job's, so a test lets it run first."""

import time_machine
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from community_map import outbox


def sent_mail() -> list[EmailMessage]:
    """Let the outbox job run, at a time when decisions can no longer be taken back; return all that has been sent."""
    later = timezone.now() + timezone.timedelta(minutes=settings.DECISION_MAIL_DELAY_MINUTES, seconds=1)
    with time_machine.travel(later):
        outbox.send_waiting()
    return mail.outbox
