from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from community_map.models import Place
from community_map.places.importing import ImportFault, read_places
from pins import placing


class Command(BaseCommand):
    help = (
        "Import the gazetteer from a CSV file with the columns name, kind, longitude and latitude. "
        "If there is a mistake in the file, nothing is imported. "
        "Run it again to update places by kind and name."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")

    def handle(self, *args, file: Path, dry_run: bool, **options) -> None:
        try:
            rows = read_places(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ImportFault as fault:
            raise CommandError(f"{file.name} was not imported:\n{fault}") from fault
        if dry_run:
            self.stderr.write(f"{len(rows)} places can be imported. Dry run: nothing was changed.")
            return
        places = [
            Place(name=row.name, kind=row.kind, longitude=row.longitude, latitude=row.latitude)
            for row in rows
        ]
        for place in places:
            place.derive()
        with transaction.atomic():
            before = Place.objects.count()
            Place.objects.bulk_create(
                places,
                batch_size=1000,
                update_conflicts=True,
                unique_fields=["kind", "name"],
                update_fields=["longitude", "latitude", "mercator_x", "mercator_y", "search_name"],
            )
            added = Place.objects.count() - before
            self.stderr.write(f"{added} added, {len(rows) - added} updated")
            total = placing.place_all(lambda done, of: self.stderr.write(f"  pins: {done} of {of}"))
        self.stderr.write(f"Nearest places worked out for {total} pins")
