"""Who could read a part of one pin only after it has moved to another: nobody does without a moderator's tick."""

import pytest

from community_map.models import User
from pins import actions
from pins.actions.audience import Gained, reach_of
from pins.models import Connection, Merge, Pin, Reach, Visibility
from tests.factories import (
    make_administrator,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_partner,
    make_pin,
    make_sensitive_category,
    make_service,
)

pytestmark = pytest.mark.django_db


def merge(pin, into) -> Merge:
    return actions.merge(pin, into, by=make_moderator())


@pytest.mark.parametrize(
    ("fields", "into", "public", "staff"),
    [
        ({}, {}, "", ""),
        ({"visibility": 1}, {}, "Everyone", ""),
        ({"visibility": 2}, {}, "Everyone", "All council staff"),
        ({"visibility": 2}, {"visibility": 1}, "All council staff", "All council staff"),
        ({"status": "submitted"}, {}, "Everyone", ""),
        ({"status": "submitted"}, {"status": "submitted"}, "", ""),
        ({"visibility": 1}, {"status": "submitted"}, "Everyone", ""),
        ({"visibility": 2, "status": "submitted"}, {"visibility": 2}, "The teams that know them", "The teams that know them"),
        ({}, {"visibility": 2}, "", ""),
    ],
)  # fmt: skip
def test_who_could_read_an_answer_only_after_the_merge(fields, into, public, staff):
    author = make_contributor()
    gained = Gained(make_pin(author=author, **fields), make_pin(author=author, **into))

    assert (gained.by(public=True), gained.by(public=False)) == (public, staff)


def test_another_team_of_a_team_only_pin_is_a_new_reader():
    author, libraries = make_contributor(), make_service("Libraries")
    duplicate, stays = (make_pin(author=author, visibility=Visibility.TEAM) for _ in range(2))
    make_connection(duplicate, libraries), make_connection(stays, libraries)
    assert Gained(duplicate, stays).by(public=False) == ""

    make_connection(stays, make_service("Parks"))

    assert Gained(duplicate, stays).by(public=False) == "The teams that know them"


@pytest.mark.parametrize("status", ["published", "submitted"])
def test_a_team_that_could_open_a_team_only_pin_only_after_the_merge_needs_a_tick(status):
    duplicate = make_pin(visibility=Visibility.STAFF)
    stays = make_pin(visibility=Visibility.TEAM, status=status)
    parks = make_connection(duplicate, make_service("Parks"), kind="know-of")

    merge(duplicate, stays)

    assert (stays.connections.count(), list(duplicate.connections.all())) == (0, [parks])
    assert not Pin.objects.visible_to(make_contributor(service=parks.service)).filter(pk=stays.pk).exists()


def test_a_partner_who_sent_the_pin_that_stays_is_a_new_reader():
    stays, duplicate = make_pin(author=make_partner()), make_pin(visibility=Visibility.STAFF)

    assert "their organisation" in Gained(duplicate, stays).by(public=False)
    assert Gained(stays, make_pin(author=stays.created_by)).by(public=False) == ""


def test_nobody_is_a_new_reader_of_what_everyone_reads_already():
    stays = make_pin(author=make_partner())

    assert Gained(make_pin(), stays).by(public=True) == ""


def test_another_team_is_no_new_reader_where_all_staff_read_it_already():
    author = make_contributor()
    duplicate, stays = (make_pin(author=author, visibility=Visibility.STAFF) for _ in range(2))
    make_connection(stays, make_service("Parks"))

    assert Gained(duplicate, stays).by(public=False) == ""


def test_a_team_that_both_team_only_pins_have_is_no_new_reader():
    author, libraries = make_contributor(), make_service("Libraries")
    duplicate, stays = (make_pin(author=author, visibility=Visibility.TEAM) for _ in range(2))
    row = make_connection(duplicate, libraries)
    make_connection(stays, libraries, kind="know-of")

    assert Gained(duplicate, stays).by_connection(row, "working") == ""


@pytest.mark.parametrize("status", ["returned", "declined", "archived"])
def test_what_is_not_on_the_map_reaches_nobody_but_its_author_and_moderators(status):
    assert reach_of(make_pin(status=status)) == Reach.MODERATORS


def test_an_administrator_who_sent_the_pin_that_stays_is_no_new_reader():
    """Every role is theirs, a partner's too; but they could read both pins before."""
    stays = make_pin(author=make_administrator(service=make_service()))

    assert Gained(make_pin(visibility=Visibility.STAFF, status="submitted"), stays).author_is_new is False


@pytest.mark.parametrize("is_agreed", [False, True])
def test_a_team_that_a_sensitive_group_would_not_have_named_is_not_named_by_a_merge_unasked(is_agreed):
    category, libraries = make_sensitive_category(), make_service("Libraries")
    shown = {"category": category, "precision": 2, "agreement": "In May"}
    duplicate = make_pin(**shown, services_agreed=is_agreed)
    stays = make_pin(**shown, services_agreed=True)
    make_connection(duplicate, libraries)

    merge(duplicate, stays)

    assert Connection.objects.public().filter(service=libraries).exists() == is_agreed


def test_a_team_does_not_get_to_know_of_a_sensitive_pin_that_waits_by_a_merge_unasked():
    libraries = make_service("Libraries")
    duplicate = make_pin(visibility=Visibility.STAFF)
    stays = make_pin(
        category=make_sensitive_category(), precision=2, visibility=Visibility.STAFF, status="submitted"
    )
    make_connection(duplicate, libraries)

    merge(duplicate, stays)

    colleague = make_contributor(service=libraries)
    assert not Pin.objects.visible_to(colleague).filter(pk=stays.pk).exists()


def test_a_colleague_who_sent_a_team_only_pin_is_a_new_reader_of_another_teams():
    libraries = make_service("Libraries")
    duplicate, stays = (make_pin(author=make_contributor(), visibility=Visibility.TEAM) for _ in range(2))
    make_connection(duplicate, make_service("Parks")), make_connection(duplicate, libraries)
    make_connection(stays, libraries)
    User.objects.filter(pk=stays.created_by_id).update(service=make_service("Housing"))
    make_pin("Their other pin", author=stays.created_by)
    stays.refresh_from_db()

    assert "The person who sent the pin you keep" in Gained(duplicate, stays).by(public=False)


def test_a_second_organisation_of_the_partner_who_sent_the_pin_that_stays_is_a_new_reader():
    """The author can see the duplicate through the one organisation; their colleagues in the other cannot."""
    shared, second = make_service(), make_service()
    author = make_partner(service=second)
    author.other_services.add(shared)
    duplicate = make_pin(author=make_partner(service=shared), visibility=Visibility.STAFF)
    stays = make_pin(author=author, visibility=Visibility.STAFF)
    assert Pin.objects.visible_to(author).filter(pk=duplicate.pk).exists()

    assert "their organisation" in Gained(duplicate, stays).by(public=False)


def test_a_sensitive_pins_answers_do_not_move_to_a_plain_one_unasked():
    category = make_sensitive_category()
    sensitive = make_pin(category=category, precision=2, visibility=Visibility.STAFF, meeting="The hall")

    stays = make_pin(visibility=Visibility.STAFF, category=make_category())
    merge(sensitive, stays)

    stays.refresh_from_db()
    assert stays.meeting == ""


@pytest.mark.parametrize(
    ("duplicates", "stays", "visibility", "kind", "readers"),
    [
        # The group of the duplicate has not agreed that residents read which teams work with it.
        (False, True, Visibility.PUBLIC, "working", "Everyone"),
        (True, True, Visibility.PUBLIC, "working", ""),
        # Nobody but staff reads it there.
        (False, True, Visibility.STAFF, "working", ""),
        (False, True, Visibility.PUBLIC, "know-of", ""),
        (False, False, Visibility.PUBLIC, "working", ""),
    ],
)
def test_who_would_read_the_name_of_a_team_that_works_with_a_sensitive_group(
    duplicates, stays, visibility, kind, readers
):
    shown = {"category": make_sensitive_category(), "precision": 2, "agreement": "In May"}
    duplicate = make_pin(**shown, services_agreed=duplicates, visibility=visibility)
    into = make_pin(**shown, services_agreed=stays, visibility=visibility)
    row = make_connection(duplicate, kind=kind)

    assert Gained(duplicate, into).by_connection(row, kind) == readers


def test_the_name_of_a_team_that_nobody_but_staff_reads_needs_no_tick():
    """The duplicate is for staff, and the group of the public pin that stays has not agreed that its teams are named."""
    category = make_sensitive_category()
    duplicate = make_pin(category=category, precision=2, visibility=Visibility.STAFF)
    into = make_pin(category=category, precision=2, agreement="In May")
    row = make_connection(duplicate)

    assert Gained(duplicate, into).by_connection(row, "working") == ""
