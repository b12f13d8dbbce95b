"""Generated communities in bulk: to see, test and measure the portal at the size of a council, or of many."""

import time
from datetime import time as midnight

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from community_map.demonstration import is_for_this_machine
from community_map.models import Portal, Service, User
from pins.management.generating import NUMBER_BITS, SEED_BITS, Generator, keys_of
from pins.management.writing import Writer
from pins.models import Category, Pin

BATCH = 5_000
AUTHORS, MODERATORS = 12, 3
PERCENT_BETWEEN_LINES = 5


class Command(BaseCommand):
    help = (
        "Make generated pins, clumped as real ones are, with their history, connections and decisions. "
        "For trying out and measuring; never for a portal that people use. Running it again adds only what is missing."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("number", type=int, help="how many generated pins there should be")
        parser.add_argument(
            "--seed", type=int, default=1, help="the same seed makes the same pins (default: 1)"
        )
        parser.add_argument(
            "--add", action="store_true", help="add them to a database that has other pins too"
        )

    def handle(self, *args, number: int, seed: int, add: bool, **options) -> None:
        if not 0 < number < 2**NUMBER_BITS or not 0 <= seed < 2**SEED_BITS:
            raise CommandError("The number must be at least 1, and the seed between 0 and 16777215.")
        refuse_where_people_work(add)
        if not (Category.objects.in_use().exists() and Service.objects.in_use().exists()):
            raise CommandError("There are no categories or no teams yet. Run manage.py load_demo first.")
        there = Pin.objects.filter(idempotency_key__range=keys_of(seed)).count()
        if there >= number:
            self.stderr.write(f"There are {there:,} generated pins of seed {seed} already. None added.")
            return
        started = time.monotonic()
        if connection.vendor == "sqlite":
            # Room for the indexes, which are written all over; 2 MB is the default.
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA cache_size = -262144")
        self.make(seed, there, number, started)
        if connection.vendor == "postgresql":
            # Its planner would take the tables for empty ones until the database comes round to them by itself.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        took = time.monotonic() - started
        self.stderr.write(f"Made {number - there:,} pins in {took:.1f} seconds ({there:,} were there).")

    def make(self, seed: int, first: int, last: int, started: float) -> None:
        """Make and store the pins from one number to another, each batch in a transaction of its own."""
        with transaction.atomic():
            authors, moderators = _people("author", AUTHORS), _people("moderator", MODERATORS)
        today = timezone.make_aware(timezone.datetime.combine(timezone.localdate(), midnight()))
        generator = Generator(seed, authors=authors, moderators=moderators, today=today)
        writer, told = Writer(), 0
        for start in range(first, last, BATCH):
            end = min(start + BATCH, last)
            with transaction.atomic():
                writer.write([generator.make(number) for number in range(start, end)])
            percent = (end - first) * 100 // (last - first)
            if percent >= told + PERCENT_BETWEEN_LINES and end < last:
                told = percent
                self.stderr.write(f"  {end:,} of {last:,} ({percent}%), {time.monotonic() - started:.0f} s")


def refuse_where_people_work(add: bool) -> None:
    """Raise CommandError where the generated pins would stand among a council's own."""
    if not (is_for_this_machine() or Portal.load().is_demo):
        raise CommandError(
            "SITE_URL is not an address of this machine and this is not a demonstration, so no pins are made here."
        )
    if not add and Pin.objects.exclude(idempotency_key__range=keys_of()).exists():
        raise CommandError(
            "This database has pins that this command did not make. Use another database, or add generated pins "
            "to them with --add. They cannot be removed together again."
        )


def _people(role: str, number: int) -> list[User]:
    """Return the people that generated pins name, made where they are missing. None of them can sign in."""
    services = list(Service.objects.in_use())
    people = []
    for index in range(number):
        email = f"generated-{role}-{index + 1}@example.org"
        user = User.objects.filter(email=email).first() or User.objects.create_user(
            email,
            name=f"Generated {role} {index + 1}",
            service=services[index % len(services)],
            is_active=False,
        )
        people.append(user)
    return people
