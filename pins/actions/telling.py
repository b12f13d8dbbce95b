"""Telling a pin's author by mail what was decided, after a while in which the decision can be taken back."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from community_map.mail import cancel_mail, queue_mail, signature
from community_map.models import Portal
from pins.models import Pin


def mail_author(
    pin: Pin, subject: str, sentence: str, reason: str, portal: Portal, *, leads_to: Pin | None
) -> None:
    """Mail the pin's author, unless they have left; with the address of a pin that they can open, where there is one.

    The mail replaces one about an earlier decision that has not gone.
    """
    cancel_decision_mail(pin)
    if not pin.created_by.is_active:
        return
    lines = [sentence]
    if reason:
        lines += ["", _("Reason: %(reason)s") % {"reason": reason}]
    if leads_to:
        lines += ["", settings.SITE_URL + reverse("staff:pin", args=[leads_to.public_id])]
    queue_mail(
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
