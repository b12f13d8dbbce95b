"""Every address × every method × every role × every kind of object, against the policy table.

Three things are asked of each cell: is the answer of the kind that the table says, does the database stay as it was
where the table refuses, and is nothing in the body that this role may not read. What a role may not know of is
answered exactly as what does not exist. `make proof` asks all cells, `make test` a sample.
"""

import itertools
import random
import re
import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from pins.models import Decision, Precision
from tests import policy_table as table
from tests.factories import (
    make_administrator,
    make_area,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_partner,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
    make_service,
    make_user,
)
from tests.routes import all_routes
from tests.toolkit_factories import (
    make_case_study,
    make_page,
    make_prompt,
    make_story,
    make_term,
    make_tool,
    make_voice,
)
from toolkit.models import Feedback, PublicationStatus

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
SAMPLE = 700
SEED = 20261123
# Signing in, counting and remembering who was last seen are not what a table of rights is about.
BOOKKEEPING = re.compile(
    r'"(django_session|portal_cache|account_\w+|mfa_\w+|community_map_audit\w*|community_map_historicaluser)"'
)
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


@dataclass
class Thing:
    """Something with a state, and the words planted in it."""

    pk: int
    address: str  # what stands in the path: a public id or a slug
    state: object
    name: str
    staff_words: tuple[str, ...] = ()
    owner: str = ""  # the role whose own it is


@dataclass
class World:
    things: dict[str, list[Thing]] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def forbidden(self, role: str, row: table.Row) -> list[str]:
        """The planted words that must not be in an answer to this role at this kind of address."""
        words = []
        in_public = row.whose == "everyone"
        for pin in self.things["pin"]:
            public = pin.state[:2] == ("published", table.PUBLIC)
            knows = not in_public and table.may_know_pin(role, *pin.state, owner=pin.owner)
            if not public and not knows:
                words.append(pin.name)
            if not knows:
                words += pin.staff_words
        edits = row.whose == "admin" and role in {table.EDITOR, table.ADMINISTRATOR}
        for kind in ("page", "casestudy", "piece", "story"):
            words += [thing.name for thing in self.things[kind] if thing.state != "published" and not edits]
        return words


@pytest.fixture
def world(settings) -> World:
    # The limits have tests of their own.
    settings.PUBLIC_REQUESTS_PER_MINUTE = 10**9
    made = World()
    make_portal()
    make_area("Hendon")
    make_place("Oak Hill Park")
    _make_pins(made)
    _make_toolkit(made)
    _make_people(made)
    return made


def _make_pins(made: World) -> None:
    author = make_contributor("author@example.org", name="AUTHOR-NAME", service=make_service("Authors"))
    made.examples["service"] = service = make_service("Colleagues")
    categories, pins = (make_category("Clubs"), make_sensitive_category("Faith")), []
    for number, (status, visibility, is_sensitive) in enumerate(table.PIN_STATES):
        words = tuple(f"{word}-{number:02}-SECRET" for word in ("MEET", "WORKED", "KNOWN", "REASON"))
        name = f"PIN-{number:02}-NAME"
        pin = make_pin(
            name,
            author=author,
            category=categories[is_sensitive],
            status=status,
            visibility=visibility,
            meeting=words[0],
            agreement="At a visit" if is_sensitive else "",
            precision=Precision.NEIGHBOURHOOD if is_sensitive else Precision.EXACT,
        )
        known_by = make_user(f"known{number}@example.org", (), name=words[2])
        make_connection(pin, service, what_worked=words[1]).known_by.add(known_by)
        if kind := {"returned": "return", "declined": "decline", "archived": "archive"}.get(status):
            Decision.objects.create(pin=pin, kind=kind, by=author, reason=words[3])
        pins.append(
            Thing(
                pin.pk, str(pin.public_id), (status, visibility, is_sensitive), name, (*words, "AUTHOR-NAME")
            )
        )
    made.things["pin"] = pins


def _make_own_pins(made: World, people: dict) -> None:
    """Some roles have pins of their own, which nobody else below a moderator may know of in these states."""
    category = make_category("Own")
    for role in (table.PARTNER, table.CONTRIBUTOR):
        for status, visibility in (
            ("returned", table.STAFF),
            ("declined", table.TEAM),
            ("submitted", table.TEAM),
        ):
            name = f"OWN-{role}-{status}-NAME"
            pin = make_pin(
                name,
                author=people[role],
                category=category,
                status=status,
                visibility=visibility,
                meeting=f"M-{name}",
            )
            thing = Thing(pin.pk, str(pin.public_id), (status, visibility), name, (f"M-{name}",), role)
            made.things["pin"].append(thing)


def _make_toolkit(made: World) -> None:
    later = timezone.now() + timedelta(days=1)
    for kind, make in (("page", make_page), ("casestudy", make_case_study)):
        made.things[kind] = []
        for state in table.TOOLKIT_STATES:
            status = PublicationStatus.PUBLISHED if state == "scheduled" else PublicationStatus(state)
            at = later if state == "scheduled" else timezone.now()
            thing = make(f"{kind}-{state}-TITLE", slug=f"{kind}-{state}", status=status, publish_at=at)
            made.things[kind].append(Thing(thing.pk, thing.slug, state, thing.title))
    made.things["piece"] = []
    for make in (make_prompt, make_tool, make_term, make_voice):
        make("A published piece")
        thing = make(f"{make.__name__}-SECRET", status=PublicationStatus.DRAFT, publish_at=None)
        made.things["piece"].append(Thing(thing.pk, thing.slug, "draft", str(thing)))
    story = make_story("STORY-SECRET", text="STORY-SECRET")
    made.things["story"] = [Thing(story.pk, "", "waiting", "STORY-SECRET")]
    Feedback.objects.create(address="/toolkit/", is_useful=True)


def _make_people(made: World) -> None:
    service = made.examples["service"]
    people = {
        table.VISITOR: None,
        table.DEACTIVATED: make_moderator("deactivated@example.org"),
        table.PARTNER: make_partner("partner@example.org"),
        table.CONTRIBUTOR: make_contributor("contributor@example.net", service=make_service("Others")),
        table.COLLEAGUE: make_contributor("colleague@example.org", service=service),
        table.MODERATOR: make_moderator("moderator@example.net"),
        table.EDITOR: make_user("editor@example.net", ("Editors",), is_staff=True),
        table.ADMINISTRATOR: make_administrator("administrator@example.org"),
    }
    for role, person in people.items():
        made.clients[role] = Client(raise_request_exception=False)
        if person:
            made.clients[role].force_login(person)
    people[table.DEACTIVATED].is_active = False
    people[table.DEACTIVATED].save()
    _make_own_pins(made, people)


@dataclass(frozen=True)
class Cell:
    name: str
    method: str
    role: str
    path: str
    state: object = None
    nowhere: str = ""  # the same address of a thing that does not exist
    owner: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path} as {self.role}" + (f" ({self.state})" if self.state else "")


def cells_of(made: World) -> list[Cell]:
    """Every cell of the matrix. A route without a row in the table stops here."""
    missing = sorted(
        {route.name for route in all_routes(public_id=uuid.uuid4()) if not table.row_of(route.name)}
    )
    assert missing == [], f"no row in tests/policy_table.py for: {missing}"
    cells = []
    for things, examples in _variants(made):
        for route in all_routes(**examples):
            row = table.row_of(route.name)
            if bool(row.about) != bool(things) or (things and things[0] != row.about):
                continue
            nowhere = _nowhere(route.path, row, examples) if things else ""
            cells += [
                Cell(
                    route.name,
                    method,
                    role,
                    route.path,
                    things[1].state if things else None,
                    nowhere,
                    things[1].owner if things else "",
                )
                for method in METHODS
                for role in table.ROLES
                if route.name != "account_logout" and route.name != "admin:logout"
            ]
    return cells


def _variants(made: World):
    yield None, {"public_id": uuid.uuid4()}
    for kind in ("pin", "page", "casestudy"):
        for thing in made.things[kind]:
            examples = {"object_id": thing.pk, "public_id": thing.address, "slug": thing.address}
            if kind != "pin":
                examples["public_id"] = uuid.uuid4()
            yield (kind, thing), examples


def _nowhere(path: str, row: table.Row, examples: dict) -> str:
    if row.whose == "admin":
        return path.replace(f"/{examples['object_id']}/", "/987654/", 1)
    key = "public_id" if row.about == "pin" else "slug"
    other = str(uuid.UUID(int=1)) if row.about == "pin" else "there-is-no-such-thing"
    return path.replace(str(examples[key]), other)


@contextmanager
def watched():
    """Collect the tables that are written to, and take everything back afterwards."""
    written: list[str] = []

    def watch(execute, sql, params, many, context):
        if WRITES.match(sql) and not BOOKKEEPING.search(sql):
            written.append(sql[:120])
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        yield written
        transaction.set_rollback(True)


def ask(made: World, role: str, method: str, path: str):
    return made.clients[role].generic(method, path, headers={"Sec-Fetch-Site": "same-origin"})


def faults_of(made: World, cell: Cell) -> list[str]:
    """Ask the cell's question; return what is wrong with the answer."""
    row = table.row_of(cell.name)
    allowed = table.may(cell.role, row, cell.state, cell.owner)
    with watched() as written:
        answer = ask(made, cell.role, cell.method, cell.path)
        body = answer.content.decode(errors="replace") if not answer.streaming else ""
    faults = []
    if answer.status_code >= 500:
        faults.append(f"a fault of ours: {answer.status_code}")
    if written and (not allowed or cell.method not in UNSAFE):
        faults.append(f"wrote {written[0]}")
    # What was asked for stands in the answer at times: a path is no leak.
    told = [word for word in made.forbidden(cell.role, row) if word in body and word not in cell.path]
    if told:
        faults.append(f"told {told[:3]}")
    if row.whose == "account":
        return faults
    answered = {200, 301, 302, 400, 403, 405} | ({404} if table.may_be_missing(cell.name) else set())
    if allowed and cell.method in {"GET", "HEAD"} and answer.status_code not in answered:
        faults.append(f"refused with {answer.status_code}")
    if not allowed:
        faults += _refusal_faults(made, cell, answer.status_code)
    return faults


def _refusal_faults(made: World, cell: Cell, status: int) -> list[str]:
    if status not in {302, 301, 403, 404, 405}:
        return [f"answered {status}"]
    # Who may not know of a thing is answered as if there were none.
    if cell.nowhere:
        with watched():
            other = ask(made, cell.role, cell.method, cell.nowhere).status_code
        if other != status:
            return [f"answered {status}, and {other} where there is nothing"]
    return []


def check(made: World, cells: list[Cell]) -> None:
    faults: dict[str, list[str]] = {}
    for number, cell in enumerate(cells):
        if number % 200 == 0:
            cache.clear()
        if found := faults_of(made, cell):
            faults[str(cell)] = found
    kinds = Counter(fault.split(" ")[0] for found in faults.values() for fault in found)
    print(f"\npolicy matrix: {len(cells)} cells, {len(faults)} leaks or wrong answers {dict(kinds) or ''}")
    for cell, found in itertools.islice(faults.items(), 100):
        print(f"  {cell}: {'; '.join(found)}")
    assert list(faults) == []


def test_a_sample_of_the_matrix_is_as_the_table_says(world):
    cells = cells_of(world)

    check(world, random.Random(SEED).sample(cells, SAMPLE))


@pytest.mark.proof
def test_the_whole_matrix_is_as_the_table_says(world):
    cells = cells_of(world)
    assert len(cells) >= 15_000

    check(world, cells)


def test_a_route_without_a_row_is_noticed(world, monkeypatch):
    monkeypatch.delitem(table.ROWS, "pins:map")

    with pytest.raises(AssertionError, match="pins:map"):
        cells_of(world)


def test_a_planted_leak_is_noticed(world, monkeypatch):
    """A rule that lets too much through shows up: here, visitors in the shoes of moderators."""
    world.clients[table.VISITOR] = world.clients[table.MODERATOR]
    cells = [cell for cell in cells_of(world) if cell.role == table.VISITOR and cell.name == "staff:list"]

    assert any(faults_of(world, cell) for cell in cells)
