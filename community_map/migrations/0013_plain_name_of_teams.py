"""Admin calls services "teams", as the pages do; no column and no row changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("community_map", "0012_plain_labels_and_help_texts"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="historicalservice",
            options={
                "get_latest_by": ("history_date", "history_id"),
                "ordering": ("-history_date", "-history_id"),
                "verbose_name": "historical team",
                "verbose_name_plural": "historical teams",
            },
        ),
        migrations.AlterModelOptions(
            name="service",
            options={"ordering": ["order", "name"], "verbose_name": "team", "verbose_name_plural": "teams"},
        ),
    ]
