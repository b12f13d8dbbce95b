"""/staff/: my pins, what waits for me, and the communities of my services."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community_map import access
from pins.models import Connection, Decision, Pin, Status
from pins.staff.guards import contributor_required

MOST_PINS = 200


@contributor_required
@require_safe
def home(request):
    pins = (
        Pin.objects.visible_to(request.user)
        .filter(created_by=request.user)
        .select_related("category")
        .prefetch_related(Prefetch("decisions", Decision.objects.order_by("-at", "-pk")))
        .order_by("-submitted_at", "-pk")[:MOST_PINS]
    )
    rows = [
        {
            "pin": pin,
            "reason": next((d.reason for d in pin.decisions.all() if d.kind == Decision.Kind.RETURN), "")
            if pin.status == Status.RETURNED
            else "",
            "may_edit": access.may_edit_pin(request.user, pin),
        }
        for pin in pins
    ]
    returned = [row for row in rows if row["reason"]]
    others = [row for row in rows if not row["reason"]]
    context = {
        "returned": returned,
        "rows": others,
        "service_pins": service_pins(request.user),
        "several_teams": len(access.service_ids(request.user)) > 1,
    }
    return render(request, "pins/staff/home.html", context)


def service_pins(user):
    """Return the latest communities that the user's services have a connection with."""
    connections = (
        Connection.objects.filter(service__in=access.service_ids(user), pin__in=Pin.objects.visible_to(user))
        .select_related("pin__category", "service")
        .order_by("-updated_at")[:12]
    )
    return list(connections)
