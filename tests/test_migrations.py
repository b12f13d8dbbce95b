from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command

from tests.factories import make_user

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
