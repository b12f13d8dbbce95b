"""Merging a duplicate into the pin that stays."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community_map.models import Portal, User
from pins.actions.deciding import ON_THE_MAP, check_may_decide, move, tell_author
from pins.models import Decision, Pin


@transaction.atomic
def merge(pin: Pin, into: Pin, *, by: User, reason: str = "") -> None:
    """Archive a duplicate and move its connections to the pin that stays, which keeps its own where both have one."""
    # Both are locked and read again: a colleague may take the one that stays off the map at the same moment.
    reason, portal = reason.strip(), Portal.load()
    both = Pin.objects.select_for_update(of=("self",)).filter(pk__in=[pin.pk, into.pk]).order_by("pk")
    locked = {row.pk: row for row in both.select_related("created_by")}
    pin, into = locked[pin.pk], locked[into.pk]
    if pin.pk == into.pk or into.merged_into_id or into.status not in ON_THE_MAP:
        raise ValidationError(_("Choose another pin that is on the map or waits to be checked."))
    if pin.status not in ON_THE_MAP:
        raise ValidationError(_("That pin has been decided meanwhile."))
    check_may_decide(pin, by=by, portal=portal, version=None)
    known = set(into.connections.values_list("service_id", flat=True))
    for connection in pin.connections.all():
        if connection.service_id not in known:
            connection.pin = into
            connection.save()
    move(pin, Decision.Kind.MERGE, by=by, reason=reason, merged_into=into)
    tell_author(pin, Decision.Kind.MERGE, reason, portal)
