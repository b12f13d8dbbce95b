"""The short lists that filters, tiles and keys need on every request, kept in the process for a few seconds."""

import time
from dataclasses import dataclass

from community_map.models import Approach, Area, Portal, Service
from pins.models import Category

SECONDS = 3


@dataclass(frozen=True)
class Vocabulary:
    categories: tuple[Category, ...]
    areas: tuple[Area, ...]
    approaches: tuple[Approach, ...]
    services: tuple[Service, ...]
    count_threshold: int

    def category_of(self, pk: int) -> Category:
        return next(category for category in self.categories if category.pk == pk)


_kept: tuple[float, Vocabulary] | None = None


def current() -> Vocabulary:
    """Return the lists, at most three seconds old. Retired words stay, because pins still wear them."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > SECONDS:
        _kept = (
            now,
            Vocabulary(
                categories=tuple(Category.objects.all()),
                areas=tuple(Area.objects.choosable().select_related("boundary_set")),
                approaches=tuple(Approach.objects.all()),
                services=tuple(Service.objects.all()),
                count_threshold=Portal.load().count_threshold,
            ),
        )
    return _kept[1]


def forget() -> None:
    """Read the lists again at the next request of this process."""
    global _kept
    _kept = None
