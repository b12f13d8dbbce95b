"""Staff pages about communities: my pins, one community, my team's connection with it."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community_map import access, areas
from pins import actions
from pins.forms import ConnectionForm
from pins.models import Connection, Decision, Merge, Pin, Status

MOST_PINS = 200


def contributor_required(view):
    """Only people whom the policy lets into the staff area get in; others are told whom to ask."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not access.may_enter_staff_area(request.user):
            raise PermissionDenied(
                _("Your sign-in is not set up for the staff area yet. Ask the team that runs it.")
            )
        return view(request, *args, **kwargs)

    return guarded


def leads_on(to: str = "staff:pin", *, with_answers: bool = False):
    """A merged pin's address leads to the one that stays, for those who could see both.

    What was written for the duplicate is sent on where the other pin has the same question (`with_answers`); where
    it has not, the view shows it again and says what has happened.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, public_id):
            target = None
            if request.method != "POST" or with_answers:
                target = Merge.objects.target_for(request.user, public_id)
            if target is None:
                return view(request, public_id)
            return redirect(to, target.public_id, permanent=True, preserve_request=request.method == "POST")

        return guarded

    return decorate


def visible_pin(request, public_id) -> Pin:
    """Return the pin, or answer 404 when this person may not know of it. That a restricted one was read is noted."""
    pins = Pin.objects.visible_to(request.user).select_related("category", "near", "initiative", "created_by")
    pin = get_object_or_404(pins, public_id=public_id)
    actions.note_view(pin, by=request.user)
    return pin


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
    waiting = (
        Pin.objects.visible_to(request.user).waiting().count() if access.is_moderator(request.user) else 0
    )
    others = [row for row in rows if not row["reason"]]
    context = {
        "returned": returned,
        "rows": others,
        "waiting": waiting,
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


def own_connection(user, connections: list[Connection]) -> Connection | None:
    """Return the connection that this user may change: of their main service first, else one that they have written."""
    mine = [c for c in connections if access.may_edit_connection(user, c)]
    order = {c.pk: (c.service_id != user.service_id, user not in c.known_by.all()) for c in mine}
    return min(mine, key=lambda c: order[c.pk], default=None)


def say_stale(form, stale: actions.StaleVersion, row) -> None:
    """Show the answers again with what happened; sending them once more then keeps them."""
    form.add_error(None, stale)
    row.refresh_from_db(fields=["version"])
    form.data = form.data.copy()
    form.data["version"] = str(row.version)
    if isinstance(row, Connection):
        form.data["version_of"] = str(row.service_id)


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
        "where": areas.in_words(area_names, pin.near.name if pin.near else None),
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
        raise PermissionDenied(_("You cannot withdraw an agreement for this community."))
    error = ""
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            actions.withdraw_agreement(
                pin, by=request.user, version=int(version) if version.isdecimal() and len(version) < 10 else 0
            )
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
            messages.success(request, _("Thank you. What your team has with them is stored."))
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
