from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community_map.models.lease import LeasedQuerySet


class Job(models.Model):
    """How one regular job stands: when it is due, which process holds it, and how its last run went.

    What the job does is registered in code, under this name: see community_map.jobs.
    """

    name = models.SlugField(_("name"), primary_key=True, max_length=40)
    due_at = models.DateTimeField(_("next run"))
    # Whoever runs the job writes a number of its own here, and until when it counts.
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(_("last started"), null=True, editable=False)
    finished_at = models.DateTimeField(_("last finished"), null=True, editable=False)
    seconds = models.FloatField(_("seconds"), null=True, editable=False)
    result = models.CharField(_("result"), max_length=300, blank=True, editable=False)
    error = models.CharField(_("error"), max_length=300, blank=True, editable=False)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled job")
        verbose_name_plural = _("scheduled jobs")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="job_has_a_lease_with_an_end_or_none",
                condition=Q(lease=None, leased_until=None)
                | Q(lease__isnull=False, leased_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name
