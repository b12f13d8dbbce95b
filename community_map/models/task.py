from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Task(models.Model):
    """One piece of long work that somebody started in admin: what, who, how far it is, and how it ended.

    What it does is registered in code, under `kind`: see community_map.tasks.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    UNFINISHED = (State.WAITING, State.RUNNING)

    kind = models.SlugField(_("task"), max_length=40)
    arguments = models.JSONField(_("details"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("started by"),
        on_delete=models.PROTECT,
        related_name="tasks",
    )
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), null=True, blank=True)
    message = models.CharField(_("step"), max_length=200, blank=True)
    result = models.TextField(_("result"), blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "running"]), name="task_unfinished")
        ]
        constraints = [
            # Any other state is refused by this too.
            models.CheckConstraint(
                name="task_is_finished_when_it_is_done_or_has_failed",
                condition=Q(state__in=["waiting", "running"], finished_at=None)
                | Q(state__in=["done", "failed"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="task_has_not_done_more_than_there_is", condition=Q(total=None) | Q(done__lte=F("total"))
            ),
        ]

    def __str__(self) -> str:
        return str(_("Task %(number)s") % {"number": self.pk})

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED
