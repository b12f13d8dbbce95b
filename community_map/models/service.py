"""The small vocabularies that pins and toolkit share: services, approaches, initiatives."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class VocabularyEntryQuerySet(models.QuerySet):
    def in_use(self) -> "VocabularyEntryQuerySet":
        """The rows that may still be chosen."""
        return self.filter(is_retired=False)


class VocabularyEntry(models.Model):
    """One word of a list that administrators edit. A word in use is retired, never deleted."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("short name in the web address"), max_length=60, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Existing pins keep it. It cannot be chosen for new ones.")
    )

    objects = VocabularyEntryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Service(VocabularyEntry):
    """A council team that works with communities."""

    history = HistoricalRecords()

    class Meta(VocabularyEntry.Meta):
        verbose_name = _("team")
        verbose_name_plural = _("teams")


class Approach(VocabularyEntry):
    """A way of working with a community, such as consulting or partnership."""

    question_label = models.CharField(
        _("answer in the pin form"), max_length=100, help_text=_("For example: Asked their views")
    )
    history = HistoricalRecords()

    class Meta(VocabularyEntry.Meta):
        verbose_name = _("approach")
        verbose_name_plural = _("approaches")


class Initiative(VocabularyEntry):
    """A project or programme that pins and case studies can belong to."""

    history = HistoricalRecords()

    class Meta(VocabularyEntry.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
