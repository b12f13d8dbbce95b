"""The demonstration's toolkit: written for it, from published facts about one borough."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from community_map.models import Approach, Initiative, Portal
from toolkit import actions, demo_files
from toolkit.models import CaseStudy, Page, Prompt, PublicationStatus, Publishable, Term, Tool, Voice

REASON = "Loaded with the demonstration data"


class Command(BaseCommand):
    help = "Load the demonstration toolkit. Existing rows, including any that editors have changed, are left as they are."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--if-demo", action="store_true", help="only load it if the portal is a demonstration"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be added, without adding it"
        )

    def handle(self, *args, if_demo: bool, dry_run: bool, **options) -> None:
        if if_demo and not Portal.load().is_demo:
            return
        try:
            with transaction.atomic():
                added = self.load()
                if not dry_run:
                    actions.publish_edition()
                transaction.set_rollback(dry_run)
        except demo_files.BrokenFile as error:
            raise CommandError(str(error)) from error
        for name, number in added.items():
            self.stderr.write(f"  {name}: {number} {'would be ' if dry_run else ''}added")

    def load(self) -> dict[str, int]:
        approaches = {row.slug: row for row in Approach.objects.all()}
        initiatives = {row.slug: row for row in Initiative.objects.all()}
        added = {}
        for name, model in (("prompts", Prompt), ("terms", Term), ("tools", Tool), ("voices", Voice)):
            added[name] = sum(add(model, row, approaches) for row in demo_files.read_list(name))
        added["case studies"] = sum(
            add(CaseStudy, {**row, "initiative": initiatives.get(row.get("initiative", ""))}, approaches)
            for row in demo_files.read_case_studies()
        )
        pages = demo_files.read_pages()
        new = [row for row in pages if add(Page, {**row, "related": ()}, approaches)]
        added["pages"] = len(new)
        # Only now are all of them there to be related to.
        for row in new:
            related = Page.objects.filter(slug__in=row.get("related", ()))
            Page.objects.get(slug=row["slug"]).related.set(related)
        return added


def add(model: type[Publishable], row: dict, approaches: dict[str, Approach]) -> bool:
    """Publish a row of the demonstration unless there is one of that short name; return whether it is new.

    An address that an editor has renamed is still known, so that the old page does not come back beside the new.
    """
    known = Q(slug=row["slug"])
    if model in (Page, CaseStudy):
        known |= Q(old_addresses__slug=row["slug"])
    if model.objects.filter(known).exists():
        return False
    many = {name: row.pop(name) for name in ("approaches", "related") if name in row}
    if "other_names" in row:
        row["other_names"] = "\n".join(row["other_names"])
    thing = model(**row, status=PublicationStatus.PUBLISHED)
    actions.prepare(thing, changed=set())
    thing._change_reason = REASON
    thing.full_clean()
    thing.save()
    if many.get("approaches"):
        thing.approaches.set(approaches[slug] for slug in many["approaches"] if slug in approaches)
    return True
