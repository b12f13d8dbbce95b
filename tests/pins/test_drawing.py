"""A community on the server's own maps: what is exact is drawn for staff and for nobody else."""

import random
import xml.etree.ElementTree as ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely.geometry import MultiPolygon, Point, mapping

from community_map import geo
from community_map.geo import Position
from community_map.models import Area
from community_map.places import areas, drawing
from pins import placing
from pins.drawing import public_drawing, staff_drawing
from pins.models import Pin, Precision, Visibility
from pins.public_pin import public_pin
from tests.factories import (
    INSIDE,
    SQUARE,
    make_area,
    make_boundary_set,
    make_category,
    make_contributor,
    make_moderator,
    make_pin,
    make_place,
    make_portal,
)

pytestmark = pytest.mark.django_db
COARSE = [Precision.STREET, Precision.NEIGHBOURHOOD]


def figure(page: str) -> str:
    return page[page.index('<figure class="app-drawing') : page.index("</figure>") + len("</figure>")]


def public_page(client, pin) -> str:
    return figure(client.get(f"/map/pins/{pin.public_id}/").content.decode())


@pytest.fixture
def round_outline():
    """A portal whose edge cuts grid cells in every direction, so that many centres lie outside it."""
    outline = make_area("Outline", boundary_set=make_boundary_set(kind="outline"))
    shape = Point(-0.2, 51.6).buffer(0.02, quad_segs=32)
    Area.objects.filter(pk=outline.pk).update(geometry=mapping(MultiPolygon([shape])))
    make_portal(outline=Area.objects.get(pk=outline.pk))


@pytest.mark.parametrize("precision", COARSE)
def test_the_area_that_is_drawn_holds_the_place_also_at_the_edge(round_outline, precision):
    chance, moved = random.Random(3), 0
    outline = areas.shapes().outline
    for _ in range(400):
        edge = outline.geoms[0].exterior.interpolate(chance.random(), normalized=True)
        inward = chance.uniform(0.00005, 0.0004 if precision == Precision.STREET else 0.003)
        place = Position(
            round(edge.x + (-0.2 - edge.x) * inward / 0.02, 6),
            round(edge.y + (51.6 - edge.y) * inward / 0.02, 6),
        )
        public = placing.public_position(place, precision)
        cell = geo.cell_bounds(*place.mercator, precision.cell_bits)
        moved += geo.cell_centre(place.longitude, place.latitude, precision.cell_bits) != public
        assert placing.cell_of(public, precision, areas.shapes()) == cell

    assert moved > 40


def test_a_place_that_is_exact_stands_for_itself():
    assert placing.cell_of(INSIDE, Precision.EXACT, areas.shapes()) is None


@pytest.mark.parametrize("precision", COARSE)
def test_two_places_of_one_cell_are_drawn_alike_to_the_last_byte(client, precision):
    make_portal()
    make_place("Oak Hill Park")
    west, north, east, south = geo.cell_bounds(*INSIDE.mercator, precision.cell_bits)
    pin = make_pin(precision=precision)
    first = public_page(client, pin)
    for x, y in ((west + 3, north + 3), (east - 3, south - 3), (west + 3, south - 3)):
        longitude, latitude = geo.from_mercator(x, y)
        placing.place(pin, Position(round(longitude, 6), round(latitude, 6)))
        pin.save()

        assert public_page(client, pin) == first


def test_residents_are_shown_a_coarse_place_as_an_area_and_an_exact_one_as_a_spot(client):
    make_portal()
    coarse, exact = make_pin(precision=Precision.STREET), make_pin(precision=Precision.EXACT)

    assert "app-drawing__area" in public_page(client, coarse)
    assert "app-drawing__spot" not in public_page(client, coarse)
    assert "We do not show the exact place" in public_page(client, coarse)
    assert "app-drawing__spot" in public_page(client, exact)
    assert "They meet here" in public_page(client, exact)


def test_staff_are_shown_the_exact_place_and_what_the_public_sees_of_it(client):
    make_portal()
    pin = make_pin(precision=Precision.NEIGHBOURHOOD)
    frame = drawing.frame_around(INSIDE, 3_600)
    x, y = frame.point(*INSIDE.mercator)
    spot = f'<svg class="app-drawing__spot" x="{x - 24}" y="{y - 24}"'
    moderator = make_moderator()

    for user, address in (
        (make_contributor(), f"/staff/pins/{pin.public_id}/"),
        (moderator, f"/staff/pins/{pin.public_id}/"),
        (moderator, f"/admin/pins/pin/{pin.pk}/change/"),
    ):
        client.force_login(user)
        drawn = figure(client.get(address).content.decode())
        assert spot in drawn
        assert "The area that the public map shows" in drawn


@pytest.mark.parametrize("visibility", [Visibility.STAFF, Visibility.TEAM])
def test_nothing_is_said_of_a_public_map_where_a_pin_is_not_for_it(visibility):
    make_portal()
    pin = make_pin(visibility=visibility, precision=Precision.STREET)

    drawn = staff_drawing(pin)

    assert [mark.words for mark in drawn.key] == ["The exact place"]
    assert not any("public" in sentence for sentence in drawn.words)


def test_no_single_place_is_the_whole_outline():
    make_portal(place_name="Barnet")
    drawn = public_drawing(public_pin(make_pin(position=None).public_id))

    assert drawn.marks[0].path == drawn.land
    assert [mark.words for mark in drawn.key] == ["They meet across Barnet, with no single location."]


def test_a_pin_with_a_place_that_the_public_map_does_not_show_is_a_spot_for_staff_only():
    make_portal()
    make_place("Oak Hill Park")
    pin = make_pin(precision=Precision.BOROUGH)

    public, staff = public_drawing(public_pin(pin.public_id)), staff_drawing(pin)

    assert public.marks[0].path == public.land
    assert public.words == ()
    assert [mark.words for mark in staff.key] == ["The exact place"]
    assert staff.words[0] == "The public map does not show a place."


def test_nothing_is_drawn_where_there_is_neither_place_nor_outline(client):
    make_portal(outline=None)
    pin = make_pin(position=None)

    assert public_drawing(public_pin(pin.public_id)) is None
    assert "app-drawing" not in client.get(f"/map/pins/{pin.public_id}/").content.decode()


def test_a_place_without_any_boundary_is_drawn_on_empty_ground(client):
    make_portal(outline=None)

    assert 'class="app-drawing__area' in public_page(client, make_pin(precision=Precision.STREET))


def test_every_drawing_is_well_formed_named_and_without_styles(client):
    make_portal()
    make_area('Ward <b> & "co"')
    make_place("Park <script>", longitude=-0.203, latitude=51.602)
    pin = make_pin('Choir <script>alert("1")</script> & friends', precision=Precision.NEIGHBOURHOOD)

    page = public_page(client, pin)

    svg = page[page.index("<svg") : page.index("<figcaption")]
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own page)
    texts = {element.get("id"): element.text for element in root if element.get("id")}
    assert root.get("role") == "img"
    assert list(texts) == root.get("aria-labelledby").split()
    assert texts["where-title"] == 'Map of where Choir <script>alert("1")</script> & friends meets'
    written = [text.text for text in root.iter("text")]
    assert {"Park <script>", "¼ mile (0.4 km)"} & set(written) == {"Park <script>"}
    assert "½ mile (0.8 km)" in written
    assert "<script" not in page
    assert "style=" not in page
    assert len(page.encode()) < 12_000


def test_a_detailed_borough_is_drawn_in_twelve_kilobytes(client):
    from tests.community_map.places.test_drawing import coastline

    outline = make_area(boundary_set=make_boundary_set(kind="outline"))
    Area.objects.filter(pk=outline.pk).update(geometry=coastline(20_000))
    make_portal(outline=Area.objects.get(pk=outline.pk))
    wards = make_boundary_set()
    west, south = SQUARE[:2]
    for number in range(24):
        left, low = west + number % 6 * 0.03, south + number // 6 * 0.05
        make_area(f"Ward number {number}", bounds=(left, low, left + 0.03, low + 0.05), boundary_set=wards)
    chance = random.Random(5)
    for number in range(300):
        make_place(
            f"Place {number}", longitude=chance.uniform(-0.23, -0.17), latitude=chance.uniform(51.58, 51.62)
        )
    pins = [make_pin(precision=precision) for precision in Precision]

    sizes = [len(public_page(client, pin).encode()) for pin in pins]

    assert max(sizes) < 12_000, sizes


def test_a_public_page_asks_no_more_for_its_map_however_many_pins_and_areas(client):
    make_portal()
    make_area("Underhill")
    make_place("Oak Hill Park")
    pin = make_pin(precision=Precision.STREET)
    address = f"/map/pins/{pin.public_id}/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(10):
        make_pin()
        make_place(f"Place {number}")
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    # Three are the map's: the portal's outline, the state of the boundaries, the places around.
    assert (len(few), len(many)) == (10, 10)


def test_the_outlines_that_a_staff_page_leaves_behind_change_no_byte_of_a_public_one(client):
    make_portal()
    hidden = make_pin("Quartzlight", visibility=Visibility.TEAM, category=make_category())
    pin = make_pin(precision=Precision.STREET)
    before = public_page(client, pin)

    client.force_login(make_moderator())
    assert "Quartzlight" in client.get(f"/staff/pins/{hidden.public_id}/").content.decode()
    client.logout()

    assert public_page(client, pin) == before
    assert Pin.objects.count() == 2
