"""The twin worlds of somebody who is signed in: what they may know of, with hidden pins made between it, or without.

The table below says what each role may know of in the tests' own words; it does not ask community_map.access.
"""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date

from community_map.geo import Position
from community_map.models import User
from pins import search
from pins.models import Answer, Connection, Decision, Pin, Precision, Visibility
from tests.factories import (
    give_answers,
    make_approach,
    make_area,
    make_boundary_set,
    make_category,
    make_connection,
    make_contributor,
    make_editor,
    make_lists,
    make_moderator,
    make_partner,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
    make_service,
)
from tests.toolkit_factories import (
    make_case_study,
    make_page,
    make_prompt,
    make_story,
    make_term,
    make_tool,
    make_voice,
)

COLLEAGUE, WITHOUT_SERVICE = "a colleague of another service", "a colleague without a service"
PARTNER, EDITOR = "a partner", "an editor"
ROLES = (COLLEAGUE, WITHOUT_SERVICE, PARTNER, EDITOR)
MAKERS = {
    COLLEAGUE: make_contributor,
    WITHOUT_SERVICE: make_contributor,
    PARTNER: make_partner,
    EDITOR: make_editor,
}
KNOWN_PINS = 60
# No word of a hidden thing is in anything that may be known of.
HIDDEN = "Quartzlight"
HIDDEN_WORDS = ("refuge", "mosque", "wigwam", "choir", "walking", "chior", "walkign", "footbal")
WORDS = ("walking", "choir", "food", "garden", "football")
WEST, SOUTH, EAST, NORTH = -0.29, 51.51, -0.11, 51.69

# What each kind of pin is: status, visibility, whose it is. "one of mine" has an author of the own team.
RECIPES: dict[str, tuple[str, tuple[Visibility, ...], str]] = {
    "public": ("published", (Visibility.PUBLIC,), "others"),
    "staff": ("published", (Visibility.STAFF,), "others"),
    "waiting": ("submitted", (Visibility.PUBLIC, Visibility.STAFF), "others"),
    "my own": ("", tuple(Visibility), "me"),
    "my team's": ("published", (Visibility.TEAM,), "my team"),
    "team": ("published", (Visibility.TEAM,), "others"),
    "team, waiting": ("submitted", (Visibility.TEAM,), "others"),
    "sensitive, waiting": ("submitted", (Visibility.PUBLIC, Visibility.STAFF), "others"),
    "returned": ("returned", tuple(Visibility), "others"),
    "declined": ("declined", tuple(Visibility), "others"),
    "archived": ("archived", tuple(Visibility), "others"),
    "merged into a known one": ("archived", (Visibility.TEAM,), "others"),
    "merged into a hidden one": ("archived", tuple(Visibility), "others"),
}
KNOWN = {
    COLLEAGUE: ("public", "staff", "waiting", "my own", "my team's"),
    WITHOUT_SERVICE: ("public", "staff", "waiting", "my own"),
    PARTNER: ("public", "my own", "my team's"),
    EDITOR: ("public", "staff", "waiting", "my own", "my team's"),
}


@dataclass
class World:
    """Who asks, what they may know of, and what is hidden from them."""

    role: str
    me: User
    mine: list = field(default_factory=list)  # services
    others: list = field(default_factory=list)
    authors: dict[str, list[User]] = field(default_factory=dict)
    categories: list = field(default_factory=list)
    approaches: list = field(default_factory=list)
    lists: dict = field(default_factory=dict)
    known: list[Pin] = field(default_factory=list)
    hidden: list[Pin] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [str(pin.public_id) for pin in self.known]

    @property
    def hidden_ids(self) -> list[str]:
        return [str(pin.public_id) for pin in self.hidden]

    @property
    def my_own(self) -> list[Pin]:
        return [pin for pin in self.known if pin.created_by_id == self.me.pk]


def make_world(role: str, chance: random.Random, hidden: int) -> World:
    """Make what this role may know of, with hidden pins before, between and after it."""
    world = _make_people(role)
    kinds = KNOWN[role]
    hidden_kinds = [kind for kind in RECIPES if kind not in kinds]
    # Without a team there is no team's pin, known or hidden.
    if not world.mine:
        hidden_kinds.remove("my team's")
    each = -(-hidden // KNOWN_PINS)
    made = 0
    for number in range(KNOWN_PINS):
        for _ in range(each):
            world.hidden.append(_make_pin(world, chance, hidden_kinds[made % len(hidden_kinds)], HIDDEN))
            made += 1
        name = f"{chance.choice(WORDS).capitalize()} group"
        world.known.append(_make_pin(world, chance, kinds[number % len(kinds)], name))
    _make_toolkit(world)
    return world


def _make_people(role: str) -> World:
    make_portal()
    wards = make_boundary_set(kind="ward")
    for number in range(4):
        west = -0.3 + 0.05 * number
        make_area(
            f"Ward {number}",
            bounds=(west, 51.5, west + 0.05, 51.7),
            boundary_set=wards,
            slug=f"ward-{number}",
        )
    for number, name in enumerate(("Oak Hill Park", "Hendon Library", "Hendon Central", "East Finchley")):
        make_place(name, "park", -0.28 + 0.05 * number, 51.53 + 0.04 * number)
    names = ("Libraries", "Museums", "Parks", "Housing", "Friends", "Neighbours")
    libraries, museums, parks, housing, friends, neighbours = (make_service(name) for name in names)
    others = [
        make_contributor(service=parks, name="Author of parks"),
        make_contributor(service=housing, name="Author of housing"),
        make_partner(service=neighbours, name="Author of neighbours"),
    ]
    me = make_person(role, friends if role == PARTNER else libraries, email="me@example.org")
    team = make_person(role, me.service) if me.service_id else None
    if role == COLLEAGUE:
        # A person may speak for several teams.
        me.other_services.add(museums)
    return World(
        role,
        me,
        mine=[*([me.service] if me.service_id else []), *me.other_services.all()],
        others=[parks, housing, neighbours],
        authors={"me": [me], "my team": [team] if team else [], "others": others},
        categories=[make_category("Clubs"), make_category("Goals"), make_sensitive_category("Shared")],
        approaches=[make_approach("Consulting"), make_approach("Partnership")],
        lists=make_lists(),
    )


def make_person(role: str, service, email: str = "") -> User:
    """Somebody in this role, of this service where the role has one."""
    return MAKERS[role](email, service=None if role == WITHOUT_SERVICE else service)


def _make_pin(world: World, chance: random.Random, kind: str, name: str) -> Pin:
    status, visibilities, whose = RECIPES[kind]
    clubs, goals, shared = world.categories
    category = chance.choice((clubs, goals))
    # A sensitive one that waits is its team's and the moderators' alone; what is the reader's own may be sensitive.
    if kind == "sensitive, waiting" or (kind != "waiting" and chance.random() < 0.25):
        category = shared
    visibility = chance.choice(visibilities)
    agreed = category.is_sensitive and visibility == Visibility.PUBLIC
    is_hidden = name == HIDDEN
    pin = make_pin(
        f"{HIDDEN} {chance.choice(HIDDEN_WORDS)} {chance.randint(100, 999)}"
        if is_hidden
        else f"{name} {chance.randint(1, 40)}",
        category=category,
        author=chance.choice(world.authors[whose]),
        status=status or chance.choice(("submitted", "submitted", "returned", "published", "declined")),
        visibility=visibility,
        precision=chance.choice(
            (Precision.NEIGHBOURHOOD, Precision.BOROUGH) if category.is_sensitive else tuple(Precision)
        ),
        position=some_position(chance),
        agreement="Agreed at a visit" if agreed else "",
        meeting=f"{HIDDEN} meeting" if is_hidden else "On Mondays",
        description=f"{HIDDEN} description" if is_hidden else "They meet.",
        review_due=date(2020, 1, 1) if is_hidden else None,
        public_id=some_uuid(chance),
        idempotency_key=some_uuid(chance),
    )
    if kind == "merged into a known one":
        _merge(pin, chance.choice(world.known or [None]))
    if kind == "merged into a hidden one":
        _merge(pin, next((other for other in world.hidden if other.status == "published"), None))
    give_answers(pin, world.lists, chance)
    _connect(world, chance, pin, whose)
    _decide(world, pin)
    return pin


def _merge(pin: Pin, into: Pin | None) -> None:
    if into:
        pin.merged_into = into
        pin.save()


def _connect(world: World, chance: random.Random, pin: Pin, whose: str) -> None:
    words = f"{HIDDEN} words" if pin.name.startswith(HIDDEN) else "Words of the team"
    services = [chance.choice(world.others)]
    if whose != "others" and world.mine:
        services.append(chance.choice(world.mine))
    for service in services:
        kind = chance.choice(Connection.Kind.values)
        approaches = [chance.choice(world.approaches)] if kind == Connection.Kind.WORKING else []
        make_connection(pin, service, approaches, kind=kind, what_worked=words).known_by.add(pin.created_by)


def _decide(world: World, pin: Pin) -> None:
    """What moderators say of a pin is its author's and theirs."""
    kind = {
        "published": Decision.Kind.PUBLISH,
        "returned": Decision.Kind.RETURN,
        "declined": Decision.Kind.DECLINE,
        "archived": Decision.Kind.ARCHIVE,
    }.get(pin.status)
    if not kind:
        return
    moderator = User.objects.filter(email="moderator@example.org").first()
    moderator = moderator or make_moderator("moderator@example.org", name="A moderator")
    reason = "A reason of the moderators"
    Decision.objects.create(pin=pin, kind=kind, by=moderator, reason=reason, pin_version=pin.version)


def _make_toolkit(world: World) -> None:
    for make in (make_page, make_case_study, make_tool):
        for number in range(3):
            make(
                f"{make.__name__} {number}", slug=f"{make.__name__}-{number}", approaches=world.approaches[:1]
            )
    for make in (make_prompt, make_voice, make_term):
        make(f"{make.__name__}", slug=make.__name__)
    make_story("A story", sent_by=world.authors["others"][0])


def some_position(chance: random.Random) -> Position:
    return Position(round(chance.uniform(WEST, EAST), 6), round(chance.uniform(SOUTH, NORTH), 6))


def some_uuid(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def take_hidden_away(world: World) -> int:
    """Delete what this role may not know of, and change what they may not read of the rest; return how many pins went."""
    keys = [pin.pk for pin in world.hidden]
    hidden = Pin.objects.filter(pk__in=keys)
    hidden.update(merged_into=None)
    for model in (Answer, Decision, Connection):
        model.objects.filter(pin__in=keys).delete()
    hidden.delete()
    Pin.history.filter(id__in=keys).delete()
    Connection.history.filter(pin_id__in=keys).delete()
    of_others = Pin.objects.exclude(created_by=world.me)
    # Why moderators decided is for the author.
    Decision.objects.filter(pin__in=of_others).delete()
    # Which groups meet at other people's pins is for moderators.
    Pin.less_heard_groups.through.objects.exclude(pin__created_by=world.me).delete()
    if world.role == PARTNER:
        _change_what_staff_keep(world)
    search.write(Pin.objects.all())
    search.tidy()
    return len(keys)


def _change_what_staff_keep(world: World) -> None:
    """A partner reads what everyone does of other people's pins: all their staff columns may be otherwise."""
    team = [user.pk for whose in ("me", "my team") for user in world.authors[whose]]
    public = Pin.objects.exclude(created_by__in=team)
    for number, pin in enumerate(public):
        Pin.objects.filter(pk=pin.pk).update(
            meeting="Elsewhere",
            created_by=world.authors["others"][0],
            seconds_taken=77,
            review_due=date(2031, 1, 1),
            idempotency_key=uuid.UUID(int=number + 1),
            version=pin.version + 3,
        )
    theirs = Connection.objects.exclude(service__in=world.mine)
    theirs.exclude(kind=Connection.Kind.WORKING).delete()
    for connection in theirs:
        connection.known_by.clear()
    theirs.update(what_worked="", last_worked="")
