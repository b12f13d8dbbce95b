"""Sensitive communities: who knows of one before it is checked, who is told which teams work with it, and withdrawal."""

import pytest

from community_map.models import AuditEntry
from pins import actions
from pins.models import Connection, Pin, Visibility
from pins.public_pin import preview
from tests.factories import (
    make_approach,
    make_contributor,
    make_editor,
    make_moderator,
    make_partner,
    make_pin,
    make_portal,
    make_sensitive_category,
    make_service,
    make_user,
)
from tests.factories import make_connection as connect

pytestmark = pytest.mark.django_db
SAFETY, APPROACH = "Community safety", "Kept under review"


@pytest.fixture
def portal():
    return make_portal(shows_services=True)


def make_sensitive_pin(**fields) -> Pin:
    """A published, public pin with an agreement, and a team that works with it."""
    author = fields.pop("author", None) or make_contributor(service=make_service(SAFETY, slug="safety"))
    fields = {"agreement": "At our visit in May", "precision": 2, **fields}
    pin = make_pin("Quiet faith circle", category=make_sensitive_category("Faith"), author=author, **fields)
    connect(pin, author.service, [make_approach(APPROACH, slug="review")])
    return pin


def text_of(response) -> str:
    return response.content.decode()


def tile_of(pin: Pin, area: str) -> str:
    x, y = (
        (pin.mercator_x, pin.mercator_y)
        if area == "staff"
        else (pin.public_mercator_x, pin.public_mercator_y)
    )
    return f"/{area}/tiles/12/{x >> 16}/{y >> 16}.json"


# --- before it is checked ---

STRANGERS = {
    "colleague of another team": lambda: make_contributor(service=make_service("Parks")),
    "colleague without a team": lambda: make_contributor(service=None),
    "editor": lambda: make_editor(service=make_service("Web")),
    "partner": lambda: make_partner(service=make_service("Age Friends")),
}


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.STAFF])
@pytest.mark.parametrize("person", STRANGERS)
def test_what_waits_is_nowhere_for_people_of_other_teams(client, portal, person, visibility):
    pin = make_sensitive_pin(status="submitted", visibility=visibility)
    client.force_login(STRANGERS[person]())

    for path in ("", "sent/", "edit/", "connect/", "withdraw/"):
        assert client.get(f"/staff/pins/{pin.public_id}/{path}").status_code == 404
    for address in ("/staff/list/", "/staff/list/?q=Quiet", "/staff/list/?status=submitted", "/staff/map/"):
        body = text_of(client.get(address))
        assert "Quiet faith" not in body and "1 community" not in body, address
    assert client.get(tile_of(pin, "staff")).json()["features"] == []
    similar = client.post(
        "/staff/pins/similar/", {"name": "Quiet faith circle", "longitude": "-0.2", "latitude": "51.6"}
    )
    assert text_of(similar).strip() == ""


def test_what_waits_is_known_to_its_author_its_team_and_moderators(client, portal):
    pin = make_sensitive_pin(status="submitted", visibility=Visibility.STAFF)
    service = pin.created_by.service

    for person in (pin.created_by, make_contributor(service=service), make_moderator()):
        client.force_login(person)
        assert client.get(f"/staff/pins/{pin.public_id}/").status_code == 200
        assert "Quiet faith" in text_of(client.get("/staff/list/"))


def test_once_checked_it_is_known_to_all_colleagues(client, portal):
    pin = make_sensitive_pin(status="submitted", visibility=Visibility.STAFF)
    actions.decide(Pin.objects.all(), "publish", by=make_moderator())
    client.force_login(make_contributor(service=make_service("Parks")))

    assert client.get(f"/staff/pins/{pin.public_id}/").status_code == 200


def test_the_page_after_sending_does_not_say_that_it_is_on_the_staff_map(client, portal):
    pin = make_sensitive_pin(status="submitted", visibility=Visibility.STAFF)
    client.force_login(pin.created_by)

    body = text_of(client.get(f"/staff/pins/{pin.public_id}/sent/"))

    assert "only you, your team and the moderators can see it" in body
    assert "marked “not checked yet”" not in body


# --- which teams work with it ---


@pytest.mark.parametrize("is_agreed", [False, True])
def test_the_public_learns_who_works_with_it_only_where_that_was_agreed(client, portal, is_agreed):
    pin = make_sensitive_pin(services_agreed=is_agreed)

    page = text_of(client.get(f"/map/pins/{pin.public_id}/"))
    assert "Quiet faith circle" in page
    assert (SAFETY in page, APPROACH in page) == (is_agreed, is_agreed)
    for address in ("/map/list/", "/map/embed/list/"):
        assert ("Quiet faith" in text_of(client.get(f"{address}?approach=review"))) == is_agreed
        assert "Quiet faith" in text_of(client.get(address))
    assert len(client.get(f"{tile_of(pin, 'map')}?approach=review").json()["features"]) == is_agreed
    assert Connection.objects.public().count() == is_agreed


def test_filtering_by_an_approach_answers_as_if_nobody_worked_with_it(client, portal):
    pin = make_sensitive_pin()
    addresses = [
        f"/map/pins/{pin.public_id}/",
        *(f"{path}?approach=review" for path in ("/map/", "/map/list/", "/map/embed/", tile_of(pin, "map"))),
    ]
    before = [client.get(address).content for address in addresses]

    Connection.objects.all().delete()

    assert [client.get(address).content for address in addresses] == before


def test_of_a_plain_community_it_is_public_as_before(client, portal):
    pin = make_pin("Choir")
    connect(pin, make_service("Libraries"), [make_approach("Partnership")])

    assert "Libraries" in text_of(client.get(f"/map/pins/{pin.public_id}/"))


def test_moderators_see_that_residents_would_not_be_told(portal):
    pin = make_sensitive_pin(status="submitted")

    shown = preview(pin)
    Pin.objects.update(services_agreed=True)
    agreed = preview(pin)

    assert (shown.services, shown.approaches) == ((), ())
    assert ([str(row) for row in agreed.services], [str(row) for row in agreed.approaches]) == (
        [SAFETY],
        [APPROACH],
    )


def test_colleagues_are_told_and_may_filter(client, portal):
    pin = make_sensitive_pin()
    client.force_login(make_contributor(service=make_service("Parks")))

    assert SAFETY in text_of(client.get(f"/staff/pins/{pin.public_id}/"))
    assert "Quiet faith" in text_of(client.get("/staff/list/?approach=review"))


@pytest.mark.parametrize("is_agreed", [False, True])
def test_a_partner_is_told_of_other_teams_only_where_that_was_agreed(client, portal, is_agreed):
    partner = make_partner(service=make_service("Age Friends"))
    pin = make_sensitive_pin(author=partner, services_agreed=is_agreed)
    connect(pin, make_service(SAFETY, slug="safety"))
    client.force_login(partner)

    for address in (f"/staff/pins/{pin.public_id}/", "/staff/list/", tile_of(pin, "staff")):
        body = text_of(client.get(address))
        assert "Age Friends" in body
        assert (SAFETY in body) == is_agreed, address


# --- the agreement is withdrawn ---


def withdraw(client, pin: Pin, version: int | None = None):
    return client.post(f"/staff/pins/{pin.public_id}/withdraw/", {"version": version or pin.version})


PEOPLE = {
    "author": lambda pin: pin.created_by,
    "colleague of its team": lambda pin: make_contributor(service=pin.created_by.service),
    "moderator": lambda pin: make_moderator(service=None),
}


@pytest.mark.parametrize("person", PEOPLE)
def test_a_withdrawn_agreement_hides_it_from_the_public_at_once(client, portal, person):
    pin = make_sensitive_pin(services_agreed=True)
    user = PEOPLE[person](pin)
    client.force_login(user)
    public = (f"/map/pins/{pin.public_id}/", "/map/list/", "/", "/sitemap.xml", tile_of(pin, "map"))
    assert client.get(public[0]).status_code == 200
    assert "At our visit in May" in text_of(client.get(f"/staff/pins/{pin.public_id}/"))
    assert "At our visit in May" in text_of(client.get(f"/staff/pins/{pin.public_id}/withdraw/"))
    assert Pin.objects.public().count() == 1

    response = withdraw(client, pin)

    assert response.status_code == 302
    assert client.get(public[0]).status_code == 404
    for address in public[1:]:
        body = text_of(client.get(address))
        assert "Quiet faith" not in body and str(pin.public_id) not in body
    pin.refresh_from_db()
    assert (pin.status, pin.visibility, pin.version) == ("published", Visibility.STAFF, 2)
    assert (pin.agreement, pin.agreement_by, pin.agreement_at, pin.services_agreed) == ("", None, None, False)
    newest, *_older = pin.history.all()
    assert (newest.history_user, newest.history_change_reason) == (user, "The group withdrew its agreement")
    assert {row.agreement for row in pin.history.all()} == {"At our visit in May", ""}
    entry = AuditEntry.objects.get(kind="decision")
    assert (entry.actor_id, entry.details) == (user.pk, {"decision": "withdraw agreement"})


def test_a_colleague_reads_the_agreement_and_not_who_wrote_it_down(client, portal):
    """It is most often whoever sent the pin, and that is for moderators to know."""
    pin = make_sensitive_pin()
    pin.agreement_by.name = "Recorder Unknown"
    pin.agreement_by.save()
    client.force_login(PEOPLE["colleague of its team"](pin))

    for address in (f"/staff/pins/{pin.public_id}/", f"/staff/pins/{pin.public_id}/withdraw/"):
        text = text_of(client.get(address))
        assert "At our visit in May" in text and "recorded on" in text
        assert "Recorder Unknown" not in text

    client.force_login(make_moderator())
    assert "Recorder Unknown" in text_of(client.get(f"/admin/pins/pin/{pin.pk}/change/"))


def test_a_pin_that_was_for_the_team_stays_so(client, portal):
    pin = make_sensitive_pin(visibility=Visibility.TEAM)
    client.force_login(pin.created_by)

    withdraw(client, pin)

    pin.refresh_from_db()
    assert (pin.visibility, pin.agreement) == (Visibility.TEAM, "")


@pytest.mark.parametrize("person", STRANGERS)
def test_others_neither_read_the_agreement_nor_withdraw_it(client, portal, person):
    pin = make_sensitive_pin()
    client.force_login(STRANGERS[person]())

    assert "At our visit" not in text_of(client.get(f"/staff/pins/{pin.public_id}/"))
    answers = [client.get(f"/staff/pins/{pin.public_id}/withdraw/"), withdraw(client, pin)]

    assert [answer.status_code for answer in answers] == [404 if person == "partner" else 403] * 2
    assert "At our visit" not in "".join(text_of(answer) for answer in answers)
    pin.refresh_from_db()
    assert (pin.visibility, pin.agreement) == (Visibility.PUBLIC, "At our visit in May")


def test_somebody_without_a_role_is_refused(client, portal):
    pin = make_sensitive_pin()
    client.force_login(make_user(service=pin.created_by.service))

    assert withdraw(client, pin).status_code == 403
    assert Pin.objects.public().count() == 1


@pytest.mark.parametrize("version", ["0", "7", "x", "9" * 30])
def test_a_page_that_is_out_of_date_is_shown_again(client, portal, version):
    pin = make_sensitive_pin()
    client.force_login(pin.created_by)

    response = withdraw(client, pin, version)

    assert response.status_code == 409
    assert "Someone has changed this pin since you opened it" in text_of(response)
    assert Pin.objects.public().count() == 1
    assert withdraw(client, pin).status_code == 302


def test_where_nothing_was_agreed_there_is_nothing_to_withdraw(client, portal):
    pin = make_sensitive_pin(visibility=Visibility.STAFF, agreement="")
    client.force_login(pin.created_by)

    assert "Withdraw the agreement" not in text_of(client.get(f"/staff/pins/{pin.public_id}/"))
    assert withdraw(client, pin).status_code == 403
