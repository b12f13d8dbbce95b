"""Labels of teams, categories and seldom-heard groups in plain English; no column and no row changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community_map", "0013_plain_name_of_teams"),
        ("pins", "0010_plain_label_of_short_names"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="lessheardgroup",
            options={
                "ordering": ["order", "name"],
                "verbose_name": "seldom-heard group",
                "verbose_name_plural": "seldom-heard groups",
            },
        ),
        migrations.AlterField(
            model_name="category",
            name="default_precision",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "This exact place (public buildings only)"),
                    (1, "This street"),
                    (2, "This neighbourhood"),
                    (3, "Across the borough"),
                ],
                default=1,
                help_text="Chosen for a new pin. Its author can change it.",
                verbose_name="how much detail the map shows for a new pin",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="finest_precision",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "This exact place (public buildings only)"),
                    (1, "This street"),
                    (2, "This neighbourhood"),
                    (3, "Across the borough"),
                ],
                default=0,
                help_text="The most detail that the map can show for a pin in this category.",
                verbose_name="how much detail the map can show",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="loosest_visibility",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Everyone, after a check"),
                    (1, "Council staff"),
                    (2, "Only the teams that know them and the participation team"),
                ],
                default=0,
                help_text="The widest audience that a pin in this category can have.",
                verbose_name="who can see these pins",
            ),
        ),
        migrations.AlterField(
            model_name="connection",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="connections",
                to="community_map.service",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcategory",
            name="default_precision",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "This exact place (public buildings only)"),
                    (1, "This street"),
                    (2, "This neighbourhood"),
                    (3, "Across the borough"),
                ],
                default=1,
                help_text="Chosen for a new pin. Its author can change it.",
                verbose_name="how much detail the map shows for a new pin",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcategory",
            name="finest_precision",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "This exact place (public buildings only)"),
                    (1, "This street"),
                    (2, "This neighbourhood"),
                    (3, "Across the borough"),
                ],
                default=0,
                help_text="The most detail that the map can show for a pin in this category.",
                verbose_name="how much detail the map can show",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcategory",
            name="loosest_visibility",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Everyone, after a check"),
                    (1, "Council staff"),
                    (2, "Only the teams that know them and the participation team"),
                ],
                default=0,
                help_text="The widest audience that a pin in this category can have.",
                verbose_name="who can see these pins",
            ),
        ),
        migrations.AlterField(
            model_name="historicalconnection",
            name="service",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="community_map.service",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="pin",
            name="less_heard_groups",
            field=models.ManyToManyField(
                blank=True, related_name="pins", to="pins.lessheardgroup", verbose_name="seldom-heard groups"
            ),
        ),
    ]
