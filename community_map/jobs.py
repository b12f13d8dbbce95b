"""Regular jobs: which there are, and running one under a lease that works on both databases and through pgbouncer.

A job is a function that registers itself with its rhythm. Its row (`Job`) is claimed by one conditional UPDATE; no
session holds a lock. The process that runs it renews the lease while it works, so that the lease of a process that was
killed runs out and another one takes the job. `manage.py run_jobs` is the loop.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from community_map.models import Job

logger = logging.getLogger(__name__)
# How long a claim holds without being renewed.
LEASE = timedelta(seconds=30)
# A job that has nothing to do is still run this often: its row says that the loop is alive.
IDLE = timedelta(minutes=1)
# A daily job that failed is tried again sooner than tomorrow.
AFTER_FAILURE = timedelta(hours=1)
# Set while the process ends: long jobs look at it between two steps that may stand alone.
stopping = threading.Event()


@dataclass(frozen=True)
class Kind:
    """A registered job: what it does and says it did, how often, and whether there is anything to do."""

    name: str
    label: str
    run: Callable[[], str]
    every: timedelta
    hour: Callable[[], int] | None
    waits: Callable[[], bool] | None

    def next_due(self, now: datetime) -> datetime:
        """Return when the job is due after a run at this moment: at its hour, or one period later."""
        if self.hour is None:
            return now + self.every
        local = timezone.localtime(now)
        today = local.replace(hour=self.hour(), minute=0, second=0, microsecond=0)
        return today if today > local else today + self.every


registered: dict[str, Kind] = {}


def job(name: str, label: str, *, every: timedelta, hour=None, waits=None):
    """Register a function that returns what it did, in a few words without personal data.

    `hour` is a function that returns the hour of the day, local time, at which a daily job runs. `waits` tells
    whether there is anything to do, in one cheap query, for jobs that run every second or so.
    """

    def register(run: Callable[[], str]) -> Callable[[], str]:
        registered[name] = Kind(name, label, run, every, hour, waits)
        return run

    return register


def at(hour: int) -> Callable[[], int]:
    return lambda: hour


def prepare() -> None:
    """Write the rows of jobs that have none yet."""
    now = timezone.now()
    known = set(Job.objects.values_list("name", flat=True))
    missing = [kind for name, kind in registered.items() if name not in known]
    first = {kind.name: kind.next_due(now) if kind.hour else now for kind in missing}
    Job.objects.bulk_create(
        [Job(name=name, due_at=due) for name, due in first.items()], ignore_conflicts=True
    )


def due(now: datetime) -> list[str]:
    """Return the names of the jobs that are due, that nobody holds, and that have something to do."""
    free = Job.objects.free(now).filter(due_at__lte=now, name__in=registered).order_by("name")
    return [row.name for row in free if _has_something_to_do(row, now)]


def _has_something_to_do(row: Job, now: datetime) -> bool:
    waits = registered[row.name].waits
    return waits is None or row.finished_at is None or row.finished_at < now - IDLE or waits()


def claim(name: str, *, is_due: bool = True) -> uuid.UUID | None:
    """Claim a job; return the lease, or None where it is held, or no longer due.

    One UPDATE decides: of two processes the second finds the row held.
    """
    now, lease = timezone.now(), uuid.uuid4()
    rows = Job.objects.free(now).filter(name=name)
    if is_due:
        rows = rows.filter(due_at__lte=now)
    claimed = rows.update(lease=lease, leased_until=now + LEASE, started_at=now)
    return lease if claimed else None


def renew(leases: list[uuid.UUID]) -> None:
    """Hold the jobs that are still running for longer."""
    Job.objects.filter(lease__in=leases).update(leased_until=timezone.now() + LEASE)


def run(name: str, lease: uuid.UUID) -> str | None:
    """Run a claimed job and record how it went; return its result, or None where it failed."""
    kind, began = registered[name], time.monotonic()
    try:
        result, error = kind.run()[:300], ""
    except Exception as fault:  # whatever it is, it is recorded, and no other job must suffer
        logger.exception("job %s failed", name)
        result, error = None, describe(fault)
    now = timezone.now()
    next_due = kind.next_due(now) if result is not None else min(kind.next_due(now), now + AFTER_FAILURE)
    recorded = Job.objects.filter(name=name, lease=lease).update(
        lease=None,
        leased_until=None,
        due_at=next_due,
        finished_at=now,
        seconds=round(time.monotonic() - began, 3),
        result=result or "",
        error=error,
    )
    if not recorded:
        logger.warning("job %s took longer than its lease, and another process has taken it over", name)
    return result


def describe(fault: Exception) -> str:
    """Return what went wrong, for admin: the first line only, because databases quote rows in the others."""
    return f"{type(fault).__name__}: {str(fault).partition(chr(10))[0]}"[:300]
