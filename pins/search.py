"""The one search of pins by words, for list, tiles, admin and similar pins: the index, and what is asked of it.

What is the same word is decided in community_map.words, so both databases find the same. What somebody typed is
compared with words of pins that they may see, and with nothing else: see docs/decisions/0016.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from community_map import names
from community_map.models import Area, Initiative, Place
from community_map.words import COMMON, compounds, distance, joined, keys_for, keys_of, stems_of
from pins.models import Category, Connection, Pin, SearchKey, SearchWord

MOST_WORDS = 8
BATCH = 500
Part = SearchWord.Part

# --- finding ---


@dataclass(frozen=True)
class Words:
    """What a search may find one typed word by: words of pins that the reader may see, and how far they are from it."""

    known: frozenset[str] = frozenset()
    distance: int = 9

    @classmethod
    def like(cls, typed: str, seen: Iterable[str]) -> "Words":
        """Return the seen words that are nearest to what was typed; none where none is near."""
        found = defaultdict(set)
        for word in seen:
            if (far := distance(typed, word)) is not None:
                found[far].add(word)
        return cls(frozenset(found[min(found)]), min(found)) if found else cls()


def matching(pins: QuerySet, text: str, *, among: QuerySet, part: int) -> QuerySet:
    """Return those of these pins that have all the words of a text; none of them where it has no word.

    `among` are all pins that the reader may see: their words alone decide whether a word is taken for misspelt.
    `part` is the least public text that is looked into. Costs one query, beside the one that is returned.
    """
    terms = [parts for parts in compounds(text) if not set(parts) <= COMMON][:MOST_WORDS]
    if not terms:
        return pins.none()
    seen = _seen({word for parts in terms for word in (*parts, joined(parts))}, among, part)
    for parts in terms:
        pins = pins.filter(_has(parts, seen, part))
    return pins


def _seen(typed: set[str], among: QuerySet, part: int) -> set[str]:
    """Return the words that may be meant and that a pin among these has."""
    keys = {key for word in typed for key in keys_for(word)}
    has_it = among.order_by().filter(words__word=OuterRef("word"), words__part__lte=part)
    rows = SearchKey.objects.filter(key__in=keys).values_list("word", Exists(has_it)).distinct()
    return {word for word, is_seen in rows if is_seen}


def _has(parts: tuple[str, ...], seen: set[str], part: int) -> Q:
    """What a pin must have for one typed word. A compound is found as one word or by its parts: "drop-in", "drop in"."""
    ways = [[Words.like(joined(parts), seen)]]
    if len(parts) > 1:
        ways.append([Words.like(word, seen) for word in parts if word not in COMMON])
    nearest = min(max(found.distance for found in way) for way in ways)
    wanted = Q()
    for way in ways:
        if max(found.distance for found in way) == nearest:
            wanted |= reduce(and_, (_with_any(found.known, part) for found in way))
    return wanted


def _with_any(words: Iterable[str], part: int) -> Q:
    return Q(pk__in=SearchWord.objects.filter(word__in=sorted(words), part__lte=part).values("pin"))


def named(words: Iterable[str]) -> Q:
    """What is true of pins with any of these words in their names, endings apart."""
    stems = {found for word in words for found in stems_of(word)}
    return _with_any(stems, Part.NAME)


# --- writing ---


@transaction.atomic
def write(pins: Iterable[Pin | int]) -> None:
    """Make the words of these pins what their texts say now. Whoever writes a text of a pin calls this afterwards."""
    keys = sorted({pin if isinstance(pin, int) else pin.pk for pin in pins})
    # Of two who write at once the second reads what the first has written.
    locked = Pin.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    texts = texts_of(list(locked.values_list("pk", flat=True)))
    wanted = {pair: part for pin, said in texts.items() for pair, part in words_of(pin, said).items()}
    known = {
        (pin, word): (pk, part)
        for pk, pin, word, part in SearchWord.objects.filter(pin__in=keys).values_list(
            "pk", "pin_id", "word", "part"
        )
    }
    gone = [pk for pair, (pk, part) in known.items() if wanted.get(pair) != part]
    if gone:
        SearchWord.objects.filter(pk__in=gone).delete()
    new = sorted((pair, part) for pair, part in wanted.items() if pair not in known or known[pair][1] != part)
    SearchWord.objects.bulk_create(
        [SearchWord(pin_id=pin, word=word, part=part) for (pin, word), part in new], batch_size=5_000
    )
    write_keys({word for (_pin, word), _part in new})


def words_of(pin: int, texts: dict[int, list[str]]) -> dict[tuple[int, str], int]:
    """Return the words of one pin's texts, each with the most public part in which it stands."""
    found: dict[tuple[int, str], int] = {}
    for part in sorted(texts):
        for text in texts[part]:
            for word in stems_of(text or ""):
                found.setdefault((pin, word), part)
    return found


def write_keys(words: set[str]) -> None:
    """Add the ways to words that had none."""
    had = SearchKey.objects.filter(key__in=words, word=F("key"))
    rows = [(key, word) for word in words - set(had.values_list("word", flat=True)) for key in keys_of(word)]
    SearchKey.objects.bulk_create(
        [SearchKey(key=key, word=word) for key, word in sorted(rows)], batch_size=5_000
    )


def texts_of(keys: list[int]) -> dict[int, dict[int, list[str]]]:
    """Return the texts of these pins, by primary key and part. Public ones are what a public page says, and no more."""
    texts: dict[int, dict[int, list[str]]] = {}
    columns = {
        Part.NAME: ("name",),
        Part.PUBLIC: ("description", "category__name", "initiative__name", "public_near__name"),
        Part.STAFF: ("meeting", "near__name"),
    }
    pins = Pin.objects.filter(pk__in=keys).order_by()
    for row in pins.values("pk", *(name for said in columns.values() for name in said)):
        texts[row["pk"]] = {part: [row[name] for name in said] for part, said in columns.items()}
    for part, rows in (
        (Part.PUBLIC, Pin.public_areas.through.objects.values_list("pin_id", "area__name")),
        (Part.STAFF, Pin.areas.through.objects.values_list("pin_id", "area__name")),
        (Part.STAFF, Connection.objects.order_by().values_list("pin_id", "what_worked")),
    ):
        for pin, text in rows.filter(pin__in=keys):
            texts[pin][part].append(text)
    return texts


def write_all(pins: QuerySet, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Make the words of all these pins what their texts say now, some hundred at a time; return how many pins."""
    total, done, last = pins.count(), 0, 0
    while batch := list(pins.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        write(batch)
        last, done = batch[-1], done + len(batch)
        progress(done, total)
    return done


def tidy() -> int:
    """Forget the words that no pin has any more, and find a way to those that have none; return how many rows went."""
    is_used = Exists(SearchWord.objects.filter(word=OuterRef("word")))
    gone, _each = SearchKey.objects.filter(~is_used).delete()
    has_key = Exists(SearchKey.objects.filter(key=OuterRef("word"), word=OuterRef("word")))
    lost = SearchWord.objects.filter(~has_key).values_list("word", flat=True)
    write_keys(set(lost.distinct()))
    return gone


@names.on_change
def rewrite_what_repeats(row: Model) -> Callable[[], None]:
    """Return what makes the words of the pins right that repeat the name of this row."""
    saying = {
        Category: Q(category=row.pk),
        Initiative: Q(initiative=row.pk),
        Place: Q(near=row.pk) | Q(public_near=row.pk),
        Area: Q(areas=row.pk) | Q(public_areas=row.pk),
    }.get(type(row), Q(pk__in=[]))
    keys = list(Pin.objects.filter(saying).order_by("pk").values_list("pk", flat=True).distinct())

    def rewrite() -> None:
        for start in range(0, len(keys), BATCH):
            write(keys[start : start + BATCH])

    return rewrite
