"""What moderators and administrators change of pins that somebody else sent, and the record of who looked."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community_map import access
from community_map.geo import Position
from community_map.models import Portal, User
from community_map.privacy import audit
from pins.actions.storing import StaleVersion, copy_limits, record_agreement, store
from pins.models import Pin, Status, Visibility


@transaction.atomic
def change_pin(pin: Pin, position: Position | None, *, by: User, version: int) -> None:
    """Store a moderator's changes to any pin; its status stays as it is.

    One that this would show to everyone, where two moderators have to publish, waits for them again.

    Raises StaleVersion when the pin has changed since `version` was read.
    """
    current = Pin.objects.select_for_update().get(pk=pin.pk)
    if current.version != version:
        raise StaleVersion(
            _("Someone has changed this pin since you opened it. Your changes are still on this page.")
        )
    pin.status, pin.version = current.status, version + 1
    record_agreement(pin, current.agreement, by=by)
    copy_limits(pin)
    portal = Portal.load()
    becomes_public = access.needs_two(pin, portal) and not access.needs_two(current, portal)
    if current.status == Status.PUBLISHED and becomes_public:
        pin.status, pin.submitted_at = Status.SUBMITTED, timezone.now()
    store(pin, position, by=by)


@transaction.atomic
def withdraw_agreement(pin: Pin, *, by: User, version: int) -> Pin:
    """Record that the group no longer agrees to be shown: at once nobody but staff sees it, or only its teams as before.

    What had been agreed stays in the history. Raises PermissionDenied, and StaleVersion when the pin has changed
    since `version` was read.
    """
    current = Pin.objects.select_for_update().get(pk=pin.pk)
    if not access.may_withdraw_agreement(by, current):
        raise PermissionDenied
    if current.version != version:
        raise StaleVersion(_("Someone has changed this pin since you opened it. Check it and try again."))
    before, current.agreement = current.agreement, ""
    record_agreement(current, before, by=by)
    current.visibility = max(current.visibility, Visibility.STAFF)
    current.version += 1
    current._history_user, current._change_reason = by, "The group withdrew its agreement"
    current.save()
    audit.record(
        audit.Kind.DECISION, by=by, subject=f"pin {current.public_id}", decision="withdraw agreement"
    )
    return current


def _limits_of(pin: Pin) -> tuple:
    return pin.loosest_visibility, pin.finest_precision, pin.is_sensitive, pin.visibility, pin.precision


@transaction.atomic
def apply_limits(category, *, by: User) -> int:
    """Hold a category's pins to its limits after they were changed; return how many had to be tightened.

    A pin that may no longer be public becomes staff's, one that is shown too closely is shown more coarsely.
    """
    tightened = 0
    for pin in Pin.objects.filter(category=category).order_by("pk").select_for_update(of=("self",)):
        before = _limits_of(pin)
        copy_limits(pin)
        pin.visibility = max(pin.visibility, pin.loosest_visibility)
        pin.precision = max(pin.precision, pin.finest_precision)
        if pin.is_sensitive and not pin.agreement:
            pin.visibility = max(pin.visibility, Visibility.STAFF)
        after = _limits_of(pin)
        if before == after:
            continue
        pin.version += 1
        pin._change_reason = "The category's limits were changed"
        store(pin, pin.position, by=by)
        tightened += before[3:] != after[3:]
    return tightened


def note_view(pin: Pin, *, by: User) -> None:
    """Note that somebody else than its author has opened a pin that is team-only or sensitive."""
    if (pin.visibility == Visibility.TEAM or pin.is_sensitive) and pin.created_by_id != by.pk:
        audit.record(audit.Kind.VIEW, by=by, subject=f"pin {pin.public_id}")
