"""What runs in the background, as people see it: the daily email's pages, jobs, emails and a task's progress in admin."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from community_map import digest, jobs, tasks
from community_map.mail import queue_mail, queue_secret_mail
from community_map.models import OutboxMail, Task
from tests.browser.test_every_page import look
from tests.factories import make_administrator, make_area, make_moderator, make_pin, make_portal

WIDTHS = (1280, 375)
# Where to leave pictures of the pages, for people to look at.
PICTURES = os.environ.get("PICTURES", "")


def picture(page, name: str) -> None:
    if PICTURES:
        page.screenshot(
            path=str(Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png"), full_page=True
        )


def look_and_picture(page, address: str, name: str) -> list[str]:
    """Return what is wrong with a page of ours."""
    wrong = []
    for width in WIDTHS:
        wrong += [f"{width}: {fault}" for fault in look(page, address, width)]
        picture(page, name)
    return wrong


def look_at_admin(page, address: str, name: str) -> None:
    """Admin's pages are Django's: axe would measure them by styles that it writes, which the policy refuses."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        picture(page, name)


@pytest.fixture
def administrator(live_server, db_with_groups, enter_as):
    make_portal()
    make_area("Hill ward")
    for _ in range(3):
        make_pin()
    person = make_administrator("boss@example.net")
    enter_as(person)
    return person


def test_a_moderator_stops_the_daily_email_from_its_link_without_signing_in(
    page, live_server, db_with_groups
):
    make_portal()
    user = make_moderator("m@example.net")
    token = digest.token_for(user)
    for choice in ("pause", "stop"):
        assert look_and_picture(page, f"{live_server.url}/daily-email/{token}/{choice}/", choice) == []

    page.get_by_role("button", name="Stop the daily email").click()

    expect(page.get_by_role("heading", name="Your daily email is off")).to_be_visible()
    picture(page, "stopped")
    user.refresh_from_db()
    assert not user.gets_digest and page.context.cookies() == []


def test_a_person_changes_the_daily_email_on_the_account_page(page, live_server, administrator):
    assert look_and_picture(page, f"{live_server.url}/accounts/", "account") == []
    page.get_by_role("link", name="Change your daily email").click()
    assert look_and_picture(page, page.url, "daily-email") == []

    page.get_by_label("Pause it for two weeks").check()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Paused until")).to_be_visible()


def test_an_administrator_starts_a_task_and_reads_its_progress(page, live_server, administrator):
    page.goto(f"{live_server.url}/admin/community_map/boundaryset/")
    look_at_admin(page, page.url, "boundary-sets")
    page.get_by_role("button", name="Update every pin’s areas").click()
    expect(page.get_by_text("This task is waiting.")).to_be_visible()
    Task.objects.update(state="running", done=1, total=3, started_at=timezone.now())
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    expect(page.get_by_text("1 of 3")).to_be_visible()
    look_at_admin(page, page.url, "task")
    Task.objects.update(state="waiting")

    tasks.run_waiting()

    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("3 pins updated")).to_be_visible()
    look_at_admin(page, page.url, "task-done")


def test_an_administrator_reads_the_jobs_and_sends_a_mail_again(page, live_server, administrator):
    jobs.prepare()
    jobs.run("statistics", jobs.claim("statistics", is_due=False))
    page.goto(f"{live_server.url}/admin/community_map/job/")
    expect(page.get_by_text("No pins sent in the last 90 days")).to_be_visible()
    look_at_admin(page, page.url, "jobs")
    lost = queue_mail("author@example.org", "Published: Choir", "Thank you")
    queue_mail("other@example.org", "Published: Club", "Thank you")
    queue_secret_mail("new@example.org", "Your sign-in code", "ABC-123")
    OutboxMail.objects.filter(pk=lost.pk).update(
        given_up_at=timezone.now(), attempts=21, last_error="SMTPRecipientsRefused: 550 no such mailbox"
    )
    look_at_admin(page, f"{live_server.url}/admin/community_map/outboxmail/", "emails")
    page.goto(f"{live_server.url}/admin/community_map/outboxmail/{lost.pk}/change/")
    look_at_admin(page, page.url, "email")

    page.goto(f"{live_server.url}/admin/community_map/outboxmail/?state=given-up")
    page.get_by_role("checkbox", name="Select this object for an action - Published: Choir").check()
    page.get_by_role("combobox", name="Action:").select_option(label="Send again")
    page.get_by_role("button", name="Go").click()

    expect(page.get_by_text("1 email will be sent again in the next few seconds.")).to_be_visible()
