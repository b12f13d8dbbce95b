"""The group of partners: people of voluntary organisations who keep their own pins."""

from django.db import migrations

NAME = "Partners"


def add(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.get_or_create(name=NAME)


def remove(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("community_map", "0003_addresses_are_vouched_for")]
    operations = [migrations.RunPython(add, remove)]
