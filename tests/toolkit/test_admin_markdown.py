"""Writing in admin: the preview beside the text, and what is refused when it is saved."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_administrator,
    make_contributor,
    make_editor,
    make_moderator,
    make_portal,
)
from tests.toolkit.hostile import PAYLOADS, assert_is_tame
from tests.toolkit.test_admin import change_address, fields_of
from tests.toolkit_factories import make_case_study, make_page, make_prompt, make_term
from toolkit.admin.markdown import clean_markdown
from toolkit.models import Page, PublicationStatus

pytestmark = pytest.mark.django_db

WRONG = "## Who\n\nGo [here](/map/) and [there](/toolkit/no-such-page/).\n\n{prompt: nobody}"
PLAIN = "We asked " + "one person and then " * 6 + "another."  # 27 words
TOO_LONG = "This sentence has 27 words: “We asked one person and then …” Try to use 25 or fewer."


@pytest.fixture
def editor(client):
    make_portal()
    person = make_editor()
    client.force_login(person)
    return person


def ask(client, text: str, **more):
    return client.post("/admin/toolkit/page/writing/", {"text": text, **more})


def save(client, thing, **changes):
    address = change_address(thing)
    return client.post(address, {**fields_of(client, address), **changes})


# --- the preview ---


def test_the_preview_draws_a_text_as_readers_get_it(client, editor):
    make_prompt("Who is missing?", slug="who-is-missing")
    make_term("asset", definition="Something of use.")

    answer = ask(client, "## Who\n\nAn asset.\n\n{prompt: who-is-missing}").json()

    read = assert_is_tame(answer["html"].split("<section")[0])
    assert read.text.split() == ["Who", "An", "asset."]
    assert 'data-meaning="Something of use."' in answer["html"]
    assert "Who is missing?" in answer["html"]
    assert answer["remarks"] == []


def test_the_preview_says_what_is_to_be_mended_and_considered(client, editor):
    assert ask(client, f"# Title\n\n{PLAIN}").json()["remarks"] == [
        {
            "level": "error",
            "message": "Line 1: The title is the only top-level heading on the page. Use ## for this one.",
        },
        {"level": "remark", "message": f"Line 3: {TOO_LONG}"},
    ]


def test_the_preview_knows_what_stands_above_the_text(client, editor):
    assert ask(client, "### Websites", is_under_heading="yes").json()["remarks"] == []
    assert len(ask(client, "### Websites", is_under_heading="no").json()["remarks"]) == 1


def test_the_preview_of_anything_hostile_is_tame(client, editor):
    for payload in PAYLOADS[::4]:
        assert_is_tame(ask(client, payload).json()["html"])


def test_the_preview_answers_nothing_long_and_broken_texts_alike(client, editor):
    for text in ("", "\x00", "[" * 200_000, "{prompt:", "\ud83d\ude00 é"):
        response = ask(client, text.encode("utf-16", "surrogatepass").decode("utf-16"))
        assert response.status_code == 200
    assert client.post("/admin/toolkit/page/writing/").json() == {"html": "\n\n", "remarks": []}


def test_the_preview_takes_the_same_number_of_queries_for_any_text(client, editor, django_assert_num_queries):
    ask(client, "")

    # Session, user and groups; the edition; and eight for what can be linked to and placed.
    with django_assert_num_queries(12):
        ask(client, "[a](/toolkit/b/)\n\n{prompt: c}\n" * 50)


@pytest.mark.parametrize(
    ("make", "status"),
    [(make_contributor, 302), (make_moderator, 403), (make_editor, 200), (make_administrator, 200)],
)
def test_the_preview_is_for_editors(client, make, status):
    make_portal()
    client.force_login(make())

    assert ask(client, "text").status_code == status


def test_the_preview_wants_a_sign_in_a_post_and_a_token(client, editor, django_user_model):
    from django.test import Client

    assert client.get("/admin/toolkit/page/writing/").status_code == 405
    assert Client().post("/admin/toolkit/page/writing/", {"text": "x"}).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post("/admin/toolkit/page/writing/", {"text": "x"}).status_code == 403


# --- the field ---


@pytest.mark.parametrize(("make", "count"), [(make_page, 2), (make_case_study, 4)])
def test_each_text_has_its_preview_and_a_reference(client, editor, make, count):
    page = client.get(change_address(make())).content.decode()

    assert page.count('data-preview-address="/admin/toolkit/page/writing/"') == count
    assert page.count("Formatting help") == count
    assert page.count('src="/static/js/markdown-preview.js" type="module"') == 1


def test_errors_are_refused_by_line_and_what_was_typed_is_kept(client, editor):
    page = make_page(body="Before.")

    response = save(client, page, body=WRONG)

    assert response.status_code == 200
    assert response.context["adminform"].form.errors == {
        "body": [
            "Line 3: “here” does not say where the link goes. Describe the page it leads to.",
            "Line 3: There is no page at /toolkit/no-such-page/. Check the address.",
            "Line 5: Nothing matches {prompt: nobody}. Check the short name.",
        ]
    }
    assert "{prompt: nobody}" in response.content.decode()
    page.refresh_from_db()
    assert page.body == "Before."


def test_a_new_page_is_refused_in_the_same_way(client, editor):
    fields = {"kind": "situation", "title": "New", "slug": "new", "level": "new", "summary": "A page."}
    address = reverse("admin:toolkit_page_add")

    refused = client.post(address, {**fields, "status": "draft", "body": "# Title"})
    saved = client.post(address, {**fields, "status": "draft", "body": "## Title"})

    assert refused.context["adminform"].form.errors.keys() == {"body"}
    assert saved.status_code == 302
    assert Page.objects.get().body == "## Title"


def test_remarks_are_said_after_the_text_was_saved(client, editor):
    page = make_page()

    response = client.get(save(client, page, body=PLAIN, further_reading="### Books").url)

    assert next(str(message) for message in response.context["messages"]) == f"Text: Line 1: {TOO_LONG}"
    page.refresh_from_db()
    assert (page.body, page.further_reading) == (PLAIN, "### Books")


def test_every_text_of_a_case_study_is_checked(client, editor):
    names = ("what_was_done", "what_changed", "what_we_learned", "further_reading")

    response = save(client, make_case_study(), **dict.fromkeys(names, "# Title"))

    assert response.context["adminform"].form.errors.keys() == set(names)


def test_a_page_whose_links_have_broken_can_still_be_retired(client, editor):
    page = make_page(body=WRONG)

    assert save(client, page, summary="Changed.").status_code == 200
    assert save(client, page, status="retired").status_code == 302
    page.refresh_from_db()
    assert page.status == PublicationStatus.RETIRED


def test_invisible_characters_go_and_spaces_and_lines_stay(client, editor):
    page = make_page()
    typed = "- o\u200bne\r\n    - caf\u0065\u0301\u202e\r\n\r\nTwo  \r\n| a   | b |\x07"

    save(client, page, body=typed)

    page.refresh_from_db()
    assert page.body == clean_markdown(typed) == "- one\n    - caf\u00e9\n\nTwo  \n| a   | b |"


def test_a_text_that_stays_as_it_is_is_no_update(client, editor):
    page = make_page(body="- one\n    - two\n\n    code\n\nA line  \nand another.")
    before = page.last_updated

    save(client, page, review_due="2030-01-01")

    page.refresh_from_db()
    assert page.last_updated == before
