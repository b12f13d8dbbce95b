"""Answer a public page of the toolkit: one small query, the drawing kept until something that it shows changes."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from community_map.models import Portal
from toolkit import shelf as shelves
from toolkit.shelf import Shelf, Words

MOST_KEPT = 400


@dataclass(frozen=True)
class Reading:
    """Everything that a toolkit page is drawn from."""

    portal: Portal
    shelf: Shelf
    words: Words

    @property
    def fingerprint(self) -> tuple:
        """Changes with everything that toolkit pages show."""
        row = [getattr(self.portal, column.attname) for column in self.portal._meta.concrete_fields]
        return (row, self.shelf.digest, self.words)


# The portal's names and the approaches change a few times a year; a change is shown within so many seconds.
FRAME_SECONDS = 3
_frame: tuple[float, Portal, Words] | None = None


def read() -> Reading:
    """Read what toolkit pages show: the edition's number, and what may have changed since."""
    global _frame
    now = time.monotonic()
    if _frame is None or now - _frame[0] > FRAME_SECONDS:
        _frame = (now, Portal.load(), shelves.read_words())
    return Reading(portal=_frame[1], shelf=shelves.current(), words=_frame[2])


def draw(request, template: str, reading: Reading, context: dict, status: int = 200) -> HttpResponse:
    """Render a template with what every toolkit page shows."""
    return render(
        request,
        template,
        {"portal": reading.portal, "shelf": reading.shelf, "words": reading.words, **context},
        status=status,
    )


class _Kept:
    """The answers of this process, all drawn from one fingerprint."""

    def __init__(self):
        self.fingerprint: tuple = ()
        self.since = 0  # seconds since 1970: no answer kept here was drawn from anything that changed later
        self.answers: dict[str, tuple[bytes, str]] = {}

    def begin(self, fingerprint: tuple) -> None:
        if fingerprint != self.fingerprint:
            # Rounded up and never twice the same, because HTTP's dates have whole seconds.
            self.since = max(math.ceil(time.time()), self.since + 1)
            self.fingerprint, self.answers = fingerprint, {}


kept = _Kept()


def forget() -> None:
    """Read and draw everything anew; for tests, whose editions begin anew."""
    global _frame
    _frame = None
    kept.fingerprint = ()


def public_page(view: Callable) -> Callable:
    """Make a public page of view(request, reading, **kwargs).

    A successful answer to an address without a query is kept; others are drawn each time.
    """

    @require_safe
    @wraps(view)
    def answer(request, **kwargs):
        reading = read()
        kept.begin(reading.fingerprint)
        body, content_type = kept.answers.get(request.path, (None, ""))
        if body is not None and not request.GET:
            response = HttpResponse(body, content_type=content_type)
        else:
            response = view(request, reading, **kwargs)
            if response.status_code == 200 and not request.GET and len(kept.answers) < MOST_KEPT:
                kept.answers[request.path] = (response.content, response.headers["Content-Type"])
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        if response.status_code == 200:
            response.headers["Last-Modified"] = http_date(kept.since)
        return response

    return answer
