"""The numbers that public pages tell, and the one rule for them: docs/decisions/0006-counts.md.

Communities of plain categories are counted. Those of sensitive categories are told together, in steps of the
portal's threshold, so that no number and no difference of two numbers tells how few they are.
"""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pins import vocabulary
from pins.models import Visibility

SENSITIVE = Count("pk", filter=Q(is_sensitive=True))


@dataclass(frozen=True)
class DisclosedCount:
    """What is told of a number of pins: `plain` exactly, and the rest as one of the steps, None where there can be none.

    A step of 0 stands for 0 to threshold - 1, a step of 2 for twice the threshold or more, below three times.
    """

    plain: int
    step: int | None = None
    threshold: int = 0
    is_none: bool = False

    @property
    def words(self) -> str:
        if self.step is None or self.is_none:
            return _communities(self.plain)
        if self.step == 0:
            few = _("fewer than %(number)d") % {"number": self.threshold}
        else:
            few = _("%(number)d or more") % {"number": self.step * self.threshold}
        if not self.plain:
            return _("%(number)s communities") % {"number": few[:1].upper() + few[1:]}
        return _("%(communities)s, and %(number)s in sensitive categories") % {
            "communities": _communities(self.plain),
            "number": few,
        }

    @property
    def is_exact(self) -> bool:
        return self.step is None or self.is_none


def _communities(number: int) -> str:
    return ngettext("%(number)d community", "%(number)d communities", number) % {"number": number}


def disclosed_count(number: int, sensitive: int, *, may_be_sensitive: bool = True) -> DisclosedCount:
    """Return what is told of so many pins, of which so many are sensitive.

    Where sensitive ones may be among them but are not, they are "fewer than 10" like any other few: else the
    difference would tell. Only that there is nothing at all is said, because the empty list says so too.
    """
    if not may_be_sensitive:
        return DisclosedCount(number)
    threshold = vocabulary.current().count_threshold
    return DisclosedCount(number - sensitive, sensitive // threshold, threshold, is_none=number == 0)


def disclose(pins: QuerySet, categories: list[str]) -> DisclosedCount:
    """Count public pins for a public page; `categories` are the slugs that were chosen, none for all of them."""
    found = pins.order_by().aggregate(number=Count("pk"), sensitive=SENSITIVE)
    return disclosed_count(
        found["number"], found["sensitive"], may_be_sensitive=may_hold_sensitive(categories)
    )


def may_hold_sensitive(categories: list[str]) -> bool:
    """May pins of these categories be both sensitive and public? The answer hangs on categories, not on pins."""
    return any(
        category.is_sensitive
        and category.loosest_visibility == Visibility.PUBLIC
        and (not categories or category.slug in categories)
        for category in vocabulary.current().categories
    )


def at_least(number: int, sensitive: int) -> int:
    """Return the number that a cluster of two or more shows, when some of them are sensitive: never more than there are."""
    threshold = vocabulary.current().count_threshold
    return max(2, number - sensitive + sensitive // threshold * threshold)
