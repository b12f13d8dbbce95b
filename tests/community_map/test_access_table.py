"""Every question that the policy answers, put by everyone who may ask it: one table, whole values compared."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from community_map import access
from community_map.access import Role
from community_map.models import Portal
from tests import policy_table
from tests.factories import (
    make_administrator,
    make_connection,
    make_contributor,
    make_editor,
    make_moderator,
    make_partner,
    make_pin,
    make_sensitive_category,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db

# staff area, contributor, moderator, administrator, admin, no role at all, needs a second factor
QUESTIONS = (
    access.may_enter_staff_area,
    access.is_contributor,
    access.is_moderator,
    access.is_administrator,
    access.may_open_admin,
    access.has_no_role,
    access.needs_second_factor,
)
PEOPLE = {
    "nobody": (lambda: None, "-----y-"),
    "visitor": (AnonymousUser, "-----y-"),
    "without a group": (make_user, "-----y-"),
    "deactivated": (lambda: make_moderator(is_active=False), "-----y-"),
    "partner": (make_partner, "y------"),
    "contributor": (make_contributor, "yy-----"),
    "moderator": (make_moderator, "yyy-y-y"),
    "editor": (make_editor, "yy--y-y"),
    "administrator": (make_administrator, "yyyyy-y"),
}


@pytest.mark.parametrize("person", PEOPLE)
def test_what_each_person_is(person):
    make, answers = PEOPLE[person]
    user = make()

    assert "".join("y" if asks(user) else "-" for asks in QUESTIONS) == answers


def test_a_partner_is_a_partner_and_nothing_else():
    assert access.roles(make_partner()) == {Role.VISITOR, Role.PARTNER}


def test_the_names_of_roles_are_those_that_settings_and_pages_say():
    assert sorted(Role) == ["administrator", "contributor", "editor", "moderator", "partner", "visitor"]
    assert set(access.GROUPS) == {"Contributors", "Moderators", "Editors", "Partners"}


def test_roles_are_asked_of_the_database_once(django_assert_num_queries):
    user = make_contributor()

    with django_assert_num_queries(2):
        for _number in range(3):
            access.roles(user)
            access.service_ids(user)


# Of a connection of the person's own service, of their other one, and of a third: read, edit, speak for.
ANSWERS = {
    "partner": ("yyy", "yyy", "---"),
    "contributor": ("yyy", "yyy", "y--"),
    "moderator": ("yyy", "yyy", "yyy"),
    "editor": ("yyy", "yyy", "y--"),
    "administrator": ("yyy", "yyy", "yyy"),
    "without a group": ("---", "---", "---"),
    "deactivated": ("---", "---", "---"),
}


@pytest.mark.parametrize("person", ANSWERS)
def test_whose_answers_each_person_reads_and_gives(person):
    services = [make_service() for _number in range(3)]
    user = PEOPLE[person][0]()
    user.service = services[0]
    user.save()
    user.other_services.add(services[1])
    pin = make_pin(author=make_contributor(service=make_service()))
    rows = [make_connection(pin, service) for service in services]

    def answers(row) -> str:
        asked = (
            access.may_read_connection(user, row),
            access.may_edit_connection(user, row),
            access.may_speak_for(user, row.service_id),
        )
        return "".join("y" if answer else "-" for answer in asked)

    assert tuple(map(answers, rows)) == ANSWERS[person]


def test_whoever_belongs_to_no_service_speaks_for_none():
    user = make_contributor(service=None)

    assert access.service_ids(user) == frozenset()
    assert not access.may_speak_for(user, None)


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("author", True),
        ("team", True),
        ("moderator", True),
        ("colleague", False),
        ("left", False),
        ("nobody", False),
    ],
)
def test_who_may_record_that_a_group_no_longer_agrees(person, may):
    service = make_service()
    author = make_contributor(service=make_service())
    pin = make_pin(
        category=make_sensitive_category(), precision=3, position=None, agreement="By letter", author=author
    )
    make_connection(pin, service)
    user = {
        "author": lambda: author,
        "team": lambda: make_contributor(service=service),
        "moderator": make_moderator,
        "colleague": lambda: make_contributor(service=make_service()),
        "left": lambda: make_contributor(service=service, is_active=False),
        "nobody": AnonymousUser,
    }[person]()

    assert access.may_withdraw_agreement(user, pin) is may
    pin.agreement = ""
    assert access.may_withdraw_agreement(user, pin) is False


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("is_sensitive", [True, False])
@pytest.mark.parametrize("visibility", [0, 1, 2])
def test_two_moderators_are_needed_where_the_portal_asks_for_what_is_sensitive_and_public(
    asked, is_sensitive, visibility
):
    pin = make_pin(visibility=visibility)
    pin.is_sensitive = is_sensitive

    needs = access.needs_two(pin, Portal(sensitive_pins_need_two=asked))

    assert bool(needs) is (asked and is_sensitive and visibility == 0)


def test_what_needs_two_is_never_decided_by_its_author():
    moderator = make_moderator()
    pin = make_pin(author=moderator)
    pin.is_sensitive = True

    assert not access.may_decide(
        moderator, pin, Portal(moderators_decide_own_pins=True, sensitive_pins_need_two=True)
    )
    assert access.may_decide(moderator, pin, Portal(moderators_decide_own_pins=True))
    assert access.may_decide(make_moderator(), pin, Portal(sensitive_pins_need_two=True))


def test_an_author_who_has_left_edits_nothing():
    author = make_contributor()
    pin = make_pin(status="submitted", author=author)
    assert access.may_edit_pin(author, pin)

    author.is_active = False
    assert not access.may_edit_pin(author, pin)


# What is read beside a pin, on its own page, and has no page in admin.
BESIDE_A_PIN = {"pins_answer": "v", "pins_decision": "v"}
LETTERS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


@pytest.mark.parametrize("person", ["partner", "contributor", "moderator", "editor", "administrator"])
def test_each_role_may_do_in_admin_what_the_table_says_and_nothing_else(person):
    user = PEOPLE[person][0]()
    wanted = {name: roles.get(person, "") for name, roles in policy_table.ADMIN.items()}
    wanted |= dict.fromkeys(BESIDE_A_PIN, "v" if person in {"moderator", "administrator"} else "")
    # The policy lets the first portal be added, and a connection; the pages that would add another are closed.
    wanted["community_map_portal"] = {"administrator": "vac"}.get(person, "")
    wanted["pins_connection"] = {"moderator": "vac", "administrator": "vac"}.get(person, "")

    told = {}
    for model in apps.get_models():
        rights = "".join(
            letter for letter, action in LETTERS.items() if access.may_in_admin(user, action, model)
        )
        if rights:
            told["_".join(model._meta.label_lower.split("."))] = rights

    wanted.pop("auth_user")  # admin's own name for ours
    assert told == {name: rights for name, rights in wanted.items() if rights}
