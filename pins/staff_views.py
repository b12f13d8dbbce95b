from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community_map import access
from pins.models import Pin


def contributor_required(view):
    """Only people whom the policy calls contributors get in; others are told whom to ask."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not access.is_contributor(request.user):
            raise PermissionDenied(
                _("Your sign-in is not set up for the staff area yet. Ask the team that runs it.")
            )
        return view(request, *args, **kwargs)

    return guarded


@contributor_required
@require_safe
def home(request):
    return render(
        request,
        "pins/staff/home.html",
        {"pins": Pin.objects.visible_to(request.user).filter(created_by=request.user)},
    )


@contributor_required
@require_safe
def pin_detail(request, public_id):
    pin = get_object_or_404(Pin.objects.visible_to(request.user), public_id=public_id)
    return render(request, "pins/staff/pin.html", {"pin": pin})
