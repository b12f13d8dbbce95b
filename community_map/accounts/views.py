from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from community_map import digest
from community_map.accounts import form_recovery, single_sign_on
from community_map.accounts.forms import DailyEmailForm
from community_map.http.limits import Limit, limited
from community_map.http.same_origin import same_origin_post

# Each asks the provider, which costs it and us more than it costs whoever asks.
SINGLE_SIGN_ONS = Limit("single-sign-on", times=30, seconds=60)
DAILY_EMAILS = Limit("daily-email", times=60, seconds=3600)


@login_required
@require_safe
def account(request):
    """Who I am here, and the ways to change my password and my second step."""
    has_second_factor = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    groups = request.user.groups.order_by("name").values_list("name", flat=True)
    user, paused = request.user, request.user.digest_paused_until
    context = {
        "has_second_factor": has_second_factor,
        "groups": list(groups),
        "digest_paused_until": paused
        if user.gets_digest and paused and paused > timezone.localdate()
        else None,
    }
    return render(request, "account/account.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def daily_email_settings(request):
    """Whether I get the daily email."""
    form = DailyEmailForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        form.save()
        return redirect("account_email")
    return render(
        request, "account/daily_email_settings.html", {"form": form}, status=422 if form.errors else 200
    )


@cache_control(no_store=True)
@limited(DAILY_EMAILS, methods=("POST",))
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def daily_email(request, token: str, choice: str):
    """Pause or stop the daily email from its own link: the link shows a button, and only the button does it.

    A public page: it needs no session, and tells nobody whose link it is.
    """
    do = {digest.PAUSE_LINK: digest.pause, digest.STOP_LINK: digest.stop}.get(choice)
    user = digest.user_of(token)
    if do is None or user is None:
        raise Http404
    if request.method == "POST":
        do(user)
    context = {"choice": choice, "is_done": request.method == "POST"}
    return render(request, "account/daily_email.html", context)


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
