"""A form that was open when the sign-in ended: its answers come back to its writer, and to nobody else."""

import html
import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from community_map.accounts import form_recovery
from community_map.models import Service
from pins.models import Category, Connection, Pin
from tests.factories import (
    make_administrator,
    make_category,
    make_contributor,
    make_editor,
    make_pin,
    make_portal,
    make_service,
)
from tests.mail import sent_mail
from tests.toolkit_factories import make_page

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
NEW = "/staff/pins/new/"
KEPT = "/staff/kept/"
SECRET = "Whisper choir <b>&\"'"


@pytest.fixture
def colleague():
    make_portal()
    make_category("A shared goal")
    return make_contributor("colleague@example.net", service=make_service("Libraries"))


def hidden(page: str) -> list[tuple[str, str]]:
    """The hidden inputs of the page's main part."""
    main = page.split('id="main"', 1)[1]
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', main)
    return [(name, html.unescape(value)) for name, value in found]


def opened_in(response, form: str) -> dict:
    """Return the token and the mark of admin's form with this id."""
    text = response.content.decode().split(f'id="{form}"', 1)[1]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    return {name: fields[name] for name in ("csrfmiddlewaretoken", "written_by")}


def opened(client, address: str) -> dict:
    """Open a form as a browser does; return the token and the mark that it carries."""
    fields = dict(hidden(client.get(address).content.decode()))
    return {name: fields[name] for name in ("csrfmiddlewaretoken", "written_by")}


def pin_answers(**more) -> dict:
    return {
        "category": Category.objects.get().pk,
        "longitude": "-0.2",
        "latitude": "51.6",
        "name": SECRET,
        "kind": "know-of",
        "service": Service.objects.get(name="Libraries").pk,
        "idempotency_key": str(uuid.uuid4()),
        "send": "1",
        **more,
    }


@pytest.fixture
def person():
    return Client(enforce_csrf_checks=True)


def sign_in(person, email="colleague@example.net", next_page="/staff/"):
    token = opened_login(person)
    return person.post(
        "/accounts/login/",
        {"login": email, "password": PASSWORD, "next": next_page, "csrfmiddlewaretoken": token},
    )


def opened_login(person) -> str:
    page = person.get("/accounts/login/").content.decode()
    return re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]


@pytest.fixture
def sent_too_late(person, colleague):
    """The pin form was open, the session ended, then the answers were sent; the answer to that."""
    person.force_login(colleague)
    form = opened(person, NEW)
    Session.objects.all().delete()
    return person.post(NEW, {**pin_answers(), **form})


def test_the_answers_wait_behind_the_sign_in(person, sent_too_late):
    assert (sent_too_late.status_code, sent_too_late.headers["Location"]) == (
        302,
        "/accounts/login/?next=/staff/kept/",
    )
    page = person.get(sent_too_late.headers["Location"]).content.decode()
    assert "We keep them for an hour" in page and "Whisper" not in page
    assert not Pin.objects.exists()

    response = sign_in(person, next_page=KEPT)

    assert response.headers["Location"] == KEPT
    page = person.get(KEPT).content.decode()
    kept = [pair for pair in hidden(page) if pair[0] not in form_recovery.NOT_KEPT]
    assert ("name", SECRET) in kept and SECRET not in page
    assert 'action="/staff/pins/new/"' in page


def send_kept(person, button: str = "send"):
    fields = {}
    for name, value in hidden(person.get(KEPT).content.decode()):
        fields.setdefault(name, []).append(value)
    return person.post(NEW, {**fields, button: "1"})


def test_sending_them_makes_the_one_pin_and_forgets_them(person, sent_too_late):
    sign_in(person)

    response = send_kept(person)

    pin = Pin.objects.get()
    assert response.headers["Location"] == f"/staff/pins/{pin.public_id}/sent/"
    assert (pin.name, pin.created_by.email) == (SECRET, "colleague@example.net")
    assert person.get(KEPT).headers["Location"] == "/staff/"


def test_they_can_be_looked_at_first(person, sent_too_late):
    sign_in(person)

    response = send_kept(person, "check")

    assert response.status_code == 200
    assert html.escape(SECRET) in response.content.decode()
    assert not Pin.objects.exists()


def test_several_answers_of_one_name_are_all_kept(person, colleague):
    person.force_login(colleague)
    form = opened(person, NEW)
    Session.objects.all().delete()
    person.post(NEW, {**pin_answers(approaches=["1", "2"]), **form})
    sign_in(person)

    kept = hidden(person.get(KEPT).content.decode())

    assert [pair for pair in kept if pair[0] == "approaches"] == [("approaches", "1"), ("approaches", "2")]


def test_the_connection_form_is_kept_too(person, colleague):
    pin = make_pin()
    address = f"/staff/pins/{pin.public_id}/connect/"
    person.force_login(colleague)
    form = opened(person, address)
    Session.objects.all().delete()
    response = person.post(address, {"kind": "would-like", "what_worked": "Tea", "keep_details": "", **form})
    assert response.headers["Location"] == "/accounts/login/?next=/staff/kept/"
    sign_in(person)
    page = person.get(KEPT).content.decode()
    assert f'action="{address}"' in page and "Check them first" not in page

    response = person.post(address, dict(hidden(page)))

    assert response.status_code == 302
    assert Connection.objects.get().kind == "would-like"


def test_nobody_else_meets_them(person, sent_too_late):
    make_contributor("other@example.net")
    sign_in(person, "other@example.net")

    response = person.get(KEPT)

    assert (response.status_code, response.headers["Location"]) == (302, "/staff/")
    assert form_recovery.SESSION_KEY not in person.session
    person.post("/accounts/logout/", {"csrfmiddlewaretoken": person.cookies["csrftoken"].value})
    sign_in(person)
    assert person.get(KEPT).headers["Location"] == "/staff/"


def test_they_lie_in_the_database_under_seal(person, sent_too_late):
    session = Session.objects.get()
    stored = session.session_data + str(session.get_decoded())

    assert form_recovery.SESSION_KEY in stored
    assert "Whisper" not in stored and NEW not in stored


def test_signing_out_forgets_them(person, sent_too_late):
    sign_in(person)
    assert person.get(KEPT).status_code == 200
    person.post("/accounts/logout/", {"csrfmiddlewaretoken": person.cookies["csrftoken"].value})

    sign_in(person)

    assert person.get(KEPT).headers["Location"] == "/staff/"


def test_after_an_hour_they_are_gone(person, sent_too_late, monkeypatch):
    sign_in(person)
    monkeypatch.setattr(form_recovery, "KEPT_SECONDS", -1)

    assert person.get(KEPT).headers["Location"] == "/staff/"


def test_they_survive_a_sign_in_of_several_steps(person, sent_too_late):
    token = opened_login(person)
    person.post(
        "/accounts/login/code/",
        {"email": "colleague@example.net", "next": KEPT, "csrfmiddlewaretoken": token},
    )
    code = re.search(r"^([A-Z0-9-]{4,})$", sent_mail()[-1].body, re.MULTILINE)[1]
    person.post("/accounts/login/code/confirm/", {"code": code, "csrfmiddlewaretoken": token})

    assert ("name", SECRET) in hidden(person.get(KEPT).content.decode())


def test_an_idle_sign_in_that_ends_with_the_post_loses_nothing(person, colleague, settings):
    person.force_login(colleague)
    form = opened(person, NEW)
    session = person.session
    session["last_seen_at"] -= settings.IDLE_SECONDS
    session.save()

    response = person.post(NEW, {**pin_answers(), **form})

    assert response.headers["Location"] == "/accounts/login/?next=/staff/kept/"
    sign_in(person)
    assert send_kept(person).status_code == 302 and Pin.objects.count() == 1


# --- in admin ---


def test_a_page_of_the_toolkit_that_took_an_hour_to_write_is_not_lost(person):
    make_portal()
    editor = make_editor("editor@example.net")
    page = make_page("Start here")
    address = f"/admin/toolkit/page/{page.pk}/change/"
    person.force_login(editor)
    shown = person.get(address)
    written = {
        name: value
        for name, value in shown.context["adminform"].form.initial.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }
    form = opened_in(shown, "page_form")
    Session.objects.all().delete()
    text = "A paragraph that took long.\n\n" * 400

    response = person.post(address, {**written, **form, "body": text, "_continue": "1"})

    assert response.headers["Location"] == "/accounts/login/?next=/staff/kept/"
    sign_in(person, "editor@example.net")
    kept = person.get(KEPT).content.decode()
    assert f'action="{address}"' in kept
    assert dict(hidden(kept))["body"].strip() == text.strip()
    assert ("_continue", "1") in hidden(kept)


def test_a_password_that_an_administrator_typed_for_somebody_is_not_kept(person):
    make_portal()
    mark = form_recovery.mark_of(make_administrator("boss@example.net"))
    typed = {"email": "new@example.net", "password1": PASSWORD, "password2": PASSWORD, "written_by": mark}
    person.post("/admin/community_map/user/add/", {**typed, "csrfmiddlewaretoken": opened_login(person)})

    sign_in(person, "boss@example.net")

    kept = person.get(KEPT).content.decode()
    assert ("email", "new@example.net") in hidden(kept)
    assert PASSWORD not in kept and "password1" not in kept


# --- the page about a wrong token ---


def test_a_sign_in_in_another_window_costs_nothing(person, colleague):
    person.force_login(colleague)
    form = opened(person, NEW)
    person.cookies.clear()
    sign_in(person)

    response = person.post(NEW, {**pin_answers(), **form})

    page = response.content.decode()
    assert response.status_code == 403
    assert (
        "We will keep your answers for an hour" in page and f'href="{KEPT}"' in page and "Whisper" not in page
    )
    assert send_kept(person).status_code == 302
    assert Pin.objects.get().name == SECRET


def test_without_any_cookie_the_answers_wait_behind_the_sign_in(person, colleague):
    person.force_login(colleague)
    form = opened(person, NEW)
    person.cookies.clear()

    response = person.post(NEW, {**pin_answers(), **form})

    assert response.status_code == 403 and f'href="{KEPT}"' in response.content.decode()
    assert person.get(KEPT).headers["Location"] == f"/accounts/login/?next={KEPT}"
    sign_in(person)
    assert ("name", SECRET) in hidden(person.get(KEPT).content.decode())


def test_what_somebody_else_left_open_is_not_kept_for_whoever_is_signed_in(person, colleague):
    person.force_login(colleague)
    form = opened(person, NEW)
    person.cookies.clear()
    make_contributor("other@example.net")
    sign_in(person, "other@example.net")

    response = person.post(NEW, {**pin_answers(), **form})

    assert response.status_code == 403
    assert "Nothing has been saved" in response.content.decode()
    assert form_recovery.SESSION_KEY not in person.session


# --- what is not kept ---


@pytest.mark.parametrize("mark", ["", "forged", "MQ:1abc:deadbeef"])
def test_without_a_genuine_mark_nothing_is_kept(person, colleague, mark):
    token = opened_login(person)

    for address in (NEW, KEPT, "/staff/"):
        response = person.post(address, {"name": SECRET, "written_by": mark, "csrfmiddlewaretoken": token})
        assert KEPT not in response.headers.get("Location", "").partition("next=")[2] or address == KEPT
        refused = Client(enforce_csrf_checks=True).post(address, {"name": SECRET, "written_by": mark})
        assert refused.status_code == 403 and "sessionid" not in refused.cookies

    assert form_recovery.SESSION_KEY not in person.session


def test_a_mark_is_good_for_a_working_day(person, colleague, monkeypatch):
    person.force_login(colleague)
    form = opened(person, NEW)
    Session.objects.all().delete()
    monkeypatch.setattr(form_recovery, "MARK_SECONDS", -1)

    response = person.post(NEW, {**pin_answers(), **form})

    assert response.headers["Location"] == f"/accounts/login/?next={NEW}"


def test_a_flood_of_text_is_not_kept(person, colleague):
    person.force_login(colleague)
    form = opened(person, NEW)
    Session.objects.all().delete()

    response = person.post(NEW, {**pin_answers(name="x" * form_recovery.LARGEST), **form})

    assert response.headers["Location"] == f"/accounts/login/?next={NEW}"


def test_other_addresses_keep_nothing(person, colleague):
    mark = form_recovery.mark_of(colleague)

    for address in ("/accounts/password/change/", "/toolkit/stories/new/", "/map/list/"):
        response = person.post(address, {"written_by": mark, "name": SECRET})
        assert response.status_code in {302, 403, 405}
        assert "sessionid" not in response.cookies


def test_the_page_is_for_the_signed_in_and_leads_home_when_nothing_is_kept(person, colleague):
    assert person.get(KEPT).headers["Location"] == f"/accounts/login/?next={KEPT}"
    person.force_login(colleague)

    assert person.get(KEPT).headers["Location"] == "/staff/"
