"""The one set of filters: what each finds, and that public ones read public columns only."""

import pytest
from django.http import QueryDict

from community_map.geo import Position
from pins.filters import PublicPinFilter, StaffPinFilter, filter_address
from pins.models import Connection, Pin, Precision, Status, Visibility
from pins.placing import assign_areas
from tests.factories import (
    make_approach,
    make_area,
    make_category,
    make_connection,
    make_pin,
    make_portal,
    make_service,
)

pytestmark = pytest.mark.django_db


def found(query: str, *, staff: bool = False) -> list[str]:
    """The names of the pins that an address's filters find, in order."""
    pins = Pin.objects.all() if staff else Pin.objects.public()
    chosen = (StaffPinFilter if staff else PublicPinFilter)(QueryDict(query), queryset=pins)
    assert chosen.is_valid(), chosen.errors
    return sorted(chosen.qs.values_list("name", flat=True))


def refused(query: str, *, staff: bool = False) -> list[str]:
    chosen = (StaffPinFilter if staff else PublicPinFilter)(QueryDict(query), queryset=Pin.objects.public())
    return sorted(chosen.errors)


def test_words_are_looked_for_in_name_description_category_and_area():
    make_portal()
    make_area("Underhill", bounds=(-0.3, 51.5, -0.2, 51.6))
    music = make_category("Music")
    sport = make_category("Sport")
    make_pin("Brass band", category=music, position=Position(-0.15, 51.65))
    make_pin("Choir", category=music, description="They sing with trombones", position=Position(-0.15, 51.65))
    make_pin("Football", category=sport, position=Position(-0.25, 51.55))

    assert found("q=brass") == ["Brass band"]
    assert found("q=TROMBONE") == ["Choir"]
    assert found("q=music") == ["Brass band", "Choir"]
    assert found("q=underhill") == ["Football"]
    assert found("q=music+sing") == ["Choir"]
    assert found("q=nothing+like+it") == []


@pytest.mark.parametrize(
    "words", ["%25", "_", "%27%3B--", "%5C", "%22unbalanced", "((", "%F0%9F%8E%BA", "a" * 100]
)
def test_hostile_words_are_words(words):
    make_pin("Choir")

    assert found(f"q={words}") == []


def test_what_only_staff_may_read_is_found_by_staff_only():
    pin = make_pin("Choir", meeting="Behind the organ")
    make_connection(pin, what_worked="Bringing biscuits")

    assert found("q=organ") == []
    assert found("q=biscuits") == []
    assert found("q=organ", staff=True) == ["Choir"]
    assert found("q=biscuits", staff=True) == ["Choir"]


def test_categories_add_up():
    for name in ("Music", "Sport", "Faith"):
        make_pin(f"{name} group", category=make_category(name))

    assert found("category=music&category=sport") == ["Music group", "Sport group"]
    assert found("") == ["Faith group", "Music group", "Sport group"]


def test_the_public_area_comes_from_the_public_position():
    make_portal()
    make_area("Here", slug="here", bounds=(-0.3, 51.5, -0.2001, 51.7))
    make_area("There", slug="there", bounds=(-0.2001, 51.5, -0.1, 51.7))
    pin = make_pin("Choir", position=Position(-0.2002, 51.6), precision=Precision.NEIGHBOURHOOD)
    # The cell's centre lies in another area than the point does.
    pin.public_longitude, pin.public_latitude = -0.199, 51.6
    pin.save()
    assign_areas(pin)

    assert found("area=there") == ["Choir"]
    assert found("area=here") == []
    assert found("area=here", staff=True) == ["Choir"]
    assert found("q=here") == ["Choir"], "“here” is a part of “There”"
    assert found("q=there") == ["Choir"]


def test_an_approach_counts_only_where_a_service_works_with_them():
    partnership = make_approach("Partnership")
    working, wishing = make_pin("Choir"), make_pin("Football")
    make_connection(working, approaches=[partnership])
    make_connection(wishing, kind=Connection.Kind.WOULD_LIKE, approaches=[partnership])

    assert found("approach=partnership") == ["Choir"]


def test_service_and_connection_mean_the_same_row():
    libraries, parks = make_service("Libraries"), make_service("Parks")
    choir, football = make_pin("Choir"), make_pin("Football")
    make_connection(choir, libraries, kind=Connection.Kind.WORKING)
    make_connection(choir, parks, kind=Connection.Kind.WOULD_LIKE)
    make_connection(football, libraries, kind=Connection.Kind.WOULD_LIKE)
    wish = Connection.Kind.WOULD_LIKE.value

    assert found("service=libraries", staff=True) == ["Choir", "Football"]
    assert found(f"service=libraries&connection={wish}", staff=True) == ["Football"]
    assert found(f"connection={wish}", staff=True) == ["Choir", "Football"]


def test_staff_choose_by_visibility_and_status():
    make_pin("Choir")
    make_pin("Football", visibility=Visibility.TEAM)
    make_pin("Walkers", status=Status.SUBMITTED)

    assert found("visibility=team", staff=True) == ["Football"]
    assert found("status=submitted", staff=True) == ["Walkers"]
    assert found("status=submitted&status=published&visibility=public", staff=True) == ["Choir", "Walkers"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("category=nowhere", ["category"]),
        ("area=1", ["area"]),
        ("approach=%00", ["approach"]),
        ("q=" + "a" * 101, ["q"]),
        ("q=%00", ["q"]),
    ],
)
def test_a_value_that_does_not_exist_is_refused_by_its_name(query, names):
    make_category("Music")

    assert refused(query) == names


@pytest.mark.parametrize("name", ["connection", "service", "visibility", "status"])
def test_staff_filters_do_not_exist_for_the_public(name):
    make_pin("Choir")

    assert found(f"{name}=whatever") == ["Choir"]
    assert refused(f"{name}=whatever", staff=True) == [name]


def test_an_address_keeps_its_filters_in_one_order_and_nothing_else():
    query = QueryDict("fbclid=1&q=&category=b&category=a&area=x&after=z")

    assert filter_address(query, PublicPinFilter) == "area=x&category=b&category=a"
