from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_required
@require_safe
def account(request):
    """Who I am here, and the ways to change my password and my second step."""
    has_second_factor = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    groups = request.user.groups.order_by("name").values_list("name", flat=True)
    context = {"has_second_factor": has_second_factor, "groups": list(groups)}
    return render(request, "account/account.html", context)


def not_here(request, *args, **kwargs):
    raise Http404
