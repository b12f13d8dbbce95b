from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection

from pins.models import Category
from tests.factories import make_category, make_user

pytestmark = pytest.mark.django_db


def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_groups_of_the_policy_exist():
    assert sorted(Group.objects.values_list("name", flat=True)) == [
        "Contributors",
        "Editors",
        "Moderators",
        "Partners",
    ]


def test_everybody_who_was_here_before_is_vouched_for():
    make_user("known@example.org")
    new = make_user("before@example.org")
    EmailAddress.objects.filter(user=new).delete()

    import_module("community_map.migrations.0003_addresses_are_vouched_for").vouch(apps, None)

    assert sorted(EmailAddress.objects.values_list("email", "primary", "verified")) == [
        ("before@example.org", True, True),
        ("known@example.org", True, True),
    ]


@pytest.fixture
def part_shapes():
    """The migration that parts shapes, in a database that still lets two categories have the same one."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX category_in_use_has_a_shape_of_its_own")
    return import_module("pins.migrations.0008_every_category_in_use_has_its_own_shape").part_shapes


def test_categories_that_shared_a_shape_get_one_of_their_own(part_shapes):
    for order, shape in enumerate(["star", "circle", "star", "star"]):
        make_category(f"Category {order}", shape=shape, order=order)
    make_category("Retired", shape="star", is_retired=True, order=9)

    part_shapes(apps, None)

    assert list(Category.objects.order_by("order").values_list("shape", flat=True)) == [
        "star", "circle", "square", "triangle", "star",
    ]  # fmt: skip


def test_more_categories_than_shapes_stop_the_update_with_a_sentence(part_shapes):
    for _number in range(9):
        make_category(shape="star")

    with pytest.raises(RuntimeError, match="retire some first"):
        part_shapes(apps, None)
