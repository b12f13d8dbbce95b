"""The threshold is for seldom-heard groups and what is published; only words change."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community_map", "0013_plain_name_of_teams"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalportal",
            name="count_threshold",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text=(
                    "For figures about seldom-heard groups, and figures that are printed or published. "
                    "The public map and list always show exact numbers."
                ),
                validators=[
                    django.core.validators.MinValueValidator(2),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="smallest number shown for seldom-heard groups",
            ),
        ),
        migrations.AlterField(
            model_name="portal",
            name="count_threshold",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text=(
                    "For figures about seldom-heard groups, and figures that are printed or published. "
                    "The public map and list always show exact numbers."
                ),
                validators=[
                    django.core.validators.MinValueValidator(2),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="smallest number shown for seldom-heard groups",
            ),
        ),
    ]
