"""Two-step verification: an authenticator app, with recovery codes for when it is lost."""

import base64
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map import access
from community_map.accounts.encryption import decrypt, encrypt
from community_map.http.middleware import needs_role
from community_map.models import Portal

# Set in the session when single sign-on says that the council's own second step was taken.
DONE_ELSEWHERE = "second_factor_done_elsewhere"
PURPOSE = "second factor"


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's second factor, under the portal's name and with its secrets sealed in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("The code is incorrect. Check it and try again."),
    }

    def get_totp_issuer(self) -> str:
        return Portal.load().portal_name

    def encrypt(self, text: str) -> str:
        return encrypt(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        # A secret that cannot be read becomes one that nobody knows; an empty one could be reckoned with.
        return decrypt(encrypted_text, PURPOSE) or base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def must_set_up(request) -> bool:
    """Does this person still need a second step before they may open anything but their account?"""
    if not settings.SECOND_FACTOR or not access.needs_second_factor(request.user):
        return False
    if request.session.get(DONE_ELSEWHERE):
        return False
    return not is_mfa_enabled(request.user, [Authenticator.Type.TOTP])


class SecondFactorMiddleware(MiddlewareMixin):
    """The one place that sends those who need a second step to set it up, before any staff or admin page."""

    def process_request(self, request):
        if not needs_role(request.path_info) or not must_set_up(request):
            return None
        sentence = _("Your role needs two-step verification. Set it up to continue.")
        if request.path_info.startswith("/api/"):
            return JsonResponse({"detail": sentence}, status=403)
        messages.info(request, sentence)
        return redirect("mfa_activate_totp")
