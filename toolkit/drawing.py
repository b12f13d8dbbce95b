"""Put a readable item together for its template: texts as HTML, placed things, menus, neighbours."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from toolkit.shelf import Item, PublicCaseStudy, PublicPage, Shelf, Words
from toolkit.writing import Explained, Heading, Rendered, Writer

PLACED_TEMPLATES = {
    "prompt": "toolkit/placed/prompt.html",
    "tool": "toolkit/placed/tool.html",
    "voice": "toolkit/placed/voice.html",
    "case study": "toolkit/placed/case_study.html",
    "diagram": "toolkit/placed/diagram.html",
}
MAIN_LEVEL = 2


@dataclass(frozen=True)
class Piece:
    """A stretch of text, or a placed thing with the template that draws it."""

    html: str = ""
    template: str = ""
    item: object = None


@dataclass(frozen=True)
class Section:
    """A text of the page under a heading of the template's; the first text has none."""

    pieces: list[Piece]
    title: str = ""
    id: str = ""


@dataclass(frozen=True)
class Drawing:
    """An item, ready for its template."""

    item: Item | None  # none where one text is drawn by itself
    sections: list[Section] = field(default_factory=list)
    # The menu "on this page": the main headings.
    menu: list[Heading] = field(default_factory=list)

    @property
    def has_menu(self) -> bool:
        return len(self.menu) > 2

    @property
    def has_prompts(self) -> bool:
        return any(
            piece.template == PLACED_TEMPLATES["prompt"] for part in self.sections for piece in part.pieces
        )


def glossary_of(shelf: Shelf) -> list[Explained]:
    return [
        Explained(slug=term.slug, names=(term.name, *term.other_names), meaning=term.definition)
        for term in shelf.terms.values()
    ]


def draw_page(page: PublicPage, shelf: Shelf, words: Words, **options) -> Drawing:
    """Draw a situation, an explainer or the front page; `options` go to the Writer."""
    texts = [("", page.body), (_("More reading"), page.further_reading)]
    return _draw(page, texts, shelf, words, options)


def draw_case_study(case_study: PublicCaseStudy, shelf: Shelf, words: Words, **options) -> Drawing:
    texts = [
        (_("What was done"), case_study.what_was_done),
        (_("What changed"), case_study.what_changed),
        (_("What we learned"), case_study.what_we_learned),
        (_("More reading"), case_study.further_reading),
    ]
    return _draw(case_study, texts, shelf, words, options)


def draw_text(text: str, shelf: Shelf, words: Words) -> Drawing:
    """Draw one text by itself, for the preview beside it."""
    return _draw(None, [("", text)], shelf, words, {})


def _draw(
    item: Item | None, texts: list[tuple[str, str]], shelf: Shelf, words: Words, options: dict
) -> Drawing:
    writer = Writer(glossary_of(shelf), **options)
    sections, menu = [], []
    for title, text in texts:
        if not text.strip():
            continue
        own_id = writer.free_id(title) if title else ""
        rendered = writer.render(text)
        sections.append(Section(_pieces(rendered, shelf, words), title, own_id))
        if title:
            menu.append(Heading(own_id, title, MAIN_LEVEL))
        menu += [] if title else [heading for heading in rendered.headings if heading.level == MAIN_LEVEL]
    return Drawing(item, sections, menu)


def _pieces(rendered: Rendered, shelf: Shelf, words: Words) -> list[Piece]:
    pieces = []
    for part in rendered.parts:
        if not part.kind:
            pieces.append(Piece(html=part.html))
        elif item := _placed(part.kind, part.slug, shelf, words):
            pieces.append(Piece(template=PLACED_TEMPLATES[part.kind], item=item))
    return pieces


def _placed(kind: str, slug: str, shelf: Shelf, words: Words):
    """Return what is placed; nothing for what readers may not see (yet, or any more)."""
    if kind == "diagram":
        quarters = [word for word in words.approaches if not word.is_retired][:4]
        return quarters if slug == "approaches" and len(quarters) == 4 else None
    if kind == "case study":
        return shelf.case_studies.get(shelf.old_case_studies.get(slug, slug))
    return {"prompt": shelf.prompts, "tool": shelf.tools, "voice": shelf.voices}[kind].get(slug)
