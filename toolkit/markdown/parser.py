"""The one parser of the editors' Markdown, and their texts as plain words."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from toolkit.markdown.extensions import add_extensions, details_heading

LONGEST = 50_000


def make_parser() -> MarkdownIt:
    """Return a parser of these texts: CommonMark without HTML, with tables and the publishers' extensions."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    add_extensions(markdown)
    return markdown


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


def text_of(token: Token) -> str:
    if not token.children:
        return token.content
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else text_of(child) for child in token.children
    )
