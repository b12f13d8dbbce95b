import pytest
from django.db import connection

from pins import actions
from pins.models import Pin
from tests.factories import make_moderator, make_pin, make_portal
from tests.mail import sent_mail

pytestmark = pytest.mark.django_db
PAGES = ["/", "/map/", "/map/list/", "/accessibility-statement/", "/privacy/", "/cookies/", "/nothing/"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_heading_and_names_the_council(client, address):
    make_portal(council_name="Newtown Council", portal_name="Newtown map")

    text = client.get(address).content.decode()

    assert text.count("<h1") == 1
    title = text[text.index("<title>") : text.index("</title>")]
    assert "Newtown map" in title and "Newtown Council" in title
    assert text.count("Newtown Council") >= 3


@pytest.mark.parametrize("address", PAGES[:-1])
def test_a_page_opens_before_anybody_has_filled_in_the_portal(client, address):
    assert client.get(address).status_code == 200


def test_renaming_the_council_reaches_the_mail():
    make_portal(council_name="Newtown Council", team_name="people team", mailbox="people@example.org")
    make_pin(status="submitted")

    actions.decide(Pin.objects.all(), "publish", by=make_moderator())

    assert "people team, Newtown Council\npeople@example.org" in sent_mail()[0].body


def test_only_a_demonstration_says_that_it_is_one(client):
    make_portal(is_demo=True)
    assert "This is a demonstration" in client.get("/").content.decode()

    make_portal(is_demo=False, outline=None)
    assert "This is a demonstration" not in client.get("/").content.decode()


def test_the_process_and_the_database_answer(client):
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").content == b"ready\n"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_missing_migration_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'pins'")
    try:
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (503, b"migrations are missing\n")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('pins', '0001_initial', CURRENT_TIMESTAMP)"
            )


def test_an_unchanged_public_page_answers_304(client):
    make_pin()
    first = client.get("/map/list/")

    assert client.get("/map/list/", HTTP_IF_NONE_MATCH=first.headers["ETag"]).status_code == 304

    make_pin()
    assert client.get("/map/list/", HTTP_IF_NONE_MATCH=first.headers["ETag"]).status_code == 200


def test_security_txt_names_whom_to_write_to_and_never_runs_out(client, settings, time_machine):
    make_portal(mailbox="people@example.org")
    settings.SITE_URL = "https://map.example.org"
    time_machine.move_to("2026-05-01T12:34:56Z", tick=False)

    response = client.get("/.well-known/security.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == (
        "Contact: mailto:people@example.org\n"
        "Expires: 2027-02-25T00:00:00Z\n"
        "Preferred-Languages: en\n"
        "Canonical: https://map.example.org/.well-known/security.txt\n"
    )
    settings.SECURITY_CONTACT = "https://example.org/report"
    assert client.get("/.well-known/security.txt").text.startswith("Contact: https://example.org/report\n")


def test_search_engines_are_kept_from_staff_pages_and_from_a_demonstration(client):
    make_portal()
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /staff/", "Disallow: /admin/", "Disallow: /accounts/"} <= set(lines)
    assert "Disallow: /" not in lines

    make_portal(is_demo=True, outline=None)
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
