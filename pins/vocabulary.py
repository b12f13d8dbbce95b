"""The short lists that filters, tiles and keys need on every request, kept in the process for a few seconds."""

from dataclasses import dataclass

from community_map.cached import Cached
from community_map.models import Approach, Area, Initiative, Service
from pins.models import Category, LessHeardGroup, Offer

SECONDS = 3


@dataclass(frozen=True)
class Vocabulary:
    categories: tuple[Category, ...]
    areas: tuple[Area, ...]
    approaches: tuple[Approach, ...]
    services: tuple[Service, ...]
    initiatives: tuple[Initiative, ...]
    offers: tuple[Offer, ...]
    less_heard_groups: tuple[LessHeardGroup, ...]

    def category_of(self, pk: int) -> Category:
        return next(category for category in self.categories if category.pk == pk)


_cached: Cached[Vocabulary] = Cached()


def current() -> Vocabulary:
    """Return the lists, at most three seconds old. Retired words stay, because pins still wear them."""
    return _cached.get_for(SECONDS, _read)


def _read() -> Vocabulary:
    return Vocabulary(
        categories=tuple(Category.objects.all()),
        areas=tuple(Area.objects.choosable().select_related("boundary_set")),
        approaches=tuple(Approach.objects.all()),
        services=tuple(Service.objects.all()),
        initiatives=tuple(Initiative.objects.all()),
        offers=tuple(Offer.objects.all()),
        less_heard_groups=tuple(LessHeardGroup.objects.all()),
    )
