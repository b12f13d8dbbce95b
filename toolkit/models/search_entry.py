from django.db import models
from django.utils.translation import gettext_lazy as _
from modelsearch import index


class SearchEntry(index.Indexed, models.Model):
    """The searchable text of one released thing. Written with the edition; drafts never get one."""

    address = models.CharField(_("address"), max_length=200, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    text = models.TextField(_("text"), blank=True)

    # Indexed when the edition is published, inside its transaction.
    search_auto_update = False
    search_fields = (
        index.SearchField("title", boost=6),
        index.SearchField("summary", boost=3),
        index.SearchField("text"),
    )

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self) -> str:
        return self.title
