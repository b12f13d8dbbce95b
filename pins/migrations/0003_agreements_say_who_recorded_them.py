from django.db import migrations
from django.db.models import F


def name_the_author(apps, schema_editor):
    """An agreement that does not say who recorded it came with the pin, from its author.

    By itself, because PostgreSQL adds no constraint to a table whose rows changed in the same transaction.
    """
    pins = apps.get_model("pins", "Pin").objects.exclude(agreement="")
    pins.filter(agreement_by=None).update(agreement_by=F("created_by"))
    pins.filter(agreement_at=None).update(agreement_at=F("submitted_at"))


class Migration(migrations.Migration):
    dependencies = [("pins", "0002_connection_records_kept_details")]

    # Nothing was lost, so there is nothing to bring back.
    operations = [migrations.RunPython(name_the_author, migrations.RunPython.noop)]
