"""The one set of filters: what each finds, and that public ones read public columns only."""

import re

import pytest
import time_machine
from django.http import QueryDict

from community_map.geo import Position
from community_map.models import Initiative
from pins import search
from pins.filters import PublicPinFilter, StaffPinFilter, filter_address, staff_filter
from pins.models import Connection, LessHeardGroup, Offer, Pin, Precision, Status, Visibility
from pins.placing import assign_areas
from tests.factories import (
    make_administrator,
    make_approach,
    make_area,
    make_category,
    make_connection,
    make_contributor,
    make_editor,
    make_moderator,
    make_partner,
    make_pin,
    make_place,
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
    make_area("Hendon", slug="hendon", bounds=(-0.3, 51.5, -0.2001, 51.7))
    make_area("Finchley", slug="finchley", bounds=(-0.2001, 51.5, -0.1, 51.7))
    pin = make_pin("Choir", position=Position(-0.2002, 51.6), precision=Precision.NEIGHBOURHOOD)
    # The cell's centre lies in another area than the point does.
    pin.public_longitude, pin.public_latitude = -0.199, 51.6
    pin.save()
    assign_areas(pin)
    search.write([pin])

    assert found("area=finchley") == ["Choir"]
    assert found("area=hendon") == []
    assert found("area=hendon", staff=True) == ["Choir"]
    assert found("q=finchley") == ["Choir"]
    assert found("q=hendon") == []
    assert found("q=hendon", staff=True) == ["Choir"]


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


def test_what_they_can_offer_is_any_of_the_chosen():
    money, spaces = (Offer.objects.create(name=name, slug=name.lower()) for name in ("Money", "Spaces"))
    make_pin("Choir").offers.add(money, spaces)
    make_pin("Football").offers.add(spaces)
    make_pin("Walkers")

    assert found("offers=money") == ["Choir"]
    assert found("offers=money&offers=spaces") == ["Choir", "Football"]


def test_what_it_is_and_what_it_is_part_of():
    summer = Initiative.objects.create(name="Summer", slug="summer")
    make_pin("Choir", about=Pin.About.COMMUNITY, initiative=summer)
    make_pin("Charity", about=Pin.About.ORGANISATION)
    make_pin("Hall", about=Pin.About.ASSET)

    assert found("about=organisation") == ["Charity"]
    assert found("about=asset&about=community") == ["Choir", "Hall"]
    assert found("initiative=summer") == ["Choir"]


@pytest.mark.parametrize(
    ("today", "months", "confirmed", "is_found"),
    [
        ("2026-11-25", 12, "2025-11-25", True),
        ("2026-11-25", 12, "2025-11-24", False),
        ("2026-03-31", 3, "2025-12-31", True),
        ("2026-05-31", 3, "2026-02-28", True),
        ("2026-05-31", 3, "2026-02-27", False),
        ("2026-01-15", 24, "2024-01-15", True),
        ("2026-01-15", 24, None, False),
    ],
)
def test_confirmed_counts_months_back_from_today(today, months, confirmed, is_found):
    make_pin("Choir", last_confirmed_at=confirmed)

    with time_machine.travel(f"{today}T12:00:00Z", tick=False):
        assert found(f"confirmed={months}") == (["Choir"] if is_found else [])


def test_pins_with_which_nobody_works_are_known_all_the_same():
    libraries, parks = make_service("Libraries"), make_service("Parks")
    working, wishing, unknown = make_pin("Choir"), make_pin("Football"), make_pin("Walkers")
    make_connection(working, libraries, kind=Connection.Kind.WORKING)
    make_connection(working, parks, kind=Connection.Kind.WOULD_LIKE)
    make_connection(wishing, libraries, kind=Connection.Kind.WOULD_LIKE)
    assert unknown.connections.count() == 0

    assert found("connection=nobody", staff=True) == ["Football", "Walkers"]
    assert found("connection=nobody&connection=working", staff=True) == ["Choir", "Football", "Walkers"]
    assert found("connection=nobody&service=libraries", staff=True) == ["Football"]
    assert found("connection=nobody&service=parks", staff=True) == []


def test_only_moderators_find_pins_by_groups_less_often_heard():
    carers = LessHeardGroup.objects.create(name="Carers", slug="carers")
    make_pin("Choir").less_heard_groups.add(carers)
    make_pin("Football")
    query = QueryDict("less-heard=carers")

    for user, names in (
        (make_moderator(), ["Choir"]),
        (make_administrator(), ["Choir"]),
        (make_contributor(), ["Choir", "Football"]),
        (make_editor(), ["Choir", "Football"]),
        (make_partner(), ["Choir", "Football"]),
    ):
        chosen = staff_filter(user)(query, queryset=Pin.objects.all())
        assert sorted(chosen.qs.values_list("name", flat=True)) == names, user


@pytest.mark.parametrize("maker", [None, make_contributor, make_editor, make_partner])
def test_to_all_others_that_filter_is_like_any_name_that_there_is_not(client, maker):
    """Sent with a group that there is or with none, it answers what an unknown name does: in pages nothing."""
    make_portal()
    LessHeardGroup.objects.create(name="Carers", slug="carers")
    if maker:
        client.force_login(maker())
    space = "/staff" if maker else "/map"

    def answers(name: str) -> list:
        found = []
        for address in (f"{space}/list/", f"{space}/map/" if maker else "/map/", f"{space}/tiles/0/0/0.json"):
            for value in ("carers", "nobody", "\x00", ""):
                response = client.get(address, {name: value})
                body = re.sub(rb'(mark" value="|csrfmiddlewaretoken" value=")[^"]+', b"", response.content)
                found.append((response.status_code, body.replace(name.encode(), b"NAME")))
        return found

    assert answers("less-heard") == answers("more-heard")
    assert {status for status, _body in answers("less-heard")} == {200, 400}


def test_the_filters_in_use_each_know_the_address_without_them():
    make_place("Victoria Park")
    make_category("Music"), make_category("Sport")
    data = QueryDict("q=a+walk&near=vic&category=music&category=sport&fbclid=1&confirmed=12")
    chosen = PublicPinFilter(data, queryset=Pin.objects.public())

    told = {(one.label, str(one.value)): one.others for one in chosen.in_use}
    assert told == {
        ("Search by name or activity", "a walk"): "category=music&category=sport&confirmed=12&near=vic",
        ("Near a place or postcode", "Within 5 km of Victoria Park"): "category=music&category=sport&confirmed=12&q=a+walk",
        ("What brings them together", "Music"): "category=sport&confirmed=12&near=vic&q=a+walk",
        ("What brings them together", "Sport"): "category=music&confirmed=12&near=vic&q=a+walk",
        ("Last confirmed", "Confirmed in the last 12 months"): "category=music&category=sport&near=vic&q=a+walk",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("category=nowhere", ["category"]),
        ("area=1", ["area"]),
        ("approach=%00", ["approach"]),
        ("q=" + "a" * 101, ["q"]),
        ("q=%00", ["q"]),
        ("near=%00", ["near"]),
        ("near=" + "a" * 101, ["near"]),
        ("offers=nothing", ["offers"]),
        ("about=person", ["about"]),
        ("initiative=none", ["initiative"]),
        ("confirmed=13", ["confirmed"]),
        ("confirmed=-1", ["confirmed"]),
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
