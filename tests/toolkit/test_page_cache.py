"""What a process keeps of the public pages, and until when."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tests.factories import make_portal
from tests.toolkit_factories import make_page
from toolkit import page_cache
from toolkit.models import Page
from toolkit.page_cache import Snapshot, public_page

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def toolkit():
    make_portal()
    make_page("Example", slug="example")


def test_a_changed_page_has_another_etag_and_date_at_the_next_request(client, toolkit):
    before = client.get("/toolkit/example/")
    page = Page.objects.get(slug="example")
    make_page("Another")

    assert client.get("/toolkit/example/").headers["ETag"] == before.headers["ETag"]

    page.body = "Changed."
    page.save()
    make_page("And another")
    after = client.get("/toolkit/example/", headers={"If-Modified-Since": before.headers["Last-Modified"]})

    assert after.status_code == 200
    assert "Changed." in text_of(after)


def test_a_renamed_portal_is_shown_when_its_names_are_read_again(client, toolkit, monkeypatch):
    monkeypatch.setattr(page_cache, "PORTAL_SECONDS", 0)
    client.get("/toolkit/")
    make_portal(portal_name="Another name")

    assert "Another name" in text_of(client.get("/toolkit/"))


def test_an_answer_from_before_a_change_is_not_kept_for_after_it():
    make_page("First")

    @public_page()
    def count(request, snapshot: Snapshot):
        return HttpResponse(len(snapshot.toolkit.pages))

    @public_page()
    def slow(request, snapshot: Snapshot):
        if len(snapshot.toolkit.pages) == 1:
            # While this one is being made, an editor publishes and another reader is answered.
            make_page("Second")
            assert count(RequestFactory().get("/toolkit/count/")).content == b"2"
        return count.__wrapped__.__wrapped__(request, snapshot)

    request = RequestFactory().get("/toolkit/slow/")

    assert slow(request).content == b"1"
    assert slow(request).content == b"2"
