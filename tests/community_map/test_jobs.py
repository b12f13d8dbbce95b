"""Regular jobs: one process runs each, at its time; what fails is recorded; a killed process holds nothing for long."""

import os
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from community_map import jobs
from community_map.models import Job
from community_map.privacy import person_data
from tests.background import running_jobs, wait_for
from tests.factories import make_administrator, make_pin
from tests.serving import ROOT, database_url

pytestmark = pytest.mark.django_db
WITH_TRANSACTIONS = pytest.mark.django_db(transaction=True, serialized_rollback=True)
DAY = timedelta(days=1)


@pytest.fixture
def register():
    """Give a way to register jobs that are gone again after the test."""
    before = dict(jobs.registered)

    def add(name, run, **how):
        jobs.job(name, name, **{"every": timedelta(minutes=5), **how})(run)
        jobs.prepare()

    yield add
    jobs.registered.clear()
    jobs.registered.update(before)


def run_now(name: str) -> str | None:
    return jobs.run(name, jobs.claim(name, is_due=False))


def test_a_job_is_claimed_by_one_and_free_again_afterwards(register):
    register("sweep", lambda: "swept")

    lease = jobs.claim("sweep")
    assert (lease is not None, jobs.claim("sweep"), "sweep" in jobs.due(timezone.now())) == (
        True,
        None,
        False,
    )

    assert jobs.run("sweep", lease) == "swept"
    row = Job.objects.get(name="sweep")
    assert (row.result, row.error, row.lease, row.leased_until) == ("swept", "", None, None)
    assert row.due_at == row.finished_at + timedelta(minutes=5)
    assert jobs.claim("sweep") is None


def test_a_lease_that_nobody_renews_runs_out(register):
    register("sweep", lambda: "swept")
    lost = jobs.claim("sweep")
    Job.objects.filter(name="sweep").update(leased_until=timezone.now() - timedelta(seconds=1))

    taken = jobs.claim("sweep")

    assert taken not in (None, lost)
    # Whoever lost it does not overwrite what the other records.
    jobs.run("sweep", lost)
    assert Job.objects.get(name="sweep").lease == taken


def test_a_lease_that_is_renewed_does_not(register):
    register("sweep", lambda: "swept")
    lease = jobs.claim("sweep")
    Job.objects.filter(name="sweep").update(leased_until=timezone.now() + timedelta(seconds=1))

    jobs.renew([lease])

    assert Job.objects.get(name="sweep").leased_until > timezone.now() + timedelta(seconds=20)


def test_a_job_that_fails_is_recorded_without_the_rows_that_a_database_quotes(register):
    def fail():
        raise ValueError("duplicate key\nDETAIL: (email)=(somebody@example.org)")

    register("sweep", fail, every=DAY)

    assert run_now("sweep") is None

    row = Job.objects.get(name="sweep")
    assert (row.result, row.error) == ("", "ValueError: duplicate key")
    # Tomorrow would be late.
    assert row.due_at == row.finished_at + timedelta(hours=1)


def test_a_daily_job_is_due_at_its_hour_whatever_the_clocks_do():
    daily = jobs.Kind("daily", "", str, DAY, lambda: 3, None)

    def next_hour(*when):
        return timezone.localtime(daily.next_due(timezone.make_aware(datetime(*when))))

    assert next_hour(2026, 1, 10, 2, 59).strftime("%d %H:%M") == "10 03:00"
    assert next_hour(2026, 1, 10, 3, 0).strftime("%d %H:%M") == "11 03:00"
    # The clocks go forward in the night of 29 March, and back in that of 25 October.
    assert next_hour(2026, 3, 28, 12, 0).strftime("%d %H:%M") == "29 03:00"
    assert next_hour(2026, 10, 24, 12, 0).strftime("%d %H:%M") == "25 03:00"


def test_a_job_with_nothing_to_do_is_run_once_a_minute_only(register):
    waits = []
    register("sweep", lambda: "swept", every=timedelta(seconds=1), waits=lambda: bool(waits))
    run_now("sweep")
    soon = timezone.now() + timedelta(seconds=2)

    assert "sweep" not in jobs.due(soon)
    assert "sweep" in jobs.due(soon + timedelta(minutes=1))
    waits.append("something")
    assert "sweep" in jobs.due(soon)


def test_every_job_of_the_portal_runs_and_says_what_it_did():
    jobs.prepare()
    make_pin(seconds_taken=80)
    make_pin(seconds_taken=90)
    Session.objects.create(session_key="ended", session_data="", expire_date=timezone.now() - DAY)

    said = {name: run_now(name) for name in sorted(jobs.registered)}

    assert said == {
        "database": "done",
        "digest": "0 written",
        "outbox": "0 sent, 0 failed",
        "retention": "Nothing to delete",
        "sessions": "1 deleted",
        "tasks": "0 run",
        "statistics": "Median: 85 seconds. 2 pins sent in the last 90 days",
    }
    assert not Job.objects.exclude(error="").exists() and person_data.apply_retention() == {}


# --- the command ---


def command(*arguments) -> list[str]:
    out = StringIO()
    call_command("run_jobs", *arguments, stdout=out)
    return out.getvalue().splitlines()


@WITH_TRANSACTIONS
def test_one_run_does_what_is_due_and_one_that_fails_stops_no_other(register):
    register("a-fails", lambda: 1 / 0)
    register("b-works", lambda: "worked")
    Job.objects.exclude(name__in=["a-fails", "b-works"]).update(due_at=timezone.now() + DAY)

    with pytest.raises(CommandError, match="failed: a-fails"):
        command("--once")

    assert list(
        Job.objects.filter(name__endswith="s").exclude(finished_at=None).values_list("name", "result")
    ) == [
        ("a-fails", ""),
        ("b-works", "worked"),
    ]
    assert command("--once") == []


@WITH_TRANSACTIONS
def test_one_job_can_be_run_at_any_time_but_not_twice_at_once(register):
    register("sweep", lambda: "swept")
    assert command("--only", "sweep") == ["sweep\tswept"] == command("--only", "sweep")

    jobs.claim("sweep", is_due=False)
    with pytest.raises(CommandError, match="running in another process"):
        command("--only", "sweep")
    with pytest.raises(CommandError, match="use one of database, "):
        command("--only", "swep")


@WITH_TRANSACTIONS
def test_of_many_at_the_same_moment_one_claims(register):
    register("sweep", lambda: "swept")
    start, claimed = threading.Barrier(8), []

    def try_it():
        start.wait()
        try:
            claimed.append(jobs.claim("sweep"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(claimed), len([lease for lease in claimed if lease])) == (8, 1)


@WITH_TRANSACTIONS
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_loop_runs_what_is_due_and_ends_when_it_is_told(number):
    jobs.prepare()
    with running_jobs() as loop:
        wait_for(lambda: Job.objects.get(name="sessions").finished_at)
        loop.send_signal(number)
        out, _ = loop.communicate(timeout=20)

    assert (loop.returncode, out) == (0, "")
    assert not Job.objects.exclude(lease=None).exists()


@WITH_TRANSACTIONS
def test_the_loop_ends_with_its_parent_where_that_is_asked_for():
    # A shell that starts the loop and ends: only the loop still holds the pipe.
    script = f"'{sys.executable}' manage.py run_jobs --with-parent & sleep 4"
    parent = subprocess.Popen(  # noqa: S603
        ["/bin/sh", "-c", script],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    out, _ = parent.communicate(timeout=30)

    assert (parent.returncode, out) == (0, b"")


# --- in admin ---


def test_administrators_see_how_each_job_went_and_run_one_now(client, register):
    register("sweep", lambda: 1 / 0)
    run_now("sweep")
    client.force_login(make_administrator())
    page = client.get(reverse("admin:community_map_job_changelist")).content.decode()
    assert "Failed: ZeroDivisionError: division by zero" in page and "Delete ended sessions" in page
    before = Job.objects.get(name="sweep").due_at

    client.post(
        reverse("admin:community_map_job_changelist"), {"action": "run_now", "_selected_action": ["sweep"]}
    )

    assert Job.objects.get(name="sweep").due_at < before
    assert "sweep" in jobs.due(timezone.now())
