from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from community_map.accounts import form_recovery, single_sign_on
from community_map.http.limits import Limit, limited

# Each asks the provider, which costs it and us more than it costs whoever asks.
SINGLE_SIGN_ONS = Limit("single-sign-on", times=30, seconds=60)


@login_required
@require_safe
def account(request):
    """Who I am here, and the ways to change my password and my second step."""
    has_second_factor = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    groups = request.user.groups.order_by("name").values_list("name", flat=True)
    context = {"has_second_factor": has_second_factor, "groups": list(groups)}
    return render(request, "account/account.html", context)


@login_required
@require_safe
def kept_form(request):
    """The answers that arrived while I was signed out, ready to be sent on."""
    kept = form_recovery.form_for(request)
    if kept is None:
        return redirect("staff:home")
    return render(request, "account/kept_form.html", {"kept": kept})


@require_http_methods(["GET", "HEAD", "POST"])
@limited(SINGLE_SIGN_ONS, methods=("POST",))
def sso_login(request):
    """Send somebody to the council's sign-in; only the button of our own page does."""
    adapter = _council_adapter(request)
    if request.method != "POST":
        return redirect("account_login")
    return _or_say_so(request, lambda: adapter.get_provider().redirect_from_request(request))


@require_safe
def sso_callback(request):
    """The way back from the council's sign-in."""
    view = single_sign_on.CouncilCallbackView.adapter_view(_council_adapter(request))
    return _or_say_so(request, lambda: view(request))


def _or_say_so(request, step):
    """Take a step with the provider; answer with a sentence where allauth lets its faults through."""
    try:
        return step()
    except (OSError, OAuth2Error) as error:
        # Every fault of requests is an OSError.
        return single_sign_on.failure(request, is_unreachable=isinstance(error, OSError)).response


def _council_adapter(request) -> single_sign_on.CouncilAdapter:
    if not settings.OIDC_ISSUER:
        raise Http404
    return single_sign_on.CouncilAdapter(request, settings.OIDC_ISSUER)


def not_here(request, *args, **kwargs):
    raise Http404
