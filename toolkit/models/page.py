from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from toolkit.models.publishable import Publishable

LONGEST_TEXT = 40_000

# Addresses under /toolkit/ that are not pages.
RESERVED = (
    "case-studies",
    "case-studies.geojson",
    "glossary",
    "notebook",
    "print",
    "search",
    "site-map",
    "stories",
    "tools",
    "useful",
    "voices",
)


def markdown_field(label, **options) -> models.TextField:
    return models.TextField(label, validators=[MaxLengthValidator(LONGEST_TEXT)], **options)


class Page(Publishable):
    """A page of guidance: the toolkit's front page, a situation or an explainer."""

    class Kind(models.TextChoices):
        FRONT = "front", _("Front page")
        SITUATION = "situation", _("Situation")
        EXPLAINER = "explainer", _("Explainer")

    class Level(models.TextChoices):
        NEW = "new", _("New to this")
        SOME = "some", _("Some experience")
        EXPERIENCED = "experienced", _("Experienced")

    TEXTS = ("title", "summary", "level", "body", "further_reading", "approaches", "related")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=100)
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.NEW)
    summary = models.CharField(
        _("summary"), max_length=250, help_text=_("What readers will learn, in one or two sentences.")
    )
    body = markdown_field(_("text"), blank=True)
    further_reading = markdown_field(_("further reading"), blank=True)
    approaches = models.ManyToManyField(
        "community_map.Approach", verbose_name=_("approaches"), blank=True, related_name="+"
    )
    related = models.ManyToManyField("self", verbose_name=_("related pages"), blank=True, symmetrical=False)

    history = HistoricalRecords(m2m_fields=[approaches, related])

    class Meta(Publishable.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["title"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="page_slug_is_no_reserved_address",
                condition=~Q(slug__in=RESERVED),
                violation_error_message=_(
                    "Another part of the toolkit uses this short name. Choose a different one."
                ),
            ),
            models.UniqueConstraint(
                name="page_front_is_one",
                fields=["kind"],
                condition=Q(kind="front"),
                violation_error_message=_("There is already a front page."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.kind == Page.Kind.FRONT:
            return reverse("toolkit:index")
        return reverse("toolkit:page", args=[self.slug])
