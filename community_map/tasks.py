"""Long work that somebody starts in admin: a web request has three seconds, a task has as long as it takes.

A task is a function that registers itself. Starting it writes a row; the regular job `tasks` runs what waits, one after
another, and the row says how far it is. A function must be safe to run again: a process that is stopped or killed leaves
its task to the next one.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map import jobs
from community_map.models import Task, User

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 3
KEPT_DAYS = 90
# Seconds between two notes of the progress.
NOTED = 1


class Interrupted(Exception):
    """The process is to end: the task goes on in the next one."""


@dataclass(frozen=True)
class Kind:
    """A registered task: what it does, and the list in admin that offers it ("app.model")."""

    name: str
    label: str
    run: Callable[..., str]
    offered_on: str


registered: dict[str, Kind] = {}


def task(name: str, label: str, *, offered_on: str = ""):
    """Register a function of a Progress, and of the arguments that it is started with; it returns its result."""

    def register(run: Callable[..., str]) -> Callable[..., str]:
        registered[name] = Kind(name, label, run, offered_on)
        return run

    return register


def offered_on(label: str) -> list[Kind]:
    return [kind for kind in registered.values() if kind.offered_on == label]


@transaction.atomic
def start(name: str, *, by: User, **arguments) -> Task:
    """Let the job run this; return its row, or the row of the same task where one waits or runs already."""
    same = Task.objects.filter(kind=name, arguments=arguments, state__in=Task.UNFINISHED)
    return same.first() or Task.objects.create(kind=registered[name].name, arguments=arguments, by=by)


class Progress:
    """Tells a task's row how far it is. Called outside a transaction, so that others can read it."""

    def __init__(self, row: Task) -> None:
        self.row, self._noted = row, 0.0

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Raises Interrupted when the process is to end."""
        if jobs.stopping.is_set():
            raise Interrupted
        if done < total and time.monotonic() - self._noted < NOTED:
            return
        self._noted = time.monotonic()
        Task.objects.filter(pk=self.row.pk).update(done=done, total=total, message=message[:200])


def task_waits() -> bool:
    return Task.objects.filter(state__in=Task.UNFINISHED).exists()


@jobs.job("tasks", gettext_lazy("Run tasks started in admin"), every=timedelta(seconds=1), waits=task_waits)
def run_waiting() -> str:
    """Run every task that waits. One that is marked as running was left by a process that has gone."""
    ran = 0
    while not jobs.stopping.is_set():
        row = Task.objects.filter(state__in=Task.UNFINISHED, kind__in=registered).order_by("pk").first()
        if row is None:
            break
        run(row)
        ran += 1
    return _("%(number)d run") % {"number": ran}


def run(row: Task) -> None:
    """Run one task and record how it ended. The job's lease keeps other processes from it."""
    rows = Task.objects.filter(pk=row.pk)
    if row.attempts >= MOST_ATTEMPTS:
        why = _("It was interrupted %(times)d times.") % {"times": MOST_ATTEMPTS}
        rows.update(state=Task.State.FAILED, error=why, finished_at=timezone.now())
        return
    started = row.started_at or timezone.now()
    rows.update(state=Task.State.RUNNING, attempts=row.attempts + 1, started_at=started)
    try:
        result = registered[row.kind].run(Progress(row), **row.arguments)
    except Interrupted:
        # It was asked to stop: that does not count as an attempt.
        rows.update(state=Task.State.WAITING, attempts=row.attempts)
    except Exception as error:  # whatever it is, it is shown to whoever started it
        logger.exception("task %s %s failed", row.pk, row.kind)
        rows.update(state=Task.State.FAILED, error=jobs.describe(error), finished_at=timezone.now())
    else:
        rows.update(state=Task.State.DONE, result=result, message="", finished_at=timezone.now())
