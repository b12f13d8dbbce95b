"""The daily email: what it asks people for, and whether they want it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community_map", "0017_background_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="digest_paused_until",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="daily email paused until"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="digest_sent_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="last daily email"),
        ),
        migrations.AddField(
            model_name="user",
            name="gets_digest",
            field=models.BooleanField(default=True, editable=False, verbose_name="gets the daily email"),
        ),
        migrations.CreateModel(
            name="DigestItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.SlugField(max_length=40)),
                ("about", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digest_items",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "kind", "about"), name="digest_item_asks_a_person_for_one_thing_once"
                    )
                ],
            },
        ),
    ]
