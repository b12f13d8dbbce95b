"""Telling a pin's author by mail what was decided, after a while in which the decision can be taken back."""

from datetime import timedelta

from django.conf import settings

from community_map.mail import cancel_mail, queue_mail, signature
from community_map.models import OutboxMail, Portal
from pins.models import Pin


def mail_decision(pin: Pin, subject: str, lines: list[str], portal: Portal) -> OutboxMail:
    """Write the mail about a decision; it replaces one about an earlier decision that has not gone."""
    return queue_mail(
        pin.created_by.email,
        subject,
        "\n".join(lines + signature(portal)),
        about=_about(pin),
        delay=timedelta(minutes=settings.DECISION_MAIL_DELAY_MINUTES),
    )


def cancel_decision_mail(pin: Pin) -> None:
    """Take back the mail about the last decision, if it has not gone: it is no longer true."""
    cancel_mail(_about(pin))


def _about(pin: Pin) -> str:
    return f"decision on pin {pin.public_id}"
