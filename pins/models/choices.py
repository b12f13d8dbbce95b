"""What a pin can be: its status, and its ordered scales, whose order the database's limits compare."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    SUBMITTED = "submitted", _("Not checked yet")
    PUBLISHED = "published", _("Published")
    RETURNED = "returned", _("Returned")
    DECLINED = "declined", _("Declined")
    ARCHIVED = "archived", _("Archived")


class Visibility(models.IntegerChoices):
    """Who may see a pin, loosest first."""

    PUBLIC = 0, _("Everyone, after a check")
    STAFF = 1, _("Council staff")
    TEAM = 2, _("Only the teams that know them and the participation team")


class Precision(models.IntegerChoices):
    """How closely the public map shows a pin, finest first."""

    EXACT = 0, _("This exact place (public buildings only)")
    STREET = 1, _("This street")
    NEIGHBOURHOOD = 2, _("This neighbourhood")
    BOROUGH = 3, _("Across the borough")

    @property
    def cell_bits(self) -> int | None:
        """The size of the fixed grid cell, as a power of two of mercator units; None where there is no cell."""
        return {Precision.STREET: 10, Precision.NEIGHBOURHOOD: 13}.get(self)


class Reach(models.IntegerChoices):
    """Who can read a pin in its present status, widest first."""

    EVERYONE = 0, _("Everyone")
    STAFF = 1, _("All council staff")
    TEAMS = 2, _("The teams that know them")
    MODERATORS = 3, _("The person who sent it and the participation team")


def is_public(prefix: str = "") -> models.Q:
    """Return what makes a pin everyone's; `prefix` leads to the pin from another table, such as "pin__"."""
    return models.Q(**{f"{prefix}status": Status.PUBLISHED, f"{prefix}visibility": Visibility.PUBLIC})
