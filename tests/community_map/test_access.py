import pytest
from django.contrib.auth.models import AnonymousUser

from community_map import access
from community_map.access import Role
from community_map.models import Portal, Service, User
from pins.models import Category
from tests.factories import make_administrator, make_contributor, make_moderator, make_pin, make_user

pytestmark = pytest.mark.django_db


def test_a_visitor_and_a_deactivated_colleague_have_no_role():
    for user in (
        None,
        AnonymousUser(),
        make_contributor(is_active=False),
        make_administrator(is_active=False),
    ):
        assert access.roles(user) == {Role.VISITOR}


def test_somebody_without_a_group_has_no_role():
    assert access.roles(make_user()) == {Role.VISITOR}


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        (("Contributors",), {Role.VISITOR, Role.CONTRIBUTOR}),
        (("Moderators",), {Role.VISITOR, Role.CONTRIBUTOR, Role.MODERATOR}),
        (("Editors",), {Role.VISITOR, Role.CONTRIBUTOR, Role.EDITOR}),
    ],
)
def test_a_group_gives_its_role(groups, roles):
    assert access.roles(make_user(groups=groups)) == roles


def test_an_administrator_has_every_role():
    assert access.roles(make_administrator()) == set(Role)


@pytest.mark.parametrize("model", [User, Service, Portal, Category])
def test_moderators_have_no_access_to_users_services_policies_or_categories(model):
    moderator, administrator = make_moderator(), make_administrator()

    for action in ("view", "add", "change", "delete"):
        assert not access.may_in_admin(moderator, action, model)
    assert access.may_in_admin(administrator, "change", model)


def test_pins_are_never_added_or_deleted_in_admin():
    pin = make_pin()

    for user in (make_moderator(), make_administrator()):
        assert access.may_in_admin(user, "change", pin)
        assert not access.may_in_admin(user, "add", pin)
        assert not access.may_in_admin(user, "delete", pin)


def test_nobody_decides_their_own_pin_unless_the_portal_says_so():
    moderator = make_moderator()
    own, other = make_pin(author=moderator), make_pin()

    assert not access.may_decide(moderator, own, Portal())
    assert access.may_decide(moderator, own, Portal(moderators_decide_own_pins=True))
    assert access.may_decide(moderator, other, Portal())
    assert not access.may_decide(make_contributor(), other, Portal(moderators_decide_own_pins=True))


@pytest.mark.parametrize(
    ("status", "may"),
    [("submitted", True), ("returned", True), ("published", False), ("declined", False), ("archived", False)],
)
def test_an_author_may_edit_until_the_pin_is_decided(status, may):
    pin = make_pin(status=status)

    assert access.may_edit_pin(pin.created_by, pin) is may
    assert not access.may_edit_pin(make_contributor(), pin)
