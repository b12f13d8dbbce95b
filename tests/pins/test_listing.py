"""Pages by key, and what is near a place."""

import pytest
from django.http import QueryDict

from community_map import geo
from community_map.geo import Position
from community_map.places.areas import describe_distance
from pins.filters import PublicPinFilter, StaffPinFilter, place_named
from pins.listing import PAGE, BadKey, page_after, read_list
from pins.models import Pin, Precision
from tests.factories import INSIDE, make_pin, make_place

pytestmark = pytest.mark.django_db


def names(page) -> list[str]:
    return [pin.name for pin in page.pins]


def key_of(page) -> str:
    """The key as it comes back out of an address."""
    from urllib.parse import unquote

    return unquote(page.next_key)


def test_pages_go_through_all_pins_by_name_once():
    for number in range(2 * PAGE + 5):
        make_pin(f"Pin {number:03}")

    first = page_after(Pin.objects.public(), "")
    second = page_after(Pin.objects.public(), key_of(first))
    third = page_after(Pin.objects.public(), key_of(second))

    assert names(first) + names(second) + names(third) == [
        f"Pin {number:03}" for number in range(2 * PAGE + 5)
    ]
    assert third.next_key == ""


def test_a_pin_that_comes_meanwhile_moves_nothing_to_another_page():
    for number in range(PAGE + 2):
        make_pin(f"Pin {number:03}")
    first = page_after(Pin.objects.public(), "")

    make_pin("A new one, before all others")
    make_pin("Pin 020a")

    assert names(page_after(Pin.objects.public(), key_of(first))) == ["Pin 020", "Pin 020a", "Pin 021"]


def test_pins_of_one_name_are_all_there():
    for _ in range(PAGE + 3):
        make_pin("Walking group ~ 50% & more")

    first = page_after(Pin.objects.public(), "")
    second = page_after(Pin.objects.public(), key_of(first))

    assert len({pin.public_id for pin in first.pins + second.pins}) == PAGE + 3


@pytest.mark.parametrize("key", ["x", "~", "a~b", "\x00~6f1c1f5e-3d5a-4b53-8a5e-111111111111", "a" * 5000])
def test_a_key_that_came_from_no_page_is_refused(key):
    with pytest.raises(BadKey):
        page_after(Pin.objects.public(), key)


def near(query: str, filters=PublicPinFilter) -> dict:
    """What the list says of the pins near a place."""
    data = QueryDict(query)
    context, status = read_list(data, filters(data, queryset=Pin.objects.all()), row_of=lambda pin: pin)
    assert status == 200
    return context


def test_near_a_place_are_the_nearest_first_within_five_kilometres():
    make_place("Victoria Park")
    make_pin("Far", position=Position(-0.2, 51.63))
    make_pin("Beside", position=Position(-0.2, 51.6005))
    make_pin("Too far", position=Position(-0.2, 51.66))
    make_pin("In the square around it, but not in the circle", position=Position(-0.14, 51.64))
    make_pin("Nowhere", position=None, precision=3)

    rows = near("near=victoria")["pins"]

    assert [(pin.name, pin.distance) for pin in rows] == [("Beside", "60 metres"), ("Far", "3.3 km")]


def test_near_a_place_public_pins_are_where_the_public_sees_them():
    """The point is beside the place; the middle of its cell is some hundred metres away."""
    make_place("Victoria Park")
    pin = make_pin("Choir", position=INSIDE, precision=Precision.NEIGHBOURHOOD)
    metres = geo.distance_metres(-0.2, 51.6, pin.public_longitude, pin.public_latitude)

    assert near("near=victoria", StaffPinFilter)["pins"][0].distance == "1 metre"
    assert near("near=victoria")["pins"][0].distance == describe_distance(metres)
    assert metres > 100


def test_pages_go_through_all_that_is_near_once_nearest_first():
    make_place("Victoria Park")
    for number in range(2 * PAGE + 5):
        make_pin(f"Pin {number:03}", position=Position(-0.2, 51.6 + (45 - number) // 2 / 5000))

    seen, key = [], ""
    for _page in range(3):
        page = near(f"near=victoria&after={key}")
        seen, key = seen + page["pins"], page["next_key"]

    assert key == ""
    assert len({pin.pk for pin in seen}) == len(seen) == 2 * PAGE + 5
    assert [pin.latitude for pin in seen] == sorted(pin.latitude for pin in seen)


@pytest.mark.parametrize("key", ["x~{}", "-1~{}", "1.5~{}", "²~{}", "9" * 19 + "~{}", "~{}", "1~2"])
def test_a_key_that_came_from_no_page_of_what_is_near_is_refused(key):
    make_place("Victoria Park")
    data = QueryDict(mutable=True)
    data.update({"near": "victoria", "after": key.format("6f1c1f5e-3d5a-4b53-8a5e-111111111111")})

    _context, status = read_list(data, PublicPinFilter(data, queryset=Pin.objects.public()), row_of=str)

    assert status == 400


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("vic", "Victoria Park"),
        ("PARK", "Victoria Park"),
        ("n12 9 aa", "N12 9AA"),
        ("x", None),
        ("", None),
        ("%", None),
    ],
)
def test_a_place_is_found_by_what_one_types(text, name):
    make_place("Victoria Park")
    make_place("N12 9AA", kind="postcode")

    found = place_named(text)

    assert (found.name if found else None) == name
