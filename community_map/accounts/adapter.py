import logging
import time
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map import access, demonstration
from community_map.accounts import roles
from community_map.accounts.second_factor import DONE_ELSEWHERE
from community_map.accounts.sessions import SIGNED_IN
from community_map.accounts.single_sign_on import belongs_to_single_sign_on, not_signed_in
from community_map.http import limits

logger = logging.getLogger(__name__)
# Whoever signed in so many seconds ago is not asked who they are again.
FRESH = 600
# Mails that only tell of what was done; nobody waits for them.
TIDINGS = (
    "password_changed",
    "password_reset",
    "totp_activated",
    "totp_deactivated",
    "recovery_codes_generated",
)


class AccountAdapter(DefaultAccountAdapter):
    """How people sign in here: who may sign up, what they may do then, and demo sign-ins only from this machine."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "The email address or password is incorrect. Check both and try again."
        ),
        "incorrect_code": gettext_lazy("The code is incorrect. Check it and try again."),
        "incorrect_password": gettext_lazy("The password is incorrect. Try again."),
        "enter_current_password": gettext_lazy("The password is incorrect. Try again."),
        "too_many_login_attempts": gettext_lazy(
            "You have tried too many times. Wait 5 minutes and try again."
        ),
        "rate_limited": gettext_lazy("You have tried too many times. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request) -> bool:
        return bool(settings.SIGNUP_DOMAINS)

    def save_user(self, request, user, form, commit=True):
        user = super().save_user(request, user, form, commit)
        # Without the setting a new colleague may do nothing until an administrator gives them a role.
        if settings.SIGNUP_CONTRIBUTORS:
            roles.give(user, [access.CONTRIBUTORS], by=None)
        return user

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        try:
            super().send_mail(template_prefix, email, with_own_links(context))
        except OSError as error:
            # SMTPException is one. Mail goes out whether or not there is an account, so this tells nothing.
            logger.warning("a mail about signing in was not sent: %s", type(error).__name__)
            if not template_prefix.endswith(TIDINGS):
                sentence = _("We cannot send email at the moment. Try again in a few minutes.")
                raise not_signed_in(self.request, sentence, status=503, again=True) from error

    def send_account_already_exists_mail(self, email: str) -> None:
        # A new account costs the hashing of its password; without the same work here, time would tell.
        make_password("as long as any other")
        super().send_account_already_exists_mail(email)

    def is_reauthentication_required(self, *, app: str) -> bool:
        if time.time() - context.request.session.get(SIGNED_IN, 0) < FRESH:
            return False
        return super().is_reauthentication_required(app=app)

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        # allauth adds the Host header, whose port anybody may write anew for every five tries.
        return (credentials.get("email") or "").strip().lower()

    def get_client_ip(self, request) -> str:
        """Return the address that limits count for: as many proxies away as TRUSTED_PROXY_COUNT says."""
        try:
            address = super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            # It came past the proxies, or they passed nonsense on: what connected to us is all that is known.
            address = request.META.get("REMOTE_ADDR") or "unknown"
        return limits.network_of(address)

    def pre_login(self, request, user, **kwargs):
        if demonstration.refuses(user, request):
            raise PermissionDenied(
                _("You can only use demonstration accounts on the computer that runs the demonstration.")
            )
        is_from_council = "sociallogin" in (kwargs.get("signal_kwargs") or {})
        if not is_from_council and belongs_to_single_sign_on(user):
            # Or a password would outlive the groups that the council has taken away.
            raise PermissionDenied(
                _("You cannot sign in to this account with a password. Use your council account.")
            )
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request, user, *, signal_kwargs, **kwargs):
        login = (signal_kwargs or {}).get("sociallogin")
        # RFC 8176: the provider says that more than one step was taken.
        methods = login.claims.get("amr") if login else None
        if isinstance(methods, list) and "mfa" in methods:
            request.session[DONE_ELSEWHERE] = True
        return super().post_login(request, user, signal_kwargs=signal_kwargs, **kwargs)


def with_own_links(context: dict) -> dict:
    """Return what a mail says with its links built from SITE_URL: allauth takes their host from the request."""
    own = urlsplit(settings.SITE_URL)
    links = {name: value for name, value in context.items() if name.endswith("_url") and value}
    ours = {
        name: urlsplit(value)._replace(scheme=own.scheme, netloc=own.netloc).geturl()
        for name, value in links.items()
    }
    return {**context, **ours, "current_site": {"name": own.netloc, "domain": own.netloc}}
