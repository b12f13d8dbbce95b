"""Labels, help texts and choices in plain English; no column and no row changes."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import pins.models.category


class Migration(migrations.Migration):
    dependencies = [
        ("pins", "0008_every_category_in_use_has_its_own_shape"),
    ]

    operations = [
        migrations.AlterField(
            model_name="category",
            name="colour",
            field=models.CharField(
                help_text="Choose a dark colour. It is used with white on the map and in lists.",
                max_length=7,
                validators=[
                    django.core.validators.RegexValidator(
                        "^#[0-9a-f]{6}$", "Enter a colour such as #1d70b8."
                    ),
                    pins.models.category.validate_contrast,
                ],
                verbose_name="colour",
            ),
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
                verbose_name="how much detail the map shows of a new pin",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="default_visibility",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Everyone, after a check"),
                    (1, "Council staff"),
                    (2, "Only the teams that know them and the participation team"),
                ],
                default=0,
                help_text="Chosen for a new pin. Its author can change it.",
                verbose_name="who can see a new pin",
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
                help_text="The most detail that the map can show of a pin in this category.",
                verbose_name="how much detail the map can show",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="Existing pins keep it. It cannot be chosen for new ones.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="is_sensitive",
            field=models.BooleanField(
                default=False,
                help_text="For faith, disability, sexuality, race or health. Shown to everyone only if the group has agreed.",
                verbose_name="sensitive",
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
                help_text="The most people who can be allowed to see a pin in this category.",
                verbose_name="who can see these pins",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="review_months",
            field=models.PositiveSmallIntegerField(
                default=12,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(60),
                ],
                verbose_name="months before a pin is due for review",
            ),
        ),
        migrations.AlterField(
            model_name="connection",
            name="kind",
            field=models.CharField(
                choices=[
                    ("working", "Working with them"),
                    ("would-like", "Would like to work with them"),
                    ("know-of", "Only know of them"),
                ],
                max_length=12,
                verbose_name="connection",
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("agree", "Agreed. Needs a second moderator"),
                    ("publish", "Published"),
                    ("return", "Returned"),
                    ("decline", "Declined"),
                    ("archive", "Archived"),
                    ("merge", "Merged"),
                ],
                max_length=10,
                verbose_name="decision",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcategory",
            name="colour",
            field=models.CharField(
                help_text="Choose a dark colour. It is used with white on the map and in lists.",
                max_length=7,
                validators=[
                    django.core.validators.RegexValidator(
                        "^#[0-9a-f]{6}$", "Enter a colour such as #1d70b8."
                    ),
                    pins.models.category.validate_contrast,
                ],
                verbose_name="colour",
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
                verbose_name="how much detail the map shows of a new pin",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcategory",
            name="default_visibility",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Everyone, after a check"),
                    (1, "Council staff"),
                    (2, "Only the teams that know them and the participation team"),
                ],
                default=0,
                help_text="Chosen for a new pin. Its author can change it.",
                verbose_name="who can see a new pin",
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
                help_text="The most detail that the map can show of a pin in this category.",
                verbose_name="how much detail the map can show",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcategory",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="Existing pins keep it. It cannot be chosen for new ones.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcategory",
            name="is_sensitive",
            field=models.BooleanField(
                default=False,
                help_text="For faith, disability, sexuality, race or health. Shown to everyone only if the group has agreed.",
                verbose_name="sensitive",
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
                help_text="The most people who can be allowed to see a pin in this category.",
                verbose_name="who can see these pins",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcategory",
            name="review_months",
            field=models.PositiveSmallIntegerField(
                default=12,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(60),
                ],
                verbose_name="months before a pin is due for review",
            ),
        ),
        migrations.AlterField(
            model_name="historicalconnection",
            name="kind",
            field=models.CharField(
                choices=[
                    ("working", "Working with them"),
                    ("would-like", "Would like to work with them"),
                    ("know-of", "Only know of them"),
                ],
                max_length=12,
                verbose_name="connection",
            ),
        ),
        migrations.AlterField(
            model_name="historicalpin",
            name="is_home",
            field=models.BooleanField(blank=True, null=True, verbose_name="is this somebody’s home?"),
        ),
        migrations.AlterField(
            model_name="historicalpin",
            name="precision",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "This exact place (public buildings only)"),
                    (1, "This street"),
                    (2, "This neighbourhood"),
                    (3, "Across the borough"),
                ],
                verbose_name="how much detail the map shows",
            ),
        ),
        migrations.AlterField(
            model_name="historicalpin",
            name="services_agreed",
            field=models.BooleanField(
                default=False,
                verbose_name="they also agreed that we can say which teams work with them, and how",
            ),
        ),
        migrations.AlterField(
            model_name="historicalpin",
            name="visibility",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Everyone, after a check"),
                    (1, "Council staff"),
                    (2, "Only the teams that know them and the participation team"),
                ],
                verbose_name="who can see it",
            ),
        ),
        migrations.AlterField(
            model_name="historicalquestion",
            name="category",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Leave empty to ask this for every category.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pins.category",
                verbose_name="category",
            ),
        ),
        migrations.AlterField(
            model_name="historicalquestion",
            name="choices",
            field=models.TextField(
                blank=True, help_text="Enter one answer on each line.", verbose_name="answers to choose from"
            ),
        ),
        migrations.AlterField(
            model_name="historicalquestion",
            name="is_public",
            field=models.BooleanField(
                default=False,
                help_text="Shown on public pins. If not ticked, only staff can see the answer.",
                verbose_name="answer is public",
            ),
        ),
        migrations.AlterField(
            model_name="historicalquestion",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="We keep the answers, but no longer ask the question.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="historicalquestion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("short-text", "Short text"),
                    ("long-text", "Long text"),
                    ("one-of", "One answer from a list"),
                    ("some-of", "Any number of answers from a list"),
                    ("yes-no", "Yes or no"),
                    ("number", "Number"),
                ],
                max_length=12,
                verbose_name="kind of answer",
            ),
        ),
        migrations.AlterField(
            model_name="lessheardgroup",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="Existing pins keep it. It cannot be chosen for new ones.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="merge",
            name="reach",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Everyone"),
                    (1, "All council staff"),
                    (2, "The teams that know them"),
                    (3, "The person who sent it and the participation team"),
                ]
            ),
        ),
        migrations.AlterField(
            model_name="offer",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="Existing pins keep it. It cannot be chosen for new ones.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="pin",
            name="is_home",
            field=models.BooleanField(blank=True, null=True, verbose_name="is this somebody’s home?"),
        ),
        migrations.AlterField(
            model_name="pin",
            name="precision",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "This exact place (public buildings only)"),
                    (1, "This street"),
                    (2, "This neighbourhood"),
                    (3, "Across the borough"),
                ],
                verbose_name="how much detail the map shows",
            ),
        ),
        migrations.AlterField(
            model_name="pin",
            name="services_agreed",
            field=models.BooleanField(
                default=False,
                verbose_name="they also agreed that we can say which teams work with them, and how",
            ),
        ),
        migrations.AlterField(
            model_name="pin",
            name="visibility",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Everyone, after a check"),
                    (1, "Council staff"),
                    (2, "Only the teams that know them and the participation team"),
                ],
                verbose_name="who can see it",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="category",
            field=models.ForeignKey(
                blank=True,
                help_text="Leave empty to ask this for every category.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="pins.category",
                verbose_name="category",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="choices",
            field=models.TextField(
                blank=True, help_text="Enter one answer on each line.", verbose_name="answers to choose from"
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="is_public",
            field=models.BooleanField(
                default=False,
                help_text="Shown on public pins. If not ticked, only staff can see the answer.",
                verbose_name="answer is public",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="is_retired",
            field=models.BooleanField(
                default=False,
                help_text="We keep the answers, but no longer ask the question.",
                verbose_name="retired",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="kind",
            field=models.CharField(
                choices=[
                    ("short-text", "Short text"),
                    ("long-text", "Long text"),
                    ("one-of", "One answer from a list"),
                    ("some-of", "Any number of answers from a list"),
                    ("yes-no", "Yes or no"),
                    ("number", "Number"),
                ],
                max_length=12,
                verbose_name="kind of answer",
            ),
        ),
    ]
