"""Pages by key, and what is near a place."""

import pytest

from community_map.geo import Position
from pins.listing import PAGE, BadKey, near_place, page_after, place_named
from pins.models import Pin
from tests.factories import make_pin, make_place

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


def test_near_a_place_are_the_nearest_first_within_five_kilometres():
    place = make_place("Victoria Park")
    make_pin("Far", position=Position(-0.2, 51.63))
    make_pin("Beside", position=Position(-0.2, 51.6005))
    make_pin("Too far", position=Position(-0.2, 51.66))
    make_pin("Nowhere", position=None, precision=3)

    rows = near_place(Pin.objects.public(), place, x="public_mercator_x", y="public_mercator_y")

    assert [pin.name for pin in rows] == ["Beside", "Far"]
    assert all(pin.distance for pin in rows)


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
