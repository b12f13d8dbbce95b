"""How often and how much: every limit on what comes in, counted in the shared cache so that it holds across processes.

An address of the network is only ever kept as a keyed hash. Whoever is over a limit is answered 429 with a sentence
and Retry-After; whoever sends too much, 413 with a sentence.
"""

import codecs
import json
import re
import time
from dataclasses import dataclass
from functools import wraps

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from community_map.cached import on_forget_all

JSON_DEPTH = 20
# A search asks the database for words in texts: for people who type, not for programs that try every word.
SEARCH_TIMES, SEARCH_SECONDS = 60, 60
# Every answer without a sign-in, static files and /healthz apart. A reader who drags the map asks for ten a second.
PUBLIC_SECONDS = 60
PUBLIC_STEP = 10
UNCOUNTED = ("/healthz",)
MOST_REMEMBERED = 10_000

# Of this process: what was counted but not yet added to the shared count, and who is refused until when.
_not_added: dict[str, int] = {}
_refused_until: dict[str, float] = {}


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds, for each network address, or `per_person` for each account.

    With a `step`, a process adds to the shared count only every so many times: cheaper, and at most that much late.
    """

    name: str
    times: int
    seconds: int
    step: int = 1
    per_person: bool = False

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
                return refuse(request, wait, limit)
            return view(request, *args, **kwargs)

        return counted

    return decorate


SEARCH = Limit("search", times=SEARCH_TIMES, seconds=SEARCH_SECONDS)


def limited_search(view):
    """Decorator: searches by word or place count against SEARCH; reading without words does not."""
    return limited(SEARCH, when=lambda request: any(request.GET.get(name) for name in ("q", "near")))(view)


class RequestLimitsMiddleware:
    """Refuses bodies over DATA_UPLOAD_MAX_MEMORY_SIZE before they are read. It stands before everything that reads."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return too_large(request)
        return self.get_response(request)


class PublicRateMiddleware:
    """Counts what people without a sign-in ask for, so that one address cannot keep everybody else waiting.

    It stands behind AuthenticationMiddleware: colleagues, often many behind one address, are not counted.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        times = settings.PUBLIC_REQUESTS_PER_MINUTE
        if times and request.path_info not in UNCOUNTED and not self._is_signed_in(request):
            limit = Limit("public", times=times, seconds=PUBLIC_SECONDS, step=min(PUBLIC_STEP, times))
            if wait := limit.seconds_to_wait(request):
                return refuse(request, wait, limit)
        return self.get_response(request)

    @staticmethod
    def _is_signed_in(request) -> bool:
        return not request.is_public and request.user.is_authenticated


def refuse(request, seconds: int, limit: Limit | None = None) -> HttpResponse:
    """Answer 429: how long to wait, in words and in Retry-After."""
    if limit and limit.per_person:
        sentence = ngettext(
            "You have asked too many times. Try again in %(seconds)s second.",
            "You have asked too many times. Try again in %(seconds)s seconds.",
            seconds,
        ) % {"seconds": seconds}
    else:
        sentence = ngettext(
            "There have been too many requests from your network. Try again in %(seconds)s second.",
            "There have been too many requests from your network. Try again in %(seconds)s seconds.",
            seconds,
        ) % {"seconds": seconds}
    response = _say(request, _("Please wait a moment"), sentence, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def too_large(request) -> HttpResponse:
    """Answer 413: nothing of what was sent has been read."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000
    sentence = _(
        "What you sent is larger than %(most)s MB, so it was not stored. Go back and send less of it."
    )
    return _say(request, _("That is too much at once"), sentence % {"most": most}, status=413)


def _say(request, heading: str, sentence: str, status: int) -> HttpResponse:
    """Answer with a page of its own, which asks the database for nothing; programs get JSON."""
    if request.path_info.startswith("/api/") or request.path_info.endswith((".json", ".geojson")):
        response = JsonResponse({"error": sentence}, status=status)
    else:
        page = render_to_string("errors/plain.html", {"heading": heading, "sentence": sentence})
        response = HttpResponse(page, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


# Strings, whole, so that a bracket inside one does not count; and the brackets.
_JSON_MARKS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


def check_depth(text: str, most: int = JSON_DEPTH) -> None:
    """Raise ValueError where JSON is nested deeper than `most`, without building anything of it."""
    depth = 0
    for mark in _JSON_MARKS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if depth > most:
            raise ValueError(_("it is nested more than %(most)s levels deep") % {"most": most})


class LimitedJSONParser(JSONParser):
    """Reads JSON that is nested at most JSON_DEPTH levels deep and has numbers only where JSON has them."""

    def parse(self, stream, media_type=None, parser_context=None):
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            text = codecs.decode(stream.read(), encoding)
            check_depth(text)
            return json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, LookupError, RecursionError) as error:
            raise ParseError(_("This JSON cannot be read: %(why)s") % {"why": error}) from error


def _refuse_constant(name: str):
    raise ValueError(_("%(name)s is not a number") % {"name": name})


def _address_of(request) -> str:
    # allauth's reading of X-Forwarded-For: as many proxies as are trusted by setting, and no more.
    return get_adapter(request).get_client_ip(request)


def _hashed(address: str) -> str:
    # Keyed, so that the table of counts does not tell who has been here.
    return salted_hmac("community_map.limits", address, algorithm="sha256").hexdigest()[:32]
