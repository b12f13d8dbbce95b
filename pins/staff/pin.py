"""/staff/pins/<id>/: one community, my team's connection with it, and the group's agreement."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community_map import access
from community_map.places import areas
from pins import actions
from pins.drawing import staff_drawing
from pins.forms import ConnectionForm
from pins.forms.fields import number_of
from pins.models import Pin
from pins.staff.guards import contributor_required, leads_on, say_stale, visible_pin


@contributor_required
@require_safe
@leads_on()
def pin_detail(request, public_id):
    pin = visible_pin(request, public_id)
    connections = list(
        pin.connections.known_to(request.user)
        .select_related("service")
        .prefetch_related("approaches", "known_by")
        .order_by("service__name")
    )
    # Of other services a partner reads what everyone does: who works with the community.
    told = [c for c in connections if access.may_read_connection(request.user, c)]
    area_names = [area.name for area in pin.areas.all().defer("geometry")]
    context = {
        "pin": pin,
        "drawing": staff_drawing(pin),
        "where": areas.describe(area_names, pin.near.name if pin.near else None),
        "connections": connections,
        "told": told,
        "own_connection": next(
            (c for c in connections if c.service_id in access.service_ids(request.user)), None
        ),
        "offers": list(pin.offers.all()),
        "answers": list(pin.answers.all()),
        "decisions": list(pin.decisions.select_related("by"))
        if access.is_moderator(request.user) or pin.created_by_id == request.user.pk
        else [],
        "may_edit": access.may_edit_pin(request.user, pin),
        "may_withdraw": access.may_withdraw_agreement(request.user, pin),
    }
    return render(request, "pins/staff/pin.html", context)


@contributor_required
@require_http_methods(["GET", "HEAD", "POST"])
@leads_on()
def pin_withdraw(request, public_id):
    """Read how the group agreed to be shown, and record that it no longer does."""
    pin = visible_pin(request, public_id)
    if not access.may_withdraw_agreement(request.user, pin):
        raise PermissionDenied(_("You cannot withdraw this community’s agreement."))
    error = ""
    if request.method == "POST":
        version = number_of(request.POST.get("version"))
        try:
            actions.withdraw_agreement(pin, by=request.user, version=version)
        except actions.StaleVersion as stale:
            error = stale.message
            pin.refresh_from_db()
        else:
            messages.success(
                request, _("The agreement has been withdrawn. The public can no longer see this pin.")
            )
            return redirect("staff:pin", pin.public_id)
    context = {"pin": pin, "error": error}
    return render(request, "pins/staff/withdraw.html", context, status=409 if error else 200)


@contributor_required
@require_http_methods(["GET", "HEAD", "POST"])
@leads_on("staff:connect", with_answers=True)
def pin_connect(request, public_id):
    """Say what my team has with a community that is already on the map."""
    pin = visible_pin(request, public_id)
    own = pin.connections.filter(service__in=access.service_ids(request.user))
    connection = next(iter(sorted(own, key=lambda c: c.service_id != request.user.service_id)), None)
    answers = request.POST if request.method == "POST" else None
    form = ConnectionForm(answers, user=request.user, pin=pin, connection=connection)
    status = 200
    if request.method == "POST":
        status = _store_connection(request, form, pin)
        if status == 200:
            messages.success(request, _("Thank you. Your team’s connection has been saved."))
            return redirect("staff:pin", pin.public_id)
    context = {"form": form, "pin": pin, "connection": connection}
    return render(request, "pins/staff/connect.html", context, status=status)


def _store_connection(request, form: ConnectionForm, pin: Pin) -> int:
    """Store a team's answers; return 200, or the status that says what is wrong with them."""
    if not form.is_valid():
        return 422
    try:
        actions.save_connection(pin, form.answers, by=request.user, version=form.read_version, **form.details)
    except actions.StaleVersion as stale:
        say_stale(form, stale, pin.connections.get(service=form.answers.service))
        return 409
    return 200
