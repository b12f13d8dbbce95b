from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify

from community_map.models import Area, BoundarySet, Portal
from community_map.places.importing import ImportFault, read_areas
from pins import placing


def iso_date(text: str) -> date:
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = (
        "Import the areas of a boundary set from GeoJSON, in WGS 84 or British National Grid. "
        "If there is a mistake in the file, nothing is imported. "
        "Run it again to update areas by their code. It then works out every pin's areas again."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--set", required=True, dest="set_name", help="name of the boundary set, such as 'Wards 2022'"
        )
        parser.add_argument(
            "--kind", required=True, help="one word: ward, constituency, town-centre, outline …"
        )
        parser.add_argument("--name-property", required=True, help="the property that holds an area's name")
        parser.add_argument("--code-property", required=True, help="the property that holds an area's code")
        parser.add_argument("--valid-from", required=True, type=iso_date, help="as in 2022-05-05")
        parser.add_argument("--valid-to", type=iso_date, help="the first day on which it is no longer valid")
        parser.add_argument("--source", default="", help="source and licence, shown with the map")
        parser.add_argument("--illustrative", action="store_true", help="mark it as not an official boundary")
        parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")

    def handle(self, *args, file: Path, set_name: str, dry_run: bool, **options) -> None:
        names = {name: options[name] for name in ("name_property", "code_property")}
        try:
            rows = read_areas(file.read_bytes(), **names)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ImportFault as fault:
            raise CommandError(f"{file.name} was not imported:\n{fault}") from fault
        if options["kind"] != slugify(options["kind"]):
            raise CommandError(f"--kind={options['kind']!r}: use one word of letters and hyphens")
        if options["valid_to"] and options["valid_to"] <= options["valid_from"]:
            raise CommandError("--valid-to must be after --valid-from")
        with transaction.atomic():
            added, updated, gone = self.store(rows, set_name, options)
            self.stderr.write(
                f"{set_name}: {added} added, {updated} updated"
                + (f", not in the file: {gone}" if gone else "")
            )
            if dry_run:
                transaction.set_rollback(True)
                self.stderr.write("Dry run: nothing was changed.")
                return
            total = placing.place_all(lambda done, of: self.stderr.write(f"  pins: {done} of {of}"))
        self.stderr.write(f"Areas worked out for {total} pins")

    def store(self, rows, set_name: str, options: dict) -> tuple[int, int, str]:
        """Write the set and its areas; return how many were added and updated, and the codes that the file lacks."""
        boundary_set, _created = BoundarySet.objects.update_or_create(
            name=set_name,
            defaults={
                "kind": options["kind"],
                "valid_from": options["valid_from"],
                "valid_to": options["valid_to"],
                "source": options["source"],
                "is_illustrative": options["illustrative"],
            },
        )
        known = {area.code: area for area in boundary_set.areas.all()}
        for row in rows:
            area = known.get(row.code) or Area(
                boundary_set=boundary_set, code=row.code, slug=free_slug(row, set_name)
            )
            area.name, area.geometry = row.name, row.geometry
            area.longitude, area.latitude = row.longitude, row.latitude
            area.save()
        if options["kind"] == "outline":
            portal = Portal.load()
            portal.outline = boundary_set.areas.get(code=rows[0].code)
            portal.save()
        codes = {row.code for row in rows}
        # An area that pins and links may stand on is kept; a new set with its own dates is how areas end.
        gone = ", ".join(sorted(set(known) - codes))
        return len(codes - set(known)), len(codes & set(known)), gone


def free_slug(row, set_name: str) -> str:
    """Return a short name in addresses that no other area has: the name, then with the set, then with the code."""
    plain = slugify(row.name) or slugify(row.code) or "area"
    for candidate in (
        plain,
        f"{plain}-{slugify(set_name)}",
        f"{plain}-{slugify(row.code)}-{slugify(set_name)}",
    ):
        if not Area.objects.filter(slug=candidate[:140]).exists():
            return candidate[:140]
    raise CommandError(f"{row.code}: every short name for {row.name} is already used")
