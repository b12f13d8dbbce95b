"""Labels, help texts and choices in plain English; no column and no row changes."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community_map", "0011_plain_help_texts"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="outboxmail",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "email",
                "verbose_name_plural": "emails",
            },
        ),
        migrations.AlterField(
            model_name="approach",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="short name in the web address"),
        ),
        migrations.AlterField(
            model_name="area",
            name="geometry",
            field=models.JSONField(
                help_text="A GeoJSON MultiPolygon in longitude and latitude (WGS 84).",
                verbose_name="geometry",
            ),
        ),
        migrations.AlterField(
            model_name="area",
            name="slug",
            field=models.SlugField(max_length=140, unique=True, verbose_name="short name in the web address"),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="actor_id",
            field=models.BigIntegerField(blank=True, db_index=True, null=True, verbose_name="user number"),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="at",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="time"),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sign-in", "Signed in"),
                    ("sign-in-failed", "Failed to sign in"),
                    ("roles", "Roles changed"),
                    ("decision", "Made a decision on a pin"),
                    ("view", "Viewed a restricted pin"),
                    ("export", "Exported a person’s data"),
                    ("erasure", "Erased a person’s data"),
                ],
                max_length=20,
                verbose_name="event",
            ),
        ),
        migrations.AlterField(
            model_name="boundaryset",
            name="is_illustrative",
            field=models.BooleanField(
                default=False,
                help_text="Drawn for a demonstration. Not an official boundary.",
                verbose_name="illustrative",
            ),
        ),
        migrations.AlterField(
            model_name="boundaryset",
            name="kind",
            field=models.SlugField(
                help_text="One word, such as ward, constituency or outline.",
                max_length=40,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="historicalapproach",
            name="slug",
            field=models.SlugField(max_length=60, verbose_name="short name in the web address"),
        ),
        migrations.AlterField(
            model_name="historicalinitiative",
            name="slug",
            field=models.SlugField(max_length=60, verbose_name="short name in the web address"),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="accessibility_text",
            field=models.TextField(blank=True, verbose_name="your own text for the accessibility statement"),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="count_threshold",
            field=models.PositiveSmallIntegerField(
                default=10,
                validators=[
                    django.core.validators.MinValueValidator(2),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="smallest number shown for sensitive categories",
            ),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="decline_templates",
            field=models.TextField(
                blank=True,
                help_text="Enter each reason on a new line.",
                verbose_name="standard reasons for declining a pin",
            ),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="east",
            field=models.FloatField(default=1.8, verbose_name="eastern edge of the map"),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="introduction",
            field=models.TextField(blank=True, verbose_name="introduction on the home page"),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="is_demo",
            field=models.BooleanField(
                default=False,
                help_text="Every page says that this is a demonstration.",
                verbose_name="demonstration",
            ),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="moderators_decide_own_pins",
            field=models.BooleanField(
                default=False,
                help_text="If this is off, another moderator has to decide.",
                verbose_name="moderators can decide on their own pins",
            ),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="north",
            field=models.FloatField(default=60.9, verbose_name="northern edge of the map"),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="outline",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Pins must be inside this area. If it is empty, they can be anywhere.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="community_map.area",
                verbose_name="outline",
            ),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="place_name",
            field=models.CharField(
                default="our area",
                help_text="For example: Barnet, as in “communities in Barnet”",
                max_length=100,
                verbose_name="area it covers",
            ),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="privacy_text",
            field=models.TextField(blank=True, verbose_name="your own text for the privacy page"),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="return_templates",
            field=models.TextField(
                blank=True,
                help_text="Enter each reason on a new line.",
                verbose_name="standard reasons for returning a pin",
            ),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="sensitive_pins_need_two",
            field=models.BooleanField(
                default=False,
                help_text="For sensitive pins that everyone can see. The first moderator agrees and the second publishes.",
                verbose_name="sensitive pins need two moderators",
            ),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="shows_services",
            field=models.BooleanField(
                default=True, verbose_name="public pages show which teams work with a community"
            ),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="south",
            field=models.FloatField(default=49.9, verbose_name="southern edge of the map"),
        ),
        migrations.AlterField(
            model_name="historicalportal",
            name="west",
            field=models.FloatField(default=-8.2, verbose_name="western edge of the map"),
        ),
        migrations.AlterField(
            model_name="historicalservice",
            name="slug",
            field=models.SlugField(max_length=60, verbose_name="short name in the web address"),
        ),
        migrations.AlterField(
            model_name="initiative",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="short name in the web address"),
        ),
        migrations.AlterField(
            model_name="outboxmail",
            name="created_at",
            field=models.DateTimeField(auto_now_add=True, verbose_name="created"),
        ),
        migrations.AlterField(
            model_name="portal",
            name="accessibility_text",
            field=models.TextField(blank=True, verbose_name="your own text for the accessibility statement"),
        ),
        migrations.AlterField(
            model_name="portal",
            name="count_threshold",
            field=models.PositiveSmallIntegerField(
                default=10,
                validators=[
                    django.core.validators.MinValueValidator(2),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="smallest number shown for sensitive categories",
            ),
        ),
        migrations.AlterField(
            model_name="portal",
            name="decline_templates",
            field=models.TextField(
                blank=True,
                help_text="Enter each reason on a new line.",
                verbose_name="standard reasons for declining a pin",
            ),
        ),
        migrations.AlterField(
            model_name="portal",
            name="east",
            field=models.FloatField(default=1.8, verbose_name="eastern edge of the map"),
        ),
        migrations.AlterField(
            model_name="portal",
            name="introduction",
            field=models.TextField(blank=True, verbose_name="introduction on the home page"),
        ),
        migrations.AlterField(
            model_name="portal",
            name="is_demo",
            field=models.BooleanField(
                default=False,
                help_text="Every page says that this is a demonstration.",
                verbose_name="demonstration",
            ),
        ),
        migrations.AlterField(
            model_name="portal",
            name="moderators_decide_own_pins",
            field=models.BooleanField(
                default=False,
                help_text="If this is off, another moderator has to decide.",
                verbose_name="moderators can decide on their own pins",
            ),
        ),
        migrations.AlterField(
            model_name="portal",
            name="north",
            field=models.FloatField(default=60.9, verbose_name="northern edge of the map"),
        ),
        migrations.AlterField(
            model_name="portal",
            name="outline",
            field=models.ForeignKey(
                blank=True,
                help_text="Pins must be inside this area. If it is empty, they can be anywhere.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="community_map.area",
                verbose_name="outline",
            ),
        ),
        migrations.AlterField(
            model_name="portal",
            name="place_name",
            field=models.CharField(
                default="our area",
                help_text="For example: Barnet, as in “communities in Barnet”",
                max_length=100,
                verbose_name="area it covers",
            ),
        ),
        migrations.AlterField(
            model_name="portal",
            name="privacy_text",
            field=models.TextField(blank=True, verbose_name="your own text for the privacy page"),
        ),
        migrations.AlterField(
            model_name="portal",
            name="return_templates",
            field=models.TextField(
                blank=True,
                help_text="Enter each reason on a new line.",
                verbose_name="standard reasons for returning a pin",
            ),
        ),
        migrations.AlterField(
            model_name="portal",
            name="sensitive_pins_need_two",
            field=models.BooleanField(
                default=False,
                help_text="For sensitive pins that everyone can see. The first moderator agrees and the second publishes.",
                verbose_name="sensitive pins need two moderators",
            ),
        ),
        migrations.AlterField(
            model_name="portal",
            name="shows_services",
            field=models.BooleanField(
                default=True, verbose_name="public pages show which teams work with a community"
            ),
        ),
        migrations.AlterField(
            model_name="portal",
            name="south",
            field=models.FloatField(default=49.9, verbose_name="southern edge of the map"),
        ),
        migrations.AlterField(
            model_name="portal",
            name="west",
            field=models.FloatField(default=-8.2, verbose_name="western edge of the map"),
        ),
        migrations.AlterField(
            model_name="service",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="short name in the web address"),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(max_length=254, unique=True, verbose_name="email address"),
        ),
        migrations.AlterField(
            model_name="user",
            name="other_services",
            field=models.ManyToManyField(
                blank=True,
                help_text="Other teams that this person belongs to and can answer for.",
                related_name="other_users",
                to="community_map.service",
                verbose_name="other teams",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="role_asked_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="administrators emailed about the missing role",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="warned_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="warned that the account will be deactivated",
            ),
        ),
    ]
