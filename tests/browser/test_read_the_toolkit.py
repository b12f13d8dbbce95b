"""Residents and staff read the toolkit; editors write it; everybody may send a story."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_approach, make_portal, make_user
from tests.toolkit_factories import (
    make_case_study,
    make_page,
    make_prompt,
    make_scale,
    make_story,
    make_term,
    make_voice,
)
from toolkit.models import CaseStudy, Feedback, PublicationStatus, Story

LONG = "A paragraph about it. " * 60


@pytest.fixture
def toolkit(db_with_groups, django_db_serialized_rollback):
    make_portal()
    consulting = make_approach("Consulting", description="Asking first")
    for name in ("Communicating", "Partnership", "Leading"):
        make_approach(name)
    make_scale("How is power shared?", slug="power")
    make_prompt("Who is missing?", slug="missing")
    make_term("asset", slug="asset", definition="Something of use to a community.")
    make_page(
        "Working out who to involve",
        slug="who",
        level="some",
        approaches=[consulting],
        body=f"## Begin\n\nEvery asset counts.\n\n{{prompt: power}}\n\n{{prompt: missing}}\n\n{LONG}\n\n"
        f"## Look around\n\n{LONG}\n\n## Come back\n\nThe end of it.",
    )
    make_page("Kicking off", slug="kick", body="Councils begin.")
    make_case_study("A food hub", slug="food", place_in_words="Hendon", longitude=-0.2, latitude=51.6)
    return consulting


def test_a_reader_chooses_a_situation_and_jumps_to_a_part(page: Page, live_server, toolkit):
    page.goto(f"{live_server.url}/toolkit/")
    page.get_by_label("Your experience").select_option("Some experience")
    page.get_by_label("Approach").select_option("Consulting")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("link", name="Kicking off")).to_have_count(0)
    page.get_by_role("link", name="Working out who to involve").click()

    menu = page.get_by_role("navigation", name="On this page")
    expect(menu.get_by_role("link")).to_have_text(["Begin", "Look around", "Come back"])
    menu.get_by_role("link", name="Come back").click()

    expect(page.get_by_role("heading", name="Come back")).to_be_in_viewport()
    page.get_by_role("link", name="Communities we work with in this way").click()
    expect(page).to_have_url(f"{live_server.url}/map/list/?approach=consulting")


def test_a_reader_searches_and_is_helped_with_spelling(page: Page, live_server, toolkit):
    page.goto(f"{live_server.url}/toolkit/who/")
    page.get_by_role("searchbox").fill("councl begin")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("status")).to_have_text("No results found.")
    page.get_by_role("link", name="councils begin").click()

    expect(page.get_by_role("heading", name="Kicking off")).to_be_visible()
    expect(page.locator("mark")).to_have_text(["Councils", "begin"])


def test_a_term_explains_itself_by_keyboard(page: Page, live_server, toolkit):
    page.goto(f"{live_server.url}/toolkit/who/")
    term = page.get_by_role("button", name="asset")
    term.focus()
    expect(term).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Something of use to a community.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Something of use to a community.")).to_be_hidden()
    expect(term).to_be_focused()


def test_a_term_explains_itself_by_touch(browser, browser_context_args, live_server, toolkit):
    context = browser.new_context(
        **browser_context_args, has_touch=True, viewport={"width": 375, "height": 700}
    )
    phone = context.new_page()
    phone.goto(f"{live_server.url}/toolkit/who/")
    phone.get_by_role("button", name="asset").tap()
    expect(phone.get_by_text("Something of use to a community.")).to_be_visible()
    context.close()


def test_without_script_a_term_leads_to_the_glossary(browser, browser_context_args, live_server, toolkit):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{live_server.url}/toolkit/who/")
    plain.get_by_role("link", name="asset").click()
    expect(plain).to_have_url(f"{live_server.url}/toolkit/glossary/#asset")
    expect(plain.get_by_text("Something of use to a community.")).to_be_visible()
    context.close()


def test_answers_are_kept_in_the_browser_printed_downloaded_and_erased(page: Page, live_server, toolkit):
    sent = []
    page.on("request", lambda request: request.method != "GET" and sent.append(request.url))
    page.goto(f"{live_server.url}/toolkit/who/")
    page.get_by_label("4 of 5").check(force=True)
    page.get_by_label("Who is missing?").fill("Night workers\nand carers")
    page.get_by_label("Who is missing?").blur()
    expect(page.get_by_role("status").filter(has_text="Saved in your notebook")).to_have_count(2)
    page.reload()
    expect(page.get_by_label("4 of 5")).to_be_checked()
    expect(page.get_by_label("Who is missing?")).to_have_value("Night workers\nand carers")

    page.get_by_role("link", name="Your notebook").click()
    expect(page.get_by_role("listitem").filter(has_text="4 of 5")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as a text file").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "How is power shared?\n4 of 5" in text
    assert "Night workers\nand carers" in text

    page.get_by_role("button", name="Delete: How is power shared?").click()
    expect(page.get_by_role("status")).to_have_text("Answer deleted.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete all answers").click()
    expect(page.get_by_text("You have not answered any questions yet.")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    assert sent == []


def test_one_click_says_that_a_page_was_useful_and_a_sentence_may_follow(page: Page, live_server, toolkit):
    page.goto(f"{live_server.url}/toolkit/kick/")
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_label("How could we make this page better?").fill("More pictures, please.")
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_text("Our editors will read your comment.")).to_be_visible()
    page.get_by_role("link", name="Back to the page").click()
    expect(page).to_have_url(f"{live_server.url}/toolkit/kick/")

    answer = Feedback.objects.get()
    assert (answer.address, answer.is_useful, answer.sentence) == (
        "/toolkit/kick/",
        False,
        "More pictures, please.",
    )
    assert page.context.cookies() == []


def test_a_resident_sends_a_story_and_an_editor_makes_a_case_study_of_it(
    page: Page, live_server, toolkit, enter_as
):
    page.goto(f"{live_server.url}/toolkit/stories/")
    page.get_by_role("button", name="Send a story").click()
    page.get_by_label("What is your story about?").fill("Walks from the library")
    page.get_by_label("What happened?").fill("We walk on Tuesdays. Ring 020 7946 0123.")
    page.get_by_label("You can edit my story").check()
    page.get_by_role("button", name="Send story", exact=True).click()
    # Something personal: pointed out before it is sent.
    page.get_by_role("button", name="Change it").click()
    page.get_by_label("What happened?").fill("We walk on Tuesdays.")
    page.get_by_role("button", name="Send story", exact=True).click()
    expect(page.get_by_role("heading", name="Thank you for your story")).to_be_visible()
    page.goto(f"{live_server.url}/toolkit/case-studies/")
    expect(page.get_by_text("Walks from the library")).to_have_count(0)

    enter_as(make_user("editor@example.org", ("Editors",), is_staff=True))
    page.goto(f"{live_server.url}/admin/toolkit/story/")
    page.get_by_role("link", name="Walks from the library").click()
    page.get_by_role("button", name="Create a draft case study").click()
    expect(page.get_by_text("We have created this draft case study.")).to_be_visible()
    page.get_by_label("What we learned:", exact=True).fill("People stay for the tea.")
    page.get_by_label("Status").select_option("Published")
    page.get_by_role("button", name="Save and continue editing").first.click()
    page.get_by_role("link", name="View the public page").click()

    expect(page.get_by_role("heading", name="Walks from the library")).to_be_visible()
    expect(page.get_by_text("People stay for the tea.")).to_be_visible()
    assert Story.objects.get().case_study == CaseStudy.objects.get(title="Walks from the library")


def test_an_editor_previews_a_draft_publishes_it_and_brings_an_older_version_back(
    page: Page, live_server, toolkit, enter_as
):
    draft = make_page("Sharing power", slug="sharing", body="First words.", status=PublicationStatus.DRAFT)
    enter_as(make_user("editor@example.org", ("Editors",), is_staff=True))
    address = f"{live_server.url}/admin/toolkit/page/{draft.pk}/change/"

    page.goto(address)
    page.get_by_role("link", name="Preview").first.click()
    expect(page.get_by_text("First words.")).to_be_visible()
    expect(page.get_by_text("only editors can see this page")).to_be_visible()
    page.goto(address)
    page.get_by_label("Text:", exact=True).fill("Second words.")
    page.get_by_label("Status").select_option("Published")
    page.get_by_role("button", name="Save and continue editing").first.click()
    page.goto(f"{live_server.url}/toolkit/sharing/")
    expect(page.get_by_text("Second words.")).to_be_visible()

    page.goto(address)
    page.get_by_role("button", name=re.compile("^Restore")).last.click()
    expect(page.get_by_text("has been restored.")).to_be_visible()
    page.goto(f"{live_server.url}/toolkit/sharing/")
    expect(page.get_by_text("First words.")).to_be_visible()


def test_withdrawn_consent_takes_a_voice_off_every_page_at_once(page: Page, live_server, toolkit, enter_as):
    voice = make_voice("It was our idea", slug="idea", words="They asked us first.")
    make_page("With a voice", slug="with-voice", body="{voice: idea}")
    page.goto(f"{live_server.url}/toolkit/with-voice/")
    expect(page.get_by_text("They asked us first.")).to_be_visible()

    enter_as(make_user("editor@example.org", ("Editors",), is_staff=True))
    page.goto(f"{live_server.url}/admin/toolkit/voice/{voice.pk}/change/")
    page.get_by_role("button", name="Withdraw consent and unpublish").click()
    expect(page.get_by_text("Consent withdrawn:")).to_be_visible()

    for address in ("/toolkit/with-voice/", "/toolkit/voices/", "/toolkit/print/"):
        page.goto(live_server.url + address)
        expect(page.get_by_text("They asked us first.")).to_have_count(0)


def test_case_studies_are_a_layer_of_the_map(page: Page, live_server, toolkit):
    page.goto(f"{live_server.url}/map/")
    page.get_by_label("Show case studies").check()
    marker = page.get_by_role("button", name="A food hub, Case study")
    marker.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("link", name="A food hub").click()

    expect(page).to_have_url(f"{live_server.url}/toolkit/case-studies/food/")
    page.get_by_role("link", name="Show on the map").click()
    expect(page.get_by_role("button", name="A food hub, Case study")).to_be_visible()


def test_a_story_waits_with_an_editor_and_not_with_moderators(page: Page, live_server, toolkit, enter_as):
    make_story("A waiting story")
    enter_as(make_user("moderator@example.org", ("Moderators",), is_staff=True))
    page.goto(f"{live_server.url}/admin/")
    expect(page.get_by_role("link", name="Stories")).to_have_count(0)
