from ipaddress import ip_address

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

DEMO_SIGN_INS = ("contributor@example.org", "moderator@example.org", "admin@example.org")


class AccountAdapter(DefaultAccountAdapter):
    """How people sign in here: no sign-up of their own, and demo sign-ins only from this machine."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def pre_login(self, request, user, **kwargs):
        # Both: the peer's address alone would let in a whole network through a proxy on this machine.
        host = request.get_host().rsplit(":", 1)[0]
        peer = ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104 (not an address to listen on)
        if user.email in DEMO_SIGN_INS and not (host in settings.LOOPBACK_HOSTS and peer.is_loopback):
            raise PermissionDenied(_("The demonstration's sign-ins work only on the machine that runs it."))
        return super().pre_login(request, user, **kwargs)
