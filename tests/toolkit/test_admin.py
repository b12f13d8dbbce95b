"""Editors' work in admin: write, preview, publish, restore, retire, use what was sent in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_administrator, make_contributor, make_moderator, make_portal, make_user
from tests.toolkit_factories import (
    make_case_study,
    make_page,
    make_prompt,
    make_story,
    make_term,
    make_tool,
    make_voice,
)
from toolkit import published
from toolkit.models import CaseStudy, Feedback, OldAddress, Page, PublicationStatus, Story, Voice

pytestmark = pytest.mark.django_db

MAKERS = {
    "page": make_page,
    "casestudy": make_case_study,
    "prompt": make_prompt,
    "tool": make_tool,
    "voice": make_voice,
    "term": make_term,
}


@pytest.fixture
def editor(client):
    make_portal()
    person = make_user("editor@example.net", ("Editors",), is_staff=True)
    client.force_login(person)
    return person


def fields_of(client, address: str) -> dict:
    """The values that a change page holds, as a browser would post them."""
    form = client.get(address).context["adminform"].form
    values = {}
    for bound in form:
        value = bound.value()
        if bound.name == "publish_at":
            value = timezone.localtime(form.instance.publish_at) if form.instance.publish_at else None
            values["publish_at_0"] = value.strftime("%Y-%m-%d") if value else ""
            values["publish_at_1"] = value.strftime("%H:%M:%S") if value else ""
        elif isinstance(value, bool):
            values |= {bound.name: "on"} if value else {}
        elif isinstance(value, list):
            values[bound.name] = [getattr(row, "pk", row) for row in value]
        else:
            values[bound.name] = "" if value is None else value
    return values


def change_address(thing) -> str:
    return f"/admin/toolkit/{thing._meta.model_name}/{thing.pk}/change/"


@pytest.mark.parametrize("name", [*MAKERS, "story", "feedback"])
def test_an_editor_opens_every_list_and_every_page(client, editor, name):
    make = {**MAKERS, "story": make_story}.get(name)
    thing = make() if make else Feedback.objects.create(address="/toolkit/", is_useful=True)

    assert client.get(f"/admin/toolkit/{name}/").status_code == 200
    assert client.get(change_address(thing)).status_code == 200
    assert client.get("/admin/").content.decode().count(f"/admin/toolkit/{name}/") >= 1


@pytest.mark.parametrize("make", [make_moderator, make_contributor])
@pytest.mark.parametrize("name", [*MAKERS, "story"])
def test_people_with_other_roles_do_not(client, make, name):
    make_portal()
    thing = {**MAKERS, "story": make_story}[name]()
    client.force_login(make())

    for address in (f"/admin/toolkit/{name}/", change_address(thing)):
        assert client.get(address).status_code in {302, 403}
        assert client.post(address).status_code in {302, 403}


def test_nothing_is_deleted(client, editor):
    page = make_page()

    assert client.post(f"/admin/toolkit/page/{page.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(
        "/admin/toolkit/page/", {"action": "delete_selected", "_selected_action": page.pk, "post": "yes"}
    )
    assert Page.objects.filter(pk=page.pk).exists()


def test_a_new_page_is_a_draft_that_readers_do_not_get(client, editor):
    response = client.post(
        "/admin/toolkit/page/add/",
        {
            "kind": "situation",
            "title": "Begin",
            "slug": "begin",
            "level": "new",
            "summary": "How to begin.",
            "body": "Ask.",
            "status": "draft",
        },
    )

    assert response.status_code == 302, response.context["errors"]
    assert Page.objects.get().state == "Draft"
    assert client.get("/toolkit/begin/").status_code == 404


def test_publishing_in_the_form_shows_the_page_at_the_next_request(client, editor):
    page = make_page(slug="begin", status=PublicationStatus.DRAFT)

    response = client.post(
        change_address(page), {**fields_of(client, change_address(page)), "status": "published"}
    )

    assert response.status_code == 302
    assert client.get("/toolkit/begin/").status_code == 200


def test_a_scheduled_page_waits(client, editor):
    page = make_page(slug="begin", status=PublicationStatus.DRAFT)
    tomorrow = timezone.localtime() + timedelta(days=1)
    fields = fields_of(client, change_address(page)) | {
        "status": "published",
        "publish_at_0": tomorrow.strftime("%Y-%m-%d"),
        "publish_at_1": tomorrow.strftime("%H:%M"),
    }

    assert client.post(change_address(page), fields).status_code == 302

    page.refresh_from_db()
    assert page.state == "Scheduled"
    assert client.get("/toolkit/begin/").status_code == 404


def test_last_updated_moves_with_the_text_and_only_with_it(client, editor):
    page = make_page()
    Page.objects.update(last_updated=timezone.now() - timedelta(days=30))
    page.refresh_from_db()
    before, address = page.last_updated, change_address(page)

    client.post(address, {**fields_of(client, address), "review_due": "2030-01-01"})
    page.refresh_from_db()
    assert page.last_updated == before

    client.post(address, {**fields_of(client, address), "body": "Ask twice."})
    page.refresh_from_db()
    assert page.last_updated > before
    assert page.body == "Ask twice."


def test_a_stale_page_is_refused_and_keeps_what_was_typed(client, editor):
    page = make_page()
    address = change_address(page)
    stale = fields_of(client, address)
    client.post(address, {**fields_of(client, address), "body": "Theirs."})

    response = client.post(address, {**stale, "body": "Mine, typed slowly."})

    assert response.status_code == 200
    assert "Someone else has changed this since you opened it" in response.content.decode()
    assert "Mine, typed slowly." in response.content.decode()
    page.refresh_from_db()
    assert page.body == "Theirs."


def test_renaming_keeps_the_old_address(client, editor):
    page = make_page(slug="begin")
    address = change_address(page)

    client.post(address, {**fields_of(client, address), "slug": "kick-off"})

    assert OldAddress.objects.get().slug == "begin"
    assert client.get("/toolkit/begin/").headers["Location"] == "/toolkit/kick-off/"


@pytest.mark.parametrize("name", list(MAKERS))
def test_an_editor_retires_and_publishes_from_the_list(client, editor, name):
    thing = MAKERS[name]()
    address = f"/admin/toolkit/{name}/"

    client.post(address, {"action": "retire", "_selected_action": thing.pk})
    thing.refresh_from_db()
    assert thing.status == PublicationStatus.RETIRED

    client.post(address, {"action": "publish", "_selected_action": [thing.pk, "9" * 30, "x"]})
    thing.refresh_from_db()
    assert thing.is_public


def test_publishing_a_voice_without_consent_is_refused_with_a_sentence(client, editor):
    voice = make_voice(status=PublicationStatus.DRAFT, consent_given_on=None, consent_how="")

    text = client.post(
        "/admin/toolkit/voice/", {"action": "publish", "_selected_action": voice.pk}, follow=True
    ).content.decode()
    assert "You can publish a voice only with consent" in text

    address = change_address(voice)
    response = client.post(address, {**fields_of(client, address), "status": "published"})
    assert response.status_code == 200
    assert "You can publish a voice only with consent" in response.content.decode()
    voice.refresh_from_db()
    assert voice.status == PublicationStatus.DRAFT


def test_who_recorded_consent_is_recorded(client, editor):
    voice = make_voice(status=PublicationStatus.DRAFT, consent_given_on=None, consent_how="")
    address = change_address(voice)

    fields = {**fields_of(client, address), "consent_given_on": "2026-01-02", "consent_how": "Signed form"}
    assert client.post(address, fields).status_code == 302

    voice.refresh_from_db()
    assert voice.consent_recorded_by == editor


def test_withdrawn_consent_takes_the_voice_off_and_cannot_be_published_again(client, editor):
    voice = make_voice("Our idea")
    assert "Our idea" in client.get("/toolkit/voices/").content.decode()

    client.post(f"/admin/toolkit/voice/{voice.pk}/withdraw/")

    assert "Our idea" not in client.get("/toolkit/voices/").content.decode()
    client.post("/admin/toolkit/voice/", {"action": "publish", "_selected_action": voice.pk})
    assert not Voice.objects.released().exists()


@pytest.mark.parametrize("name", ["page", "casestudy"])
def test_a_preview_shows_what_is_not_published_to_editors_only(client, editor, name):
    thing = MAKERS[name]("Not yet", status=PublicationStatus.DRAFT)
    address = f"/admin/toolkit/{name}/{thing.pk}/preview/"

    response = client.get(address)
    assert response.status_code == 200
    assert "Not yet" in response.content.decode()
    assert "only editors can see this page" in response.content.decode()
    assert response.headers["Cache-Control"] == "private, no-store"

    client.force_login(make_moderator())
    assert client.get(address).status_code in {302, 403}


def test_an_earlier_version_comes_back_as_a_change_of_its_own(client, editor):
    page, neighbour = make_page(body="First."), make_page("Neighbour")
    address = change_address(page)
    client.post(address, {**fields_of(client, address), "related": [neighbour.pk], "title": "Kept"})
    client.post(address, {**fields_of(client, address), "body": "Second.", "related": []})
    # Saving writes one record, and choosing neighbours the next.
    record = page.history.filter(body="First.").latest("history_id")

    text = client.get(address).content.decode()
    assert f"/admin/toolkit/page/{page.pk}/restore/{record.history_id}/" in text

    client.post(f"/admin/toolkit/page/{page.pk}/restore/{record.history_id}/")

    page.refresh_from_db()
    assert (page.body, page.title, list(page.related.all())) == ("First.", "Kept", [neighbour])
    assert page.history.first().history_change_reason.startswith("Restored from")
    assert published.current().pages[page.slug].body == "First."


def test_restoring_a_version_of_another_page_is_not_found(client, editor):
    page, other = make_page(), make_page()

    address = f"/admin/toolkit/page/{page.pk}/restore/{other.history.first().history_id}/"

    assert client.post(address).status_code == 404
    assert (
        client.get(f"/admin/toolkit/page/{page.pk}/restore/{page.history.first().history_id}/").status_code
        == 405
    )


def test_restoring_a_text_does_not_publish(client, editor):
    page = make_page(body="First.")
    record = page.history.first()
    page.status, page.body = PublicationStatus.RETIRED, "Second."
    page.save()

    client.post(f"/admin/toolkit/page/{page.pk}/restore/{record.history_id}/")

    page.refresh_from_db()
    assert (page.status, page.body) == (PublicationStatus.RETIRED, "First.")


def test_a_story_becomes_a_draft_case_study_in_one_action(client, editor):
    story = make_story("Our walks")

    response = client.post(f"/admin/toolkit/story/{story.pk}/decide/", {"decision": "use"})

    case_study = CaseStudy.objects.get()
    assert response.headers["Location"] == change_address(case_study)
    assert case_study.state == "Draft"
    assert Story.objects.get().decided_by == editor
    assert client.get("/toolkit/case-studies/our-walks/").status_code == 404


def test_a_story_is_put_aside(client, editor):
    story = make_story()

    client.post(f"/admin/toolkit/story/{story.pk}/decide/", {"decision": "decline"})

    assert Story.objects.get().status == Story.Status.DECLINED
    text = client.post(
        f"/admin/toolkit/story/{story.pk}/decide/", {"decision": "use"}, follow=True
    ).content.decode()
    assert "already made a decision" in text


def test_a_case_study_from_here_has_to_lie_inside_and_one_from_elsewhere_need_not(client, editor):
    case_study = make_case_study()
    address = change_address(case_study)
    far = {"longitude": "2.35", "latitude": "48.85"}

    for origin, status in (("elsewhere", 302), ("here", 200)):
        response = client.post(address, {**fields_of(client, address), **far, "origin": origin})
        assert response.status_code == status
    assert "outside" in response.content.decode()
    half = client.post(address, {**fields_of(client, address), "longitude": "2.35", "latitude": ""})
    assert half.status_code == 200


def test_feedback_is_counted_on_the_page_it_is_about(client, editor):
    page = make_page(slug="begin")
    Feedback.objects.create(address="/toolkit/begin/", is_useful=True)
    Feedback.objects.create(address="/toolkit/begin/", is_useful=False, sentence="Too long.")

    text = client.get(change_address(page)).content.decode()

    assert "1 out of 2 said yes." in text
    assert "Too long." in text


def test_an_administrator_may_do_what_editors_do(client):
    make_portal()
    client.force_login(make_administrator())

    assert client.get(change_address(make_page())).status_code == 200


@pytest.mark.parametrize("name", ["page", "casestudy", "story", "voice"])
def test_forged_keys_are_answered_with_a_page(client, editor, name):
    for key in ("0", "9" * 30, "x", "-1"):
        assert client.get(f"/admin/toolkit/{name}/{key}/change/").status_code in {302, 404}
    for verb in {"page": "preview", "casestudy": "preview", "story": "decide", "voice": "withdraw"}[
        name
    ].split():
        assert client.post(f"/admin/toolkit/{name}/999999/{verb}/").status_code == 404
