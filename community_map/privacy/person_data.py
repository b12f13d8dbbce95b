"""What is held about one person: exporting it, erasing it, and deleting data past its retention period.

Each app holds its own part and registers it (`holders`), so that this module knows none of them. An erased account
stays as a number without a name: pins keep an author, decisions a decider, and the audit log its numbers.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map import tasks
from community_map.jobs import at, job
from community_map.mail import queue_mail, signature
from community_map.models import AuditEntry, OutboxMail, Portal, Task, User
from community_map.privacy import audit

ERASED = "[erased]"
ACCOUNT_COLUMNS = (
    *("pk", "email", "name", "date_joined", "last_login", "warned_at", "role_asked_at"),
    *("gets_digest", "digest_paused_until", "digest_sent_on"),
)
NO_ADDRESS = "@erased.invalid"  # RFC 2606: a name that is never anybody's


@dataclass(frozen=True)
class Person:
    """Somebody who asks: with an account, or only an email address that they left with a story."""

    email: str
    user: User | None

    @property
    def telling_words(self) -> list[str]:
        """What would tell in a text who it was: the address, and a name of two words or more."""
        name = self.user.name.strip() if self.user else ""
        return [self.email, *([name] if " " in name else [])]


@dataclass(frozen=True)
class Holder:
    """A part of the portal that holds something about people. The functions write inside a transaction."""

    name: str
    export: Callable[[Person], dict]
    erase: Callable[[Person], dict[str, int]]
    apply_retention: Callable[[datetime], dict[str, int]]


holders: list[Holder] = []


def register(holder: Holder) -> None:
    if holder.name not in {known.name for known in holders}:
        holders.append(holder)


def find(text: str) -> Person:
    """Return the person with this email address, or with this account number, as the audit log has it."""
    text = text.strip().lower()
    if text.isdecimal():
        user = User.objects.filter(pk=int(text)).first()
        return Person(user.email if user else "", user)
    return Person(text, User.objects.filter(email__iexact=text).first())


# --- everything that is held ---


def export(person: Person, *, by: User | None) -> dict:
    """Return everything that is held about a person, as plain values; the export itself is noted."""
    found = {holder.name: holder.export(person) for holder in holders}
    audit.record(audit.Kind.EXPORT, by=by, subject=_subject(person))
    return {"email": person.email, "exported_at": timezone.now(), **found}


def _subject(person: Person) -> str:
    return f"user {person.user.pk}" if person.user else "somebody without an account"


def _export_account(person: Person) -> dict:
    user = person.user
    mails = OutboxMail.objects.filter(to__iexact=person.email)
    # A code that has not gone yet is for its mailbox alone.
    text = Case(When(is_secret=True, then=Value("")), default=F("body"), output_field=TextField())
    told = ("to", "subject", "is_secret", "created_at", "sent_at", "given_up_at", "attempts", "last_error")
    found = {"mail": list(mails.values(*told, text=text))}
    if user is None:
        return found
    return found | {
        "account": {
            **{name: getattr(user, name) for name in ACCOUNT_COLUMNS},
            "service": str(user.service or ""),
            "other_services": [str(service) for service in user.other_services.all()],
            "roles": audit.roles_of(user),
        },
        "email_addresses": list(
            EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
        ),
        "single_sign_on": list(
            SocialAccount.objects.filter(user=user).values("provider", "uid", "last_login", "extra_data")
        ),
        "second_steps": list(
            Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")
        ),
        "sessions_end": [session.expire_date for session in _sessions_of(user)],
        "admin_log": list(
            LogEntry.objects.filter(user=user).values("action_time", "object_repr", "change_message")
        ),
        "daily_email_items": list(user.digest_items.values("kind", "about", "created_at")),
        "tasks_started": list(
            Task.objects.filter(by=user).values("kind", "arguments", "created_at", "state")
        ),
        "audit_log": list(AuditEntry.objects.filter(_about(user)).values("at", "kind", "subject", "details")),
    }


def _about(user: User) -> Q:
    return Q(actor_id=user.pk) | Q(subject=f"user {user.pk}")


def _sessions_of(user: User) -> list[Session]:
    sessions = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    return [row for row in sessions if row.get_decoded().get("_auth_user_id") == str(user.pk)]


# --- erasing ---


@transaction.atomic
def erase(person: Person, *, by: User | None, dry_run: bool = False) -> dict[str, int]:
    """Erase what is held about a person and return how much of what there was; a dry run changes nothing.

    Raises ValidationError for the last administrator, and for somebody of whom nothing is held.
    """
    if person.user and person.user.is_superuser and not person.user.others_administer():
        raise ValidationError(
            _("You cannot erase the only administrator. Make someone else an administrator first.")
        )
    counts: Counter = Counter()
    for holder in reversed(holders):
        counts.update(holder.erase(person))
    if person.user is None and not any(counts.values()):
        raise ValidationError(_("We do not hold any data about this email address."))
    counts = {name: number for name, number in counts.items() if number}
    if dry_run:
        transaction.set_rollback(True)
    else:
        audit.record(audit.Kind.ERASURE, by=by, subject=_subject(person), counts=counts)
    return counts


def _erase_account(person: Person) -> dict[str, int]:
    counts = {"emails": OutboxMail.objects.filter(to__iexact=person.email).delete()[0]}
    others = [(OutboxMail.objects, ("subject", "body", "last_error"))]
    counts["emails to other people that named them"] = erase_words(others, person.telling_words)
    if person.user is None:
        return counts
    counts["daily email items"] = person.user.digest_items.all().delete()[0]
    # Read anew: a dry run takes the row back, and nothing takes back what was written on the caller's object.
    user = User.objects.select_for_update().get(pk=person.user.pk)
    for name, rows in (
        ("email addresses", EmailAddress.objects.filter(user=user)),
        ("single sign-on", SocialAccount.objects.filter(user=user)),
        ("two-step verification", Authenticator.objects.filter(user=user)),
        ("sessions", Session.objects.filter(pk__in=[row.pk for row in _sessions_of(user)])),
    ):
        counts[name] = rows.delete()[0]
    pseudonym = f"erased-{user.pk}{NO_ADDRESS}"
    log = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    )
    counts["admin log entries"] = log.exclude(object_repr=pseudonym).update(object_repr=pseudonym)
    before = audit.roles_of(user)
    user.email, user.name, user.service, user.last_login = pseudonym, "", None, None
    user.digest_paused_until = user.digest_sent_on = None
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    user.other_services.clear()
    user.groups.clear()
    audit.record_roles(user, before, by=None)
    return counts | {"account": 1}


def erased(text: str, words: list[str]) -> str:
    """Return the text with "[erased]" where one of these words stands, in whatever letters."""
    pattern = "|".join(re.escape(word) for word in words if word)
    return re.sub(pattern, ERASED, text, flags=re.IGNORECASE) if pattern else text


def erase_words(rows_and_columns: Iterable[tuple], words: list[str]) -> int:
    """Put "[erased]" where one of these words stands in the texts; return in how many rows.

    `rows_and_columns` are pairs of a manager and the names of its text columns. No history is written: it would
    keep what is erased. Histories are rows too, and are given like the rest.
    """
    changed = 0
    for rows, columns in rows_and_columns:
        holds = Q()
        for column in columns:
            for word in filter(None, words):
                holds |= Q(**{f"{column}__icontains": word})
        for row in rows.filter(holds).values("pk", *columns) if holds else ():
            pk = row.pop("pk")
            cleaned = {column: erased(text, words) for column, text in row.items() if text}
            changed += rows.filter(pk=pk).update(**cleaned)
    return changed


# --- retention ---


@transaction.atomic
def apply_retention(*, now: datetime | None = None, dry_run: bool = False) -> dict[str, int]:
    """Delete data past its retention period; return how much of what. A dry run changes nothing."""
    counts: Counter = Counter()
    for holder in holders:
        counts.update(holder.apply_retention(now or timezone.now()))
    if dry_run:
        transaction.set_rollback(True)
    return {name: number for name, number in counts.items() if number}


@job("retention", gettext_lazy("Delete data past its retention period"), every=timedelta(days=1), hour=at(3))
def retention() -> str:
    counts = apply_retention()
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or _("Nothing to delete")


def _deactivate_accounts(now: datetime) -> dict[str, int]:
    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    rows = {
        "old background tasks": Task.objects.filter(finished_at__lt=before(tasks.KEPT_DAYS)).delete()[0],
        "old emails": _delete_old_mail(before),
        # A little more than the twelve months that the database insists on.
        "old audit log entries": AuditEntry.objects.filter(at__lt=before(settings.KEEP_AUDIT_DAYS)).delete()[
            0
        ],
    }
    return rows | _retire_people(now, before)


def _delete_old_mail(before: Callable[[int], datetime]) -> int:
    """Delete old mail; what was for signing in goes sooner: anybody may have typed that address."""
    old = Q(created_at__lt=before(settings.KEEP_MAIL_DAYS)) | Q(is_secret=True, created_at__lt=before(1))
    return OutboxMail.objects.filter(old).delete()[0]


def _retire_people(now: datetime, before: Callable[[int], datetime]) -> Counter:
    """Warn whoever has long not signed in, make them inactive, and erase them in the end."""
    counts: Counter = Counter()
    # Administrators are looked after by administrators: the last one must not lock the door from inside.
    people = User.objects.filter(is_superuser=False).annotate(seen=Coalesce("last_login", "date_joined"))
    warned = people.filter(is_active=True, warned_at__gte=F("seen"))
    for user in warned.filter(
        seen__lt=before(settings.DEACTIVATE_ACCOUNT_DAYS), warned_at__lte=before(settings.WARN_ACCOUNT_DAYS)
    ):
        held = audit.roles_of(user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        audit.record_roles(user, held, by=None)
        counts["accounts deactivated"] += 1
    quiet_days = max(settings.DEACTIVATE_ACCOUNT_DAYS - settings.WARN_ACCOUNT_DAYS, 0)
    quiet = people.filter(is_active=True, seen__lt=before(quiet_days)).exclude(pk__in=warned.values("pk"))
    for user in quiet:
        _warn(user, now)
        counts["accounts warned"] += 1
    unused = people.filter(is_active=False, seen__lt=before(settings.ERASE_ACCOUNT_DAYS))
    for user in unused.exclude(email__endswith=NO_ADDRESS):
        erase(Person(user.email, user), by=None)
        counts["accounts erased"] += 1
    return counts


def _warn(user: User, now: datetime) -> None:
    """Write to somebody who has long not signed in, once; nobody's account ends without this notice."""
    days = max(settings.DEACTIVATE_ACCOUNT_DAYS - (now - user.seen).days, settings.WARN_ACCOUNT_DAYS)
    portal, last_day = Portal.load(), date_format(now + timedelta(days=days), "j F Y")
    sentence = _(
        "You have not signed in to %(portal)s for a long time. To keep your account, sign in before %(date)s. If you "
        "do not, we will deactivate it, and later erase your name and email address. The communities you have added "
        "will stay on the map."
    )
    lines = [sentence % {"portal": portal.portal_name, "date": last_day}]
    lines += ["", settings.SITE_URL + reverse("account_login"), *signature(portal)]
    queue_mail(user.email, _("Your account will be deactivated"), "\n".join(lines))
    User.objects.filter(pk=user.pk).update(warned_at=now)


register(Holder("portal", _export_account, _erase_account, _deactivate_accounts))
