from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from community_map.privacy import person_data


class Command(BaseCommand):
    help = (
        "Erase everything held about a person except their account number. Safe to run again after a restore."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", help="their email address or account number")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would be erased, without erasing it"
        )

    def handle(self, *args, **options) -> None:
        try:
            counts = person_data.erase(
                person_data.find(options["email"]), by=None, dry_run=options["dry_run"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for name, number in counts.items():
            self.stdout.write(f"{number}\t{name}")
        self.stderr.write("Dry run: nothing was erased." if options["dry_run"] else "Erased.")
