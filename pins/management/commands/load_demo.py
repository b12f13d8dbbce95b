"""The demonstration: a council that does not exist, its words, boundaries, places, people and communities."""

import csv
import tomllib
import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from community_map.accounts import roles
from community_map.demonstration import PEOPLE
from community_map.geo import Position
from community_map.models import Approach, Initiative, OutboxMail, Portal, Service, User
from pins import actions
from pins.models import (
    Category,
    Connection,
    Decision,
    LessHeardGroup,
    Offer,
    Pin,
    Precision,
    Question,
    Visibility,
)

DATA = Path(__file__).resolve().parents[2] / "demo"
PASSWORD = "community-map-demo"  # noqa: S105 (printed at every start; works from this machine only)
NAMESPACE = uuid.UUID("6b0f5c0e-3d5c-4f0e-9a51-000000000000")


class Command(BaseCommand):
    help = "Load the demonstration. Safe to run again: anything already there is left as it is."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="only load it if the database has no pins and no portal"
        )

    def handle(self, *args, if_empty: bool, **options) -> None:
        if if_empty and (Pin.objects.exists() or Portal.objects.exists()):
            self.stderr.write("The database is not empty, so the demonstration was not loaded.")
        else:
            self.load()
        # By its name, since the two apps know nothing of each other.
        call_command("seed_toolkit", "--if-demo", stdout=self.stdout, stderr=self.stderr)

    def load(self) -> None:
        with transaction.atomic():
            words = tomllib.loads((DATA / "vocabulary.toml").read_text(encoding="utf-8"))
            self.say("Categories, services and questions")
            load_vocabularies(words)
            self.say("Boundaries and places")
            load_boundaries(words["portal"])
            people = load_people()
            rows = tomllib.loads((DATA / "pins.toml").read_text(encoding="utf-8"))["pins"]
            places = read_places()
            for number, row in enumerate(rows, start=1):
                load_pin(row, places, people)
                if number % 20 == 0 or number == len(rows):
                    self.say(f"Communities: {number} of {len(rows)}")
            # The demonstration's own decisions are nobody's news.
            OutboxMail.objects.filter(sent_at=None).update(sent_at=timezone.now())

    def say(self, text: str) -> None:
        self.stderr.write(f"  {text}")


def load_vocabularies(words: dict) -> None:
    """Create the vocabularies and questions; rows that exist stay as an administrator left them."""
    for name, model in {
        "services": Service,
        "approaches": Approach,
        "initiatives": Initiative,
        "categories": Category,
        "offers": Offer,
        "less_heard_groups": LessHeardGroup,
    }.items():
        for order, row in enumerate(words[name]):
            model.objects.get_or_create(slug=row["slug"], defaults={"order": order, **row})
    for order, row in enumerate(words["questions"]):
        row = {**row, "category": Category.objects.filter(slug=row.get("category", "")).first()}
        Question.objects.get_or_create(label=row["label"], defaults={"order": order, **row})


def load_boundaries(portal_row: dict) -> None:
    shared = [
        "--name-property",
        "name",
        "--code-property",
        "code",
        "--valid-from",
        "2022-05-05",
        "--illustrative",
    ]
    source = ["--source", "Drawn for this demonstration. Not an official boundary."]
    outline, areas = str(DATA / "outline.geojson"), str(DATA / "areas.geojson")
    if not Portal.objects.exists():
        # About 5 km around the outline's middle, so that the map opens on the whole of it.
        edges = {"west": -0.306, "south": 51.555, "east": -0.128, "north": 51.671}
        Portal(is_demo=True, **edges, **portal_row).save()
    quiet = {"stderr": StringIO()}
    call_command(
        "import_areas", outline, "--set", "Demo outline", "--kind", "outline", *shared, *source, **quiet
    )
    call_command(
        "import_areas",
        areas,
        "--set",
        "Demo areas (illustrative)",
        "--kind",
        "area",
        *shared,
        *source,
        **quiet,
    )
    call_command("import_places", str(DATA / "places.csv"), **quiet)


def load_people() -> dict[str, User]:
    people = {}
    for email, person in PEOPLE.items():
        user = User.objects.filter(email=email).first()
        if user is None:
            service = Service.objects.get(slug=person.service)
            user = User.objects.create_user(email, PASSWORD, name=person.name, service=service)
            roles.give(user, person.roles, by=None)
        people[email.partition("@")[0]] = user
    return people


def read_places() -> dict[str, Position]:
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: Position(float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(file)
        }


def load_pin(row: dict, places: dict[str, Position], people: dict[str, User]) -> None:
    """Send, connect and decide one pin through the portal's own actions, then move it into the past."""
    author = people[row["author"]]
    category = Category.objects.get(slug=row["category"])
    position = places[row["place"]] if row["place"] else None
    pin = Pin(
        name=row["name"],
        category=category,
        description=row["description"],
        about=row.get("what", "community"),
        visibility=Visibility[row["visibility"].upper()],
        precision=category.default_precision if position else Precision.BOROUGH,
        is_home=False if category.default_precision == Precision.EXACT and position else None,
        agreement=row.get("agreement", ""),
        services_agreed=row.get("services_agreed", False),
        meeting=row.get("meeting", ""),
        web_page=row.get("web_page", ""),
        initiative=Initiative.objects.filter(slug=row.get("initiative", "")).first(),
        idempotency_key=uuid.uuid5(NAMESPACE, row["name"]),
        seconds_taken=70 + len(row["name"]),
    )
    pin, is_new = actions.send_pin(
        pin, spread(position, row["name"]), answers_of(row["connections"][0]), author=author
    )
    if not is_new:
        return
    pin.offers.set(Offer.objects.filter(slug__in=row.get("offers", [])))
    pin.less_heard_groups.set(LessHeardGroup.objects.filter(slug__in=row.get("less_heard", [])))
    for connection in row["connections"]:
        said = {name: connection.get(name, "") for name in ("what_worked", "last_worked")}
        actions.save_connection(pin, answers_of(connection), by=author, **said)
    decide(pin, row.get("status", "published"), row.get("reason", ""), people["moderator"])
    date_back(pin, row["confirmed_months_ago"])


def spread(position: Position | None, name: str) -> Position | None:
    """Return a spot near a place, always the same for a name, so that neighbours do not stand on one another."""
    if position is None:
        return None
    number = uuid.uuid5(NAMESPACE, name).int
    east, north = number % 61 - 30, number // 61 % 61 - 30
    return Position(
        round(position.longitude + east * 0.00005, 6), round(position.latitude + north * 0.00003, 6)
    )


def answers_of(row: dict) -> actions.ConnectionAnswers:
    return actions.ConnectionAnswers(
        service=Service.objects.get(slug=row["service"]),
        kind=Connection.Kind(row["kind"]),
        approaches=tuple(Approach.objects.filter(slug__in=row.get("approaches", []))),
    )


def decide(pin: Pin, status: str, reason: str, moderator: User) -> None:
    kinds = {
        "published": [Decision.Kind.PUBLISH],
        "returned": [Decision.Kind.RETURN],
        "declined": [Decision.Kind.DECLINE],
        "archived": [Decision.Kind.PUBLISH, Decision.Kind.ARCHIVE],
    }.get(status, [])
    for kind in kinds:
        actions.decide(Pin.objects.filter(pk=pin.pk), kind, by=moderator, reason=reason)


def date_back(pin: Pin, months: int) -> None:
    """Set the dates of a demonstration's pin back; the history keeps the true ones."""
    then = timezone.now() - timedelta(days=30 * months, minutes=pin.pk)
    confirmed = then.date()
    review_due = confirmed + timedelta(days=30 * pin.category.review_months)
    row = Pin.objects.filter(pk=pin.pk)
    row.update(submitted_at=then, last_confirmed_at=confirmed, review_due=review_due)
    row.filter(published_at__isnull=False).update(published_at=then)
