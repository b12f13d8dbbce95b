"""Pins with everything on them that a merge can move, and what they hold before and after it."""

import itertools
import random

from community_map.models import Initiative
from pins.models import Answer, Connection, LessHeardGroup, Merge, Offer, Pin, Question
from tests.factories import make_approach, make_category, make_connection, make_pin, make_sensitive_category

marks = itertools.count(100)
COLUMNS = ("description", "web_page", "meeting", "initiative_id")


class Vocabularies:
    """What pins of one test choose from."""

    def __init__(self, services, people) -> None:
        self.services, self.people = services, people
        self.approaches = [make_approach() for _ in range(3)]
        self.offers = [Offer.objects.create(name=f"Offer {n}", slug=f"offer-{n}") for n in range(3)]
        self.groups = [LessHeardGroup.objects.create(name=f"Group {n}", slug=f"group-{n}") for n in range(3)]
        self.initiatives = [
            Initiative.objects.create(name=f"Initiative {n}", slug=f"initiative-{n}") for n in range(2)
        ]
        self.questions = [
            Question.objects.create(label=f"Question {n}", kind="short-text", is_public=n % 2 == 0)
            for n in range(4)
        ]
        self.category, self.sensitive = make_category(), make_sensitive_category()


def mark() -> str:
    """A word that stands nowhere else."""
    return f"MARK{next(marks)}X"


def make_full_pin(chance: random.Random, words: Vocabularies, *, full: float = 0.6, **fields) -> Pin:
    """A pin with some of everything; `full` is how likely each answer is."""

    def some(rows):
        return [row for row in rows if chance.random() < full]

    sensitive = fields.pop("sensitive", False)
    pin = make_pin(
        mark(),
        category=words.sensitive if sensitive else words.category,
        precision=2,
        agreement="In May" if sensitive else "",
        description=mark() if chance.random() < full else "",
        web_page=f"https://{mark()}.example.org/" if chance.random() < full else "",
        meeting=mark() if chance.random() < full else "",
        initiative=chance.choice(words.initiatives) if chance.random() < full else None,
        details_kept={"description": ["phone"]} if chance.random() < full else {},
        **fields,
    )
    pin.offers.set(some(words.offers))
    pin.less_heard_groups.set(some(words.groups))
    for question in some(words.questions):
        Answer.objects.create(pin=pin, question=question, asked_as=question.label, value=mark())
    for service in some(words.services):
        kind = chance.choice(Connection.Kind.values)
        connection = make_connection(
            pin,
            service,
            some(words.approaches) if kind == "working" else (),
            kind=kind,
            what_worked=mark() if chance.random() < full else "",
            last_worked=chance.choice([*Connection.LastWorked.values, ""]),
            details_kept={"what_worked": ["name"]} if chance.random() < full else {},
        )
        connection.known_by.set(some(words.people))
    return pin


def held_by(*pins: Pin) -> dict:
    """Return everything that a merge may change of these pins, but their versions and times."""
    return {
        "pins": [
            Pin.objects.filter(pk=pin.pk).values("status", "merged_into", "details_kept", *COLUMNS).get()
            for pin in pins
        ],
        "offers": [sorted(pin.offers.values_list("pk", flat=True)) for pin in pins],
        "groups": [sorted(pin.less_heard_groups.values_list("pk", flat=True)) for pin in pins],
        "answers": sorted(Answer.objects.filter(pin__in=pins).values_list("pk", "pin", "value")),
        "connections": {
            row.pk: (row.pin_id, connection_values(row)) for row in Connection.objects.filter(pin__in=pins)
        },
    }


def connection_values(row: Connection) -> dict:
    return {
        **{name: getattr(row, name) for name in ("service_id", "kind", "what_worked", "last_worked")},
        **{name: getattr(row, name) for name in ("details_kept", "version", "created_at", "updated_at")},
        "approaches": sorted(row.approaches.values_list("pk", flat=True)),
        "known_by": sorted(row.known_by.values_list("pk", flat=True)),
    }


def undo(merge: Merge) -> None:
    """Put everything back from what the row says and from nothing else, as an "unmerge" would."""
    pin, into, moved = merge.pin, merge.into, merge.moved
    for column, (before, _after) in moved["fields"].items():
        setattr(into, column, before)
    into.save()
    for name, keys in moved["lists"].items():
        getattr(into, name).remove(*keys)
    Answer.objects.filter(pk__in=moved["answers"]).update(pin=pin)
    for row in moved["connections"]:
        if row["how"] == "moved":
            restore(row["connection"], pin, row["before"])
        elif row["before"] is None:
            Connection.objects.filter(pk=row["connection"]).delete()
        else:
            restore(row["connection"], into, row["before"])
        if row["how"] == "joined":
            restore(row["deleted"].pop("pk"), pin, row["deleted"])
    pin.status, pin.merged_into = moved["pin"]["status"], None
    pin.save()


def restore(key: int, pin: Pin, values: dict) -> None:
    plain = {
        name: value for name, value in values.items() if name not in ("service", "approaches", "known_by")
    }
    row, _made = Connection.objects.get_or_create(
        pk=key, defaults={"pin": pin, "service_id": values["service"], "kind": values["kind"]}
    )
    row.approaches.set(values["approaches"])
    row.known_by.set(values["known_by"])
    Connection.objects.filter(pk=key).update(pin=pin, **plain)


def words_of(*pins: Pin) -> set[str]:
    """Return the marks that stand anywhere on these pins."""
    held = repr(held_by(*pins)) + repr([pin.name for pin in pins])
    return {f"MARK{part.split('X')[0]}X" for part in held.split("MARK")[1:]}
