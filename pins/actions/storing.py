"""What sending and changing have in common: a pin is stored with all that follows from its answers."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from community_map.geo import Position
from community_map.models import User
from pins import placing, search
from pins.models import Pin


class StaleVersion(ValidationError):
    """Someone else has changed the row since it was read; nothing was written."""


def copy_limits(pin: Pin) -> None:
    """Copy the category's limits onto the pin, so that the database can hold it to them."""
    pin.loosest_visibility = pin.category.loosest_visibility
    pin.finest_precision = pin.category.finest_precision
    pin.is_sensitive = pin.category.is_sensitive


def record_agreement(pin: Pin, before: str, *, by: User) -> None:
    """Note who recorded how the group agreed to be shown, and when; all of it goes with the agreement itself."""
    if not pin.agreement:
        pin.agreement_by, pin.agreement_at, pin.services_agreed = None, None, False
    elif pin.agreement != before:
        pin.agreement_by, pin.agreement_at = by, timezone.now()


def store(pin: Pin, position: Position | None, *, by: User) -> None:
    """Save a pin together with all that follows from its category and its place."""
    copy_limits(pin)
    placing.place(pin, position)
    pin._history_user = by
    pin.save()
    placing.assign_areas(pin)
    search.write([pin])
