"""How often and how much: every limit on what comes in, counted in the shared cache so that it holds across processes.

An address of the network is only ever kept as a keyed hash. Whoever is over a limit is answered 429 with a sentence
and Retry-After; whoever sends too much, 413 with a sentence.
"""

import time
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community_map.cached import on_forget_all

# A search asks the database for words in texts: for people who type, not for programs that try every word. Each kind
# of search is counted by itself.
SEARCH_TIMES, SEARCH_SECONDS = 60, 60
# The script suggests places while somebody types, so several times for one search.
PLACES_TIMES = 240
# Every answer without a sign-in, static files and /healthz apart. A reader who drags the map asks for ten a second.
PUBLIC_SECONDS = 60
PUBLIC_STEP = 10
UNCOUNTED = ("/healthz",)
MOST_REMEMBERED = 10_000

# Of this process: what was counted but not yet added to the shared count, and who is refused until when.
_not_added: dict[str, int] = {}
_refused_until: dict[str, float] = {}

TOO_MANY_REQUESTS = gettext_lazy("There have been too many requests from your network.")


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds, for each network address, or `per_person` for each account.

    With a `step`, a process adds to the shared count only every so many times: cheaper, and at most that much late.
    `cause` is told to those who are over it; {times} in it is how often is welcome.
    """

    name: str
    times: int
    seconds: int
    step: int = 1
    per_person: bool = False
    cause: str = TOO_MANY_REQUESTS

    def seconds_to_wait(self, request) -> int:
        """Count this request; return 0, or after how many seconds the next one is welcome."""
        now = int(time.time())
        window = now // self.seconds
        end = (window + 1) * self.seconds
        key = f"limit:{self.name}:{window}:{_hashed(self._who(request))}"
        # Refusing costs no query, or a flood would still keep the database busy.
        if _refused_until.get(key, 0) <= now and self._count(key) <= self.times:
            return 0
        if len(_refused_until) >= MOST_REMEMBERED:
            _refused_until.clear()
        _refused_until[key] = end
        return end - now

    @property
    def why(self) -> str:
        return str(self.cause).format(times=self.times)

    def _who(self, request) -> str:
        return f"person {request.user.pk}" if self.per_person else _address_of(request)

    def _count(self, key: str) -> int:
        """Return how often this address has been here, after adding this time."""
        if len(_not_added) >= MOST_REMEMBERED:
            _not_added.clear()
        here = _not_added.pop(key, 0) + 1
        if here < self.step:
            _not_added[key] = here
            return 0
        cache.add(key, 0, timeout=self.seconds * 2)
        try:
            return cache.incr(key, here)
        except ValueError:
            # It ran out between the two lines, which begins a new window.
            return here


@on_forget_all
def forget() -> None:
    """Forget what this process has counted itself; for tests."""
    _not_added.clear()
    _refused_until.clear()


def limited(limit: Limit, methods: tuple[str, ...] = ("GET", "HEAD", "POST"), when=None):
    """Decorator: answer 429 to those who ask too often. `when(request)` says which requests count; all by default."""

    def decorate(view):
        @wraps(view)
        def counted(request, *args, **kwargs):
            counts = request.method in methods and (when is None or when(request))
            if counts and (wait := limit.seconds_to_wait(request)):
                return refuse(request, wait, limit.why)
            return view(request, *args, **kwargs)

        return counted

    return decorate


YOU_SEARCHED = gettext_lazy("You have searched more than {times} times in the last minute.")
NETWORK_SEARCHED = gettext_lazy(
    "You, or people on the same network, have searched more than {times} times in the last minute."
)


def limited_search(kind: str, *, times: int = SEARCH_TIMES, per_person: bool = False):
    """Decorator: searches by words (?q=) count for this kind, and those near a place (?near=) for a kind of their own.

    Reading without either is not counted.
    """
    cause = YOU_SEARCHED if per_person else NETWORK_SEARCHED
    kinds = {"q": kind, "near": "near"}

    def decorate(view):
        for name, counted in kinds.items():
            limit = Limit(f"search-{counted}", times, SEARCH_SECONDS, per_person=per_person, cause=cause)
            view = limited(limit, when=lambda request, name=name: bool(request.GET.get(name)))(view)
        return view

    return decorate


class RequestLimitsMiddleware(MiddlewareMixin):
    """Refuses bodies over DATA_UPLOAD_MAX_MEMORY_SIZE before they are read. It stands before everything that reads."""

    def process_request(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_too_large = length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return too_large(request) if is_too_large else None


class PublicRateMiddleware(MiddlewareMixin):
    """Counts what people without a sign-in ask for, so that one address cannot keep everybody else waiting.

    It stands behind AuthenticationMiddleware: colleagues, often many behind one address, are not counted.
    """

    def process_request(self, request):
        times = settings.PUBLIC_REQUESTS_PER_MINUTE
        is_signed_in = not request.is_public and request.user.is_authenticated
        if not times or request.path_info in UNCOUNTED or is_signed_in:
            return None
        limit = Limit("public", times=times, seconds=PUBLIC_SECONDS, step=min(PUBLIC_STEP, times))
        wait = limit.seconds_to_wait(request)
        return refuse(request, wait, limit.why) if wait else None


def refuse(request, seconds: int, why: str = TOO_MANY_REQUESTS) -> HttpResponse:
    """Answer 429: why, and how long to wait, in words and in Retry-After."""
    again = ngettext("Try again in %(seconds)s second.", "Try again in %(seconds)s seconds.", seconds)
    response = _say(request, _("Please wait a moment"), f"{why} {again % {'seconds': seconds}}", status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def too_large(request) -> HttpResponse:
    """Answer 413: nothing of what was sent has been read."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000
    sentence = _(
        "Your answers are larger than %(most)s MB, so they have not been saved. Go back, shorten them and try again."
    )
    return _say(request, _("Your answers are too long"), sentence % {"most": most}, status=413)


def _say(request, heading: str, sentence: str, status: int) -> HttpResponse:
    """Answer with a page of its own, which asks the database for nothing; programs get JSON."""
    if request.path_info.startswith("/api/") or request.path_info.endswith((".json", ".geojson")):
        response = JsonResponse({"error": sentence}, status=status)
    else:
        page = render_to_string("errors/plain.html", {"heading": heading, "sentence": sentence})
        response = HttpResponse(page, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def network_of(address: str) -> str:
    """Return what limits count an address as: IPv6 gives every household a /64 of addresses to choose from."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if ip.version == 6:
        return str(ip.ipv4_mapped or ip_network((ip.packed, 64), strict=False).network_address)
    return str(ip)


def _address_of(request) -> str:
    # allauth's reading of X-Forwarded-For: as many proxies as are trusted by setting, and no more.
    return get_adapter(request).get_client_ip(request)


def _hashed(address: str) -> str:
    # Keyed, so that the table of counts does not tell who has been here.
    return salted_hmac("community_map.limits", address, algorithm="sha256").hexdigest()[:32]
