import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from tests.factories import make_contributor, make_moderator, make_user
from tests.toolkit_factories import make_case_study, make_page, make_story, make_tool, make_voice
from toolkit import actions, published
from toolkit.models import CaseStudy, Edition, Page, PublicationStatus, SearchEntry, Story, Voice

pytestmark = pytest.mark.django_db


def make_editor():
    return make_user("", ("Editors",), is_staff=True)


def test_an_edition_holds_what_is_released_and_nothing_else():
    make_page("Seen")
    make_page("Draft", status=PublicationStatus.DRAFT)
    make_page("Retired", status=PublicationStatus.RETIRED)
    make_voice("Unconsented", status=PublicationStatus.DRAFT, consent_given_on=None, consent_how="")
    make_story("Secret story")

    content = Edition.objects.get().content

    assert [page["title"] for page in content["pages"]] == ["Seen"]
    assert content["voices"] == []
    assert "Secret story" not in str(content)
    assert list(SearchEntry.objects.values_list("title", flat=True)) == ["Seen"]


def test_printing_the_same_again_makes_no_new_edition():
    make_page()
    number = Edition.objects.get().number

    assert actions.publish_edition().number == number


def test_a_change_of_text_is_an_update_and_a_change_of_dates_is_not():
    page = make_page()
    page.last_updated = before = timezone.now() - timedelta(days=30)

    actions.prepare(page, changed={"review_due"})
    assert page.last_updated == before

    actions.prepare(page, changed={"body"})
    assert page.last_updated > before


def test_publishing_fills_in_when_and_until_when():
    page = make_page(status=PublicationStatus.DRAFT)

    assert actions.change_status(Page.objects.all(), PublicationStatus.PUBLISHED, by=make_editor()) == 1

    page.refresh_from_db()
    assert page.is_public
    assert page.review_due == timezone.now().date() + timedelta(days=365)
    assert page.history.first().history_change_reason == "Published"
    assert page.slug in published.current().pages


def test_publishing_many_leaves_alone_what_is_published_already():
    page = make_page()

    assert actions.change_status(Page.objects.all(), PublicationStatus.PUBLISHED, by=make_editor()) == 0
    assert page.history.count() == 1


def test_a_voice_without_consent_stops_the_whole_publication():
    make_voice("With", status=PublicationStatus.DRAFT)
    make_voice("Without", status=PublicationStatus.DRAFT, consent_given_on=None, consent_how="")

    with pytest.raises(ValidationError, match="consent"):
        actions.change_status(Voice.objects.all(), PublicationStatus.PUBLISHED, by=make_editor())

    assert not Voice.objects.released().exists()


@pytest.mark.parametrize("make", [make_contributor, make_moderator])
def test_only_editors_publish_use_stories_and_end_consent(make):
    person, story, voice = make(), make_story(), make_voice()

    for refused in (
        lambda: actions.change_status(Page.objects.all(), PublicationStatus.PUBLISHED, by=person),
        lambda: actions.make_case_study(story, by=person),
        lambda: actions.decline_story(story, by=person),
        lambda: actions.withdraw_consent(voice, by=person),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_withdrawing_consent_takes_a_voice_off_at_once():
    voice = make_voice()
    assert voice.slug in published.current().voices

    actions.withdraw_consent(voice, by=make_editor())

    voice.refresh_from_db()
    assert (voice.status, voice.consent_withdrawn_on) == (PublicationStatus.RETIRED, timezone.localdate())
    assert voice.slug not in published.current().voices
    assert not SearchEntry.objects.exists()


def test_a_date_of_withdrawal_in_the_form_unpublishes_too():
    voice = make_voice()
    voice.consent_withdrawn_on = timezone.localdate()

    actions.prepare(voice, changed={"consent_withdrawn_on"})

    assert voice.status == PublicationStatus.RETIRED


def test_a_story_becomes_a_draft_case_study_once():
    story, editor = (
        make_story(text="We began to walk.\nThen we sang.", place_in_words="Hendon"),
        make_editor(),
    )

    made = actions.make_case_study(story, by=editor)
    again = actions.make_case_study(story, by=editor)

    assert made == again
    assert (made.status, made.title, made.summary, made.place_in_words) == (
        PublicationStatus.DRAFT,
        "Our walking group",
        "We began to walk.",
        "Hendon",
    )
    story.refresh_from_db()
    assert (story.status, story.decided_by, story.case_study) == (Story.Status.USED, editor, made)
    assert published.current().case_studies == {}


def test_a_declined_story_is_not_used_afterwards():
    story, editor = make_story(), make_editor()
    actions.decline_story(story, by=editor)

    for decide in (actions.make_case_study, actions.decline_story):
        with pytest.raises(ValidationError, match="already made"):
            decide(story, by=editor)

    assert CaseStudy.objects.count() == 0


def test_two_stories_of_one_title_get_two_addresses():
    editor = make_editor()
    slugs = [actions.make_case_study(make_story("Walks!"), by=editor).slug for _ in range(2)]

    assert slugs == ["walks", "walks-2"]


def test_a_story_whose_title_makes_no_address_gets_one():
    assert actions.free_slug("公园") == "story"


def test_a_renamed_page_keeps_its_old_addresses():
    page = make_page(slug="first")
    for was, slug in (("first", "second"), ("second", "third")):
        page.slug = slug
        page.save()
        actions.keep_address(page, was=was)
    actions.publish_edition()

    assert published.current().old_pages == {"first": "third", "second": "third"}


def test_an_old_address_that_is_used_again_is_old_no_more():
    page = make_page(slug="first")
    page.slug = "second"
    page.save()
    actions.keep_address(page, was="first")
    page.slug = "first"
    page.save()
    actions.keep_address(page, was="second")
    actions.publish_edition()

    assert published.current().old_pages == {"second": "first"}


def test_looking_at_links_is_recorded():
    tool, day = make_tool(), timezone.localdate()

    assert actions.record_check(type(tool).objects.all(), day) == 1

    assert published.current().tools[tool.slug].last_checked == day


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_editors_who_save_at_once_are_both_printed():
    first, second = make_page("First", slug="first"), make_case_study("Second", slug="second")
    meet = threading.Barrier(2)

    def change(thing, title):
        try:
            meet.wait(10)
            thing.title = title
            thing.save()
            actions.publish_edition()
        finally:
            connection.close()

    threads = [
        threading.Thread(target=change, args=pair)
        for pair in ((first, "First, new"), (second, "Second, new"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    content = Edition.objects.get().content
    assert [content["pages"][0]["title"], content["case_studies"][0]["title"]] == [
        "First, new",
        "Second, new",
    ]
