"""Answer a public page of the toolkit: one small query, and a response kept until something that it shows changes."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from community_map.cached import Cached
from community_map.models import Portal
from toolkit import published
from toolkit.published import PublishedToolkit
from toolkit.taxonomy import Taxonomy, read_taxonomy

MOST_RESPONSES = 400
# The portal's names and the approaches change a few times a year; a change is shown within so many seconds.
PORTAL_SECONDS = 3


@dataclass(frozen=True)
class Snapshot:
    """Everything that toolkit pages show, at one moment."""

    portal: Portal
    toolkit: PublishedToolkit
    taxonomy: Taxonomy

    @property
    def fingerprint(self) -> tuple:
        """Changes with everything that toolkit pages show."""
        row = tuple(getattr(self.portal, column.attname) for column in self.portal._meta.concrete_fields)
        return (row, self.toolkit.digest, self.taxonomy)


@dataclass
class Responses:
    """The responses of this process that were rendered from one fingerprint, by path."""

    since: int  # seconds since 1970: nothing here was rendered from anything that changed later
    by_path: dict[str, tuple[bytes, str]] = field(default_factory=dict)


_portal_and_taxonomy: Cached[tuple[Portal, Taxonomy]] = Cached()
_responses: Cached[Responses] = Cached()
_last_since = 0


def take_snapshot() -> Snapshot:
    """Read what toolkit pages show: the edition's number, and what may have changed since."""
    portal, taxonomy = _portal_and_taxonomy.get_for(PORTAL_SECONDS, lambda: (Portal.load(), read_taxonomy()))
    return Snapshot(portal, published.current(), taxonomy)


def respond(request, template: str, snapshot: Snapshot, context: dict, status: int = 200) -> HttpResponse:
    """Render a template with what every toolkit page shows."""
    return render(
        request,
        template,
        {"portal": snapshot.portal, **context},
        status=status,
    )


def _new_responses() -> Responses:
    global _last_since
    # Rounded up and never twice the same, because HTTP's dates have whole seconds.
    _last_since = max(math.ceil(time.time()), _last_since + 1)
    return Responses(since=_last_since)


def public_page(*parameters: str) -> Callable[[Callable], Callable]:
    """Decorator: make a public page of view(request, snapshot, **kwargs), which reads these query parameters only.

    A successful response to an address without any of them is kept. Those with one are rendered each time, or whoever
    makes up values would fill the cache; all other parameters change nothing.
    """

    def decorate(view: Callable) -> Callable:
        @require_safe
        @wraps(view)
        def answer(request, **kwargs):
            snapshot = take_snapshot()
            # Of this snapshot until the end, so that what changes meanwhile does not get a response from before.
            responses = _responses.get(snapshot.fingerprint, _new_responses)
            is_plain = not any(name in request.GET for name in parameters)
            body, content_type = responses.by_path.get(request.path, (None, ""))
            if body is not None and is_plain:
                response = HttpResponse(body, content_type=content_type)
            else:
                response = view(request, snapshot, **kwargs)
                if response.status_code == 200 and is_plain and len(responses.by_path) < MOST_RESPONSES:
                    responses.by_path[request.path] = (response.content, response.headers["Content-Type"])
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
            if response.status_code == 200:
                response.headers["Last-Modified"] = http_date(responses.since)
            return response

        return answer

    return decorate
