"""Words of texts as every search here compares them: letters folded, endings removed, one slip of the finger forgiven."""

import re
import unicodedata
from functools import lru_cache

from snowballstemmer import stemmer

MOST_LETTERS = 40
SHORTEST_START = 3  # letters with which a word begins, before they stand for it
SHORTEST_SLIP = 4  # in a shorter word one letter makes another word
# Words of nearly every text: they tell nothing apart, so nobody is asked to match them.
COMMON = frozenset(
    {
        *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "of", "on", "or"),
        *("our", "that", "the", "their", "they", "this", "to", "we", "with", "you", "your"),
    }
)
# Marks that belong to a letter, as Indic, Arabic and Hebrew scripts have them; accents of Latin letters are folded away.
_marks = "".join(chr(n) for n in range(0x370, 0x3000) if unicodedata.category(chr(n)).startswith("M"))
_letter = rf"(?:[^\W_]|[{_marks}])"
_connector = re.compile("[-‐‑–'’.&/]")
_compound = re.compile(rf"{_letter}+(?:{_connector.pattern}{_letter}+)*")
_possessive = re.compile(rf"['’]s(?!{_letter})")
_accents = re.compile("[\u0300-\u036f]")
_without_joiners = str.maketrans("", "", "\u200c\u200d")
_porter = stemmer("porter")


def fold(text: str) -> str:
    """Return the text in small letters and without accents."""
    plain = unicodedata.normalize("NFKD", text.translate(_without_joiners)).casefold()
    return unicodedata.normalize("NFC", _accents.sub("", plain))


def compounds(text: str) -> list[tuple[str, ...]]:
    """Return the words of a text in order, folded; one with hyphens and the like as its parts: "Co-op" is (co, op)."""
    found = _compound.findall(_possessive.sub("", fold(text)))
    return [tuple(part[:MOST_LETTERS] for part in _connector.split(word)) for word in found]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return a word without its English ending, by Porter's rules, as both databases' own search has it."""
    return _porter.stemWord(word.lower())


@lru_cache(maxsize=10_000)
def stems_of(text: str) -> frozenset[str]:
    """Return what a text can be found by: the stems of its words, and of compounds as one word too."""
    found = set()
    for parts in compounds(text):
        found.update(stem(part) for part in parts if part not in COMMON)
        if len(parts) > 1:
            found.add(stem(joined(parts)))
    return frozenset(found)


def joined(parts: tuple[str, ...]) -> str:
    """Return a compound as one word."""
    return "".join(parts)[:MOST_LETTERS]


def keys_of(stem: str) -> set[str]:
    """Return what finds a word in an index: itself, its beginnings, and itself with any one letter left out."""
    starts = {stem[:length] for length in range(SHORTEST_START, len(stem))}
    return {stem, *starts, *_with_one_left_out(stem)}


def keys_for(word: str) -> set[str]:
    """Return the keys under which the words are that somebody may have meant by this one; `distance` then tells."""
    return {word, *_forms(stem(word))}


def distance(word: str, known: str) -> int | None:
    """How far is a known stem from what was typed? 0 the same word, 1 its beginning, 2 one slip; None: another word."""
    if stem(word) == known:
        return 0
    if len(word) >= SHORTEST_START and known.startswith(word):
        return 1
    may_be_slip = min(len(stem(word)), len(known)) >= SHORTEST_SLIP and (stem(word) + known).isalpha()
    return 2 if may_be_slip and _is_slip(stem(word), known) else None


def _is_slip(one: str, other: str) -> bool:
    """Is one of two stems the other with a letter too many or a wrong one, or with two neighbours changed?"""
    if len(one) != len(other):
        shorter, longer = sorted((one, other), key=len)
        return shorter in _with_one_left_out(longer)
    differ = [index for index in range(len(one)) if one[index] != other[index]]
    if len(differ) == 2:
        first, second = differ
        return second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return len(differ) == 1


def _forms(stem: str) -> set[str]:
    return {stem, *_with_one_left_out(stem)}


def _with_one_left_out(stem: str) -> set[str]:
    # A digit is no slip: N2 is not N3.
    if len(stem) < SHORTEST_SLIP or not stem.isalpha():
        return set()
    return {stem[:index] + stem[index + 1 :] for index in range(len(stem))}
