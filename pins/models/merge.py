import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community_map import access
from pins.models.choices import Reach
from pins.models.pin import Pin


class MergeQuerySet(models.QuerySet):
    def in_force(self, public_id: uuid.UUID) -> "Merge | None":
        """Return the merge that took the pin with this public id off the map, if one did."""
        now = self.filter(pin__public_id=public_id, pin__merged_into=F("into"))
        return now.select_related("pin").order_by("-pk").first()

    def public_target(self, public_id: uuid.UUID) -> Pin | None:
        """Return the public pin that a merged one led to, where that one had been public as well."""
        merge = self.in_force(public_id)
        if merge is None or merge.reach_today != Reach.EVERYONE:
            return None
        return Pin.objects.public().filter(pk=merge.last_target).first()

    def target_for(self, user, public_id: uuid.UUID) -> Pin | None:
        """Return the pin that a merged one led to, where this user could see both in the staff area."""
        merge = self.in_force(public_id)
        if merge is None or not merge.was_known_to(user):
            return None
        return Pin.objects.visible_to(user).filter(pk=merge.last_target).first()


class Merge(models.Model):
    """One pin merged into another, with everything that moved. Its decision says who did it, when and why."""

    decision = models.OneToOneField("pins.Decision", on_delete=models.CASCADE, related_name="merge")
    pin = models.ForeignKey("pins.Pin", on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey("pins.Pin", on_delete=models.CASCADE, related_name="merges_received")
    # Who could read the duplicate when it was merged, and which services had a connection with it.
    reach = models.PositiveSmallIntegerField(choices=Reach)
    teams = models.JSONField(default=list)
    # What was moved or changed, with the values before and after: pins.actions.merging writes it.
    moved = models.JSONField()
    # The keys of what stayed on the duplicate: not ticked, or the other pin had its own.
    left = models.JSONField(default=list)
    # Both as the merge left them: whoever undoes it sees whether one has changed since.
    pin_version = models.PositiveIntegerField()
    into_version = models.PositiveIntegerField()

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="merge_is_of_two_pins", condition=~Q(pin=F("into"))),
            models.CheckConstraint(
                name="merge_says_who_could_read_the_duplicate", condition=Q(reach__in=[0, 1, 2, 3])
            ),
            models.UniqueConstraint(name="merge_leaves_a_version_once", fields=["pin", "pin_version"]),
        ]

    def __str__(self) -> str:
        return f"{self.pin} → {self.into}"

    @property
    def reach_today(self) -> Reach:
        """Who could read the duplicate, held to the limits that its category has got since."""
        return Reach(max(self.reach, self.pin.visibility))

    @property
    def last_target(self) -> int:
        """The primary key of the pin at the end: the one that stays may have been merged itself."""
        seen, last = {self.pin_id}, self.into_id
        while last not in seen:
            seen.add(last)
            last = Pin.objects.filter(pk=last).values_list("merged_into", flat=True).get() or last
        return last

    def was_known_to(self, user) -> bool:
        """Could this user see the duplicate in the staff area before it was merged, or can they see it now?"""
        if access.is_contributor(user):
            if self.reach_today <= Reach.STAFF:
                return True
            if self.reach_today == Reach.TEAMS and access.service_ids(user) & set(self.teams):
                return True
        return Pin.objects.visible_to(user).filter(pk=self.pin_id).exists()
