"""The approaches and initiatives that toolkit pages name: shared with the map, and read apart from the edition."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, Value

from community_map.models import Approach, Initiative
from toolkit.published import Item, PublicCaseStudy


@dataclass(frozen=True)
class Taxon:
    """An approach or an initiative."""

    is_approach: bool
    pk: int
    slug: str
    name: str
    description: str
    order: int
    is_retired: bool


@dataclass(frozen=True)
class Taxonomy:
    """All approaches and initiatives at one moment, in their order."""

    taxons: tuple[Taxon, ...]

    @property
    def approaches(self) -> list[Taxon]:
        """All approaches, retired ones too: older texts still name them."""
        return [taxon for taxon in self.taxons if taxon.is_approach]

    def approaches_of(self, item: Item) -> list[Taxon]:
        return [taxon for taxon in self.approaches if taxon.pk in item.approaches]

    def with_approaches(self, items: Iterable[Item]) -> list[dict]:
        """Each item with the approaches that it is about, for cards and lists."""
        return [{"item": item, "approaches": self.approaches_of(item)} for item in items]

    def initiative_of(self, case_study: PublicCaseStudy) -> Taxon | None:
        initiatives = (taxon for taxon in self.taxons if not taxon.is_approach)
        return next((taxon for taxon in initiatives if taxon.pk == case_study.initiative), None)


def read_taxonomy() -> Taxonomy:
    """Return the approaches and initiatives of this moment, in one query."""
    columns = ("is_approach", "pk", "slug", "name", "description", "order", "is_retired")
    approaches, initiatives = (
        model.objects.order_by()
        .annotate(is_approach=Value(is_approach, output_field=BooleanField()))
        .values_list(*columns)
        for model, is_approach in ((Approach, True), (Initiative, False))
    )
    rows = approaches.union(initiatives, all=True).order_by("order", "name")
    return Taxonomy(tuple(Taxon(bool(row[0]), *row[1:]) for row in rows))
