"""Who added a pin, knows a community or decided is on no public page, whatever the address."""

import re

import pytest

from community_map.cached import forget_all
from community_map.geo import Position
from community_map.http.middleware import has_session
from pins import actions, placing
from pins.models import Pin, Precision
from tests.factories import (
    make_area,
    make_boundary_set,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
)
from tests.routes import all_routes
from tests.toolkit_factories import make_case_study, make_page
from toolkit.models import Story

pytestmark = pytest.mark.django_db
QUERIES = ["", "?q=choir", "?near=Somewhere", "?category=nothing", "?z=1"]


@pytest.fixture
def world() -> Pin:
    """A published pin to which every staff-only text and person carries the word."""
    make_portal()
    make_place("Somewhere")
    author = make_contributor("author.zelda@example.org", name="Author Zelda")
    moderator = make_moderator("moderator.zelda@example.org", name="Moderator Zelda")
    pin = make_pin("Choir", author=author, status="submitted", meeting="Zelda hall",
                   category=make_sensitive_category(), precision=2, agreement="Zelda agreed")  # fmt: skip
    connection = make_connection(pin, what_worked="Zelda worked")
    connection.known_by.add(author, moderator)
    actions.decide(Pin.objects.filter(pk=pin.pk), "publish", by=moderator)
    make_page(slug="example")
    make_case_study(slug="example")
    Story.objects.create(
        idempotency_key=pin.idempotency_key,
        title="Zelda story",
        text="Zelda",
        name="Zelda",
        email="m@example.org",
    )
    return pin


def test_no_public_address_shows_a_person_or_what_only_staff_may_read(client, world):
    public = [route for route in all_routes(public_id=world.public_id) if not has_session(route.path)]
    assert len(public) > 25
    read = 0

    for route in public:
        for query in QUERIES:
            response = client.get(route.path + query)
            text = response.getvalue().decode(errors="replace").lower()
            assert "zelda" not in text, (route, query)
            read += response.status_code == 200
    assert read > 60
    assert "Choir" in client.get("/map/list/").content.decode()
    # Nor does a search in public find anything by it.
    assert "Choir" not in client.get("/map/list/", {"q": "zelda"}).content.decode()


def test_public_areas_are_those_of_the_public_position(client):
    """The exact place lies in the western ward, the middle of its cell in the eastern one."""
    make_portal()
    wards = make_boundary_set(kind="ward")
    exact = Position(-0.2, 51.6)
    pin = make_pin("Choir", position=exact, precision=Precision.NEIGHBOURHOOD)
    between = (pin.longitude + pin.public_longitude) / 2
    west, east = sorted([(-0.3, 51.5, between, 51.7), (between, 51.5, -0.1, 51.7)])
    make_area("Western", bounds=west, slug="western", boundary_set=wards)
    make_area("Eastern", bounds=east, slug="eastern", boundary_set=wards)
    placing.place_all()
    forget_all()
    is_east = pin.public_longitude > between
    public, hidden = ("Eastern", "Western") if is_east else ("Western", "Eastern")

    assert [area.name for area in Pin.objects.get().areas.filter(boundary_set=wards)] == [hidden]
    page = client.get(f"/map/pins/{pin.public_id}/").content.decode()
    # The drawing names whatever area lies around the cell, wherever in it the exact place is.
    drawing = re.compile("<svg.*?</svg>", re.DOTALL)
    assert drawing.search(page)
    words = drawing.sub("", page)
    assert public in words and hidden not in words
    for address in ("/map/list/", "/map/embed/list/"):
        assert "Choir" in client.get(address, {"area": public.lower()}).content.decode()
        assert "Choir" not in client.get(address, {"area": hidden.lower()}).content.decode()
        assert "Choir" in client.get(address, {"q": public}).content.decode()
        assert f"{pin.public_id}" not in client.get(address, {"q": hidden}).content.decode()
