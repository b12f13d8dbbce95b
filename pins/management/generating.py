"""What a generated pin is: where it stands, what it says, who knows it, and what has become of it.

Pin number n of a seed is the same however many are made, on every database with the same vocabularies, boundaries
and places. Dates are counted back from today.
"""

import random
import uuid
from bisect import bisect
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate

from shapely import intersects_xy, prepare

from community_map.geo import Position
from community_map.models import Approach, Initiative, Place, Portal, Service, User
from community_map.places import areas
from pins import placing
from pins.actions import copy_limits
from pins.models import (
    Category,
    Connection,
    Decision,
    LessHeardGroup,
    Offer,
    Pin,
    Precision,
    Status,
    Visibility,
)

# The upper half of the idempotency keys of generated pins: no form makes such a key. The lower half is seed and number.
MARK = int.from_bytes(b"makepins")
NUMBER_BITS, SEED_BITS = 40, 24

OPENINGS = (
    "Amber", "Beacon", "Bramble", "Clover", "Copper", "Ember", "Fern", "Harbour", "Hazel", "Kestrel", "Lantern", "Maple",
    "Marigold", "Meadow", "Otter", "Pebble", "Quill", "Rowan", "Saffron", "Thistle", "Willow", "Wren",
)  # fmt: skip
DOINGS = (
    "allotment", "art", "book", "carers’", "chess", "choir", "coding", "craft", "cycling", "dance", "debating",
    "English conversation", "film", "football", "gardening", "history", "litter-picking", "lunch", "music",
    "parent and toddler", "photography", "reading", "repair", "running", "sewing", "swimming", "walking", "wildlife",
)  # fmt: skip
KINDS = ("association", "circle", "club", "friends", "group", "network", "project", "society")
SENTENCES = (
    "They meet every week and welcome newcomers.",
    "Run by volunteers, with tea afterwards.",
    "They share tools, skills and time.",
    "They look after each other and the place where they meet.",
    "They would like to hear from other groups nearby.",
)
REASONS = {
    Decision.Kind.RETURN: "Please choose a landmark such as a library or park instead.",
    Decision.Kind.DECLINE: "This is a council service, not a community.",
    Decision.Kind.ARCHIVE: "They no longer meet.",
}
STATUSES = {
    Status.PUBLISHED: 80,
    Status.SUBMITTED: 7,
    Status.RETURNED: 3,
    Status.DECLINED: 3,
    Status.ARCHIVED: 7,
}
DECISIONS = {
    Status.PUBLISHED: [Decision.Kind.PUBLISH],
    Status.SUBMITTED: [],
    Status.RETURNED: [Decision.Kind.RETURN],
    Status.DECLINED: [Decision.Kind.DECLINE],
    Status.ARCHIVED: [Decision.Kind.PUBLISH, Decision.Kind.ARCHIVE],
}
LEADS_TO = {
    Decision.Kind.PUBLISH: Status.PUBLISHED,
    Decision.Kind.RETURN: Status.RETURNED,
    Decision.Kind.DECLINE: Status.DECLINED,
    Decision.Kind.ARCHIVE: Status.ARCHIVED,
}
KINDS_OF_CONNECTION = {
    Connection.Kind.WORKING: 55,
    Connection.Kind.WOULD_LIKE: 20,
    Connection.Kind.KNOW_OF: 25,
}
ABOUT, LAST_WORKED = Pin.About.values, Connection.LastWorked.values
# How many of each, of a hundred, where the category allows it.
VISIBILITIES = {Visibility.PUBLIC: 70, Visibility.STAFF: 20, Visibility.TEAM: 10}
PRECISIONS = {
    Precision.EXACT: 25,
    Precision.STREET: 40,
    Precision.NEIGHBOURHOOD: 28,
    Precision.BOROUGH: 7,
}
SPREAD = 0.004  # degrees: about 280 m east and 440 m north, the middle two thirds of a clump


def key_of(seed: int, number: int) -> uuid.UUID:
    """Return the idempotency key by which the pin of a seed and number is known as generated."""
    return uuid.UUID(int=MARK << 64 | seed << NUMBER_BITS | number)


def keys_of(seed: int | None = None) -> tuple[uuid.UUID, uuid.UUID]:
    """Return the first and the last key of a seed, or of all seeds."""
    first, last = (0, 2**SEED_BITS - 1) if seed is None else (seed, seed)
    return key_of(first, 0), key_of(last, 2**NUMBER_BITS - 1)


class Weighted:
    """Values to be drawn, each with how often."""

    def __init__(self, weights: dict) -> None:
        self._values = list(weights)
        self._ends = list(accumulate(weights.values()))

    def draw(self, chance: random.Random):
        return self._values[bisect(self._ends, chance.random() * self._ends[-1], hi=len(self._values) - 1)]


@dataclass
class Step:
    """One version of a pin: which status it got, when, and by whom."""

    status: Status
    at: datetime
    by_id: int
    decision: Decision | None = None


@dataclass
class Generated:
    """A pin, without a primary key, and all that is written with it."""

    pin: Pin
    steps: list[Step]
    area_ids: tuple[list[int], list[int]]
    offers: list[int] = field(default_factory=list)
    less_heard: list[int] = field(default_factory=list)
    connections: list[tuple[Connection, list[int]]] = field(default_factory=list)


class Landscape:
    """Where communities meet: many at a few places, fewer around them, some anywhere inside the outline."""

    def __init__(self, chance: random.Random) -> None:
        portal, self._outline = Portal.load(), areas.shapes().outline
        if self._outline is not None:
            prepare(self._outline)
            self._bounds = self._outline.bounds
        else:
            self._bounds = (portal.west, portal.south, portal.east, portal.north)
        known = Place.objects.exclude(kind__in=Place.POSTCODE_KINDS).order_by("kind", "name")
        spots = [(place.longitude, place.latitude) for place in known]
        spots = [spot for spot in spots if self._holds(*spot)] or [self._anywhere(chance) for _ in range(40)]
        chance.shuffle(spots)
        # The largest centre has ten times as many as the tenth.
        self._spots = Weighted({spot: 1 / rank for rank, spot in enumerate(dict.fromkeys(spots), start=1)})

    def _holds(self, longitude: float, latitude: float) -> bool:
        return self._outline is None or bool(intersects_xy(self._outline, longitude, latitude))

    def _anywhere(self, chance: random.Random) -> tuple[float, float]:
        west, south, east, north = self._bounds
        while True:
            spot = round(chance.uniform(west, east), 6), round(chance.uniform(south, north), 6)
            if self._holds(*spot):
                return spot

    def draw(self, chance: random.Random) -> Position:
        where = chance.random()
        if where < 0.15:
            return Position(*self._anywhere(chance))
        longitude, latitude = self._spots.draw(chance)
        if where < 0.35:  # in the library itself, where others meet too
            return Position(longitude, latitude)
        east, north = chance.gauss(0, SPREAD), chance.gauss(0, SPREAD)
        for _ in range(6):
            spot = round(longitude + east, 6), round(latitude + north, 6)
            if self._holds(*spot):
                return Position(*spot)
            east, north = east / 2, north / 2
        return Position(longitude, latitude)


class Generator:
    """Makes the pins of one seed from the vocabularies that the database has."""

    def __init__(self, seed: int, *, authors: list[User], moderators: list[User], today: datetime) -> None:
        self.seed, self.authors, self.moderators, self.today = seed, authors, moderators, today
        self.survey = placing.Survey()
        self.landscape = Landscape(random.Random(seed))  # noqa: S311 (as below)
        self.categories = list(Category.objects.in_use())
        self.services = [service.pk for service in Service.objects.in_use()]
        self.approaches = [approach.pk for approach in Approach.objects.in_use()]
        self.initiatives = [initiative.pk for initiative in Initiative.objects.in_use()]
        self.offers = [offer.pk for offer in Offer.objects.in_use()]
        self.less_heard = [group.pk for group in LessHeardGroup.objects.in_use()]
        self._statuses, self._kinds = Weighted(STATUSES), Weighted(KINDS_OF_CONNECTION)
        self._visibilities = {
            category.pk: Weighted(
                {
                    value: often
                    for value, often in VISIBILITIES.items()
                    if value >= category.loosest_visibility
                }
            )
            for category in self.categories
        }
        self._precisions = {
            category.pk: Weighted(
                {value: often for value, often in PRECISIONS.items() if value >= category.finest_precision}
            )
            for category in self.categories
        }

    def make(self, number: int) -> Generated:
        """Return the pin of this number."""
        chance = random.Random(self.seed << NUMBER_BITS | number)  # noqa: S311 (not a secret: the same each time)
        author = self.authors[number % len(self.authors)]
        category = chance.choice(self.categories)
        submitted = self.today - timedelta(minutes=chance.randrange(1, 60 * 24 * 1400))
        pin = self._pin(number, chance, category, author, submitted)
        # Columns that follow from the others, by the functions that fill them for a pin that is sent.
        copy_limits(pin)
        is_placed = pin.precision != Precision.BOROUGH or chance.random() < 0.5
        placing.place(pin, self.landscape.draw(chance) if is_placed else None, self.survey)
        made = Generated(pin, self._steps(chance, pin, author), placing.area_ids(pin, self.survey.area_ids))
        made.offers = self._some(chance, self.offers, 0.25)
        if category.is_sensitive:
            made.less_heard = self._some(chance, self.less_heard, 0.5)
        made.connections = self._connections(chance, pin, author)
        return made

    def _pin(
        self, number: int, chance: random.Random, category: Category, author: User, submitted: datetime
    ) -> Pin:
        precision = self._precisions[category.pk].draw(chance)
        visibility = self._visibilities[category.pk].draw(chance)
        confirmed = submitted.date() + (self.today.date() - submitted.date()) * chance.random()
        pin = Pin(
            public_id=uuid.UUID(int=chance.getrandbits(128), version=4),
            idempotency_key=key_of(self.seed, number),
            name=f"{chance.choice(OPENINGS)} {chance.choice(DOINGS)} {chance.choice(KINDS)} (generated {number + 1})",
            description=f"{chance.choice(SENTENCES)} (Generated: this community does not exist.)",
            meeting="Thursdays, in the main hall" if chance.random() < 0.3 else "",
            web_page=f"https://example.org/generated/{number + 1}" if chance.random() < 0.2 else "",
            about=chance.choice(ABOUT),
            category=category,
            initiative_id=next(iter(self._some(chance, self.initiatives, 0.1)), None),
            precision=int(precision),
            visibility=int(visibility),
            is_home=False if precision == Precision.EXACT else None,
            created_by=author,
            created_at=submitted,
            submitted_at=submitted,
            last_confirmed_at=confirmed,
            review_due=confirmed + timedelta(days=round(category.review_months * 30.4375)),
            seconds_taken=chance.randint(45, 400),
        )
        if category.is_sensitive and visibility == Visibility.PUBLIC:
            pin.agreement = "Asked at a meeting (generated)"
            pin.agreement_by, pin.agreement_at = author, submitted
            pin.services_agreed = chance.random() < 0.5
        return pin

    def _steps(self, chance: random.Random, pin: Pin, author: User) -> list[Step]:
        """Return the versions of a pin, the last one being what it is now."""
        status = self._statuses.draw(chance)
        steps = [Step(Status.SUBMITTED, pin.submitted_at, author.pk)]
        for kind in DECISIONS[status]:
            at = steps[-1].at + (self.today - steps[-1].at) * chance.random() * 0.3
            moderator = chance.choice(self.moderators)
            decision = Decision(kind=kind, reason=REASONS.get(kind, ""), by=moderator, at=at)
            steps.append(Step(LEADS_TO[kind], at, moderator.pk, decision))
        return steps

    def _connections(
        self, chance: random.Random, pin: Pin, author: User
    ) -> list[tuple[Connection, list[int]]]:
        others = [service for service in self.services if service != author.service_id]
        services = [author.service_id, *self._some(chance, others, 0.2)]
        return [self._connection(chance, pin, service) for service in services]

    def _connection(self, chance: random.Random, pin: Pin, service_id: int) -> tuple[Connection, list[int]]:
        kind = self._kinds.draw(chance)
        connection = Connection(
            service_id=service_id, kind=kind, created_at=pin.submitted_at, updated_at=pin.submitted_at
        )
        if kind != Connection.Kind.WORKING:
            return connection, []
        connection.last_worked = chance.choice(LAST_WORKED)
        connection.what_worked = "Meeting them where they already meet." if chance.random() < 0.3 else ""
        return connection, self._some(chance, self.approaches, 1)

    @staticmethod
    def _some(chance: random.Random, values: list[int], share: float) -> list[int]:
        """Return one or two of these in so large a share of the cases, and none in the others."""
        if not values or chance.random() >= share:
            return []
        return chance.sample(values, min(len(values), 1 + (chance.random() < 0.3)))
