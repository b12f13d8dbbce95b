from django.core.management.base import BaseCommand

from community_map.privacy import person_data


class Command(BaseCommand):
    help = "Take away what has been kept long enough (KEEP_…_DAYS in the settings). Run it every night."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and let it stay")

    def handle(self, *args, **options) -> None:
        for name, number in person_data.apply_retention(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{number}\t{name}")
        self.stderr.write("Nothing was changed: a dry run." if options["dry_run"] else "Done.")
