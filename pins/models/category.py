import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community_map.models.service import VocabularyEntry
from pins.models.choices import Precision, Visibility

# WCAG 2.2, 1.4.11: what a shape on the map and its edge must differ by.
LEAST_CONTRAST = 3


def contrast_with_white(colour: str) -> float:
    """Return the contrast of a colour such as #1d70b8 with white, from 1 to 21, as WCAG 2.2 reckons it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def validate_contrast(colour: str) -> None:
    """Refuse a colour on which a white shape, or which on a white page, can hardly be seen."""
    if re.fullmatch(r"#[0-9a-f]{6}", colour) and contrast_with_white(colour) < LEAST_CONTRAST:
        raise ValidationError(_("This colour does not show up well against white. Choose a darker one."))


class Category(VocabularyEntry):
    """What brings a community together. Has a colour and a shape, and the limits of the pins in it."""

    class Shape(models.TextChoices):
        CIRCLE = "circle", _("circle")
        SQUARE = "square", _("square")
        TRIANGLE = "triangle", _("triangle")
        DIAMOND = "diamond", _("diamond")
        PENTAGON = "pentagon", _("pentagon")
        HEXAGON = "hexagon", _("hexagon")
        STAR = "star", _("star")
        CROSS = "cross", _("cross")

    hint = models.CharField(_("examples"), max_length=150, blank=True)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        validators=[
            RegexValidator(r"^#[0-9a-f]{6}$", _("Enter a colour such as #1d70b8.")),
            validate_contrast,
        ],
        help_text=_("Choose a dark colour. It is used with white on the map and in lists."),
    )
    shape = models.CharField(_("shape"), max_length=10, choices=Shape)
    default_visibility = models.PositiveSmallIntegerField(
        _("who can see a new pin"),
        choices=Visibility,
        default=Visibility.PUBLIC,
        help_text=_("Chosen for a new pin. Its author can change it."),
    )
    loosest_visibility = models.PositiveSmallIntegerField(
        _("who can see these pins"),
        choices=Visibility,
        default=Visibility.PUBLIC,
        help_text=_("The widest audience that a pin in this category can have."),
    )
    default_precision = models.PositiveSmallIntegerField(
        _("how much detail the map shows for a new pin"),
        choices=Precision,
        default=Precision.STREET,
        help_text=_("Chosen for a new pin. Its author can change it."),
    )
    finest_precision = models.PositiveSmallIntegerField(
        _("how much detail the map can show"),
        choices=Precision,
        default=Precision.EXACT,
        help_text=_("The most detail that the map can show for a pin in this category."),
    )
    review_months = models.PositiveSmallIntegerField(
        _("months before a pin is due for review"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    is_sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_(
            "For faith, disability, sexuality, race or health. Shown to everyone only if the group has agreed."
        ),
    )

    history = HistoricalRecords()

    class Meta(VocabularyEntry.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(
                name="category_default_is_never_looser_than_its_limit",
                condition=Q(default_visibility__gte=F("loosest_visibility")),
            ),
            models.CheckConstraint(
                name="category_default_is_never_finer_than_its_limit",
                condition=Q(default_precision__gte=F("finest_precision")),
            ),
            models.CheckConstraint(
                name="category_that_is_sensitive_is_never_finer_than_neighbourhood",
                condition=Q(is_sensitive=False) | Q(finest_precision__gte=Precision.NEIGHBOURHOOD),
            ),
            models.CheckConstraint(
                name="category_that_is_sensitive_is_not_public_unless_chosen",
                condition=Q(is_sensitive=False) | Q(default_visibility__gte=Visibility.STAFF),
            ),
            models.UniqueConstraint(
                fields=["shape"],
                name="category_in_use_has_a_shape_of_its_own",
                condition=Q(is_retired=False),
                violation_error_message=_(
                    "Another category already uses this shape. Choose a different one."
                ),
            ),
        ]


class Offer(VocabularyEntry):
    """Something that a community can bring: money, people and services, insight, spaces."""

    class Meta(VocabularyEntry.Meta):
        verbose_name = _("offer")
        verbose_name_plural = _("offers")


class LessHeardGroup(VocabularyEntry):
    """A group of people less often heard. Counted for insight, a filter for moderators, never shown with a pin."""

    class Meta(VocabularyEntry.Meta):
        verbose_name = _("seldom-heard group")
        verbose_name_plural = _("seldom-heard groups")
