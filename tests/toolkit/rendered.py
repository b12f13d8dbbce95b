"""Editors' texts, rendered for tests."""

from dataclasses import dataclass

from toolkit.markdown.render import Rendered, Renderer


@dataclass(frozen=True)
class Term:
    slug: str
    names: tuple[str, ...]
    definition: str


def term(name: str = "asset", definition: str = "Something of use.", *other_names: str) -> Term:
    return Term(name.lower().replace(" ", "-"), (name, *other_names), definition)


def join(rendered: Rendered) -> str:
    """The text without its components."""
    return "".join(block.html for block in rendered.blocks)


def html_of(text: str, *terms: Term) -> str:
    return join(Renderer(terms).render(text))
