"""What a text may refer to, by a link or as a component: everything that editors have written, and whether readers see it."""

from dataclasses import dataclass, field
from enum import StrEnum

from community_map.models import Approach
from toolkit.models import CaseStudy, OldAddress, Page, Prompt, PublicationStatus, Term, Tool, Voice

KINDS = {
    "page": Page,
    "case study": CaseStudy,
    "prompt": Prompt,
    "tool": Tool,
    "voice": Voice,
    "term": Term,
}


class Found(StrEnum):
    PUBLIC = "readers see it"
    WAITING = "it is written, and readers do not see it"
    MISSING = "there is none"


@dataclass(frozen=True)
class References:
    """Short names by kind, each with whether readers see it; the kinds of KINDS and "diagram"."""

    things: dict[tuple[str, str], bool] = field(default_factory=dict)

    def find(self, kind: str, slug: str) -> Found:
        is_public = self.things.get((kind, slug))
        if is_public is None:
            return Found.MISSING
        return Found.PUBLIC if is_public else Found.WAITING


def read_references() -> References:
    """Read what there is at this moment, in one query for each kind. What is retired is there no more."""
    things: dict[tuple[str, str], bool] = {}
    for slug, page, case_study in OldAddress.objects.values_list(
        "slug", "page__status", "case_study__status"
    ):
        status = page or case_study
        if status != PublicationStatus.RETIRED:
            things["page" if page else "case study", slug] = status == PublicationStatus.PUBLISHED
    for kind, model in KINDS.items():
        rows = model.objects.exclude(status=PublicationStatus.RETIRED)
        if model is Page:
            rows = rows.exclude(kind=Page.Kind.FRONT)  # Its address is the toolkit's, not its short name.
        for thing in rows.only("slug", "status", "publish_at"):
            things[kind, thing.slug] = thing.is_public
    if Approach.objects.filter(is_retired=False).count() >= 4:
        things["diagram", "approaches"] = True
    return References(things)
