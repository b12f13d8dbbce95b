"""Writing mail into the outbox, in the transaction that causes it. community_map.outbox sends it from there."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from community_map.accounts.encryption import encrypt
from community_map.models import OutboxMail, Portal

# What a text for signing in is encrypted for.
PURPOSE = "community_map.mail"
# A code or a link works for no longer than this, and the mail is worth nothing afterwards.
SECRET_LIFE = timedelta(hours=1)


def queue_mail(
    to: str, subject: str, body: str, *, about: str = "", delay: timedelta = timedelta(0)
) -> OutboxMail:
    """Write a mail into the outbox, to be sent once the transaction has ended and the delay has passed.

    A mail that says what it is `about` replaces one about the same thing that has not gone.
    """
    if about:
        cancel_mail(about)
    return OutboxMail.objects.create(
        to=to, subject=one_line(subject), body=body, about=about, send_after=timezone.now() + delay
    )


def queue_secret_mail(to: str, subject: str, body: str) -> OutboxMail:
    """Write a mail with a code or a link for signing in: encrypted, and erased once it has been sent."""
    return OutboxMail.objects.create(
        to=to,
        subject=one_line(subject),
        body=encrypt(body, PURPOSE),
        is_secret=True,
        try_until=timezone.now() + SECRET_LIFE,
    )


def cancel_mail(about: str) -> int:
    """Take back the mail about this that has not gone; return how many there were."""
    now = timezone.now()
    return OutboxMail.objects.unsent().free(now).filter(about=about).delete()[0]


def one_line(subject: str) -> str:
    return " ".join(subject.split())[:200]


def signature(portal: Portal) -> list[str]:
    """Return the last lines of every mail: who writes, and where to answer."""
    team = _("%(team)s, %(council)s") % {"team": portal.team_name, "council": portal.council_name}
    return ["", team, portal.mailbox]
