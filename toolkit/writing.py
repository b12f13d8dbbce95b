"""From the editors' Markdown to safe HTML in GOV.UK mark-up. The one place that calls text safe.

Whatever way a text got into the database, it is cleaned here, each time it is drawn.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it.token import Token

from toolkit.marks import details_heading
from toolkit.markup import CLASSES, HEADING_CLASSES, make_parser

LONGEST = 50_000
MOST_TERMS = 5
# Ids that the pages' own templates use; no heading of a text may take one.
PAGE_IDS = frozenset(
    {
        "main",
        "on-this-page",
        "approaches-title",
        "useful",
        "situations",
        "explainers",
        "newest",
        "elsewhere",
        "more-ways",
        "wheel-title",
        "wheel-text",
        "all-situations",
        "all-explainers",
        "all-case-studies",
        "all-voices",
        "all-tools",
        "all-terms",
    }
)

TAGS = {
    *(
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "ul",
        "ol",
        "li",
        "a",
        "strong",
        "em",
        "code",
        "pre",
        "br",
        "hr",
        "blockquote",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "div", "span", "details", "summary"),
}
ATTRIBUTES = {
    # Without this line nh3 lets every element have a title and a language.
    "*": set(),
    "a": {"href", "rel", "data-meaning"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "div": {"tabindex", "role", "aria-label"},
    "span": {"aria-hidden"},
    "th": {"scope"},
    "ol": {"start"},
}
ALLOWED_CLASSES = {
    "p": {"govuk-body"},
    "h2": {"govuk-heading-l"},
    "h3": {"govuk-heading-m"},
    "h4": {"govuk-heading-s"},
    "h5": {"govuk-heading-s"},
    "ul": {"govuk-list", "govuk-list--bullet"},
    "ol": {"govuk-list", "govuk-list--number", "app-steps"},
    "blockquote": {"app-quote"},
    "table": {"govuk-table"},
    "thead": {"govuk-table__head"},
    "tbody": {"govuk-table__body"},
    "tr": {"govuk-table__row"},
    "th": {"govuk-table__header", "govuk-table__header--numeric"},
    "td": {"govuk-table__cell", "govuk-table__cell--numeric"},
    "a": {"govuk-link", "app-term"},
    "hr": {"govuk-section-break", "govuk-section-break--m", "govuk-section-break--visible"},
    "div": {"govuk-inset-text", "govuk-warning-text", "app-contact", "app-table", "govuk-details__text"},
    "span": {"govuk-warning-text__icon", "govuk-visually-hidden", "govuk-details__summary-text"},
    "strong": {"govuk-warning-text__text"},
    "details": {"govuk-details"},
    "summary": {"govuk-details__summary"},
}


@dataclass(frozen=True)
class Heading:
    """A heading of the text, for the menu “on this page”."""

    id: str
    text: str
    level: int


@dataclass(frozen=True)
class Part:
    """A stretch of HTML, or a thing that is placed between two of them."""

    html: str = ""
    kind: str = ""
    slug: str = ""


@dataclass(frozen=True)
class Rendered:
    parts: list[Part] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)

    @property
    def html(self) -> SafeString:
        """The text without the placed things."""
        # Joining gives an ordinary str, even of parts that are clean.
        return mark_safe("".join(part.html for part in self.parts))  # noqa: S308 (each part was cleaned)


@dataclass(frozen=True)
class Explained:
    """A term as a text needs it: its names, and what it means."""

    slug: str
    names: Sequence[str]
    meaning: str


class Writer:
    """Draws the texts of one page. Keeps their headings apart, and explains each term once, five in all."""

    def __init__(self, terms: Iterable[Explained] = (), *, ids: set[str] | None = None, deeper: int = 0):
        """`ids` are taken on the page already; `deeper` lowers every heading by so many levels."""
        self.ids: set[str] = set() if ids is None else ids
        self.deeper = deeper
        self.terms_left = MOST_TERMS
        self.terms = {" ".join(name.split()): term for term in terms for name in term.names if name.strip()}
        self.pattern = _pattern(self.terms)
        self.tables: set[str] = set()
        self.markdown = make_parser()

    def render(self, text: str) -> Rendered:
        """Return the text as HTML, cut where things are placed, with its headings."""
        tokens = self.markdown.parse(text[:LONGEST])
        headings = self._prepare(tokens)
        parts: list[Part] = []
        stretch: list[Token] = []
        for token in tokens:
            if token.type == "placed":
                self._add(parts, stretch)
                parts.append(Part(kind=token.meta["kind"], slug=token.meta["slug"]))
                stretch = []
            else:
                stretch.append(token)
        self._add(parts, stretch)
        return Rendered(parts, headings)

    def _add(self, parts: list[Part], stretch: list[Token]) -> None:
        if stretch:
            html = self.markdown.renderer.render(stretch, self.markdown.options, {})
            parts.append(Part(html=clean(html)))

    def _prepare(self, tokens: list[Token]) -> list[Heading]:
        """Give tokens their classes, headings their level and id, and terms their meaning."""
        headings = []
        for number, token in enumerate(tokens):
            if token.type in CLASSES:
                token.attrSet("class", CLASSES[token.type])
            if token.type in {"th_open", "td_open"}:
                _set_cell(token)
            if token.type == "table_open":
                token.meta["label"] = self._table_label(headings)
            if token.type in {"heading_open", "heading_close"}:
                token.tag = f"h{(2 if token.tag in {'h1', 'h2'} else 3) + self.deeper}"
            if token.type == "heading_open":
                words = text_of(tokens[number + 1])
                heading = Heading(self.free_id(words), words, int(token.tag[1]))
                token.attrSet("id", heading.id)
                token.attrSet("class", HEADING_CLASSES[token.tag])
                headings.append(heading)
            if token.type == "inline":
                in_heading = tokens[number - 1].type == "heading_open"
                token.children = self._inline(token.children or [], explain=not in_heading)
        return headings

    def _table_label(self, headings: list[Heading]) -> str:
        """Return what a table's scrolling frame is called: after the heading above it, and no two alike."""
        base = _("Table: %(heading)s") % {"heading": headings[-1].text} if headings else _("Table")
        number, found = 2, base
        while found in self.tables:
            found, number = f"{base} ({number})", number + 1
        self.tables.add(found)
        return found

    def free_id(self, words: str) -> str:
        """Return an id for a heading that nothing else on the page has."""
        base = slugify(words)[:60] or "part"
        number, found = 2, base
        while found in self.ids or found in PAGE_IDS:
            found, number = f"{base}-{number}", number + 1
        self.ids.add(found)
        return found

    def _inline(self, children: list[Token], *, explain: bool) -> list[Token]:
        made: list[Token] = []
        # Markdown has no links within links. One that may not be followed is drawn as its words.
        in_link = is_drawn = False
        for token in _joined(children):
            if token.type == "link_open":
                address = str(token.attrGet("href"))
                in_link, is_drawn = True, is_allowed_link(address)
                token.attrSet("class", CLASSES["link_open"])
                if is_drawn and urlsplit(address).netloc:
                    token.attrSet("rel", "noopener nofollow")
            if token.type in {"link_open", "link_close"}:
                made += [token] if is_drawn else []
                in_link = token.type == "link_open"
            elif token.type == "image":
                # Pictures are not shown: the reader gets the description.
                made.append(Token("text", "", 0, content=text_of(token)))
            elif token.type == "text" and explain and not in_link:
                made += self._explain(token)
            else:
                made.append(token)
        return made

    def _explain(self, token: Token) -> list[Token]:
        """Return the text with the first mention of terms marked, while there are any left to explain."""
        made: list[Token] = []
        rest = token.content
        while self.terms_left and self.pattern and (found := self._find(rest)):
            term = self._term_of(found[0])
            made.append(Token("text", "", 0, content=rest[: found.start()]))
            made.append(Token("term", "a", 0, content=found[0], meta={"term": term}))
            rest = rest[found.end() :]
            self.terms_left -= 1
            self.terms = {name: other for name, other in self.terms.items() if other is not term}
            self.pattern = _pattern(self.terms)
        return [*made, Token("text", "", 0, content=rest)]

    def _find(self, text: str) -> re.Match | None:
        # Abbreviations count in capitals only: "cil" is no levy.
        return next((found for found in self.pattern.finditer(text) if self._term_of(found[0])), None)

    def _term_of(self, written: str) -> Explained | None:
        written = " ".join(written.split())
        if written in self.terms:
            return self.terms[written]
        return next(
            (
                term
                for name, term in self.terms.items()
                if not name.isupper() and name.lower() == written.lower()
            ),
            None,
        )


def render(text: str) -> Rendered:
    """Return one text as HTML, without the glossary."""
    return Writer().render(text)


def plain(text: str) -> str:
    """Return what a reader would read of the text, for search and for extracts."""
    words = []
    for token in make_parser().parse(text[:LONGEST]):
        if token.type == "inline":
            words.append(text_of(token))
        elif token.type in {"fence", "code_block"}:
            words.append(token.content)
        elif token.type == "container_details_open":
            words.append(details_heading(token.info))
    return re.sub(r"\s+", " ", " ".join(words)).strip()


def clean(html: str) -> SafeString:
    """Return the HTML with nothing in it but what these texts may have."""
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        allowed_classes=ALLOWED_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        attribute_filter=_keep,
    )
    return mark_safe(cleaned)  # noqa: S308 (nh3 has just cleaned it)


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not is_allowed_link(value):
        return None
    return value


def is_allowed_link(address: str) -> bool:
    """May a text link there? To http(s) and mailto addresses, to our own paths and to parts of the page."""
    if re.search(r"[\x00-\x20\x7f]", address):
        return False  # Browsers drop some of these, and so read another address than was checked.
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(re.fullmatch(r"[A-Za-z0-9.-]+(:\d{1,5})?", parts.netloc))
    if parts.scheme:
        return parts.scheme == "mailto"
    return bool(re.match(r"/(?![/\\])|#", address))


def _pattern(terms: dict[str, Explained]) -> re.Pattern | None:
    if not terms:
        return None
    # The longest first, so that "asset mapping" is not taken for an asset.
    longest_first = sorted(terms, key=lambda name: (-len(name), name))
    # Its words may stand on two lines of the text.
    names = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first)
    return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE)


def _joined(children: list[Token]) -> Iterator[Token]:
    """The tokens with text that runs over lines in one piece."""
    last = None
    for token in children:
        if last and token.type in {"text", "softbreak"}:
            last.content += "\n" if token.type == "softbreak" else token.content
            continue
        if last:
            yield last
        last = token if token.type == "text" else None
        if not last:
            yield token
    if last:
        yield last


def _set_cell(token: Token) -> None:
    """Give a cell its scope, and turn Markdown's alignment, which is a style, into a class."""
    style = token.attrs.pop("style", "")
    kind = "header" if token.type == "th_open" else "cell"
    if kind == "header":
        token.attrSet("scope", "col")
    if style == "text-align:right":
        token.attrJoin("class", f"govuk-table__{kind}--numeric")


def text_of(token: Token) -> str:
    if not token.children:
        return token.content
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else text_of(child) for child in token.children
    )
