"""Do we know this community already? Those nearby or with a like name, as far as the writer may know."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from community_map import access, geo
from community_map.areas import distance_in_words
from community_map.geo import Position
from community_map.models.place import search_key
from pins.models import Connection, Pin, Status, Visibility

NEAR_METRES = 500
LIKE = 0.72  # how much of two names must agree, from 0 to 1
MOST = 5
CANDIDATES = 200
ON_THE_MAP = (Status.SUBMITTED, Status.PUBLISHED, Status.RETURNED)
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


@dataclass(frozen=True)
class SimilarPin:
    """A pin that may be the same community, and why."""

    pin: Pin
    metres: float | None
    likeness: float

    @property
    def distance(self) -> str:
        return "" if self.metres is None else distance_in_words(self.metres)

    @property
    def services(self) -> list[str]:
        return [connection.service.name for connection in self.pin.connections.all()]


@dataclass(frozen=True)
class Similar:
    """What was found, best first, and whether there is more that this writer may not see."""

    pins: list[SimilarPin]
    is_more_hidden: bool


def find_similar(
    user, *, name: str = "", position: Position | None = None, apart_from: Pin | None = None
) -> Similar:
    """Return the pins within 500 m or with a like name that the user may see, at most five."""
    matches = _matching(_all_on_the_map(user, apart_from), name, position)
    visible = set(
        Pin.objects.visible_to(user)
        .filter(pk__in=[match.pin.pk for match in matches])
        .values_list("pk", flat=True)
    )
    shown = [match for match in matches if match.pin.pk in visible]
    hidden = len(shown) < len(matches)
    return Similar(pins=_with_services(user, shown[:MOST]), is_more_hidden=hidden)


def _all_on_the_map(user, apart_from: Pin | None) -> QuerySet:
    # Every pin, also those that the writer may not see: what is found among them is said as "may already
    # know this one", and nothing of them leaves this module.
    pins = Pin._base_manager.filter(status__in=ON_THE_MAP)
    if not access.is_contributor(user):
        # A partner is not told that staff know something, not even this much: only of what everyone can read.
        own = Pin.objects.visible_to(user).values("pk")
        pins = pins.filter(Q(pk__in=own) | Q(status=Status.PUBLISHED, visibility=Visibility.PUBLIC))
    return pins.exclude(pk=apart_from.pk) if apart_from else pins


def _matching(pins: QuerySet, name: str, position: Position | None) -> list[SimilarPin]:
    wanted = Q(pk__in=[])
    if position:
        x, y = position.mercator
        reach = geo.mercator_units(NEAR_METRES, position.latitude)
        wanted |= Q(mercator_x__range=(x - reach, x + reach), mercator_y__range=(y - reach, y + reach))
    for word in _telling_words(name):
        wanted |= Q(name__icontains=word)
    found = []
    for pin in pins.filter(wanted).select_related("category").order_by("-pk")[:CANDIDATES]:
        metres = None
        if position and pin.is_placed:
            metres = geo.distance_metres(position.longitude, position.latitude, pin.longitude, pin.latitude)
        likeness = _likeness(name, pin.name)
        if likeness >= LIKE or (metres is not None and metres <= NEAR_METRES):
            found.append(SimilarPin(pin, metres, likeness))
    return sorted(found, key=lambda match: (-round(match.likeness, 1), match.metres or 0, match.pin.pk))


def _telling_words(name: str) -> list[str]:
    words = [word for word in re.findall(r"\w+", name) if len(word) > 2 and word.lower() not in COMMON]
    return sorted(words, key=len, reverse=True)[:5]


def _likeness(one: str, other: str) -> float:
    one, other = search_key(one) or one.casefold(), search_key(other) or other.casefold()
    if not one or not other:
        return 0.0
    if len(one) > 5 and (one in other or other in one):
        return 0.95
    return SequenceMatcher(None, one, other).ratio()


def _with_services(user, matches: list[SimilarPin]) -> list[SimilarPin]:
    known = Connection.objects.known_to(user).select_related("service")
    prefetch_related_objects([match.pin for match in matches], Prefetch("connections", known))
    return matches
