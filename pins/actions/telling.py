"""Telling people by mail: the author what was decided, and moderators, in their daily email, what waits for them."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_map import access
from community_map.digest import add_to_digest, digest_kind
from community_map.mail import cancel_mail, queue_mail, signature
from community_map.models import Portal, User
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


TO_CHECK = "pins-to-check"


def ask_moderators(pin: Pin) -> None:
    """Ask the moderators, or the administrators where there are none, to check a pin that now waits."""
    active = User.objects.filter(is_active=True).exclude(pk=pin.created_by_id)
    moderators = active.filter(groups__name=access.MODERATORS)
    add_to_digest(moderators or active.filter(is_superuser=True), TO_CHECK, str(pin.public_id))


@digest_kind(TO_CHECK)
def describe_pins_to_check(user: User, public_ids: list[str]) -> list[str]:
    """Say how many wait, and name none: a mailbox is read on more screens than the portal."""
    if not access.is_moderator(user):
        return []
    waiting = Pin.objects.visible_to(user).waiting().exclude(created_by=user)
    new = waiting.filter(public_id__in=public_ids).count()
    if not new:
        return []
    lines = [ngettext("%(new)d new pin to check", "%(new)d new pins to check", new) % {"new": new}]
    total = waiting.count()
    if total > new:
        lines += [
            ngettext("%(total)d pin to check in total", "%(total)d pins to check in total", total)
            % {"total": total}
        ]
    return [*lines, settings.SITE_URL + reverse("admin:pins_pin_changelist")]
