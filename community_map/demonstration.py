"""The people of the demonstration: their password is printed, so they sign in on the machine that runs it and nowhere else."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port


@dataclass(frozen=True)
class DemoPerson:
    """One account of the demonstration; `service` is the short name of a team in words.toml."""

    name: str
    service: str
    roles: tuple[str, ...]


# The one list: load_demo makes these accounts, and these accounts are refused elsewhere.
PEOPLE = {
    "contributor@example.org": DemoPerson("Demo contributor", "libraries", ("Contributors",)),
    "moderator@example.org": DemoPerson("Demo moderator", "community-participation", ("Moderators",)),
    "editor@example.org": DemoPerson("Demo editor", "community-participation", ("Editors",)),
    "admin@example.org": DemoPerson("Demo administrator", "community-participation", ("Administrators",)),
}
# What a server in between adds to a request, beside every name that begins with X-Forwarded.
FORWARDING = {"HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_X_CLUSTER_CLIENT_IP"}


def refuses(user, request) -> bool:
    """Is this an account of the demonstration, and a request that may come from another machine?"""
    return user.email.lower() in PEOPLE and not is_from_this_machine(request)


def is_from_this_machine(request) -> bool:
    """Do address, Host, peer and headers all say that the browser is on the machine that serves it?

    A forwarder on this machine that adds no header cannot be told apart: see docs/deploying.md.
    """
    names = (
        urlsplit(settings.SITE_URL).hostname or "",
        split_domain_port(request.get_host())[0],
        request.META.get("REMOTE_ADDR") or "",
    )
    is_forwarded = any(name in FORWARDING or name.startswith("HTTP_X_FORWARDED") for name in request.META)
    return all(map(_is_loopback, names)) and not is_forwarded


def _is_loopback(name: str) -> bool:
    name = name.strip("[]")
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
