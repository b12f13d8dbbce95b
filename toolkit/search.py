"""Full-text search over everything that readers may see, by modelsearch on either database.

The index is made of the edition's text, so a draft is not in it; a hit is shown only while the published toolkit has it.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from modelsearch import index
from modelsearch.backends import get_search_backend
from modelsearch.query import PlainText
from snowballstemmer import stemmer

from community_map.cached import Cached
from community_map.text import clean_text
from toolkit.markdown.parser import plain
from toolkit.models import SearchEntry
from toolkit.published import (
    Item,
    PublicCaseStudy,
    PublicPage,
    PublicTerm,
    PublicVoice,
    PublishedToolkit,
)

LONGEST_QUERY = 100
MOST_WORDS = 8
MOST_HITS = 50
EXTRACT = 220  # characters
WORD = re.compile(r"[^\W_]+")
POSSESSIVE = re.compile(r"['’]s\b")


@dataclass(frozen=True)
class Fragment:
    """A stretch of an extract; one that was looked for is highlighted."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Hit:
    """Something found, with where the words stand in it."""

    item: Item
    title: list[Fragment]
    extract: list[Fragment]


def words_of(query: str) -> list[str]:
    """Reduce what was typed to words: marks that mean something to a search engine are nothing to us."""
    return WORD.findall(POSSESSIVE.sub("", clean_text(query)[:LONGEST_QUERY]))[:MOST_WORDS]


def text_of(item: Item) -> str:
    """Everything of it beside its title and summary, as text."""
    if isinstance(item, PublicPage | PublicCaseStudy):
        parts = [plain(text) for _heading, text in item.texts]
        if isinstance(item, PublicCaseStudy):
            parts.append(item.place_in_words)
        return " ".join(part for part in parts if part)
    if isinstance(item, PublicVoice):
        return f"{item.words} {item.said_by} {item.transcript}".strip()
    if isinstance(item, PublicTerm):
        return ", ".join(item.other_names)
    return ""


def update(items: Iterable[Item]) -> int:
    """Make the index what these items say; return how many entries have changed."""
    known = {entry.address: entry for entry in SearchEntry.objects.all()}
    changed = 0
    for item in items:
        wanted = {"title": item.title, "summary": item.summary, "text": text_of(item)}
        entry = known.pop(item.address, None) or SearchEntry(address=item.address)
        if entry.pk and all(getattr(entry, name) == value for name, value in wanted.items()):
            continue
        for name, value in wanted.items():
            setattr(entry, name, value)
        entry.save()
        index.insert_or_update_object(entry)
        changed += 1
    for entry in known.values():
        index.remove_object(entry)
        entry.delete()
    return changed + len(known)


def find(query: str, toolkit: PublishedToolkit) -> list[Hit]:
    """Return what holds all of the words, the best first. One query."""
    words = words_of(query)
    if not words:
        return []
    wanted = PlainText(" ".join(words), operator="and")
    entries = get_search_backend().search(wanted, SearchEntry)[:MOST_HITS]
    readable = {item.address: item for item in toolkit.everything()}
    stems = {stem(word) for word in words}
    return [
        Hit(
            readable[entry.address],
            fragments(entry.title, stems),
            fragments(extract(entry.summary, entry.text, stems), stems),
        )
        for entry in entries
        if entry.address in readable
    ]


def suggestion(query: str, toolkit: PublishedToolkit) -> str:
    """Return the query with each unknown word replaced by the one most like it; empty where there is none."""
    known = known_words(toolkit)
    made = []
    for word in words_of(query):
        if stem(word) in known.stems:
            made.append(word)
            continue
        likely = difflib.get_close_matches(word.lower(), known.words, n=1, cutoff=0.75)
        if not likely:
            return ""
        made.append(likely[0])
    return "" if made == words_of(query) else " ".join(made)


@dataclass(frozen=True)
class KnownWords:
    words: list[str]
    stems: frozenset[str]


_known_words: Cached[KnownWords] = Cached()


def known_words(toolkit: PublishedToolkit) -> KnownWords:
    """Return every word that readers could find, kept until they can find others."""
    return _known_words.get(toolkit.digest, lambda: _read_known_words(toolkit))


def _read_known_words(toolkit: PublishedToolkit) -> KnownWords:
    words: set[str] = set()
    for item in toolkit.everything():
        for text in (item.title, item.summary, text_of(item)):
            words.update(word.lower() for word in WORD.findall(text) if len(word) > 2)
    return KnownWords(sorted(words), frozenset(map(stem, words)))


_porter = stemmer("porter")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the word's stem, by the algorithm that both databases use."""
    return _porter.stemWord(word.lower())


def extract(summary: str, text: str, stems: set[str]) -> str:
    """Return the stretch of text in which the words are first met; the summary where it has them."""
    for whole in (summary, text):
        found = next((match for match in WORD.finditer(whole) if stem(match[0]) in stems), None)
        if found:
            return _around(whole, found.start())
    return summary or _around(text, 0)


def _around(text: str, position: int) -> str:
    if len(text) <= EXTRACT:
        return text
    start = max(0, position - EXTRACT // 3)
    end = min(len(text), start + EXTRACT)
    # Whole words only.
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def fragments(text: str, stems: set[str]) -> list[Fragment]:
    """Cut the text where the words stand in it."""
    made, done = [], 0
    for match in WORD.finditer(text):
        if stem(match[0]) in stems:
            made += [Fragment(text[done : match.start()], False), Fragment(match[0], True)]
            done = match.end()
    made.append(Fragment(text[done:], False))
    return [fragment for fragment in made if fragment.text]
