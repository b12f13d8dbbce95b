"""Do we know this community already? Nearby ones and those with a like name, as far as the reader may know of them."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from community_map import access, geo
from community_map.geo import Position
from community_map.models.place import search_key
from community_map.places.areas import describe_distance
from pins import search
from pins.models import Connection, Pin, Status

SIMILAR_METRES = 500
# As close as this, and of the same category, two pins are likely to be one community whatever their names.
SAME_SPOT_METRES = 100
LIKE = 0.72  # how much of two names must agree, from 0 to 1
MOST = 5
CANDIDATES = 200
MOST_CANDIDATES_OF_A_PAGE = 2000
COMPARED = (Status.SUBMITTED, Status.PUBLISHED, Status.RETURNED)
# Words that half of all names have in common say nothing about being the same.
COMMON = {
    "the",
    "and",
    "for",
    "group",
    "club",
    "community",
    "friends",
    "association",
    "society",
    "centre",
    "local",
}


# How the columns begin that hold a pin's position, for a reader who may know that one.
EXACT, PUBLIC = "", "public_"


@dataclass(frozen=True)
class SimilarPin:
    """A pin that may be the same community, and why. `is_public` where the reader knows its public columns only."""

    pin: Pin
    metres: float | None
    likeness: float
    is_public: bool = False

    @property
    def distance(self) -> str:
        return "" if self.metres is None else describe_distance(self.metres)

    @property
    def services(self) -> list[str]:
        return [] if self.is_public else [row.service.name for row in self.pin.connections.all()]


def find_similar(
    user, *, name: str = "", position: Position | None = None, apart_from: Pin | None = None
) -> list[SimilarPin]:
    """Return the pins within 500 m or with a like name that the user may see, likest first, at most five.

    What the user may not know of is never compared, so that no answer can hint at it. A partner is also shown what
    everyone can see: other people's public pins, by their public columns.
    """
    known = Pin.objects.visible_to(user)
    found = _matching(known.filter(status__in=COMPARED), name, position, EXACT)
    if not access.is_contributor(user):
        others = Pin.objects.public().exclude(pk__in=known.values("pk"))
        found += _matching(others, name, position, PUBLIC)
    if apart_from:
        found = [match for match in found if match.pin.pk != apart_from.pk]
    return _with_services(user, _likest_first(found)[:MOST])


def likely_duplicates(user, pins: list[Pin]) -> dict[int, list[SimilarPin]]:
    """Return by primary key what is probably the same community as each of these pins, likest first; one query.

    Those have a like name, or the same category at the same spot. Only what the user may see is compared.
    """
    if not pins:
        return {}
    wanted = search.named(word for pin in pins for word in _telling_words(pin.name))
    for pin in pins:
        wanted |= _near(pin.position, EXACT, SAME_SPOT_METRES)
    others = (
        Pin.objects.visible_to(user)
        .filter(wanted, status__in=COMPARED)
        .select_related("category")
        .only("name", "status", "longitude", "latitude", "category__name")
        .order_by("-pk")[:MOST_CANDIDATES_OF_A_PAGE]
    )
    folded = [(other, other.name.casefold()) for other in others]
    return {pin.pk: _duplicates_among(folded, pin)[:MOST] for pin in pins}


def _duplicates_among(others: list[tuple[Pin, str]], pin: Pin) -> list[SimilarPin]:
    """Compare a pin with those that the database has found for the whole page, each with its name in small letters."""
    position, words = pin.position, [word.casefold() for word in _telling_words(pin.name)]
    found = []
    for other, name in others:
        metres = _metres_to(other, position, EXACT)
        is_same_spot = metres is not None and metres <= SAME_SPOT_METRES
        # Comparing whole names is slow: only those that share a word.
        if other.pk == pin.pk or not (is_same_spot or any(word in name for word in words)):
            continue
        likeness = _likeness(pin.name, other.name)
        if likeness >= LIKE or (is_same_spot and other.category_id == pin.category_id):
            found.append(SimilarPin(other, metres, likeness))
    return _likest_first(found)


def _matching(pins: QuerySet, name: str, position: Position | None, prefix: str) -> list[SimilarPin]:
    found = []
    wanted = search.named(_telling_words(name)) | _near(position, prefix, SIMILAR_METRES)
    candidates = pins.filter(wanted).select_related("category")
    for pin in candidates.order_by("-pk")[:CANDIDATES]:
        metres = _metres_to(pin, position, prefix)
        likeness = _likeness(name, pin.name)
        if likeness >= LIKE or (metres is not None and metres <= SIMILAR_METRES):
            found.append(SimilarPin(pin, metres, likeness, is_public=prefix == PUBLIC))
    return found


def _near(position: Position | None, prefix: str, metres: int) -> Q:
    """What is true of pins that are near in both directions; of none where there is no position."""
    if position is None:
        return Q(pk__in=[])
    x, y = position.mercator
    reach = geo.mercator_units(metres, position.latitude)
    return Q(
        **{
            f"{prefix}mercator_x__range": (x - reach, x + reach),
            f"{prefix}mercator_y__range": (y - reach, y + reach),
        }
    )


def _metres_to(pin: Pin, position: Position | None, prefix: str) -> float | None:
    longitude, latitude = getattr(pin, f"{prefix}longitude"), getattr(pin, f"{prefix}latitude")
    if longitude is None or position is None:
        return None
    return geo.distance_metres(position.longitude, position.latitude, longitude, latitude)


def _likest_first(found: list[SimilarPin]) -> list[SimilarPin]:
    return sorted(found, key=lambda match: (-round(match.likeness, 1), match.metres or 0, match.pin.pk))


def _telling_words(name: str) -> list[str]:
    words = [word for word in re.findall(r"\w+", name) if len(word) > 2 and word.lower() not in COMMON]
    return sorted(words, key=len, reverse=True)[:5]


def _likeness(one: str, other: str) -> float:
    one, other = search_key(one) or one.casefold(), search_key(other) or other.casefold()
    if not one or not other:
        return 0.0
    shorter, longer = sorted((one, other), key=len)
    # Five letters are part of many names: "choir" is not every choir.
    if len(shorter) > 5 and shorter in longer:
        return 0.95
    return SequenceMatcher(None, one, other).ratio()


def _with_services(user, matches: list[SimilarPin]) -> list[SimilarPin]:
    known = Connection.objects.known_to(user).select_related("service")
    prefetch_related_objects(
        [match.pin for match in matches if not match.is_public], Prefetch("connections", known)
    )
    return matches
