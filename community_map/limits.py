"""How often one address may do something, counted in the shared cache so that it holds across processes."""

import time
from dataclasses import dataclass
from functools import wraps

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.shortcuts import render
from django.utils.crypto import salted_hmac


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds, for each network address."""

    name: str
    times: int
    seconds: int

    def seconds_to_wait(self, request) -> int:
        """Count this request; return 0, or after how many seconds the next one is welcome."""
        now = int(time.time())
        window = now // self.seconds
        key = f"limit:{self.name}:{window}:{_hashed(_address_of(request))}"
        cache.add(key, 0, timeout=self.seconds * 2)
        try:
            count = cache.incr(key)
        except ValueError:
            # It ran out between the two lines, which begins a new window.
            count = 1
        return 0 if count <= self.times else (window + 1) * self.seconds - now


def limited(limit: Limit, methods: tuple[str, ...] = ("GET", "HEAD", "POST")):
    """Decorator: answer 429 with a sentence and Retry-After to those who ask too often."""

    def decorate(view):
        @wraps(view)
        def counted(request, *args, **kwargs):
            if request.method in methods and (wait := limit.seconds_to_wait(request)):
                response = render(request, "errors/429.html", {"seconds": wait}, status=429)
                response.headers["Retry-After"] = str(wait)
                response.headers["Cache-Control"] = "no-store"
                return response
            return view(request, *args, **kwargs)

        return counted

    return decorate


def _address_of(request) -> str:
    # allauth's reading of X-Forwarded-For: as many proxies as are trusted by setting, and no more.
    return get_adapter(request).get_client_ip(request)


def _hashed(address: str) -> str:
    # Keyed, so that the table of counts does not tell who has been here.
    return salted_hmac("community_map.limits", address, algorithm="sha256").hexdigest()[:32]
