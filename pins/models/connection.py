from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community_map import access
from pins.models.choices import is_public

# That a service works with a community is no secret, unless the community is a sensitive one that has not agreed.
TOLD = Q(kind="working") & (Q(pin__is_sensitive=False) | Q(pin__services_agreed=True))


class ConnectionQuerySet(models.QuerySet):
    def told(self) -> "ConnectionQuerySet":
        """What may be told wherever the pin is: that a service works with it, of a sensitive one by agreement only."""
        return (
            self.filter(TOLD)
            .select_related("service")
            .prefetch_related("approaches")
            .only("pin_id", "service__name", "service__slug")
        )

    def public(self) -> "ConnectionQuerySet":
        """The services that work with public pins, with their approaches; the other answers are never public."""
        return self.told().filter(is_public("pin__"))

    def known_to(self, user) -> "ConnectionQuerySet":
        """The connections that this user may know of, on pins that they may know of: see access.may_read_connection."""
        if access.is_contributor(user):
            return self
        return self.filter(Q(service__in=access.service_ids(user)) | TOLD)


class Connection(models.Model):
    """What one service has with one pin."""

    class Kind(models.TextChoices):
        WORKING = "working", _("Working with them")
        WOULD_LIKE = "would-like", _("Would like to work with them")
        KNOW_OF = "know-of", _("Only know of them")

    class LastWorked(models.TextChoices):
        THIS_MONTH = "this-month", _("This month")
        SIX_MONTHS = "six-months", _("In the last 6 months")
        LONGER = "longer", _("Longer ago")
        NOT_SURE = "not-sure", _("Not sure")

    pin = models.ForeignKey("pins.Pin", on_delete=models.CASCADE, related_name="connections")
    service = models.ForeignKey(
        "community_map.Service",
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        related_name="connections",
    )
    kind = models.CharField(_("connection"), max_length=12, choices=Kind)
    approaches = models.ManyToManyField(
        "community_map.Approach", verbose_name=_("approaches"), blank=True, related_name="connections"
    )
    # Forms ask for 500 characters; merged pins join the texts of both.
    what_worked = models.TextField(_("what has worked well"), max_length=4000, blank=True)
    last_worked = models.CharField(_("last worked with them"), max_length=12, choices=LastWorked, blank=True)
    known_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("known by"), blank=True, related_name="known_connections"
    )
    # Which kinds of personal detail the writer was shown in which field, and kept.
    details_kept = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords(m2m_fields=[approaches, known_by])
    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["service__order", "service__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["pin", "service"], name="connection_is_one_row_for_a_service_and_a_pin"
            ),
            models.CheckConstraint(
                name="connection_kind_is_one_of_the_three",
                condition=Q(kind__in=["working", "would-like", "know-of"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_kind_display()}"
