"""Labels, help texts and choices in plain English; no column and no row changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community_map", "0010_administrators_told_of_people_without_role"),
    ]

    operations = [
        migrations.AlterField(
            model_name="approach",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="Existing pins keep it. It cannot be chosen for new ones.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="historicalapproach",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="Existing pins keep it. It cannot be chosen for new ones.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="historicalinitiative",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="Existing pins keep it. It cannot be chosen for new ones.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="historicalservice",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="Existing pins keep it. It cannot be chosen for new ones.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="initiative",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="Existing pins keep it. It cannot be chosen for new ones.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="service",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="Existing pins keep it. It cannot be chosen for new ones.",
                verbose_name="retired",
            ),
        ),
    ]
