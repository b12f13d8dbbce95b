from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """One publish, return, decline, archive or merge of a pin: who, when, why. Never changed afterwards.

    Where two moderators have to publish, the first one's decision is an agreement.
    """

    class Kind(models.TextChoices):
        AGREE = "agree", _("Agreed. Needs a second moderator")
        PUBLISH = "publish", _("Published")
        RETURN = "return", _("Returned")
        DECLINE = "decline", _("Declined")
        ARCHIVE = "archive", _("Archived")
        MERGE = "merge", _("Merged")

    NEEDS_REASON = (Kind.RETURN, Kind.DECLINE)

    pin = models.ForeignKey("pins.Pin", on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=10, choices=Kind)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    # The kinds of personal details that the moderator chose to keep in the reason.
    details_kept = models.JSONField(default=list, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="decisions"
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    # The pin's version that was agreed to: once the pin has changed, the agreement counts for nothing.
    pin_version = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_to_return_or_decline_has_a_reason",
                condition=~Q(kind__in=["return", "decline"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="decision_kind_is_one_of_the_six",
                condition=Q(kind__in=["agree", "publish", "return", "decline", "archive", "merge"]),
            ),
            models.CheckConstraint(
                name="decision_to_agree_says_to_which_version",
                condition=~Q(kind="agree") | Q(pin_version__isnull=False),
            ),
            models.UniqueConstraint(
                name="decision_to_agree_is_one_for_each_version_of_a_pin",
                fields=["pin", "pin_version"],
                condition=Q(kind="agree"),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
