from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One thing that somebody did and that must be traceable. Never changed; kept for twelve months at least.

    The database refuses to change a row, and to delete one that is younger (see the migration's triggers).
    Rows say who by number, never by name or address, so that erasing a person needs no change here.
    """

    class Kind(models.TextChoices):
        SIGN_IN = "sign-in", _("Signed in")
        SIGN_IN_FAILED = "sign-in-failed", _("Failed to sign in")
        ROLES = "roles", _("Roles changed")
        DECISION = "decision", _("Made a decision on a pin")
        VIEW = "view", _("Viewed a restricted pin")
        EXPORT = "export", _("Exported a person’s data")
        ERASURE = "erasure", _("Erased a person’s data")

    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    kind = models.CharField(_("event"), max_length=20, choices=Kind)
    # Numbers, not keys: a row outlives what it is about.
    actor_id = models.BigIntegerField(_("user number"), null=True, blank=True, db_index=True)
    subject = models.CharField(_("about"), max_length=100, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}"
