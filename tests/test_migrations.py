import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_groups_of_the_policy_exist():
    assert sorted(Group.objects.values_list("name", flat=True)) == ["Contributors", "Editors", "Moderators"]
