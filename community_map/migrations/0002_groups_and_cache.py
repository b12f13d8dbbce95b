"""The groups that the policy knows, and the table of the database cache."""

from django.core.management import call_command
from django.db import migrations

GROUPS = ("Contributors", "Moderators", "Editors")


def add(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for name in GROUPS:
        Group.objects.using(schema_editor.connection.alias).get_or_create(name=name)
    call_command("createcachetable", "portal_cache", database=schema_editor.connection.alias, verbosity=0)


def remove(apps, schema_editor):
    apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).filter(
        name__in=GROUPS
    ).delete()
    schema_editor.execute("DROP TABLE IF EXISTS portal_cache")


class Migration(migrations.Migration):
    dependencies = [
        ("community_map", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(add, remove)]
