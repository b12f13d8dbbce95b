from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from community_map.privacy import person_data


class Command(BaseCommand):
    help = "Erase what is held about a person; their account stays as a number. Safe to run again after a restore."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", help="their e-mail address, or the number of their account")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be erased, and erase nothing"
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
        self.stderr.write("Nothing was erased: a dry run." if options["dry_run"] else "Erased.")
