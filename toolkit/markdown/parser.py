"""The one parser of the editors' Markdown, and their texts as plain words."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from toolkit.markdown.extensions import add_extensions, details_heading

LONGEST = 50_000
# Each bracket may begin a link, and each star emphasis, so the parser looks ahead from each: twenty times through the
# rest of a paragraph for brackets, and in the square of their number for stars. A long page has a few dozen.
MOST_MARKS = 1_000
MARK = re.compile(r"\[|[*_]+")


def make_parser() -> MarkdownIt:
    """Return a parser of these texts: CommonMark without HTML, with tables and the publishers' extensions."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.core.ruler.at("inline", _parse_inline)
    add_extensions(markdown)
    return markdown


def _parse_inline(state: StateCore) -> None:
    """Parse what stands in paragraphs, headings and cells, up to MOST_MARKS; beyond them a text is as it was typed."""
    marks = 0
    for token in state.tokens:
        if token.type != "inline":
            continue
        marks += len(MARK.findall(token.content))
        if marks <= MOST_MARKS:
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        else:
            token.children = [Token("text", "", 0, content=token.content)]
            token.meta["has_too_many_marks"] = True


def parse(text: str) -> list[Token]:
    """Return the text as tokens, for those who read it and do not render it."""
    return make_parser().parse(text[:LONGEST])


def plain(text: str) -> str:
    """Return what a reader would read of the text, for search and for extracts."""
    words = []
    for token in parse(text):
        if token.type == "inline":
            words.append(text_of(token))
        elif token.type in {"fence", "code_block"}:
            words.append(token.content)
        elif token.type == "container_details_open":
            words.append(details_heading(token.info))
    return re.sub(r"\s+", " ", " ".join(words)).strip()


def text_of(token: Token, *, line_break: str = " ") -> str:
    if not token.children:
        return token.content
    return "".join(
        line_break if child.type in {"softbreak", "hardbreak"} else text_of(child) for child in token.children
    )
