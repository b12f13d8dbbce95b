from django.db import migrations, models


class Migration(migrations.Migration):
    """Renames the field in code. The column keeps its name, so that older processes can still read it."""

    dependencies = [("toolkit", "0005_kept_details_in_feedback")]

    operations = [
        migrations.AlterField(
            model_name="edition",
            name="printed_at",
            field=models.DateTimeField(db_column="printed_at", verbose_name="published"),
        ),
        migrations.RenameField(model_name="edition", old_name="printed_at", new_name="published_at"),
    ]
