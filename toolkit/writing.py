"""From the editors' Markdown to safe HTML in GOV.UK mark-up. The one place that calls text safe.

Whatever way a text got into the database, it is cleaned here, each time it is drawn.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from toolkit.marks import add_marks, details_heading

LONGEST = 50_000
MOST_TERMS = 5
GLOSSARY = "/toolkit/glossary/"

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
# The class of what Markdown makes, by token.
CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "blockquote_open": "app-quote",
    "table_open": "govuk-table",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
    "link_open": "govuk-link",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
    "callout_open": "govuk-inset-text",
    "contact_open": "app-contact",
    "steps_open": "app-steps",
}
HEADING_CLASSES = {
    "h2": "govuk-heading-l",
    "h3": "govuk-heading-m",
    "h4": "govuk-heading-s",
    "h5": "govuk-heading-s",
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
    "th": {"govuk-table__header"},
    "td": {"govuk-table__cell"},
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
        return SafeString("").join(part.html for part in self.parts)


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
        self.terms = {name: term for term in terms for name in term.names if name}
        self.pattern = _pattern(self.terms)
        self.markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
        add_marks(self.markdown)
        for name in ("term", "warning_open", "warning_close", "table_open", "table_close"):
            self.markdown.add_render_rule(name, globals()[f"_render_{name}"])
        for name in ("container_details_open", "container_details_close"):
            self.markdown.add_render_rule(name, globals()[f"_render_{name}"])

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
            if token.type == "th_open":
                token.attrSet("scope", "col")
            if token.type in {"heading_open", "heading_close"}:
                token.tag = f"h{(2 if token.tag in {'h1', 'h2'} else 3) + self.deeper}"
            if token.type == "heading_open":
                words = _text_of(tokens[number + 1])
                heading = Heading(self.free_id(words), words, int(token.tag[1]))
                token.attrSet("id", heading.id)
                token.attrSet("class", HEADING_CLASSES[token.tag])
                headings.append(heading)
            if token.type == "inline":
                in_heading = tokens[number - 1].type == "heading_open"
                token.children = self._inline(token.children or [], explain=not in_heading)
        return headings

    def free_id(self, words: str) -> str:
        """Return an id for a heading that no other heading of the page has."""
        base = slugify(words)[:60] or "part"
        number, found = 2, base
        while found in self.ids:
            found, number = f"{base}-{number}", number + 1
        self.ids.add(found)
        return found

    def _inline(self, children: list[Token], *, explain: bool) -> list[Token]:
        made: list[Token] = []
        in_link = 0
        for token in children:
            if token.type == "link_open":
                in_link += 1
                token.attrSet("class", CLASSES["link_open"])
                if urlsplit(str(token.attrGet("href"))).netloc:
                    token.attrSet("rel", "noopener nofollow")
            elif token.type == "link_close":
                in_link -= 1
            if token.type == "image":
                made.append(Token("text", "", 0, content=_text_of(token)))
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
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    add_marks(markdown)
    words = []
    for token in markdown.parse(text[:LONGEST]):
        if token.type == "inline":
            words.append(_text_of(token))
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
    address = address.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.netloc)
    if parts.scheme:
        return parts.scheme == "mailto"
    return bool(re.match(r"/(?![/\\])|#", address))


def _pattern(terms: dict[str, Explained]) -> re.Pattern | None:
    if not terms:
        return None
    # The longest first, so that "asset mapping" is not taken for an asset.
    names = "|".join(map(re.escape, sorted(terms, key=lambda name: (-len(name), name))))
    return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE)


def _text_of(token: Token) -> str:
    if not token.children:
        return token.content
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else _text_of(child) for child in token.children
    )


# --- what markdown-it does not draw by itself: (renderer, tokens, index, options, env) -> HTML ---


def _render_term(_self, tokens, index, _options, _env) -> str:
    term: Explained = tokens[index].meta["term"]
    return (
        f'<a class="govuk-link app-term" href="{GLOSSARY}#{escape(term.slug)}"'
        f' data-meaning="{escape(term.meaning)}">{escape(tokens[index].content)}</a>'
    )


def _render_warning_open(_self, _tokens, _index, _options, _env) -> str:
    return (
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text">'
        f'<span class="govuk-visually-hidden">{escape(_("Warning"))}</span> '
    )


def _render_warning_close(_self, _tokens, _index, _options, _env) -> str:
    return "</strong></div>\n"


def _render_table_open(self, tokens, index, options, env) -> str:
    # A wide table scrolls by itself, by keyboard too.
    label = escape(_("Table"))
    table = self.renderToken(tokens, index, options, env)
    return f'<div class="app-table" tabindex="0" role="region" aria-label="{label}">{table}'


def _render_table_close(self, tokens, index, options, env) -> str:
    return self.renderToken(tokens, index, options, env) + "</div>\n"


def _render_container_details_open(_self, tokens, index, _options, _env) -> str:
    heading = escape(details_heading(tokens[index].info))
    return (
        '<details class="govuk-details"><summary class="govuk-details__summary">'
        f'<span class="govuk-details__summary-text">{heading}</span></summary>'
        '<div class="govuk-details__text">\n'
    )


def _render_container_details_close(_self, _tokens, _index, _options, _env) -> str:
    return "</div></details>\n"
