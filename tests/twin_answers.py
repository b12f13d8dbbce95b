"""Asking somebody's probes in a world, and comparing what two worlds answer, byte for byte."""

import difflib
import logging
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from community_map.accounts import form_recovery
from community_map.cached import forget_all
from community_map.http import limits
from pins import vocabulary
from pins.models import Pin
from tests.twin_probes import Request
from tests.twin_worlds import HIDDEN, World

# What is drawn anew for each answer, by chance or by the clock, and so is no part of a world.
NEW_EACH_TIME = {
    # Django masks the token anew in every form.
    "a form's token": r'name="csrfmiddlewaretoken" value="[^"]*"',
    # Signed with the second in which the form was opened.
    "who opened a form": r'name="written_by" value="[^"]*"',
    # An empty pin form draws a key, so that it is sent once.
    "the key of an empty form": r'name="idempotency_key" value="[^"]*"',
    # Admin's "do not store this" ends at the second of the answer.
    "when an answer ends": r"^Expires: [^\r\n]*",
    # A cookie says when it ends; a sign-in that is renewed has a key by chance.
    "a cookie's value and end": r"^(?:csrftoken|sessionid|messages)=[^\r\n]*",
}
RANDOM = re.compile("|".join(f"(?:{pattern})" for pattern in NEW_EACH_TIME.values()), re.MULTILINE)
# Of when this process first drew a page, and of the body before what is random was taken out.
LEFT_OUT = {"Last-Modified", "ETag"}
# Requests; all of them come before a session is a minute old, when it is written again.
SIGNED_IN_FOR = 20


@dataclass(frozen=True)
class Answer:
    """All that whoever asks gets, apart from what is new each time; and what it cost."""

    told: str
    status: int
    queries: int

    @property
    def is_fault(self) -> bool:
        return self.status >= 500


@contextmanager
def undisturbed():
    """Keep the log and the clock out of it."""
    # Each refusal is logged, and thousands of them are meant; what is a fault is told by its status.
    logging.disable(logging.CRITICAL)
    try:
        # Short lists are read again every few seconds, which would change the number of queries.
        with patch.object(vocabulary, "SECONDS", 10**6):
            yield
    finally:
        logging.disable(logging.NOTSET)


@undisturbed()
def ask_all(world: World, requests: list[Request]) -> list[Answer]:
    """Ask each, and take back what it wrote."""
    cache.clear()
    answers = []
    for number, request in enumerate(requests):
        if number % SIGNED_IN_FOR == 0:
            cookies = sign_in(world)
        answers.append(ask(world, request, cookies))
    return answers


def sign_in(world: World) -> dict[str, str]:
    """Sign in anew, and return the cookies: what a session notes as it grows older is no part of a world."""
    client = Client()
    client.force_login(world.me)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def ask(world: World, request: Request, cookies: dict) -> Answer:
    """Ask as somebody who has just signed in, and follow to where it leads within the staff area."""
    # As a process that has just started, so that the number of queries hangs on the question alone.
    forget_all()
    # How often one may ask has tests of its own; somebody with patience is not held up.
    limits.forget()
    queries = [0]

    def count(execute, sql, params, many, context):
        queries[0] += 1
        return execute(sql, params, many, context)

    client = Client(raise_request_exception=False)
    with transaction.atomic(), connection.execute_wrapper(count):
        if request.is_late:
            data = request.data | {form_recovery.MARK: form_recovery.mark_of(world.me)}
            responses = [client.post(request.path, data)]
            client.force_login(world.me)
            responses.append(client.get("/staff/kept/"))
        else:
            client.cookies.load(cookies)
            responses = [send(client, request)]
            location = responses[0].headers.get("Location", "")
            if request.method == "POST" and location.startswith("/staff/"):
                responses.append(client.get(location))
        told = "\n\n".join(whole(response) for response in responses)
        new = Pin.objects.filter(created_by=world.me).exclude(pk__in=[pin.pk for pin in world.my_own])
        # The public id of a pin that was just sent is drawn by chance.
        for public_id in new.values_list("public_id", flat=True) if request.method == "POST" else ():
            told = told.replace(str(public_id), "the-new-pin")
        transaction.set_rollback(True)
    return Answer(without_chance(told), responses[0].status_code, queries[0])


def send(client: Client, request: Request):
    if request.method == "POST":
        return client.post(request.path, request.data, headers={"Sec-Fetch-Site": "same-origin"})
    return client.generic(request.method, request.path, headers={"Sec-Fetch-Site": "same-origin"})


def whole(response) -> str:
    """Return status, headers, cookies and body of an answer as one text."""
    lines = [str(response.status_code)]
    lines += [f"{name}: {value}" for name, value in sorted(response.headers.items()) if name not in LEFT_OUT]
    lines += [morsel.OutputString() for _name, morsel in sorted(response.cookies.items())]
    return "\n".join([*lines, "", response.content.decode(errors="replace")])


def without_chance(told: str) -> str:
    """Take out what is new in each answer, and nothing else: NEW_EACH_TIME says what, and why."""
    return RANDOM.sub("", told)


@dataclass
class Comparison:
    """What two worlds answered to the same requests."""

    requests: list[Request]
    one: list[Answer]
    other: list[Answer]

    @property
    def differing(self) -> list[Request]:
        pairs = zip(self.requests, self.one, self.other, strict=True)
        return [request for request, one, other in pairs if one.told != other.told]

    def lines_of(self, request: Request, most: int = 6) -> list[str]:
        """The first lines in which the two answers to a request differ."""
        at = self.requests.index(request)
        lines = difflib.unified_diff(
            self.one[at].told.splitlines(),
            self.other[at].told.splitlines(),
            "with",
            "without",
            n=0,
            lineterm="",
        )
        return [line[:160] for line in lines if line[:2] not in ("--", "++", "@@")][:most]

    @property
    def telling(self) -> list[Request]:
        """Those whose answer has a word of something hidden that the asker had not said."""
        pairs = zip(self.requests, self.one, strict=True)
        return [r for r, answer in pairs if HIDDEN in answer.told and HIDDEN not in f"{r}"]

    @property
    def faults(self) -> list[Request]:
        return [request for request, answer in zip(self.requests, self.one, strict=True) if answer.is_fault]

    def words(self, what: str, change: str) -> str:
        """One line for who reads `make proof`."""
        kinds = Counter(answer.status // 100 for answer in self.one)
        addresses = len({(request.method, request.path) for request in self.requests})
        costs = sum(a.queries != b.queries for a, b in zip(self.one, self.other, strict=True))
        return (
            f"{what}: {len(self.requests)} probes at {addresses} addresses "
            f"({', '.join(f'{kinds[kind]} answered {kind}xx' for kind in (2, 3, 4, 5) if kinds[kind])}), "
            f"{change}, {len(self.differing)} differ, {costs} with another number of queries"
        )
