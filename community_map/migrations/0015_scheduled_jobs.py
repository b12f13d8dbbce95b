"""A row for each regular job: see community_map/jobs.py."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community_map", "0014_threshold_is_for_seldom_heard_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "name",
                    models.SlugField(max_length=40, primary_key=True, serialize=False, verbose_name="name"),
                ),
                ("due_at", models.DateTimeField(verbose_name="next run")),
                ("lease", models.UUIDField(editable=False, null=True)),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
                ("started_at", models.DateTimeField(editable=False, null=True, verbose_name="last started")),
                (
                    "finished_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last finished"),
                ),
                ("seconds", models.FloatField(editable=False, null=True, verbose_name="seconds")),
                (
                    "result",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="result"),
                ),
                ("error", models.CharField(blank=True, editable=False, max_length=300, verbose_name="error")),
            ],
            options={
                "verbose_name": "scheduled job",
                "verbose_name_plural": "scheduled jobs",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        name="job_has_a_lease_with_an_end_or_none",
                        condition=models.Q(lease=None, leased_until=None)
                        | models.Q(lease__isnull=False, leased_until__isnull=False),
                    )
                ],
            },
        ),
    ]
