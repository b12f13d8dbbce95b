from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from toolkit.models.page import markdown_field
from toolkit.models.publishable import Publishable


class CaseStudy(Publishable):
    """What was done somewhere, what changed and what was learned."""

    class Origin(models.TextChoices):
        HERE = "here", _("Local")
        ELSEWHERE = "elsewhere", _("From elsewhere")

    TEXTS = (
        "title",
        "origin",
        "place_in_words",
        "longitude",
        "latitude",
        "period",
        "summary",
        "what_was_done",
        "what_changed",
        "what_we_learned",
        "further_reading",
        "initiative",
        "approaches",
    )

    title = models.CharField(_("title"), max_length=100)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.HERE)
    place_in_words = models.CharField(_("place"), max_length=100, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    period = models.CharField(_("when"), max_length=60, blank=True, help_text=_("For example: 2020 to 2021"))
    summary = models.CharField(_("summary"), max_length=250)
    what_was_done = markdown_field(_("what was done"))
    what_changed = markdown_field(_("what changed"), blank=True)
    what_we_learned = markdown_field(_("what we learned"), blank=True)
    further_reading = markdown_field(_("further reading"), blank=True)
    initiative = models.ForeignKey(
        "community_map.Initiative",
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approaches = models.ManyToManyField(
        "community_map.Approach", verbose_name=_("approaches"), blank=True, related_name="+"
    )

    history = HistoricalRecords(m2m_fields=[approaches])

    class Meta(Publishable.Meta):
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")
        ordering = ["title"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="casestudy_is_on_earth_or_nowhere",
                violation_error_message=_("Enter both longitude and latitude, or leave both empty."),
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(
                    # A comparison with NULL is not false to a database: say that both are there.
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__range=(-180, 180),
                    latitude__range=(-85, 85),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("toolkit:case-study", args=[self.slug])
