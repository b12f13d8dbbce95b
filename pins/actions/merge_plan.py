"""What a merge would do: what moves, what needs a moderator's tick, and what stays with the duplicate."""

import hashlib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from pins.actions.audience import Gained
from pins.models import Connection, Pin

# Answers that are one column: carried over where the pin that stays has none. True: public with a public pin.
CARRIED = {"description": True, "web_page": True, "initiative": True, "meeting": False}
# Answers that are lists: those of both are united.
UNITED = {"offers": True, "less_heard_groups": False}
# Strongest first.
KINDS = [Connection.Kind.WORKING, Connection.Kind.WOULD_LIKE, Connection.Kind.KNOW_OF]


@dataclass(frozen=True)
class Line:
    """One part of the duplicate: what it is, what it says, and who could read it only after the merge."""

    key: str
    label: str
    text: str
    readers: str = ""


@dataclass
class Plan:
    """What a merge would do, as its moderator reads it."""

    moves: list[Line] = field(default_factory=list)
    asks: list[Line] = field(default_factory=list)
    stays: list[Line] = field(default_factory=list)
    # Changes with everything that the moderator has read: versions, answers and readers.
    state: str = ""

    def add(self, line: Line) -> None:
        (self.asks if line.readers else self.moves).append(line)

    def chosen(self, ticked) -> set[str]:
        """Return the keys of what is to be moved."""
        return {line.key for line in self.moves} | {line.key for line in self.asks if line.key in ticked}


def unite(connection: Connection, other: Connection) -> tuple[str, set]:
    """Return the kind and the approaches that two connections of one service have together.

    Approaches are public with a connection that works with them: those of one that does not never become so.
    """
    kind = min(connection.kind, other.kind, key=KINDS.index)
    rows = [row for row in (connection, other) if kind != Connection.Kind.WORKING or row.kind == kind]
    return kind, {approach for row in rows for approach in row.approaches.all()}


def says_something(connection: Connection) -> bool:
    """Is there more to this connection than its kind and its approaches?"""
    return bool(connection.what_worked or connection.last_worked or connection.known_by.all())


def plan_merge(duplicate: Pin, into: Pin) -> Plan:
    """Compare the two pins part by part."""
    plan, gained = Plan(), Gained(duplicate, into)
    _plan_answers(plan, gained, duplicate, into)
    _plan_questions(plan, gained, duplicate, into)
    connections = {
        pin.pk: list(pin.connections.select_related("service").prefetch_related("approaches", "known_by"))
        for pin in (duplicate, into)
    }
    theirs = {row.service_id: row for row in connections[into.pk]}
    for connection in connections[duplicate.pk]:
        _plan_connection(plan, gained, connection, theirs.get(connection.service_id))
    versions = [
        (pin.pk, pin.version, [(row.pk, row.version) for row in connections[pin.pk]])
        for pin in (duplicate, into)
    ]
    shown = repr((versions, plan.moves, plan.asks, plan.stays))
    plan.state = hashlib.sha256(shown.encode()).hexdigest()[:32]
    return plan


def _plan_answers(plan: Plan, gained: Gained, duplicate: Pin, into: Pin) -> None:
    for name, public in CARRIED.items():
        value, other = getattr(duplicate, name), getattr(into, name)
        label = str(Pin._meta.get_field(name).verbose_name).capitalize()
        if not value or value == other:
            continue
        if other:
            plan.stays.append(Line(name, label, str(value)))
        else:
            plan.add(Line(name, label, str(value), gained.by(public=public)))
    for name, public in UNITED.items():
        known = set(getattr(into, name).all())
        new = [row for row in getattr(duplicate, name).all() if row not in known]
        label = str(Pin._meta.get_field(name).verbose_name).capitalize()
        if new:
            plan.add(Line(name, label, ", ".join(map(str, new)), gained.by(public=public)))


def _plan_questions(plan: Plan, gained: Gained, duplicate: Pin, into: Pin) -> None:
    known = {answer.question_id: answer for answer in into.answers.all()}
    for answer in duplicate.answers.select_related("question"):
        line = Line(f"answer-{answer.pk}", answer.asked_as, answer.display)
        other = known.get(answer.question_id)
        if other is None:
            readers = gained.by(public=answer.question.is_public)
            plan.add(Line(line.key, line.label, line.text, readers))
        elif other.value != answer.value:
            plan.stays.append(line)


def _plan_connection(plan: Plan, gained: Gained, connection: Connection, other: Connection | None) -> None:
    approaches = [str(approach) for approach in connection.approaches.all()]
    text = ": ".join([connection.get_kind_display(), *([", ".join(approaches)] if approaches else [])])
    label = _("Connection: %(team)s") % {"team": connection.service}
    together = unite(connection, other) if other else (connection.kind, None)
    adds_nothing = other and together == (other.kind, set(other.approaches.all()))
    readers = "" if adds_nothing else gained.by_connection(connection, together[0])
    plan.add(Line(f"connection-{connection.pk}", label, text, readers))
    if says_something(connection):
        label = _("Note from %(team)s") % {"team": connection.service}
        plan.add(Line(f"note-{connection.pk}", label, _note(connection), gained.by(public=False)))


def _note(connection: Connection) -> str:
    people = ", ".join(map(str, connection.known_by.all()))
    said = [
        connection.what_worked,
        _("Last worked with them: %(when)s") % {"when": connection.get_last_worked_display()}
        if connection.last_worked
        else "",
        _("Known by: %(people)s") % {"people": people} if people else "",
    ]
    return "\n".join(filter(None, said))
