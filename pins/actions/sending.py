"""What authors and their colleagues do: send a pin, send it again, add to it, say what their service has with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community_map import access
from community_map.geo import Position
from community_map.models import User
from pins import search
from pins.actions.storing import StaleVersion, record_agreement, store
from pins.actions.telling import ask_moderators, cancel_decision_mail
from pins.models import Answer, Connection, Pin, Status


@dataclass(frozen=True)
class ConnectionAnswers:
    """What the writer's service says of the community in the pin form."""

    service: object
    kind: str
    approaches: Iterable = field(default_factory=tuple)


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
    pin.review_due = pin.last_confirmed_at + timedelta(days=round(pin.category.review_months * 30.4375))
    record_agreement(pin, "", by=author)
    store(pin, position, by=author)
    save_connection(pin, connection, by=author)
    ask_moderators(pin)
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
    # Whoever reads here that changes are needed need not get a mail that asks for them afterwards.
    cancel_decision_mail(current)
    pin.version = version + 1
    pin.status = Status.SUBMITTED
    pin.submitted_at = timezone.now()
    record_agreement(pin, current.agreement, by=by)
    store(pin, position, by=by)
    save_connection(pin, connection, by=by)
    ask_moderators(pin)
    return pin


def _check_unchanged(current: Pin, version: int, by: User) -> None:
    if not access.may_edit_pin(by, current):
        raise StaleVersion(
            _("This pin has now been checked. To change it, contact the team that runs the map.")
        )
    if current.version != version:
        raise StaleVersion(
            _("Someone has changed this pin since you opened it. To keep your answers, send them again.")
        )


@transaction.atomic
def save_connection(
    pin: Pin, answers: ConnectionAnswers, *, by: User, version: int | None = None, **details
) -> Connection:
    """Add or change what a service has with a pin; `details` are further fields such as what_worked.

    With a version, raises StaleVersion when a colleague has changed the row since it was read.
    """
    # The pin before the connection, in the order of all who lock both: its words are written at the end.
    Pin.objects.select_for_update(no_key=True).get(pk=pin.pk)
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
    if details:
        search.write([pin])
    return connection


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
    search.write([current])
    return current
