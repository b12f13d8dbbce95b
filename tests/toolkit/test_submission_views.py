"""What readers send: stories, and whether a page was useful."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories import make_contributor, make_portal
from tests.toolkit_factories import make_page
from toolkit.models import Feedback, Story
from toolkit.submission_views import ANSWERS, STORIES

pytestmark = pytest.mark.django_db

NEW = "/toolkit/stories/new/"
USEFUL = "/toolkit/useful/"
OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def portal():
    make_portal()


def answers(**fields) -> dict:
    return {
        "title": "Our walking group",
        "text": "We began to walk on Tuesdays.",
        "place": "Hendon",
        "agree": "on",
        "idempotency_key": str(uuid.uuid4()),
        **fields,
    }


# --- stories ---


def test_a_resident_sends_a_story_and_it_waits_unseen(client):
    response = client.post(NEW, answers(name="A. Reader", email="reader@example.org"))

    assert (response.status_code, response.headers["Location"]) == (302, "/toolkit/stories/sent/")
    story = Story.objects.get()
    assert (story.title, story.text, story.place_in_words, story.name, story.email, story.sent_by) == (
        "Our walking group",
        "We began to walk on Tuesdays.",
        "Hendon",
        "A. Reader",
        "reader@example.org",
        None,
    )
    assert story.status == Story.Status.WAITING
    for address in (
        "/toolkit/stories/",
        "/toolkit/stories/sent/",
        "/toolkit/case-studies/",
        "/toolkit/site-map/",
    ):
        assert "walking group" not in client.get(address).content.decode()


def test_the_page_may_set_a_cookie_and_is_never_stored(client):
    response = client.get(NEW)

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "csrftoken" in response.cookies
    assert "sessionid" not in response.cookies


def test_a_story_without_a_token_is_refused():
    client = Client(enforce_csrf_checks=True)

    assert client.post(NEW, answers()).status_code == 403
    assert not Story.objects.exists()


def test_a_colleague_is_known_and_asked_for_no_name(client):
    person = make_contributor()
    client.force_login(person)

    assert 'name="email"' not in client.get(NEW).content.decode()
    client.post(NEW, answers(name="Forged", email="forged@example.org"))

    story = Story.objects.get()
    assert (story.sent_by, story.name, story.email) == (person, "", "")


def test_what_is_missing_gets_a_sentence_and_keeps_what_was_typed(client):
    response = client.post(NEW, answers(title="", agree="", text="Kept as it was typed."))

    text = response.content.decode()
    assert response.status_code == 422
    assert "Enter what your story is about" in text
    assert "Tick the box to let us edit and publish your story" in text
    assert "Kept as it was typed." in text
    assert not Story.objects.exists()


def test_personal_details_are_pointed_out_and_the_choice_to_keep_them_is_recorded(client):
    fields = answers(text="Ring the hall on 020 7946 0123.")

    response = client.post(NEW, fields)
    assert response.status_code == 422
    assert "a phone number (020 7946 0123)" in response.content.decode()
    assert not Story.objects.exists()

    assert client.post(NEW, {**fields, "keep_details": "on"}).status_code == 302
    assert Story.objects.get().details_kept == {"text": ["phone"]}


def test_a_story_whose_token_was_too_old_is_shown_again_and_taken_the_second_time():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_contributor())
    sent = answers(text="We began <b>to walk</b>.")

    shown = client.post(NEW, sent, headers=OURS)

    assert (shown.status_code, Story.objects.count()) == (403, 0)
    assert "What you wrote is still here. Send it again." in shown.text
    assert shown.context["form"]["text"].value() == sent["text"]
    assert "We began &lt;b&gt;to walk&lt;/b&gt;." in shown.text and sent["idempotency_key"] in shown.text

    token = client.cookies["csrftoken"].value
    assert client.post(NEW, {**sent, "csrfmiddlewaretoken": token}, headers=OURS).status_code == 302
    assert Story.objects.get().text == sent["text"]


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_words_of_another_site_are_not_shown_in_the_form(headers):
    answer = Client(enforce_csrf_checks=True).post(NEW, answers(), headers=headers)

    assert (answer.status_code, Story.objects.count()) == (403, 0)
    assert "Our walking group" not in answer.text


def test_sending_twice_keeps_one_story(client):
    fields = answers()

    for _ in range(2):
        assert client.post(NEW, fields).status_code == 302

    assert Story.objects.count() == 1


def test_a_robot_that_fills_in_the_trap_is_thanked_and_forgotten(client):
    response = client.post(NEW, answers(website="https://spam.example.org"))

    assert response.headers["Location"] == "/toolkit/stories/sent/"
    assert not Story.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "x" * 5001},
        {"title": "x" * 101},
        {"idempotency_key": "no key"},
        {"email": "no address"},
        {"title": "\u200b\u202e"},
        {"text": "\x00"},
    ],
)
def test_what_cannot_be_stored_is_refused_and_not_a_fault(client, fields):
    assert client.post(NEW, answers(**fields)).status_code == 422
    assert not Story.objects.exists()


def test_status_case_study_and_decider_are_not_for_the_sender(client):
    client.post(
        NEW, answers(status="used", case_study="1", decided_by="1", sent_by="1", sent_at="2020-01-01")
    )

    story = Story.objects.get()
    assert (story.status, story.case_study, story.decided_by, story.sent_by) == ("waiting", None, None, None)


def test_too_many_stories_from_one_address_have_to_wait(client):
    for _ in range(STORIES.times):
        assert client.post(NEW, answers()).status_code == 302

    refused = client.post(NEW, answers(), headers={"X-Forwarded-For": "203.0.113.9"})

    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= STORIES.seconds
    assert "too many requests" in refused.content.decode()
    assert Story.objects.count() == STORIES.times
    assert client.get(NEW).status_code == 200


# --- was this page useful? ---


def test_one_click_stores_yes_or_no_without_a_cookie_and_asks_for_a_sentence(client):
    page = make_page(slug="example")

    response = client.post(USEFUL, {"page": page.get_absolute_url(), "useful": "no"}, headers=OURS)

    answer = Feedback.objects.get()
    assert (answer.address, answer.is_useful, answer.sentence) == ("/toolkit/example/", False, "")
    assert response.status_code == 302
    assert not response.cookies
    thanks = client.get(response.headers["Location"])
    assert "How could we make this page better?" in thanks.content.decode()
    assert thanks.headers["Cache-Control"].count("no-store") == 1
    assert not thanks.cookies


def test_the_sentence_is_taken_once(client):
    make_page(slug="example")
    answer = Feedback.objects.create(address="/toolkit/example/", is_useful=True)
    address = f"/toolkit/useful/{answer.public_id}/"

    assert client.post(address, {"sentence": "More pictures."}, headers=OURS).status_code == 302
    client.post(address, {"sentence": "Something else."}, headers=OURS)

    answer.refresh_from_db()
    assert answer.sentence == "More pictures."
    assert "Our editors will read your comment" in client.get(address).content.decode()


def test_the_sentence_is_taken_within_the_hour_only(client):
    answer = Feedback.objects.create(address="/toolkit/", is_useful=True)
    Feedback.objects.update(sent_at=timezone.now() - timedelta(hours=2))
    address = f"/toolkit/useful/{answer.public_id}/"

    client.post(address, {"sentence": "Late."}, headers=OURS)

    answer.refresh_from_db()
    assert answer.sentence == ""
    assert "<form" not in client.get(address).content.decode().split("<main")[1]


def test_an_empty_or_long_sentence_is_refused_with_a_sentence(client):
    answer = Feedback.objects.create(address="/toolkit/", is_useful=True)

    for sentence in ("", "x" * 501):
        response = client.post(f"/toolkit/useful/{answer.public_id}/", {"sentence": sentence}, headers=OURS)
        assert response.status_code == 422


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example.org"},
        {"Origin": "null"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://testserver.example.org"},
        {"Origin": "https://testserver"},
    ],
)
def test_a_post_from_elsewhere_is_refused(client, headers):
    page = make_page(slug="example")
    answer = Feedback.objects.create(address="/toolkit/", is_useful=True)

    for address, fields in (
        (USEFUL, {"page": page.get_absolute_url(), "useful": "yes"}),
        (f"/toolkit/useful/{answer.public_id}/", {"sentence": "Forged"}),
    ):
        assert client.post(address, fields, headers=headers).status_code == 403
    assert Feedback.objects.filter(sentence="").count() == 1


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}])
def test_either_of_the_browsers_words_is_enough(client, headers):
    page = make_page(slug="example")

    assert (
        client.post(USEFUL, {"page": page.get_absolute_url(), "useful": "yes"}, headers=headers).status_code
        == 302
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"page": "/toolkit/example/", "useful": "maybe"},
        {"page": "/toolkit/nowhere/", "useful": "yes"},
        {"page": "https://elsewhere.example.org/", "useful": "yes"},
        {"page": "//elsewhere.example.org/", "useful": "yes"},
        {"page": "x" * 300, "useful": "yes"},
    ],
)
def test_only_pages_of_the_toolkit_are_answered(client, fields):
    make_page(slug="example")

    assert client.post(USEFUL, fields, headers=OURS).status_code == 400
    assert not Feedback.objects.exists()


def test_too_many_clicks_from_one_address_have_to_wait(client):
    page = make_page(slug="example")
    fields = {"page": page.get_absolute_url(), "useful": "yes"}
    for _ in range(ANSWERS.times):
        client.post(USEFUL, fields, headers=OURS)

    assert client.post(USEFUL, fields, headers=OURS).status_code == 429
    assert Feedback.objects.count() == ANSWERS.times


def test_the_count_of_requests_does_not_name_who_asked(client):
    client.post(USEFUL, {"page": "/toolkit/", "useful": "yes"}, headers=OURS)

    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM portal_cache")
        rows = str(cursor.fetchall())
    assert "127.0.0.1" not in rows
    assert "limit:useful" in rows
    cache.clear()


def test_personal_details_in_the_sentence_are_pointed_out_and_kept_by_choice(client):
    answer = Feedback.objects.create(address="/toolkit/", is_useful=True)
    address = f"/toolkit/useful/{answer.public_id}/"
    fields = {"sentence": "Ring me on 020 7946 0123."}

    refused = client.post(address, fields, headers=OURS)
    assert refused.status_code == 422
    assert "a phone number (020 7946 0123)" in refused.content.decode()

    client.post(address, {**fields, "keep_details": "on"}, headers=OURS)
    answer.refresh_from_db()
    assert (answer.sentence, answer.details_kept) == (fields["sentence"], {"sentence": ["phone"]})
