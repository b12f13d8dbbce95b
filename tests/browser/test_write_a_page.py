"""An editor writes a page with its preview beside it, and a reader has a term explained without a mouse."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.factories import make_editor, make_portal
from tests.toolkit.hostile import PAYLOADS
from tests.toolkit_factories import make_case_study, make_page, make_prompt, make_term
from toolkit.models import Page as ToolkitPage

WORDS = "Ask who is missing, and use every asset.\n\n{prompt: who-is-missing}"


@pytest.fixture
def writing(db_with_groups, live_server, page: Page, enter_as):
    """The change page of a draft, opened by an editor."""
    make_portal()
    make_prompt("Who is missing?", slug="who-is-missing")
    make_term("asset", definition="Something of use.")
    draft = make_page("Beginning", slug="beginning", body="Ask.", status="draft")
    enter_as(make_editor())
    page.goto(f"{live_server.url}/admin/toolkit/page/{draft.pk}/change/")
    return page


def test_the_preview_follows_what_is_written_and_errors_are_mended_before_saving(writing, live_server):
    preview = writing.get_by_role("region", name="Preview: Text")
    box = writing.get_by_label("Text:")
    expect(preview.get_by_text("Ask.")).to_be_visible()

    box.fill(f"### Too early\n\nGo [here](/map/).\n\n{WORDS}")
    expect(preview.get_by_role("heading", name="Too early")).to_be_visible()
    expect(preview.get_by_text("Who is missing?")).to_be_visible()
    expect(preview.get_by_role("link", name="here")).to_have_attribute("target", "_blank")
    body = writing.locator(".app-markdown", has=writing.locator("#id_body"))
    expect(body.get_by_role("status")).to_have_text("Errors to fix before you save: 2. Suggestions: 0.")
    expect(body.get_by_role("listitem")).to_have_text(
        [
            "Fix: Line 1: Add a ## heading above this ### heading.",
            "Fix: Line 3: “here” does not say where the link goes. Describe the page it leads to.",
        ]
    )

    writing.get_by_role("button", name="Save", exact=True).first.click()
    expect(
        writing.get_by_text(
            "Line 3: “here” does not say where the link goes. Describe the page it leads to."
        ).first
    ).to_be_visible()
    expect(box).to_have_value(f"### Too early\n\nGo [here](/map/).\n\n{WORDS}")

    box.fill(f"## In time\n\nGo to [the map](/map/).\n\n{WORDS}")
    expect(body.get_by_role("status")).to_have_text("No errors or suggestions.")
    writing.get_by_role("button", name="Save", exact=True).first.click()
    expect(writing.get_by_text("was changed successfully")).to_be_visible()
    assert ToolkitPage.objects.get().body.startswith("## In time")


def test_the_preview_has_the_public_look_and_admin_keeps_its_own(writing):
    preview = writing.get_by_role("region", name="Preview: Text")
    writing.get_by_label("Text:").fill("s1. Ask.\n\n^Listen.^\n\nAn asset.")
    step = preview.get_by_role("listitem")
    expect(step).to_have_css("counter-increment", "step 1")
    expect(preview.get_by_text("Listen.")).to_have_css("border-left-style", "solid")

    preview.get_by_role("button", name="asset").click()
    expect(preview.get_by_text("Something of use.")).to_be_visible()
    assert writing.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--app-line')") == ""


def test_nothing_hostile_that_is_written_does_anything(writing, live_server, faults):
    preview = writing.get_by_role("region", name="Preview: Text")
    writing.evaluate("void (window.alert = () => { window.isHacked = true; })")
    text = "".join(f"{payload}\n\n[x]({payload})\n\n![{payload}](x)\n\n" for payload in PAYLOADS)
    writing.get_by_label("Text:").fill(text.replace("\x01", "") + "The end of it.")

    expect(preview.get_by_text("The end of it.")).to_be_attached()
    found = preview.evaluate(
        """(host) => [...host.shadowRoot.querySelectorAll(".app-reading__text *")].flatMap((element) => [
          ...(/^(script|style|img|svg|math|iframe|object|embed|form|input|link|meta|base)$/i.test(element.localName)
            ? [element.outerHTML] : []),
          ...element.getAttributeNames().filter((name) => name.startsWith("on") || name === "style" || name === "src"),
          ...(element.href && !/^(https?|mailto):/.test(element.href) ? [element.href] : []),
        ])"""
    )
    assert found == []
    assert writing.evaluate("window.isHacked") is None


def test_after_signing_out_the_preview_says_so_and_keeps_what_is_typed(writing, context, faults):
    context.clear_cookies()
    box = writing.get_by_label("Text:")
    box.fill("Not saved yet.")

    body = writing.locator(".app-markdown", has=writing.locator("#id_body"))
    expect(body.get_by_role("status")).to_contain_text("What you typed is still here")
    expect(box).to_have_value("Not saved yet.")


def test_four_texts_of_a_case_study_have_a_preview_each(db_with_groups, live_server, page, enter_as):
    make_portal()
    study = make_case_study("A food hub", what_changed="More people came.")
    enter_as(make_editor())

    page.goto(f"{live_server.url}/admin/toolkit/casestudy/{study.pk}/change/")

    expect(page.get_by_role("region", name="Preview")).to_have_count(4)
    changed = page.get_by_role("region", name="Preview: What changed")
    expect(changed.get_by_text("More people came.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_box_and_preview_fit_the_window(writing, width):
    writing.set_viewport_size({"width": width, "height": 800})
    expect(writing.get_by_role("region", name="Preview: Text").get_by_text("Ask.")).to_be_visible()

    box = writing.get_by_label("Text:").bounding_box()
    preview = writing.get_by_role("region", name="Preview: Text").bounding_box()

    assert box["x"] >= 0 and preview["x"] + preview["width"] <= width
    assert (preview["y"] > box["y"]) == (width == 320) or preview["x"] > box["x"]


def test_a_term_explains_itself_by_keyboard(db_with_groups, live_server, page):
    make_portal()
    make_term("asset", definition="Something of use.")
    make_page(slug="begin", body="Use every asset. An asset is not named twice.")
    page.goto(f"{live_server.url}/toolkit/begin/")
    term = page.get_by_role("button", name="asset")
    meaning = page.get_by_text("Something of use.")
    expect(meaning).to_be_hidden()

    term.focus()
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    expect(term).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(term).to_be_focused()

    page.keyboard.press("Space")
    expect(meaning).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="asset", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(term).to_be_focused()


def test_without_script_a_term_is_a_link_to_the_glossary(django_db_serialized_rollback, live_server, browser):
    make_portal()
    make_term("asset", slug="asset", definition="Something of use.")
    make_page(slug="begin", body="Use every asset.")
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()

    page.goto(f"{live_server.url}/toolkit/begin/")
    page.get_by_role("link", name="asset").click()

    expect(page).to_have_url(f"{live_server.url}/toolkit/glossary/#asset")
    expect(page.get_by_text("Something of use.")).to_be_visible()
    plain.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong_with_the_box_and_its_preview(writing, width):
    writing.set_viewport_size({"width": width, "height": 800})
    writing.get_by_label("Text:").fill(
        f"{WORDS}\n\n## Who\n\n| Who | What |\n| - | - |\n| Us | Time |\n\n[here](/map/)"
    )
    preview = writing.get_by_role("region", name="Preview: Text")
    expect(preview.get_by_text("Who is missing?")).to_be_visible()
    for summary in writing.get_by_text("Formatting help").all():
        summary.click()

    # Reading style sheets ahead, axe would copy them into the shadow root, which the policy forbids.
    found = Axe().run(writing, context=".app-markdown", options={"preload": False})

    assert [
        (rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found.response["violations"]
    ] == []
    assert writing.evaluate("document.documentElement.scrollWidth") <= width
