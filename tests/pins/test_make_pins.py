"""Generated pins: as good as sent ones, the same each time, and never among a council's own."""

from collections import Counter
from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.forms.models import model_to_dict

from community_map import geo
from community_map.geo import Position
from community_map.models import User
from community_map.places import areas
from pins import placing
from pins.models import Category, Connection, Decision, Offer, Pin, Precision, Status, Visibility
from tests.factories import (
    make_approach,
    make_area,
    make_boundary_set,
    make_category,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
    make_service,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def land():
    """A council with wards, places, and a word in each list."""
    make_portal()
    wards = make_boundary_set()
    make_area("West", bounds=(-0.3, 51.5, -0.2, 51.7), boundary_set=wards)
    make_area("East", bounds=(-0.2, 51.5, -0.1, 51.7), boundary_set=wards)
    for name, longitude, latitude in (("Park", -0.22, 51.6), ("Edge", -0.1001, 51.6), ("Hall", -0.15, 51.55)):
        make_place(name, longitude=longitude, latitude=latitude)
    make_place("N2", kind="postcode-district", longitude=-0.29, latitude=51.69)
    make_category(), make_sensitive_category(), make_category(finest_precision=1, default_precision=1)
    make_service(), make_service(), make_approach()
    Offer.objects.create(name="Spaces", slug="spaces")


def make_pins(number: int, **options) -> None:
    call_command("make_pins", number, **options)


def columns(pin: Pin) -> dict:
    return {field.attname: getattr(pin, field.attname) for field in Pin._meta.concrete_fields}


def everything() -> list[tuple]:
    return [
        (
            {name: value for name, value in columns(pin).items() if name != "id"},
            [offer.pk for offer in pin.offers.all()],
            [
                (model_to_dict(connection, exclude=["id", "pin", "approaches", "known_by"]))
                for connection in pin.connections.order_by("pk")
            ],
            list(pin.decisions.order_by("pk").values_list("kind", "reason", "by", "at")),
        )
        for pin in Pin.objects.order_by("idempotency_key")
    ]


@time_machine.travel("2026-03-02 12:00", tick=False)
def test_the_same_seed_makes_the_same_pins_however_they_are_asked_for(land):
    make_pins(40)
    make_pins(90)
    in_two_goes = everything()
    Connection.objects.all().delete()
    Pin.objects.all().delete()

    make_pins(90)

    assert everything() == in_two_goes
    assert len(in_two_goes) == 90
    make_pins(90, seed=2)
    assert len({pin["public_id"] for pin, *_lists in everything()}) == 180


def test_asking_for_as_many_again_adds_none_and_says_so(land, capsys):
    make_pins(30)
    make_pins(30)

    assert Pin.objects.count() == 30
    assert "30 generated pins of seed 1 already" in capsys.readouterr().err


def test_every_position_is_what_placing_one_pin_alone_says(land):
    make_pins(400)

    for pin in Pin.objects.prefetch_related("areas", "public_areas"):
        stored = columns(pin)
        placing.place(pin, Position(pin.longitude, pin.latitude) if pin.is_placed else None)
        assert columns(pin) == stored
        assert placing.area_ids(pin, areas.shapes().ids_at) == (
            [area.pk for area in pin.areas.all()],
            [area.pk for area in pin.public_areas.all()],
        )
        assert not pin.is_placed or areas.metres_outside(Position(pin.longitude, pin.latitude)) == 0


def test_there_is_one_of_everything(land):
    make_pins(600)

    def found(model, name: str) -> set:
        return set(model.objects.values_list(name, flat=True))

    assert found(Pin, "status") == set(Status.values)
    assert found(Pin, "visibility") == set(Visibility.values)
    assert found(Pin, "precision") == set(Precision.values)
    assert found(Pin, "category") == set(Category.objects.values_list("pk", flat=True))
    assert found(Pin, "about") == set(Pin.About.values)
    assert found(Connection, "kind") == set(Connection.Kind.values)
    assert found(Decision, "kind") == {"publish", "return", "decline", "archive"}
    assert Pin.objects.filter(is_sensitive=True, visibility=Visibility.PUBLIC).exists()
    assert Pin.objects.filter(longitude=None).exists()
    assert Pin.objects.filter(offers__isnull=False).exists()
    assert Connection.objects.filter(approaches__isnull=False).exists()
    assert not Connection.objects.filter(known_by=None).exists()
    database.check_constraints()


def test_the_history_leads_from_the_sending_to_what_the_pin_is(land):
    make_pins(200)

    for pin in Pin.objects.prefetch_related("offers"):
        versions = list(pin.history.order_by("history_id"))
        assert [version.version for version in versions] == list(range(1, pin.version + 1))
        assert [version.history_type for version in versions] == ["+", *"~" * (pin.version - 1)]
        assert (versions[0].status, versions[0].history_user_id) == (Status.SUBMITTED, pin.created_by_id)
        assert columns(versions[-1].instance) == columns(pin)
        assert {row.offer for row in versions[-1].offers.all()} == set(pin.offers.all())
        decisions = list(pin.decisions.order_by("at", "pk"))
        assert [(version.history_date, version.history_user) for version in versions[1:]] == [
            (decision.at, decision.by) for decision in decisions
        ]
    for connection in Connection.objects.prefetch_related("approaches"):
        version = connection.history.get()
        assert version.kind == connection.kind
        assert {row.approach for row in version.approaches.all()} == set(connection.approaches.all())
        assert {row.user for row in version.known_by.all()} == set(connection.known_by.all())


def test_most_meet_where_others_meet(land):
    make_pins(1_000)

    cells = Counter(
        (pin.mercator_x >> 13, pin.mercator_y >> 13) for pin in Pin.objects.filter(longitude__isnull=False)
    )
    west, north = geo.mercator(-0.3, 51.7)
    east, south = geo.mercator(-0.1, 51.5)
    all_cells = ((east >> 13) - (west >> 13) + 1) * ((south >> 13) - (north >> 13) + 1)
    fullest = sum(count for _cell, count in cells.most_common(all_cells // 20))
    assert fullest > sum(cells.values()) / 2


def test_rows_that_come_after_are_numbered_after_them(land):
    make_pins(20)

    later = make_pin()
    later.offers.set(Offer.objects.all())

    assert later.pk > Pin.objects.exclude(pk=later.pk).order_by("-pk").values_list("pk", flat=True)[0]
    assert later.history.count() >= 1


def test_more_than_a_batch_says_how_far_it_is(land, capsys, monkeypatch):
    monkeypatch.setattr("pins.management.commands.make_pins.BATCH", 10)

    make_pins(40)

    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "  10 of 40 (25%)",
        "  20 of 40 (50%)",
        "  30 of 40 (75%)",
        lines[-1],
    ]


def test_it_refuses_to_stand_among_pins_that_people_sent(land):
    make_pin()

    with pytest.raises(CommandError, match="pins that this command did not make"):
        make_pins(10)
    assert Pin.objects.count() == 1

    make_pins(10, add=True)
    assert Pin.objects.count() == 11


def test_it_refuses_where_residents_read_even_when_told_to_add(settings):
    settings.SITE_URL = "https://map.example.org"
    portal = make_portal()
    make_category(), make_service()

    for add in (False, True):
        with pytest.raises(CommandError, match="not an address of this machine"):
            make_pins(10, add=add)
    assert (Pin.objects.count(), User.objects.count()) == (0, 0)

    portal.is_demo = True
    portal.save()
    make_pins(10)
    assert Pin.objects.count() == 10


def test_it_asks_for_vocabularies_and_for_sensible_numbers():
    with pytest.raises(CommandError, match="no categories or no teams"):
        make_pins(10)
    for number, seed in ((0, 1), (-3, 1), (1, -1), (1, 2**24)):
        with pytest.raises(CommandError, match="must be at least 1"):
            make_pins(number, seed=seed)


def test_nobody_can_sign_in_as_those_who_sent_them(land):
    make_pins(20)

    people = User.objects.filter(email__startswith="generated-")
    assert people.count() == 15
    assert not any(person.is_active or person.has_usable_password() for person in people)


def test_every_name_says_that_it_is_generated(land):
    make_pins(50)

    assert all("(generated " in pin.name and "does not exist" in pin.description for pin in Pin.objects.all())


def test_dates_are_never_in_the_future(land):
    make_pins(200)

    for pin in Pin.objects.all():
        assert pin.submitted_at <= pin.updated_at
        assert pin.submitted_at.date() <= pin.last_confirmed_at <= date.today()
