"""Long work that somebody starts in admin: run by the job, shown while it runs, taken up again after a stop."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from community_map import jobs, tasks
from community_map.models import Task
from pins import placing
from pins.models import Pin
from tests.background import running_jobs, wait_for
from tests.factories import make_administrator, make_area, make_moderator, make_pin, make_portal

pytestmark = pytest.mark.django_db
START = reverse("admin:community_map_boundaryset_start", args=["reassign-areas"])
WITH_TRANSACTIONS = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def register():
    before = dict(tasks.registered)
    yield lambda name, run: tasks.task(name, name)(run)
    tasks.registered.clear()
    tasks.registered.update(before)


def state_of(row: Task) -> tuple:
    row.refresh_from_db()
    return row.state, row.done, row.total, row.result, row.error


def test_a_task_runs_with_its_arguments_and_says_how_far_it_is(register):
    def count(progress, of):
        progress(of // 2, of, "Counting")
        seen.append(state_of(row))
        progress(of, of)
        return f"{of} counted"

    register("count", count)
    seen, row = [], tasks.start("count", by=make_administrator(), of=10)
    assert tasks.task_waits()

    assert tasks.run_waiting() == "1 run"

    assert seen == [("running", 5, 10, "", "")]
    assert state_of(row) == ("done", 10, 10, "10 counted", "") and not tasks.task_waits()


def test_a_task_that_fails_is_shown_and_the_next_one_runs(register):
    register("fail", lambda progress: 1 / 0)
    register("work", lambda progress: "worked")
    failed, done = (tasks.start(name, by=make_administrator()) for name in ("fail", "work"))

    assert tasks.run_waiting() == "2 run"

    assert state_of(failed) == ("failed", 0, None, "", "ZeroDivisionError: division by zero")
    assert state_of(done)[0] == "done"


def test_the_same_task_is_not_started_twice_while_it_waits(register):
    register("work", lambda progress, of=0: "worked")
    by = make_administrator()
    first = tasks.start("work", by=by)

    assert (tasks.start("work", by=by), tasks.start("work", by=by, of=2) != first) == (first, True)
    tasks.run_waiting()
    assert tasks.start("work", by=by) != first


def test_a_task_that_is_stopped_goes_on_later(register, monkeypatch):
    register("work", lambda progress: progress(1, 2) or "worked")
    row = tasks.start("work", by=make_administrator())
    monkeypatch.setattr(jobs.stopping, "is_set", iter([False, True, True]).__next__)
    tasks.run_waiting()
    assert (state_of(row)[0], row.attempts) == ("waiting", 0)
    monkeypatch.undo()

    tasks.run_waiting()

    assert state_of(row)[0] == "done"


def test_a_task_that_kills_its_process_each_time_is_not_run_for_ever(register):
    register("work", lambda progress: "worked")
    row = tasks.start("work", by=make_administrator())
    # What a process leaves that is killed in its third attempt.
    Task.objects.update(state="running", attempts=3, started_at=timezone.now())

    tasks.run_waiting()

    assert state_of(row) == ("failed", 0, None, "", "It was interrupted 3 times.")


@pytest.mark.parametrize(
    "fields", [{"state": "lost"}, {"state": "done"}, {"finished_at": timezone.now()}, {"done": 3, "total": 2}]
)
def test_the_database_refuses_a_task_that_cannot_be(register, fields):
    register("work", str)
    row = tasks.start("work", by=make_administrator())

    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=row.pk).update(**fields)


# --- a real one ---


def test_an_administrator_updates_every_pins_areas_and_sees_how_it_went(client):
    make_portal()
    pins = [make_pin(), make_pin()]
    area = make_area("Hendon")
    # As if the area had been drawn after them.
    Pin.areas.through.objects.all().delete()
    client.force_login(make_administrator())
    lists = client.get(reverse("admin:community_map_boundaryset_changelist")).content.decode()
    assert "Update every pin’s areas" in lists and START in lists

    page = client.post(START, follow=True).content.decode()
    assert (
        "This task is waiting" in page
        and "<script" not in page.partition("progress-title")[2].partition("</section>")[0]
    )
    row = Task.objects.get()
    Task.objects.update(state="running", done=500, total=2000)
    page = client.get(reverse("admin:community_map_task_change", args=[row.pk])).content.decode()
    assert re.search(r'<progress value="500" max="2000"[^>]*></progress>\s*500 of 2000', page)
    Task.objects.update(state="waiting")

    tasks.run_waiting()

    page = client.get(reverse("admin:community_map_task_change", args=[row.pk])).content.decode()
    assert "2 pins updated" in page and "Refresh" not in page
    assert all(area in pin.areas.all() for pin in pins)


def test_nobody_else_starts_a_task_and_no_link_does(client):
    client.force_login(make_moderator())
    assert client.post(START).status_code == 403
    client.force_login(make_administrator())
    assert client.get(START).status_code == 405
    assert client.post(START.replace("reassign-areas", "no-such-task")).status_code == 404

    assert not Task.objects.exists()


@WITH_TRANSACTIONS
def test_a_task_that_is_killed_is_taken_up_by_the_next_process(monkeypatch):
    make_portal()
    make_area("Hendon")
    for _ in range(3):
        make_pin()
    Pin.areas.through.objects.all().delete()
    row = tasks.start("reassign-areas", by=make_administrator())
    # Left by a process that was killed after its first batch.
    Task.objects.update(state="running", attempts=1, started_at=timezone.now(), done=1, total=3)

    with running_jobs():
        wait_for(lambda: state_of(row)[0] == "done")

    assert state_of(row) == ("done", 3, 3, "3 pins updated", "")
    assert Pin.areas.through.objects.count() >= 3


def test_stopping_between_two_batches_leaves_whole_pins(monkeypatch):
    make_portal()
    make_area("Hendon")
    for _ in range(3):
        make_pin()
    Pin.areas.through.objects.all().delete()
    monkeypatch.setattr(placing, "BATCH", 1)

    def stop(done, total):
        raise tasks.Interrupted

    with pytest.raises(tasks.Interrupted):
        placing.place_all(stop)
    assert Pin.objects.exclude(areas=None).count() == 1
    assert placing.place_all() == 3
    assert Pin.objects.exclude(areas=None).count() == 3
