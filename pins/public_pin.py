"""What residents see of a pin: the one answer for its page, lists, the map's tiles, and a moderator's preview.

Each class says what one of these shows, and takes it from the public columns. A pin that Pin.objects.public() has
loaded has no other columns, so a field that took one would raise PrivateColumn.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from community_map.models import Approach, Area, Initiative, Portal, Service
from community_map.places import areas
from pins.models import Answer, Category, Connection, Offer, Pin, Precision, Visibility


@dataclass(frozen=True)
class PublicPoint:
    """What the map's tiles say of a pin, wherever they draw it."""

    public_id: UUID
    name: str
    category: Category
    precision: Precision
    longitude: float | None
    latitude: float | None

    @property
    def path(self) -> str:
        return reverse("pins:pin", args=[self.public_id])

    @property
    def address(self) -> str:
        """The address of its page, with the portal's name."""
        return settings.SITE_URL + self.path


@dataclass(frozen=True)
class PublicRow(PublicPoint):
    """What a row of a list says of a pin."""

    description: str
    place_description: str
    # How far from the place that somebody has asked for, in words; empty where nobody has.
    distance: str


@dataclass(frozen=True)
class PublicPin(PublicRow):
    """What a pin's own page says of it: all that is public."""

    web_page: str
    about: str
    initiative: Initiative | None
    services: tuple[Service, ...]
    approaches: tuple[Approach, ...]
    offers: tuple[Offer, ...]
    answers: tuple[Answer, ...]
    last_confirmed_at: date | None


def point_of(pin: Pin, category: Category) -> PublicPoint:
    """Return what a tile says of a public pin; its category is given, because tiles do not ask for it again."""
    return PublicPoint(**_point(pin, category))


def with_rows(pins: QuerySet) -> QuerySet:
    """Load with these pins what row_of needs: three queries, however many pins."""
    return pins.select_related("category", "public_near").prefetch_related(
        Prefetch("public_areas", Area.objects.defer("geometry"))
    )


def row_of(pin: Pin) -> PublicRow:
    """Return what a list says of a public pin that with_rows has loaded."""
    return PublicRow(**_row(pin))


def public_pin(public_id: UUID) -> PublicPin | None:
    """Return all that is public of a pin; None unless it is public itself."""
    pin = with_rows(Pin.objects.public()).select_related("initiative").filter(public_id=public_id).first()
    if pin is None:
        return None
    return _whole(pin, Connection.objects.public().filter(pin=pin), Answer.objects.public().filter(pin=pin))


def preview(pin: Pin) -> PublicPin | None:
    """Return what residents would see of a stored pin once it is published; None of staff's and teams' pins."""
    if pin.visibility != Visibility.PUBLIC:
        return None
    return _whole(pin, pin.connections.told(), pin.answers.told())


def _point(pin: Pin, category: Category) -> dict:
    return {
        "public_id": pin.public_id,
        "name": pin.name,
        "category": category,
        "precision": Precision(pin.precision),
        "longitude": pin.public_longitude,
        "latitude": pin.public_latitude,
    }


def _row(pin: Pin) -> dict:
    near = pin.public_near.name if pin.public_near else None
    return _point(pin, pin.category) | {
        "description": pin.description,
        "place_description": areas.describe([area.name for area in pin.public_areas.all()], near),
        "distance": getattr(pin, "distance", ""),
    }


def _whole(pin: Pin, connections: QuerySet, answers: QuerySet) -> PublicPin:
    working = list(connections)
    approaches = {approach for connection in working for approach in connection.approaches.all()}
    shows_services = Portal.load().shows_services
    return PublicPin(
        **_row(pin),
        web_page=pin.web_page,
        about=pin.get_about_display(),
        initiative=pin.initiative,
        services=tuple(connection.service for connection in working) if shows_services else (),
        approaches=tuple(sorted(approaches, key=lambda approach: (approach.order, approach.name))),
        offers=tuple(pin.offers.all()),
        answers=tuple(answers),
        last_confirmed_at=pin.last_confirmed_at,
    )
