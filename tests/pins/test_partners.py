"""Partners keep their organisation's pins, and learn nothing else of what staff know."""

import pytest

from community_map import geo
from pins.models import Pin, Precision, Visibility
from pins.models.pin import PrivateColumn
from pins.similar import find_similar
from tests.factories import (
    INSIDE,
    make_connection,
    make_contributor,
    make_partner,
    make_pin,
    make_portal,
    make_service,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    make_portal()
    organisation, libraries = make_service("Age Friends"), make_service("Libraries")
    partner = make_partner(service=organisation)
    own = make_pin("Tea afternoons", author=make_partner(service=organisation), visibility=Visibility.TEAM)
    make_connection(own, organisation, what_worked="Our own words")
    make_connection(own, libraries, kind="would-like", what_worked="Staff words")
    make_pin("Staff secret", author=make_contributor(service=libraries), visibility=Visibility.STAFF)
    # A council colleague who shares the service by mistake does not hand over what council staff drop.
    make_pin("Colleague's pin", author=make_contributor(service=organisation), visibility=Visibility.STAFF)
    client.force_login(partner)
    return partner, own


def test_a_partner_sees_the_pins_of_their_own_organisation_and_no_others(world):
    partner, own = world

    assert list(Pin.objects.visible_to(partner)) == [own]


def test_other_pins_are_not_found(client, world):
    for pin in Pin.objects.exclude(pk=world[1].pk):
        for part in ("", "edit/", "connect/", "sent/"):
            assert client.get(f"/staff/pins/{pin.public_id}/{part}").status_code == 404


def test_the_page_shows_what_the_organisation_says_and_not_what_staff_say(client, world):
    text = client.get(f"/staff/pins/{world[1].public_id}/").content.decode()

    assert "Our own words" in text
    assert "Staff words" not in text
    assert "Libraries" not in text


def test_that_a_service_works_with_a_community_is_told_without_its_words(client, world):
    make_connection(world[1], make_service("Parks"), what_worked="Quiet words")

    text = client.get(f"/staff/pins/{world[1].public_id}/").content.decode()

    assert "Parks" in text
    assert "Quiet words" not in text


def test_searching_and_filtering_tell_nothing_of_staffs_words(client, world):
    for address in ("/staff/list/?q=Staff+words", "/staff/list/?q=Quiet"):
        assert "Tea afternoons" not in client.get(address).content.decode()
    assert "Tea afternoons" in client.get("/staff/list/?connection=would-like").content.decode()
    assert client.get("/staff/tiles/12/2045/1360.json?connection=working").status_code == 400
    assert "Libraries" not in client.get("/staff/list/").content.decode()


def test_tiles_name_only_the_services_that_may_be_known(client, world):
    pin = world[1]
    x, y = pin.mercator_x >> 16, pin.mercator_y >> 16

    text = client.get(f"/staff/tiles/12/{x}/{y}.json").content.decode()

    assert "Tea afternoons" in text
    assert "Age Friends" in text
    assert "Libraries" not in text
    assert "Staff secret" not in text


def test_a_partner_is_not_told_that_staff_may_know_a_community_already(world):
    found = find_similar(world[0], name="Staff secret", position=INSIDE)

    assert [match.pin.name for match in found] == ["Tea afternoons"]


def test_a_partner_is_led_to_the_public_page_of_other_peoples_public_pins(client, world):
    shown = make_pin("Lunch for everyone", author=make_contributor())
    make_connection(shown, make_service("Parks"))

    text = client.post("/staff/pins/similar/", {"name": "Lunch for everyone"}).content.decode()

    assert f'href="/map/pins/{shown.public_id}/"' in text
    assert "/connect/" not in text
    assert "Parks" not in text


def test_other_peoples_public_pins_are_compared_by_where_everyone_sees_them(world):
    shown = make_pin("Lunch for everyone", author=make_contributor(), precision=Precision.NEIGHBOURHOOD)
    metres = geo.distance_metres(
        INSIDE.longitude, INSIDE.latitude, shown.public_longitude, shown.public_latitude
    )

    found = find_similar(world[0], name="Lunch for everyone", position=INSIDE)

    assert [(match.pin.name, match.metres, match.is_public) for match in found] == [
        ("Lunch for everyone", metres, True),
        ("Tea afternoons", 0.0, False),
    ]
    with pytest.raises(PrivateColumn):
        _exact = found[0].pin.longitude


def test_a_partners_own_public_pin_is_listed_once(world):
    own = make_pin("Lunch club of ours", author=world[0])

    found = find_similar(world[0], name="Lunch club of ours")

    assert [(match.pin.pk, match.is_public) for match in found] == [(own.pk, False)]


def test_a_partner_drops_and_mends_pins_but_does_not_open_admin(client, world):
    assert client.get("/staff/").status_code == 200
    assert client.get("/staff/pins/new/").status_code == 200
    assert client.get("/admin/").status_code == 302
    mine = make_pin("Mine", author=world[0], status="submitted")
    assert client.get(f"/staff/pins/{mine.public_id}/edit/").status_code == 200


def test_a_partner_without_an_organisation_sees_their_own_pins_only(world):
    loner = make_partner(service=None)
    mine = make_pin("Alone", author=loner)

    assert list(Pin.objects.visible_to(loner)) == [mine]
