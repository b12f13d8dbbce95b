"""From the editors' Markdown to blocks: stretches of clean HTML, and the components that stand between them.

Whatever way a text got into the database, it is cleaned here, each time it is rendered.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it.token import Token

from toolkit.markdown.clean import clean, is_allowed_link
from toolkit.markdown.elements import CLASSES, HEADING_CLASSES, add_elements
from toolkit.markdown.glossary import Glossary, Term
from toolkit.markdown.parser import LONGEST, make_parser, text_of

MAIN_LEVEL = 2
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


@dataclass(frozen=True)
class Heading:
    """A heading of the text, for the menu “on this page”."""

    id: str
    text: str
    level: int


@dataclass(frozen=True)
class Block:
    """A stretch of HTML, or a component between two of them: what it is, and the thing that it shows."""

    html: str = ""
    kind: str = ""
    item: object = None

    @property
    def template(self) -> str:
        """What renders a component; empty for HTML."""
        return f"toolkit/components/{self.kind.replace(' ', '_')}.html" if self.kind else ""


@dataclass(frozen=True)
class Rendered:
    """A text, or all texts of a page, ready for a template."""

    blocks: list[Block] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)

    @property
    def menu(self) -> list[Heading]:
        """The menu “on this page”: the main headings."""
        return [heading for heading in self.headings if heading.level == MAIN_LEVEL]

    @property
    def has_menu(self) -> bool:
        return len(self.menu) > 2

    @property
    def has_prompts(self) -> bool:
        return any(block.kind == "prompt" for block in self.blocks)


class Renderer:
    """Renders the texts of one page. Keeps their headings apart, and explains each term once."""

    def __init__(
        self,
        terms: Iterable[Term] = (),
        *,
        find: Callable[[str, str], object] = lambda _kind, _slug: None,
        ids: set[str] | None = None,
        deeper: int = 0,
    ):
        """`find(kind, slug)` returns what a component shows, or None for what readers may not see.

        `ids` are taken on the page already; `deeper` lowers every heading by so many levels.
        """
        self.glossary = Glossary(terms)
        self.find = find
        self.ids: set[str] = set() if ids is None else ids
        self.deeper = deeper
        self.table_labels: set[str] = set()
        self.numbers: dict[str, int] = {}
        self.markdown = make_parser()
        add_elements(self.markdown)

    def render(self, text: str) -> Rendered:
        """Return the text as blocks, cut where components stand, with its headings."""
        tokens = self.markdown.parse(text[:LONGEST])
        headings = self._prepare(tokens)
        blocks: list[Block] = []
        stretch: list[Token] = []
        for token in tokens:
            if token.type == "component":
                blocks += self._html(stretch)
                stretch = []
                kind = token.meta["kind"]
                item = self.find(kind, token.meta["slug"])
                blocks += [Block(kind=kind, item=item)] if item else []
            else:
                stretch.append(token)
        return Rendered([*blocks, *self._html(stretch)], headings)

    def render_title(self, title: str) -> Rendered:
        """Return a main heading of the page's own, to stand above a text."""
        heading = self._heading(title, MAIN_LEVEL + self.deeper)
        tag = f"h{heading.level}"
        html = format_html(
            '<{} class="{}" id="{}">{}</{}>\n', tag, HEADING_CLASSES[tag], heading.id, title, tag
        )
        return Rendered([Block(html=html)], [heading])

    def _html(self, stretch: list[Token]) -> list[Block]:
        if not stretch:
            return []
        return [Block(html=clean(self.markdown.renderer.render(stretch, self.markdown.options, {})))]

    def _heading(self, text: str, level: int) -> Heading:
        return Heading(self._free_id(text), text, level)

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
                heading = self._heading(text_of(tokens[number + 1]), int(token.tag[1]))
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
        found = base
        while found in self.table_labels:
            found = f"{base} ({self._next_number(base)})"
        self.table_labels.add(found)
        return found

    def _free_id(self, words: str) -> str:
        """Return an id for a heading that nothing else on the page has."""
        base = slugify(words)[:60] or "part"
        found = base
        while found in self.ids or found in PAGE_IDS:
            found = f"{base}-{self._next_number(base)}"
        self.ids.add(found)
        return found

    def _next_number(self, base: str) -> int:
        """Return 2, then 3, for what would have the same name: never from the start, which would take its square."""
        self.numbers[base] = self.numbers.get(base, 1) + 1
        return self.numbers[base]

    def _inline(self, children: list[Token], *, explain: bool) -> list[Token]:
        made: list[Token] = []
        # Markdown has no links within links. One that may not be followed becomes its words.
        in_link = is_kept = False
        for token in _joined(children):
            if token.type == "link_open":
                address = str(token.attrGet("href"))
                in_link, is_kept = True, is_allowed_link(address)
                token.attrSet("class", CLASSES["link_open"])
                if is_kept and urlsplit(address).netloc:
                    token.attrSet("rel", "noopener nofollow")
            if token.type in {"link_open", "link_close"}:
                made += [token] if is_kept else []
                in_link = token.type == "link_open"
            elif token.type == "image":
                # Pictures are not shown: the reader gets the description.
                made.append(Token("text", "", 0, content=text_of(token)))
            elif token.type == "text" and explain and not in_link:
                made += self.glossary.explain(token)
            else:
                made.append(token)
        return made


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
