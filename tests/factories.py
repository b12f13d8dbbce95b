"""Plain functions that make rows for tests. Every argument has a sensible default."""

import itertools
import uuid
from datetime import date, timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from community_map.geo import Position
from community_map.models import Approach, Area, BoundarySet, Initiative, Place, Portal, Service, User
from pins import placing, search
from pins.actions import copy_limits
from pins.models import (
    Category,
    Connection,
    LessHeardGroup,
    Offer,
    Pin,
    Precision,
    Status,
    Visibility,
)

numbers = itertools.count(1)
# A plain square, so that tests can reckon with it: longitude -0.3 to -0.1, latitude 51.5 to 51.7.
SQUARE = (-0.3, 51.5, -0.1, 51.7)
INSIDE = Position(-0.2, 51.6)


def square(west: float, south: float, east: float, north: float) -> dict:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def make_service(name: str = "", **fields) -> Service:
    name = name or f"Service {next(numbers)}"
    return Service.objects.create(
        name=name, slug=fields.pop("slug", name.lower().replace(" ", "-")), **fields
    )


def make_approach(name: str = "", **fields) -> Approach:
    name = name or f"Approach {next(numbers)}"
    fields.setdefault("question_label", name)
    return Approach.objects.create(
        name=name, slug=fields.pop("slug", name.lower().replace(" ", "-")), **fields
    )


def make_user(email: str = "", groups: tuple[str, ...] = (), **fields) -> User:
    user = User.objects.create_user(
        email or f"user{next(numbers)}@example.org", "a long enough password", **fields
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def make_contributor(email: str = "", **fields) -> User:
    fields.setdefault("service", Service.objects.first() or make_service())
    return make_user(email, ("Contributors",), **fields)


def make_partner(email: str = "", **fields) -> User:
    """A person of a voluntary organisation; `service` is their organisation."""
    fields.setdefault("service", make_service())
    return make_user(email, ("Partners",), **fields)


def make_moderator(email: str = "", **fields) -> User:
    return make_user(email, ("Moderators",), is_staff=True, **fields)


def make_editor(email: str = "", **fields) -> User:
    return make_user(email, ("Editors",), is_staff=True, **fields)


def make_administrator(email: str = "", **fields) -> User:
    return make_user(email, (), is_staff=True, is_superuser=True, **fields)


def make_category(name: str = "", **fields) -> Category:
    name = name or f"Category {next(numbers)}"
    taken = set(Category.objects.in_use().values_list("shape", flat=True))
    shape = next((shape for shape in Category.Shape.values if shape not in taken), "circle")
    fields = {"colour": "#1d70b8", "shape": shape, "slug": name.lower().replace(" ", "-"), **fields}
    return Category.objects.create(name=name, **fields)


def make_sensitive_category(name: str = "", **fields) -> Category:
    return make_category(
        name,
        **{
            "is_sensitive": True,
            "default_visibility": Visibility.STAFF,
            "default_precision": Precision.NEIGHBOURHOOD,
            "finest_precision": Precision.NEIGHBOURHOOD,
            **fields,
        },
    )


def make_pin(
    name: str = "", *, position: Position | None = INSIDE, author: User | None = None, **fields
) -> Pin:
    """A stored pin, published and public unless told otherwise."""
    status = fields.pop("status", Status.PUBLISHED)
    pin = Pin(
        name=name or f"Pin {next(numbers)}",
        category=fields.pop("category", None) or Category.objects.first() or make_category(),
        created_by=author or make_contributor(),
        status=status,
        submitted_at=fields.pop("submitted_at", timezone.now()),
        published_at=fields.pop("published_at", timezone.now() if status == Status.PUBLISHED else None),
        visibility=fields.pop("visibility", Visibility.PUBLIC),
        precision=fields.pop("precision", Precision.EXACT),
        idempotency_key=fields.pop("idempotency_key", uuid.uuid4()),
        **fields,
    )
    if pin.agreement and not pin.agreement_at:
        pin.agreement_by, pin.agreement_at = pin.created_by, timezone.now()
    copy_limits(pin)
    placing.place(pin, position)
    pin.save()
    placing.assign_areas(pin)
    search.write([pin])
    return pin


def make_connection(pin: Pin, service: Service | None = None, approaches=(), **fields) -> Connection:
    connection = Connection.objects.create(
        pin=pin, service=service or make_service(), kind=fields.pop("kind", Connection.Kind.WORKING), **fields
    )
    connection.approaches.set(approaches)
    if connection.what_worked:
        search.write([pin])
    return connection


def make_lists() -> dict[str, list]:
    """Offers, initiatives and groups less often heard, by the names of a pin's columns."""
    names = {
        "offers": (Offer, ("Money", "Spaces")),
        "initiative": (Initiative, ("Summer", "Winter")),
        "less_heard_groups": (LessHeardGroup, ("Carers", "Migrants")),
    }
    return {
        column: [model.objects.create(name=name, slug=name.lower()) for name in words]
        for column, (model, words) in names.items()
    }


def give_answers(pin: Pin, lists: dict[str, list], chance) -> None:
    """Give a pin some of the answers that filters ask for, by chance."""
    pin.offers.set(chance.sample(lists["offers"], chance.randint(0, 2)))
    pin.less_heard_groups.set(chance.sample(lists["less_heard_groups"], chance.randint(0, 2)))
    pin.initiative = chance.choice([None, *lists["initiative"]])
    pin.about = chance.choice(Pin.About.values)
    months = chance.choice((None, 1, 5, 10, 20, 40))
    pin.last_confirmed_at = timezone.localdate() - timedelta(days=30 * months) if months else None
    pin.save()
    search.write([pin])


def make_boundary_set(name: str = "", kind: str = "ward", **fields) -> BoundarySet:
    return BoundarySet.objects.create(
        name=name or f"Set {next(numbers)}", kind=kind, **{"valid_from": date(2022, 5, 5), **fields}
    )


def make_area(name: str = "", *, bounds=SQUARE, boundary_set: BoundarySet | None = None, **fields) -> Area:
    number = next(numbers)
    west, south, east, north = bounds
    return Area.objects.create(
        boundary_set=boundary_set or make_boundary_set(),
        name=name or f"Area {number}",
        code=fields.pop("code", f"A{number:03}"),
        slug=fields.pop("slug", f"area-{number}"),
        geometry=square(*bounds),
        longitude=(west + east) / 2,
        latitude=(south + north) / 2,
        **fields,
    )


def make_place(name: str = "", kind: str = "park", longitude: float = -0.2, latitude: float = 51.6) -> Place:
    return Place.objects.create(
        name=name or f"Place {next(numbers)}", kind=kind, longitude=longitude, latitude=latitude
    )


def make_portal(**fields) -> Portal:
    """The portal's row, with a square outline unless told otherwise."""
    if "outline" not in fields:
        fields["outline"] = make_area("Outline", boundary_set=make_boundary_set(kind="outline"))
    portal = Portal(
        **{
            "council_name": "Testing Council",
            "west": -0.3,
            "south": 51.5,
            "east": -0.1,
            "north": 51.7,
            **fields,
        }
    )
    portal.save()
    return portal
