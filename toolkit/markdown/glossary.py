"""Terms of the glossary in a text: the first mention of each links to its meaning."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from markdown_it.token import Token

MOST_TERMS = 5


class Term(Protocol):
    """A term as a text needs it."""

    @property
    def slug(self) -> str: ...
    @property
    def names(self) -> Sequence[str]: ...
    @property
    def definition(self) -> str: ...


class Glossary:
    """The terms that a page has not explained yet. It explains each once, five in all."""

    def __init__(self, terms: Iterable[Term]):
        self.left = MOST_TERMS
        self.terms = {" ".join(name.split()): term for term in terms for name in term.names if name.strip()}
        self.pattern = _pattern(self.terms)

    def explain(self, text: Token) -> list[Token]:
        """Return a text token cut where terms are mentioned for the first time."""
        made: list[Token] = []
        rest = text.content
        while self.left and self.pattern and (found := self._find(rest)):
            term = self._term_of(found[0])
            made.append(Token("text", "", 0, content=rest[: found.start()]))
            made.append(Token("term", "a", 0, content=found[0], meta={"term": term}))
            rest = rest[found.end() :]
            self.left -= 1
            self.terms = {name: other for name, other in self.terms.items() if other is not term}
            self.pattern = _pattern(self.terms)
        return [*made, Token("text", "", 0, content=rest)]

    def _find(self, text: str) -> re.Match | None:
        # Abbreviations count in capitals only: "cil" is no levy.
        return next((found for found in self.pattern.finditer(text) if self._term_of(found[0])), None)

    def _term_of(self, written: str) -> Term | None:
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


def _pattern(terms: dict[str, Term]) -> re.Pattern | None:
    if not terms:
        return None
    # The longest first, so that "asset mapping" is not taken for an asset.
    longest_first = sorted(terms, key=lambda name: (-len(name), name))
    # Its words may stand on two lines of the text.
    names = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first)
    return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE)
