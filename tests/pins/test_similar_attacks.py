"""What guessing at "we may already know them" tells of a pin that the writer may not know, or may not place."""

import string

import pytest
from django.core.cache import cache

from community_map import geo
from community_map.geo import Position
from community_map.http import limits
from pins.models import Precision, Visibility
from tests.factories import (
    make_category,
    make_connection,
    make_contributor,
    make_partner,
    make_pin,
    make_portal,
    make_service,
)

pytestmark = pytest.mark.django_db
HIDDEN = Position(-0.203217, 51.604873)
GUESS = Position(-0.2, 51.604)  # about 240 m from it, as somebody would guess who knows the neighbourhood
HALVINGS = 18  # of 0.02 degrees, about 2 km: finer than the six decimals of a position


class Prober:
    """Somebody signed in who asks again and again, and waits whenever they are held up."""

    def __init__(self, client, user) -> None:
        client.force_login(user)
        self.client = client
        self.requests = 0
        self.answers: set[bytes] = set()

    def is_told_something(self, **question) -> bool:
        if self.requests % 50 == 0:
            cache.clear()
            limits.forget()
        self.requests += 1
        response = self.client.post("/staff/pins/similar/", question)
        assert response.status_code == 200
        self.answers.add(response.content)
        return b"href" in response.content or b"may already" in response.content

    def spell(self, word: str) -> str:
        """Lengthen one guessed word letter by letter, at its end and at its beginning; return how far that goes."""
        for is_end in (True, False):
            while longer := self._one_letter_more(word, is_end):
                word = longer
        return word

    def _one_letter_more(self, word: str, is_end: bool) -> str:
        for letter in string.ascii_lowercase:
            # Eight letters and the next: enough to be found in the name, too few to be like it as a whole.
            guess = f"{word[-8:-4]} {word[-4:]} {letter}" if is_end else f"{letter} {word[:4]} {word[4:8]}"
            if self.is_told_something(name=guess):
                return word + letter if is_end else letter + word
        return ""

    def locate(self, start: Position) -> Position | None:
        """Find the middle of the circle within which something is told; None where nothing is told at all."""
        if not self._is_near(start.longitude, start.latitude):
            return None
        west, east = (self._edge(start, sign, 0) for sign in (-1, 1))
        middle = Position((west.longitude + east.longitude) / 2, start.latitude)
        south, north = (self._edge(middle, 0, sign) for sign in (-1, 1))
        return Position(middle.longitude, (south.latitude + north.latitude) / 2)

    def _edge(self, start: Position, east: int, north: int) -> Position:
        inside, outside = 0.0, 0.02
        for _halving in range(HALVINGS):
            step = (inside + outside) / 2
            is_near = self._is_near(start.longitude + east * step, start.latitude + north * step)
            inside, outside = (step, outside) if is_near else (inside, step)
        return Position(start.longitude + east * inside, start.latitude + north * inside)

    def _is_near(self, longitude: float, latitude: float) -> bool:
        return self.is_told_something(longitude=f"{longitude:.7f}", latitude=f"{latitude:.7f}")


def metres_between(one: Position, other: Position) -> float:
    return geo.distance_metres(one.longitude, one.latitude, other.longitude, other.latitude)


@pytest.fixture
def hidden():
    """A pin that only its own team may know of."""
    make_portal()
    pin = make_pin(
        "Quiet mothers circle", position=HIDDEN, visibility=Visibility.TEAM,
        author=make_contributor(service=make_service("Family services")),
    )  # fmt: skip
    make_connection(pin, pin.created_by.service)
    return pin


def test_a_colleague_of_another_team_cannot_spell_out_a_hidden_name(client, hidden):
    prober = Prober(client, make_contributor(service=make_service("Parks")))

    spelt = prober.spell("mothers")

    print(f"\nspelt={spelt!r} requests={prober.requests} answers={len(prober.answers)}")
    assert (spelt, len(prober.answers)) == ("mothers", 1)


def test_a_colleague_of_another_team_cannot_find_a_hidden_place(client, hidden):
    prober = Prober(client, make_contributor(service=make_service("Parks")))

    found = prober.locate(GUESS)

    error = metres_between(found, HIDDEN) if found else None
    print(f"\nhidden place: metres from it={error} requests={prober.requests}")
    assert (found, len(prober.answers)) == (None, 1)


def test_a_partner_finds_a_public_pin_no_closer_than_everyone_does(client):
    make_portal()
    pin = make_pin(
        "Tea afternoons", position=HIDDEN, precision=Precision.NEIGHBOURHOOD, category=make_category()
    )
    shown = Position(pin.public_longitude, pin.public_latitude)
    prober = Prober(client, make_partner(service=make_service("Age Friends")))

    found = prober.locate(GUESS)

    print(
        f"\ncoarse pin: shown {metres_between(shown, HIDDEN):.0f} m away, "
        f"found to {metres_between(found, HIDDEN):.1f} m in {prober.requests} requests"
    )
    assert metres_between(found, shown) < 1
