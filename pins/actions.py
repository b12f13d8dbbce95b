"""The operations on pins that write more than one thing, each in one transaction.

A pin moves only here: send, publish, return, decline, archive, merge.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community_map import access, audit, personal_details
from community_map.geo import Position
from community_map.mail import queue_mail, signature
from community_map.models import Portal, User
from pins import placing
from pins.models import Answer, Connection, Decision, Pin, Status, Visibility

# A pin in one of these is on somebody's map.
ON_THE_MAP = (Status.SUBMITTED, Status.PUBLISHED)
# Which status may each decision start from, and where does it lead?
STARTS_FROM = {
    Decision.Kind.PUBLISH: (Status.SUBMITTED,),
    Decision.Kind.RETURN: (Status.SUBMITTED,),
    Decision.Kind.DECLINE: (Status.SUBMITTED,),
    Decision.Kind.ARCHIVE: ON_THE_MAP,
    Decision.Kind.MERGE: ON_THE_MAP,
}
LEADS_TO = {
    Decision.Kind.PUBLISH: Status.PUBLISHED,
    Decision.Kind.RETURN: Status.RETURNED,
    Decision.Kind.DECLINE: Status.DECLINED,
    Decision.Kind.ARCHIVE: Status.ARCHIVED,
    Decision.Kind.MERGE: Status.ARCHIVED,
}


class StaleVersion(ValidationError):
    """Someone else has changed the row since it was read; nothing was written."""


@dataclass(frozen=True)
class ConnectionAnswers:
    """What the writer's service says of the community in the pin form."""

    service: object
    kind: str
    approaches: Iterable = field(default_factory=tuple)


def copy_limits(pin: Pin) -> None:
    """Copy the category's limits onto the pin, so that the database can hold it to them."""
    pin.loosest_visibility = pin.category.loosest_visibility
    pin.finest_precision = pin.category.finest_precision
    pin.is_sensitive = pin.category.is_sensitive


def _record_agreement(pin: Pin, before: str, *, by: User) -> None:
    """Note who recorded how the group agreed to be shown, and when; forget it with the agreement itself."""
    if not pin.agreement:
        pin.agreement_by, pin.agreement_at = None, None
    elif pin.agreement != before:
        pin.agreement_by, pin.agreement_at = by, timezone.now()


def _store(pin: Pin, position: Position | None, *, by: User) -> None:
    """Save a pin together with all that follows from its category and its place."""
    copy_limits(pin)
    placing.place(pin, position)
    pin._history_user = by
    pin.save()
    placing.assign_areas(pin)


@transaction.atomic
def send_pin(
    pin: Pin, position: Position | None, connection: ConnectionAnswers, *, author: User
) -> tuple[Pin, bool]:
    """Store a new pin with the connection of the author's service; return it and whether it is new.

    The same author and idempotency key again return the pin already sent, unchanged.
    """
    # One at a time for each author: of two requests with the same key the second waits, and finds the first.
    User.objects.select_for_update().get(pk=author.pk)
    sent = Pin.objects.filter(created_by=author, idempotency_key=pin.idempotency_key).first()
    if sent:
        return sent, False
    pin.created_by = author
    pin.status = Status.SUBMITTED
    pin.submitted_at = timezone.now()
    pin.last_confirmed_at = timezone.localdate()
    pin.review_due = _months_from(timezone.localdate(), pin.category.review_months)
    _record_agreement(pin, "", by=author)
    _store(pin, position, by=author)
    save_connection(pin, connection, by=author)
    return pin, True


@transaction.atomic
def resend_pin(
    pin: Pin, position: Position | None, connection: ConnectionAnswers, *, by: User, version: int
) -> Pin:
    """Store an author's changes to a pin that waits or was returned; it waits again.

    Raises StaleVersion when the pin has changed since `version` was read.
    """
    current = Pin.objects.select_for_update().get(pk=pin.pk)
    _check_unchanged(current, version, by)
    pin.version = version + 1
    pin.status = Status.SUBMITTED
    pin.submitted_at = timezone.now()
    _record_agreement(pin, current.agreement, by=by)
    _store(pin, position, by=by)
    save_connection(pin, connection, by=by)
    return pin


def _check_unchanged(current: Pin, version: int, by: User) -> None:
    if not access.may_edit_pin(by, current):
        raise StaleVersion(
            _("This pin has been checked meanwhile. Write to the team that runs the map to have it changed.")
        )
    if current.version != version:
        raise StaleVersion(
            _("Someone has changed this pin since you opened it. To keep your answers, send them again.")
        )


def _months_from(day, months: int):
    return day + timedelta(days=round(months * 30.4375))


@transaction.atomic
def save_connection(
    pin: Pin, answers: ConnectionAnswers, *, by: User, version: int | None = None, **details
) -> Connection:
    """Add or change what a service has with a pin; `details` are further fields such as what_worked.

    With a version, raises StaleVersion when a colleague has changed the row since it was read.
    """
    connection, created = Connection.objects.select_for_update().get_or_create(
        pin=pin, service=answers.service, defaults={"kind": answers.kind}
    )
    if not created and version is not None and connection.version != version:
        raise StaleVersion(
            _("A colleague has changed this since you opened it. To keep your answers, send them again.")
        )
    connection.kind = answers.kind
    for name, value in details.items():
        setattr(connection, name, value)
    connection.version += 1
    connection.save()
    connection.approaches.set(answers.approaches if answers.kind == Connection.Kind.WORKING else [])
    connection.known_by.add(by)
    return connection


@transaction.atomic
def change_pin(pin: Pin, position: Position | None, *, by: User, version: int) -> Pin:
    """Store a moderator's changes to any pin; its status stays as it is.

    One that this would show to everyone, where two moderators have to publish, waits for them again.

    Raises StaleVersion when the pin has changed since `version` was read.
    """
    current = Pin.objects.select_for_update().get(pk=pin.pk)
    if current.version != version:
        raise StaleVersion(
            _("Someone has changed this pin since you opened it. What you typed is still here.")
        )
    pin.status, pin.version = current.status, version + 1
    _record_agreement(pin, current.agreement, by=by)
    copy_limits(pin)
    portal = Portal.load()
    becomes_public = access.needs_two(pin, portal) and not access.needs_two(current, portal)
    if current.status == Status.PUBLISHED and becomes_public:
        pin.status, pin.submitted_at = Status.SUBMITTED, timezone.now()
    _store(pin, position, by=by)
    return pin


def _limits_of(pin: Pin) -> tuple:
    return pin.loosest_visibility, pin.finest_precision, pin.is_sensitive, pin.visibility, pin.precision


@transaction.atomic
def apply_limits(category, *, by: User) -> int:
    """Hold a category's pins to its limits after they were changed; return how many had to be tightened.

    A pin that may no longer be public becomes staff's, one that is shown too closely is shown more coarsely.
    """
    tightened = 0
    for pin in Pin.objects.filter(category=category).order_by("pk").select_for_update(of=("self",)):
        before = _limits_of(pin)
        copy_limits(pin)
        pin.visibility = max(pin.visibility, pin.loosest_visibility)
        pin.precision = max(pin.precision, pin.finest_precision)
        if pin.is_sensitive and not pin.agreement:
            pin.visibility = max(pin.visibility, Visibility.STAFF)
        after = _limits_of(pin)
        if before == after:
            continue
        pin.version += 1
        pin._change_reason = "The category's limits were changed"
        _store(pin, Position(pin.longitude, pin.latitude) if pin.is_placed else None, by=by)
        tightened += before[3:] != after[3:]
    return tightened


@transaction.atomic
def add_details(
    pin: Pin,
    changes: dict,
    answers: dict,
    *,
    by: User,
    version: int,
    connection: Connection | None = None,
    said: dict | None = None,
) -> Pin:
    """Store the optional answers about a pin that waits: its columns, its lists, and the portal's own questions.

    `said` are the answers that belong to the service's connection: what_worked and last_worked. An answer of
    None is taken away. Raises StaleVersion when the pin has changed since `version` was read,
    or when it has been checked meanwhile.
    """
    current = Pin.objects.select_for_update().get(pk=pin.pk)
    _check_unchanged(current, version, by)
    lists = {name: changes.pop(name) for name in ("offers", "less_heard_groups") if name in changes}
    for name, value in changes.items():
        setattr(current, name, value)
    current.version += 1
    for name, rows in lists.items():
        getattr(current, name).set(rows)
    current.save()
    for question, value in answers.items():
        if value is None:
            current.answers.filter(question=question).delete()
        else:
            Answer.objects.update_or_create(
                pin=current, question=question, defaults={"value": value, "asked_as": question.label}
            )
    if connection and said:
        for name, value in said.items():
            setattr(connection, name, value)
        connection.version += 1
        connection.save()
    return current


def note_view(pin: Pin, *, by: User) -> None:
    """Note that somebody else than its author has opened a pin that is team-only or sensitive."""
    if (pin.visibility == Visibility.TEAM or pin.is_sensitive) and pin.created_by_id != by.pk:
        audit.record(audit.Kind.VIEW, by=by, subject=f"pin {pin.public_id}")


def publish(pins, *, by: User, version: int | None = None) -> int:
    """Publish the submitted pins among these, with decision, history and mail; return how many there were.

    One transaction. Rows are locked in primary-key order, so two moderators cannot overwrite each other.
    Where two moderators have to publish, the first one's agreement is recorded, and the pin waits for another.
    Raises PermissionDenied unless the policy lets `by` decide each of them, and StaleVersion when a `version`
    is given and a pin has another one: what was read is not what would be decided.
    """
    return _decide(pins, Decision.Kind.PUBLISH, by=by, version=version)


def return_to_author(pins, *, by: User, reason: str, version: int | None = None) -> int:
    """Return the submitted pins among these to their authors with a reason; as publish()."""
    return _decide(pins, Decision.Kind.RETURN, by=by, reason=reason, version=version)


def decline(pins, *, by: User, reason: str, version: int | None = None) -> int:
    """Decline the submitted pins among these with a reason; as publish()."""
    return _decide(pins, Decision.Kind.DECLINE, by=by, reason=reason, version=version)


def archive(pins, *, by: User, reason: str = "", version: int | None = None) -> int:
    """Take the submitted or published pins among these off the map; as publish()."""
    return _decide(pins, Decision.Kind.ARCHIVE, by=by, reason=reason, version=version)


@transaction.atomic
def merge(pin: Pin, into: Pin, *, by: User, reason: str = "") -> None:
    """Archive a duplicate and move its connections to the pin that stays, which keeps its own where both have one."""
    # Both are locked and read again: a colleague may take the one that stays off the map at the same moment.
    both = Pin.objects.select_for_update().filter(pk__in=[pin.pk, into.pk]).order_by("pk")
    into = next((row for row in both if row.pk == into.pk), into)
    if pin.pk == into.pk or into.merged_into_id or into.status not in ON_THE_MAP:
        raise ValidationError(_("Choose another pin that is on the map or waits to be checked."))
    known = set(into.connections.values_list("service_id", flat=True))
    for connection in pin.connections.all():
        if connection.service_id not in known:
            connection.pin = into
            connection.save()
    if (
        _decide(Pin.objects.filter(pk=pin.pk), Decision.Kind.MERGE, by=by, reason=reason, merged_into=into)
        == 0
    ):
        raise ValidationError(_("That pin has been decided meanwhile."))


@transaction.atomic
def _decide(
    pins,
    kind: str,
    *,
    by: User,
    reason: str = "",
    merged_into: Pin | None = None,
    version: int | None = None,
) -> int:
    reason = reason.strip()
    if kind in Decision.NEEDS_REASON and not reason:
        raise ValidationError(_("Give a reason: the author reads it."))
    portal = Portal.load()
    chosen = pins.order_by("pk").values_list("pk", flat=True)
    locked = Pin.objects.filter(pk__in=list(chosen), status__in=STARTS_FROM[kind]).order_by("pk")
    decided = 0
    for pin in locked.select_for_update(of=("self",)).select_related("created_by"):
        if version is not None and pin.version != version:
            raise StaleVersion(
                _("“%(name)s” was changed since you opened it. Read it again.") % {"name": pin.name}
            )
        if not access.may_decide(by, pin, portal):
            raise PermissionDenied(
                _("“%(name)s” is your own: a colleague has to decide it.") % {"name": pin.name}
            )
        if kind == Decision.Kind.PUBLISH and not _may_be_the_last(pin, by, portal):
            continue
        _move(pin, kind, by, reason, merged_into)
        _tell_author(pin, kind, reason, portal)
        decided += 1
    return decided


def agreement_to(pin: Pin) -> Decision | None:
    """Return the first moderator's agreement to publish the pin as it is now, if there is one."""
    agreed = pin.decisions.filter(kind=Decision.Kind.AGREE, pin_version=pin.version)
    return agreed.select_related("by").first()


def _may_be_the_last(pin: Pin, by: User, portal: Portal) -> bool:
    """May this moderator publish the locked pin now? The first of two is noted; the same one again changes nothing."""
    if not access.needs_two(pin, portal):
        return True
    first = agreement_to(pin)
    if first is None:
        Decision.objects.create(pin=pin, kind=Decision.Kind.AGREE, by=by, pin_version=pin.version)
        audit.record(audit.Kind.DECISION, by=by, subject=f"pin {pin.public_id}", decision="agree")
        return False
    return first.by_id != by.pk


def _move(pin: Pin, kind: str, by: User, reason: str, merged_into: Pin | None) -> None:
    pin.status = LEADS_TO[kind]
    pin.merged_into = merged_into
    pin.version += 1
    if kind == Decision.Kind.PUBLISH:
        pin.published_at = timezone.now()
    pin._history_user = by
    pin._change_reason = reason[:100]
    pin.save()
    # Whoever wrote the reason was asked, and chose to keep them.
    kept = sorted({hit.kind for hit in personal_details.find(reason)})
    Decision.objects.create(pin=pin, kind=kind, reason=reason, by=by, details_kept=kept)
    audit.record(audit.Kind.DECISION, by=by, subject=f"pin {pin.public_id}", decision=str(kind))


def _tell_author(pin: Pin, kind: str, reason: str, portal: Portal) -> None:
    author = pin.created_by
    if not author.is_active:
        return
    sentences = {
        Decision.Kind.PUBLISH: _("Your pin “%(name)s” has been checked and published. Thank you."),
        Decision.Kind.RETURN: _("Your pin “%(name)s” needs a change before it can be published."),
        Decision.Kind.DECLINE: _("Your pin “%(name)s” has not been published."),
        Decision.Kind.ARCHIVE: _("Your pin “%(name)s” has been taken off the map."),
        Decision.Kind.MERGE: _(
            "Your pin “%(name)s” was about a community that is already on the map. We put them together."
        ),
    }
    subject = {
        Decision.Kind.PUBLISH: _("Published: %(name)s"),
        Decision.Kind.RETURN: _("Please change: %(name)s"),
        Decision.Kind.DECLINE: _("Not published: %(name)s"),
        Decision.Kind.ARCHIVE: _("Taken off the map: %(name)s"),
        Decision.Kind.MERGE: _("Put together: %(name)s"),
    }[kind] % {"name": pin.name}
    lines = [sentences[kind] % {"name": pin.name}]
    if reason:
        lines += ["", _("Reason: %(reason)s") % {"reason": reason}]
    target = pin.merged_into or pin
    lines += ["", settings.SITE_URL + reverse("staff:pin", args=[target.public_id])]
    queue_mail(author.email, subject, "\n".join(lines + signature(portal)))
