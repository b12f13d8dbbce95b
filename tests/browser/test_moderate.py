"""A moderator returns a pin, its author mends it, the moderator publishes it, and residents find it."""

import pytest
from playwright.sync_api import expect

from pins.models import Pin
from tests.factories import (
    make_approach,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_portal,
    make_service,
)


@pytest.fixture
def pin(db_with_groups):
    make_portal(return_templates="Please choose a landmark instead of a home.")
    libraries = make_service("Libraries")
    author = make_contributor("author@example.org", service=libraries)
    pin = make_pin("Walking group", status="submitted", author=author, category=make_category("Clubs"))
    make_connection(pin, libraries, [make_approach("Joining in")])
    return pin


def open_from_the_queue(page, live_server, name: str) -> None:
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="1 pin to check").click()
    page.get_by_role("link", name=name).click()


def test_returned_mended_published_found(page, live_server, pin, sign_in, context):
    sign_in(make_moderator("moderator@example.org"))
    open_from_the_queue(page, live_server, "Walking group")
    page.get_by_label("Choose a standard reason").select_option("Please choose a landmark instead of a home.")
    page.get_by_label("Reason (sent to the author)").fill("The library would do.")
    page.get_by_role("button", name="Return to the author").click()
    expect(page.get_by_text("Returned: “Walking group”.")).to_be_visible()

    context.clear_cookies()
    sign_in(pin.created_by)
    expect(page.get_by_text("The library would do.")).to_be_visible()
    page.get_by_role("link", name="Change it and send it again").click()
    page.get_by_label("What are they called?").fill("Walking group, Church End Library")
    page.get_by_label("No, nobody lives there").check()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    context.clear_cookies()
    sign_in(make_moderator("second@example.org"))
    open_from_the_queue(page, live_server, "Walking group, Church End Library")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("No more pins to check.")).to_be_visible()

    context.clear_cookies()
    page.goto(f"{live_server.url}/map/list/")
    page.get_by_role("link", name="Walking group, Church End Library").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Walking group, Church End Library")
    pin.refresh_from_db()
    assert [decision.kind for decision in pin.decisions.all()] == ["publish", "return"]


def test_many_are_published_from_the_queue(page, live_server, pin, sign_in):
    make_pin("Second group", status="submitted", author=pin.created_by, category=pin.category)
    sign_in(make_moderator())
    page.goto(f"{live_server.url}/admin/pins/pin/")

    page.get_by_label("Select all objects on this page for an action").check()
    page.get_by_label("Action:").select_option(label="Publish")
    page.get_by_role("button", name="Run the selected action").or_(
        page.get_by_role("button", name="Go")
    ).first.click()

    expect(page.get_by_text("2 pins: Published.")).to_be_visible()
    assert Pin.objects.filter(status="published").count() == 2


def test_a_duplicate_is_merged_on_a_phone_without_a_script(browser, live_server, pin, sign_in, context):
    pin.visibility, pin.description = 1, "Walks on Mondays"
    pin.save()
    stays = make_pin("Monday walkers", category=pin.category)
    sign_in(make_moderator("moderator@example.org"))
    phone = browser.new_context(
        viewport={"width": 320, "height": 640},
        java_script_enabled=False,
        storage_state=context.storage_state(),
    )
    page = phone.new_page()
    page.goto(f"{live_server.url}/admin/pins/pin/{pin.pk}/change/")

    page.get_by_role("link", name="Duplicate? Merge with another pin").click()
    page.get_by_label("Search for the pin to keep").fill("monday")
    page.get_by_role("button", name="Search").last.click()
    page.get_by_role("link", name="Monday walkers").click()
    page.get_by_label("What they do").check()
    width = page.locator("#content").bounding_box()
    assert width["x"] + width["width"] <= 320
    page.get_by_role("button", name="Merge").click()

    expect(page.get_by_text("“Walking group” has been merged with this pin.")).to_be_visible()
    stays.refresh_from_db()
    assert stays.description == "Walks on Mondays"
    phone.close()
