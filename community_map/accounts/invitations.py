"""Telling a new person by mail that they have an account and how to sign in.

The mail holds no code and no link that opens anything: it lies in the outbox and in a mailbox for weeks. It says
where to ask for one.
"""

from allauth.account import app_settings
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_map import access
from community_map.accounts.single_sign_on import belongs_to_single_sign_on
from community_map.mail import queue_mail, signature
from community_map.models import OutboxMail, Portal, User


def invite(user: User) -> OutboxMail:
    """Write to a person how they sign in; safe to do again."""
    portal = Portal.load()
    lines = [_("You have an account on %(portal)s.") % {"portal": portal.portal_name}, ""]
    lines += _with_council_account() if belongs_to_single_sign_on(user) else _with_a_code(user)
    if settings.SECOND_FACTOR and access.needs_second_factor(user):
        lines += ["", _("When you first sign in you will be asked to set up an authenticator app.")]
    subject = _("Your account on %(portal)s") % {"portal": portal.portal_name}
    return queue_mail(user.email, subject, "\n".join([*lines, *signature(portal)]))


def _with_council_account() -> list[str]:
    sentence = _("Sign in with your %(account)s:") % {"account": settings.OIDC_NAME}
    return [sentence, settings.SITE_URL + reverse("account_login")]


def _with_a_code(user: User) -> list[str]:
    minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
    code = ngettext(
        "The code works for %(minutes)d minute.", "The code works for %(minutes)d minutes.", minutes
    )
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    link = ngettext(
        "The link works once, for %(hours)d hour.", "The link works once, for %(hours)d hours.", hours
    )
    return [
        _("To sign in, enter your email address, %(email)s, on this page. We will email you a code.")
        % {"email": user.email},
        code % {"minutes": minutes},
        settings.SITE_URL + reverse("account_request_login_code"),
        "",
        _("If you would rather use a password, get a link to set one here.") + " " + link % {"hours": hours},
        settings.SITE_URL + reverse("account_reset_password"),
    ]
