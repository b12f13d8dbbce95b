"""Single sign-on with the council's OpenID Connect provider, by settings alone (OIDC_*).

A person is told by issuer and subject, never by email address. Their roles are those of their groups at the
provider, read at every sign-in; whoever is in no mapped group is refused.
"""

import logging
import secrets

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import IntegrityError, transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from community_map.accounts import roles
from community_map.accounts.id_token import IdTokenError, read_id_token
from community_map.models import User
from community_map.text import clean_text

logger = logging.getLogger(__name__)
LONGEST_SUBJECT = 191
WELL_KNOWN = "/.well-known/openid-configuration"


def belongs_to_single_sign_on(user) -> bool:
    """Does this person come by the council's sign-in, and so by no other way?"""
    issuer = settings.OIDC_ISSUER
    return bool(issuer) and SocialAccount.objects.filter(user=user, provider=issuer).exists()


class SignOnError(OAuth2Error):
    """What is wrong with the provider's answer, in words that may be logged: nothing of the answer is in them."""


def checked_configuration(config) -> dict:
    """Return what the provider says of itself; SignOnError where it is not the one of the settings."""
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if not isinstance(config, dict) or config.get("issuer") != settings.OIDC_ISSUER:
        raise SignOnError("the provider's issuer does not match OIDC_ISSUER")
    scheme = settings.OIDC_ISSUER.split(":", 1)[0] + ":"
    for name in (*needed, "userinfo_endpoint"):
        address = config.get(name, "" if name in needed else scheme)
        if not isinstance(address, str) or not address.startswith(("https:", scheme)):
            raise SignOnError(f"the provider's {name} is missing or not secure")
    return config


class CouncilAdapter(OpenIDConnectOAuth2Adapter):
    """allauth's conversation with the provider, every answer of which is checked."""

    # The state that the callback brought back; the nonce of this sign-in is in it.
    state: dict

    @property
    def openid_config(self) -> dict:
        if not hasattr(self, "_openid_config"):
            with get_adapter().get_requests_session() as session:
                response = session.get(settings.OIDC_ISSUER.rstrip("/") + WELL_KNOWN)
                response.raise_for_status()
                self._openid_config = checked_configuration(response.json())
        return self._openid_config

    def get_callback_url(self, request, app) -> str:
        # From the settings, not from the Host header: the provider knows one address.
        return settings.SITE_URL + reverse("sso_callback")

    def parse_token(self, data):
        try:
            return super().parse_token(data)
        except (TypeError, ValueError) as error:
            raise SignOnError("the provider's response could not be read") from error

    def complete_login(self, request, app, token, **kwargs):
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise SignOnError("the provider sent no id_token")
        with get_adapter().get_requests_session() as session:
            try:
                claims = read_id_token(
                    id_token,
                    keys_url=self.openid_config["jwks_uri"],
                    issuer=settings.OIDC_ISSUER,
                    client_id=app.client_id,
                    nonce=self.state.get("nonce", ""),
                    session=session,
                )
            except IdTokenError as error:
                raise SignOnError(f"the id_token was rejected: {error}") from error
        claims = self._with_userinfo(claims, token.token)
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
            raise SignOnError("the provider's subject for this person is missing or too long")
        login = self.get_provider().sociallogin_from_response(request, claims)
        login.claims = claims
        return login

    def _with_userinfo(self, claims: dict, access_token: str) -> dict:
        """Add what the id_token leaves out and the provider tells apart; what is signed wins."""
        missing = {"email", "name", settings.OIDC_GROUPS_CLAIM} - claims.keys()
        if not missing or not self.openid_config.get("userinfo_endpoint"):
            return claims
        more = self._fetch_user_info(access_token)
        if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            raise SignOnError("the provider's userinfo is about another person")
        return {**more, **claims}


class CouncilProvider(OpenIDConnectProvider):
    """The provider of the settings: with PKCE and a nonce, and without what the address bar could add."""

    oauth2_adapter_class = CouncilAdapter

    def get_redirect_from_request_kwargs(self, request) -> dict:
        # allauth would take scopes, parameters and the purpose from the query.
        kwargs = super().get_redirect_from_request_kwargs(request)
        return {"process": AuthProcess.LOGIN, "next_url": kwargs.get("next_url")}

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        nonce = secrets.token_urlsafe(32)
        return super().redirect(
            request, process, next_url, data, auth_params={"nonce": nonce}, nonce=nonce, **kwargs
        )

    def extract_uid(self, data) -> str:
        return data["sub"]

    def extract_extra_data(self, data) -> dict:
        # What the provider tells of a person is used and not kept.
        return {}

    def extract_common_fields(self, data) -> dict:
        return {"email": address_of(data), "name": data.get("name")}

    def extract_email_addresses(self, data) -> list[EmailAddress]:
        email = address_of(data)
        is_proven = data.get("email_verified") is True
        return [EmailAddress(email=email, verified=is_proven, primary=True)] if email else []


class CouncilCallbackView(OAuth2CallbackView):
    """allauth's callback, which hands the state on to where the nonce is compared."""

    def _get_state(self, request, provider):
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response


def address_of(claims: dict) -> str:
    """Return the email address in small letters; Microsoft Entra often has it in preferred_username only."""
    for name in ("email", "preferred_username"):
        value = claims.get(name)
        if isinstance(value, str) and "@" in value:
            return value.strip().lower()
    return ""


def roles_in(claims: dict) -> set[str]:
    """Return the names of the roles that the person's groups at the provider stand for."""
    groups = claims.get(settings.OIDC_GROUPS_CLAIM) or []
    if isinstance(groups, str):
        groups = [groups]
    if not isinstance(groups, list):
        return set()
    return {
        settings.OIDC_GROUP_ROLES[group]
        for group in groups
        if isinstance(group, str) and group in settings.OIDC_GROUP_ROLES
    }


class CouncilSignOn(DefaultSocialAccountAdapter):
    """Who may come in by single sign-on, and as what."""

    def get_requests_session(self):
        session = super().get_requests_session()
        # An answer from elsewhere is no answer of the provider's.
        session.max_redirects = 0
        return session

    def is_open_for_signup(self, request, sociallogin) -> bool:
        return True  # pre_social_login has refused everybody who has no role

    def pre_social_login(self, request, sociallogin) -> None:
        names = roles_in(sociallogin.claims)
        user = sociallogin.user
        if sociallogin.is_existing:
            roles.give(user, names, by=None)
        if not names:
            raise not_signed_in(
                request,
                _("Your council account does not have access to this site. Ask the team that runs it."),
            )
        if sociallogin.is_existing:
            return
        if not user.email:
            raise not_signed_in(
                request,
                _("Your council account has no email address. Ask your IT team for one, then sign in again."),
            )
        if User.objects.filter(email__iexact=user.email).exists():
            # An address proves nothing here: whoever can write it into the provider would take the account.
            raise not_signed_in(
                request,
                _(
                    "There is already an account with your email address, and it has a password. "
                    "Ask an administrator to change its email address, then sign in again."
                ),
            )

    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        user.name = clean_text(str(data.get("name") or ""))[:100]
        return user

    def save_user(self, request, sociallogin, form=None):
        try:
            with transaction.atomic():
                user = super().save_user(request, sociallogin, form)
                roles.give(user, roles_in(sociallogin.claims), by=None)
        except IntegrityError as error:
            # The same person came through two windows at once; the next try finds the account.
            raise failure(request, is_unreachable=False) from error
        return user

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        """Answer with a plain sentence. What the provider sent is not logged: it may hold tokens and names."""
        reason = str(exception) if isinstance(exception, SignOnError) else type(exception).__name__
        logger.warning("single sign-on failed: %s", reason if exception else error)
        raise failure(request, is_unreachable=isinstance(exception, OSError))


def not_signed_in(request, sentence: str, *, status: int = 403, again: bool = False) -> ImmediateHttpResponse:
    """The end of a sign-in, with a sentence; `again` leads back to its beginning, and else to the portal's team."""
    context = {"sentence": sentence, "again": again}
    return ImmediateHttpResponse(render(request, "account/not_signed_in.html", context, status=status))


def failure(request, *, is_unreachable: bool) -> ImmediateHttpResponse:
    """The provider did not answer, or not as it must."""
    if is_unreachable:
        sentence = _("Council sign-in is not working at the moment. Try again in a few minutes.")
        return not_signed_in(request, sentence, status=503, again=True)
    return not_signed_in(request, _("Council sign-in could not confirm who you are. Try again."), again=True)
