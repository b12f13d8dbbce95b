"""When a sign-in ends: after an idle time, after a day's work, and with the right to it.

Role changes and deactivation are told by User._get_session_auth_hash; this takes away what is left of the session.
"""

import time

from django.conf import settings
from django.contrib import auth, messages
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community_map import demonstration

SIGNED_IN = "signed_in_at"
LAST_SEEN = "last_seen_at"
# Seconds between two writes of the same session's last request.
WRITE_EVERY = 60


class SessionEndMiddleware(MiddlewareMixin):
    """Ends sessions that are over before anything can ask who is signed in."""

    def process_request(self, request) -> None:
        if not request.is_public and auth.SESSION_KEY in request.session:
            end_or_note(request)


def begin(sender, request, user, **kwargs) -> None:
    """Start the session's clock; Django calls this at every sign-in, whichever way it went."""
    request.session[SIGNED_IN] = request.session[LAST_SEEN] = int(time.time())


def end_or_note(request) -> None:
    """Sign out whoever was away too long, and say why; note that the others are here, at most once a minute.

    A session whose user was deactivated or has other roles now is emptied too, so that it does not come
    back to life when the change is undone.
    """
    now = int(time.time())
    session = request.session
    began, seen = session.get(SIGNED_IN, 0), session.get(LAST_SEEN, 0)
    # A time that lies ahead was written by a clock that went wrong: it must not lengthen a session.
    is_fresh = -WRITE_EVERY <= now - seen < settings.IDLE_SECONDS
    if not request.user.is_authenticated:
        reason = _("You have been signed out because your account or password has changed.")
    elif demonstration.refuses(request.user, request):
        reason = _("You can only use demonstration accounts on the computer that runs the demonstration.")
    elif not is_fresh:
        reason = _(
            "You have been signed out because you were inactive for %(time)s. Sign in again to continue."
        ) % {"time": idle_time()}
    elif now - began >= settings.SESSION_COOKIE_AGE:
        reason = _(
            "You have been signed out because you signed in %(hours)d hours ago. Sign in again to continue."
        ) % {"hours": settings.SESSION_COOKIE_AGE // 3600}
    else:
        if now - seen >= WRITE_EVERY:
            session[LAST_SEEN] = now
        return
    auth.logout(request)
    messages.info(request, reason)


def idle_time() -> str:
    minutes = settings.IDLE_SECONDS // 60
    return ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}
