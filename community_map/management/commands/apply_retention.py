from django.core.management.base import BaseCommand

from community_map.privacy import person_data


class Command(BaseCommand):
    help = (
        "Delete data past its retention period (KEEP_…_DAYS in the settings). "
        "The regular job “retention” does this every night."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would be deleted, without deleting it"
        )

    def handle(self, *args, **options) -> None:
        for name, number in person_data.apply_retention(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{number}\t{name}")
        self.stderr.write("Dry run: nothing was changed." if options["dry_run"] else "Done.")
