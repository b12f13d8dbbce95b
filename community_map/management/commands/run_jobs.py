import contextlib
import logging
import os
import signal
import threading
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, connections
from django.utils import timezone

from community_map import jobs

logger = logging.getLogger(__name__)
# Seconds between two looks at what is due; a code for signing in waits a little longer than this.
PAUSE = 0.5
# Seconds between two renewals: several fit into a lease.
RENEWAL = 5


class Loop:
    """Runs what is due, each job in a thread of its own, so that none waits for another."""

    def __init__(self) -> None:
        self.running: dict[str, threading.Thread] = {}
        self.leases: dict[str, object] = {}
        self.results: dict[str, str | None] = {}
        self.renewed = time.monotonic()

    def start(self, name: str, *, is_due: bool = True) -> bool:
        """Claim a job and run it in a thread; return False where another process holds it."""
        lease = jobs.claim(name, is_due=is_due)
        if lease is None:
            return False
        thread = threading.Thread(target=self._run, args=(name, lease), name=f"job {name}")
        self.running[name], self.leases[name] = thread, lease
        thread.start()
        return True

    def _run(self, name: str, lease) -> None:
        try:
            self.results[name] = jobs.run(name, lease)
        except (DatabaseError, InterfaceError):
            # The job has run, or has not; the lease runs out, and it is due again.
            logger.exception("job %s could not be recorded", name)
            self.results[name] = None
        finally:
            connections.close_all()

    def start_due(self) -> None:
        for name in jobs.due(timezone.now()):
            if name not in self.running:
                self.start(name)

    def tend(self) -> None:
        """Forget the threads that have ended, and renew the leases of the others."""
        for name in [name for name, thread in self.running.items() if not thread.is_alive()]:
            self.running.pop(name).join()
            self.leases.pop(name)
        if self.leases and time.monotonic() - self.renewed > RENEWAL:
            jobs.renew(list(self.leases.values()))
            self.renewed = time.monotonic()

    def finish(self) -> None:
        """Wait for the jobs in hand."""
        while self.running:
            with survive():
                self.tend()
            for thread in list(self.running.values()):
                thread.join(timeout=0.2)


@contextlib.contextmanager
def survive():
    """Go on when the database does not answer: it comes back, or the leases run out."""
    close_old_connections()
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        logger.warning("the database does not answer: %s", type(error).__name__)
        if not connection.in_atomic_block:
            connection.close()


class Command(BaseCommand):
    help = (
        "Run the portal's regular jobs: sending email, retention, ended sessions and so on. "
        "Keep it running as a service beside the web server. Several can run at once. "
        "With --once it runs what is due and ends, for a timer."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due, then stop")
        parser.add_argument("--only", metavar="NAME", help="run this job now, whether it is due or not")
        parser.add_argument("--list", action="store_true", help="list the jobs and how they last ran")
        parser.add_argument(
            "--with-parent", action="store_true", help="stop when the process that started this one ends"
        )

    def handle(self, *args, **options) -> None:
        jobs.prepare()
        if options["list"]:
            self.list_jobs()
        elif options["only"]:
            self.run_only(options["only"])
        elif options["once"]:
            self.run_once()
        else:
            self.run_until_told(with_parent=options["with_parent"])

    def list_jobs(self) -> None:
        for row in jobs.Job.objects.filter(name__in=jobs.registered):
            last = f"{row.finished_at:%Y-%m-%d %H:%M:%S}" if row.finished_at else "-"
            self.stdout.write(
                f"{row.name}\t{row.due_at:%Y-%m-%d %H:%M:%S}\t{last}\t{row.error or row.result}"
            )

    def run_only(self, name: str) -> None:
        if name not in jobs.registered:
            raise CommandError(f"--only={name!r}: use one of {', '.join(sorted(jobs.registered))}")
        loop = Loop()
        if not loop.start(name, is_due=False):
            raise CommandError(f"{name} is running in another process")
        loop.finish()
        self.report(loop)

    def run_once(self) -> None:
        loop = Loop()
        loop.start_due()
        loop.finish()
        self.report(loop)

    def report(self, loop: Loop) -> None:
        failed = sorted(name for name, result in loop.results.items() if result is None)
        for name, result in sorted(loop.results.items()):
            self.stdout.write(f"{name}\t{result if result is not None else 'failed'}")
        if failed:
            raise CommandError(f"failed: {', '.join(failed)}")

    def run_until_told(self, *, with_parent: bool) -> None:
        stop, parent = jobs.stopping, os.getppid()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        loop = Loop()
        while not stop.is_set():
            with survive():
                loop.tend()
                loop.start_due()
            stop.wait(PAUSE)
            if with_parent and os.getppid() != parent:
                stop.set()
        loop.finish()
