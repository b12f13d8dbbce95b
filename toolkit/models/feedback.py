import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Feedback(models.Model):
    """One reader's answer to “Was this page useful?”, and perhaps a sentence. Says nothing of who it was."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.CharField(_("page"), max_length=200)
    is_useful = models.BooleanField(_("useful"))
    sentence = models.CharField(_("comment"), max_length=500, blank=True)
    # The kinds of personal details that the reader chose to keep in the sentence.
    details_kept = models.JSONField(default=dict, editable=False)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(name="feedback_by_page", fields=["address", "sent_at"])]

    def __str__(self) -> str:
        return f"{self.address}: {_('useful') if self.is_useful else _('not useful')}"
