from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """What readers get: a copy of everything released, made anew with each change, in one row.

    Public pages read this row and nothing else, so that a draft, a retired page, an unread story or a voice
    without consent is not within their reach; and one page costs one small query, whatever it shows.
    """

    ONLY_ID = 1

    number = models.PositiveBigIntegerField(_("number"), default=0)
    published_at = models.DateTimeField(_("published"), db_column="printed_at")
    # {"pages": […], "case_studies": […], "prompts": […], "tools": […], "voices": […], "terms": […]}: see toolkit.published
    content = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [models.CheckConstraint(name="edition_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.number)
