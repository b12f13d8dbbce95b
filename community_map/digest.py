"""The daily email: whatever asks several people for something goes through it, so that a person gets one a day at most.

An item says only what it is about. Each kind registers a function that says, on the day, what still waits for this person;
where nothing does, no mail is written. Its links pause or stop it without signing in.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map.jobs import job
from community_map.mail import queue_mail, signature
from community_map.models import DigestItem, Portal, User

logger = logging.getLogger(__name__)
PAUSE = timedelta(days=14)
PAUSE_LINK, STOP_LINK = "pause", "stop"
# What the links are signed for, and for how long: this signature opens nothing else, and nothing else opens them.
SALT = "community_map.digest"
LINK_LIFE = timedelta(days=365)

# Given the person and what the items are about, each returns the lines to write: none where nothing waits any more.
describers: dict[str, Callable[[User, list[str]], list[str]]] = {}


def digest_kind(name: str):
    """Register the function that describes one kind of items. It must ask the policy what this person may know."""

    def register(describe: Callable[[User, list[str]], list[str]]):
        describers[name] = describe
        return describe

    return register


def add_to_digest(users: Iterable[User], kind: str, about: str) -> None:
    """Ask these people for something in their next daily email; whoever has stopped it is not asked."""
    asked = [user for user in users if user.is_active and user.gets_digest]
    DigestItem.objects.bulk_create(
        [DigestItem(user=user, kind=kind, about=about) for user in asked], ignore_conflicts=True
    )


@job(
    "digest",
    gettext_lazy("Send the daily email"),
    every=timedelta(days=1),
    hour=lambda: settings.DAILY_EMAIL_HOUR,
)
def send_digests() -> str:
    """Write to everyone whom something waits for; one person's fault holds up nobody else's mail."""
    written, failed = 0, 0
    for pk in DigestItem.objects.order_by("user").values_list("user", flat=True).distinct():
        try:
            written += write_digest(pk)
        except Exception:
            logger.exception("the daily email for user %s was not written", pk)
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} not written, {written} written")
    return _("%(number)d written") % {"number": written}


@transaction.atomic
def write_digest(pk: int) -> bool:
    """Write one person's mail for today, unless they have had it, paused it or stopped it."""
    user, today = User.objects.select_for_update().get(pk=pk), timezone.localdate()
    items = DigestItem.objects.filter(user=user)
    if not (user.is_active and user.gets_digest):
        items.delete()
        return False
    if user.digest_sent_on == today or (user.digest_paused_until and today < user.digest_paused_until):
        return False
    lines = [line for kind in describers for line in _lines_of(kind, user, items)]
    items.delete()
    if not lines:
        return False
    portal = Portal.load()
    subject = _("Waiting for you on %(portal)s") % {"portal": portal.portal_name}
    queue_mail(user.email, subject, "\n".join([*lines, *_ways_out(user), *signature(portal)]))
    User.objects.filter(pk=pk).update(digest_sent_on=today)
    return True


def _lines_of(kind: str, user: User, items) -> list[str]:
    about = list(items.filter(kind=kind).values_list("about", flat=True))
    lines = describers[kind](user, about) if about else []
    return [*lines, ""] if lines else []


def _ways_out(user: User) -> list[str]:
    token = token_for(user)
    return [
        _("You get this email at most once a day, when something is waiting for you."),
        _("Not now? Pause it for two weeks:"),
        settings.SITE_URL + reverse("daily-email", args=[token, PAUSE_LINK]),
        _("Stop it:"),
        settings.SITE_URL + reverse("daily-email", args=[token, STOP_LINK]),
    ]


def token_for(user: User) -> str:
    return signing.dumps(user.pk, salt=SALT)


def user_of(token: str) -> User | None:
    """Return whose daily email this link is about; None where it was not signed here for this, or is too old."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LINK_LIFE)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()


def pause(user: User) -> None:
    until = timezone.localdate() + PAUSE
    User.objects.filter(pk=user.pk).update(gets_digest=True, digest_paused_until=until)


def resume(user: User) -> None:
    User.objects.filter(pk=user.pk).update(gets_digest=True, digest_paused_until=None)


@transaction.atomic
def stop(user: User) -> None:
    User.objects.filter(pk=user.pk).update(gets_digest=False, digest_paused_until=None)
    DigestItem.objects.filter(user=user).delete()
