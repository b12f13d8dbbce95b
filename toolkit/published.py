"""The published toolkit: the present edition, read from its one row and kept in the process until the next one.

Public pages, lists, search and GeoJSON take everything from here; they never ask the tables that editors write.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from operator import attrgetter

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext, gettext_lazy

from community_map.cached import Cached
from toolkit.models import CaseStudy, Edition, OldAddress, Page, Prompt, Term, Tool, Voice


@dataclass(frozen=True, kw_only=True)
class Item:
    """One released thing as readers see it. Its address is made as that of the row that it was copied from."""

    slug: str
    publish_at: datetime
    last_updated: datetime
    review_due: date | None = None


@dataclass(frozen=True, kw_only=True)
class PublicPage(Item):
    kind: str
    title: str
    level: str
    summary: str
    body: str = ""
    further_reading: str = ""
    # Keys of community_map.Approach, whose names may change without a new edition.
    approaches: tuple[int, ...] = ()
    related: tuple[str, ...] = ()

    address = property(Page.get_absolute_url)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Its Markdown, each text with the heading above it, in the order of the page."""
        return [("", self.body), (gettext("Further reading"), self.further_reading)]

    @property
    def level_name(self) -> str:
        return str(Page.Level(self.level).label)

    @property
    def kind_name(self) -> str:
        return str(Page.Kind(self.kind).label)


@dataclass(frozen=True, kw_only=True)
class PublicCaseStudy(Item):
    title: str
    origin: str
    summary: str
    what_was_done: str
    what_changed: str = ""
    what_we_learned: str = ""
    further_reading: str = ""
    place_in_words: str = ""
    longitude: float | None = None
    latitude: float | None = None
    period: str = ""
    initiative: int | None = None
    approaches: tuple[int, ...] = ()

    kind_name = gettext_lazy("Case study")
    address = property(CaseStudy.get_absolute_url)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Its Markdown, each text with the heading above it, in the order of the page."""
        return [
            (gettext("What was done"), self.what_was_done),
            (gettext("What changed"), self.what_changed),
            (gettext("What we learned"), self.what_we_learned),
            (gettext("Further reading"), self.further_reading),
        ]

    @property
    def origin_name(self) -> str:
        return str(CaseStudy.Origin(self.origin).label)


@dataclass(frozen=True, kw_only=True)
class PublicPrompt(Item):
    question: str
    kind: str
    scale_low: str = ""
    scale_high: str = ""
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class PublicTool(Item):
    name: str
    url: str
    what_for: str
    last_checked: date | None = None
    approaches: tuple[int, ...] = ()

    title = property(attrgetter("name"))
    summary = property(attrgetter("what_for"))
    kind_name = gettext_lazy("Tool")
    address = property(Tool.get_absolute_url)


@dataclass(frozen=True, kw_only=True)
class PublicVoice(Item):
    title: str
    words: str
    said_by: str
    medium: str
    media_url: str = ""
    transcript: str = ""
    is_illustrative: bool = False

    summary = ""
    kind_name = gettext_lazy("In a resident’s own words")
    address = property(Voice.get_absolute_url)


@dataclass(frozen=True, kw_only=True)
class PublicTerm(Item):
    name: str
    definition: str
    other_names: tuple[str, ...] = ()

    title = property(attrgetter("name"))
    summary = property(attrgetter("definition"))
    kind_name = gettext_lazy("Glossary")
    address = property(Term.get_absolute_url)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.other_names)


# The keys of Edition.content, each with the table that editors write and what readers see of a row.
CONTENT_TYPES = {
    "pages": (Page, PublicPage),
    "case_studies": (CaseStudy, PublicCaseStudy),
    "prompts": (Prompt, PublicPrompt),
    "tools": (Tool, PublicTool),
    "voices": (Voice, PublicVoice),
    "terms": (Term, PublicTerm),
}
MANY = {"approaches", "related"}


def public_view(thing) -> Item:
    """Return what readers would see of a row, released or not: for an edition, and for the preview in admin."""
    public_class = next(public for model, public in CONTENT_TYPES.values() if isinstance(thing, model))
    return public_class(**{column.name: _value(thing, column.name) for column in fields(public_class)})


def _value(thing, name: str):
    value = getattr(thing, name)
    if name == "approaches":
        return tuple(sorted(row.pk for row in value.all()))
    if name == "related":
        return tuple(sorted(row.slug for row in value.all()))
    if name == "other_names":
        return tuple(thing.names[1:])
    if name == "initiative":
        return value.pk if value else None
    if name == "publish_at":
        return value or timezone.now()
    return value


def contents() -> dict:
    """Return what Edition.content shall hold: everything released, and the old addresses."""
    content: dict = {}
    for name, (model, public_class) in CONTENT_TYPES.items():
        rows = model.objects.released()
        related = MANY & {column.name for column in fields(public_class)}
        rows = rows.prefetch_related(*related)
        if model is CaseStudy:
            rows = rows.select_related("initiative")
        content[name] = [_as_json(public_view(row)) for row in rows]
    old = list(OldAddress.objects.values_list("slug", "page__slug", "case_study__slug"))
    content["old_pages"] = {slug: page for slug, page, _ in old if page}
    content["old_case_studies"] = {slug: case_study for slug, _, case_study in old if case_study}
    return content


def released(content: dict) -> Iterable[Item]:
    """Every item of an edition that has an address, whether its day has come or not."""
    for name, (_, public_class) in CONTENT_TYPES.items():
        if name != "prompts":
            for row in content[name]:
                yield _from_json(public_class, row)


def _as_json(item: Item) -> dict:
    """The item's values as JSON has them; dates and times as ISO 8601."""
    row = {column.name: getattr(item, column.name) for column in fields(item)}
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in row.items()
    }


def _from_json(public_class, row: dict) -> Item:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    for name in ("publish_at", "last_updated"):
        values[name] = parse_datetime(values[name])
    for name in ("review_due", "last_checked"):
        if values.get(name):
            values[name] = parse_date(values[name])
    return public_class(**values)


@dataclass
class PublishedToolkit:
    """The readable part of one edition at one moment, by slug."""

    # Tells one state of what can be read from another; what waits for its day has no part in it.
    digest: str = ""
    # When the next scheduled item comes due.
    until: datetime | None = None
    pages: dict[str, PublicPage] = field(default_factory=dict)
    case_studies: dict[str, PublicCaseStudy] = field(default_factory=dict)
    prompts: dict[str, PublicPrompt] = field(default_factory=dict)
    tools: dict[str, PublicTool] = field(default_factory=dict)
    voices: dict[str, PublicVoice] = field(default_factory=dict)
    terms: dict[str, PublicTerm] = field(default_factory=dict)
    old_pages: dict[str, str] = field(default_factory=dict)
    old_case_studies: dict[str, str] = field(default_factory=dict)

    @property
    def front(self) -> PublicPage | None:
        return next((page for page in self.pages.values() if page.kind == Page.Kind.FRONT), None)

    @property
    def situations(self) -> list[PublicPage]:
        return [page for page in self.pages.values() if page.kind == Page.Kind.SITUATION]

    @property
    def explainers(self) -> list[PublicPage]:
        return [page for page in self.pages.values() if page.kind == Page.Kind.EXPLAINER]

    def newest_case_studies(self, most: int) -> list[PublicCaseStudy]:
        return sorted(self.case_studies.values(), key=lambda item: item.last_updated, reverse=True)[:most]

    def related_to(self, page: PublicPage) -> list[PublicPage]:
        """The related pages that can be read now, in the order of their titles."""
        found = [self.pages[slug] for slug in page.related if slug in self.pages]
        return sorted(found, key=lambda other: other.title)

    def everything(self) -> Iterable[Item]:
        """Every item that has an address of its own."""
        for name in ("pages", "case_studies", "tools", "voices", "terms"):
            yield from getattr(self, name).values()


def published_at(content: dict, now: datetime) -> PublishedToolkit:
    """Return what of an edition can be read at this time."""
    toolkit = PublishedToolkit()
    waits: list[datetime] = []
    for name, (_, public_class) in CONTENT_TYPES.items():
        items = [_from_json(public_class, row) for row in content.get(name, [])]
        setattr(toolkit, name, {item.slug: item for item in items if item.publish_at <= now})
        waits += [item.publish_at for item in items if item.publish_at > now]
    toolkit.until = min(waits, default=None)
    rows = [row for rows in content.values() if isinstance(rows, list) for row in rows]
    due = [row for row in rows if parse_datetime(row["publish_at"]) <= now]
    toolkit.digest = hashlib.sha256(json.dumps(due, sort_keys=True).encode()).hexdigest()
    for old, live in (("old_pages", toolkit.pages), ("old_case_studies", toolkit.case_studies)):
        setattr(toolkit, old, {was: slug for was, slug in content.get(old, {}).items() if slug in live})
    return toolkit


_cached: Cached[PublishedToolkit] = Cached()


def edition_number() -> int | None:
    """Return the number of the present edition; None before the first."""
    # Asked for every page, so without the ORM, which would take longer than the rest of the answer.
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM toolkit_edition")
        row = cursor.fetchone()
    return row[0] if row else None


def current() -> PublishedToolkit:
    """Return what can be read now: one query while nothing changes, and a second after a new edition."""
    number = edition_number()
    if number is None:
        return PublishedToolkit()
    toolkit = _cached.get(number, _read)
    if toolkit.until and toolkit.until <= timezone.now():
        _cached.forget()
        toolkit = _cached.get(number, _read)
    return toolkit


def _read() -> PublishedToolkit:
    edition = Edition.objects.get(pk=Edition.ONLY_ID)
    return published_at(edition.content, timezone.now())
