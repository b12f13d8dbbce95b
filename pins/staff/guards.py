"""Who gets into a staff page, to which pin, and what happens to answers that came too late."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from community_map import access
from pins import actions
from pins.models import Connection, Merge, Pin


def contributor_required(view):
    """Only people whom the policy lets into the staff area get in; others are told whom to ask."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not access.may_enter_staff_area(request.user):
            raise PermissionDenied(
                _("Your account cannot open the staff area yet. Ask the team that runs it for access.")
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
