"""Everybody who was here before sign-up opened has an address that an administrator typed: it counts as theirs."""

from django.conf import settings
from django.db import migrations


def vouch(apps, schema_editor):
    EmailAddress = apps.get_model("account", "EmailAddress")
    User = apps.get_model("community_map", "User")
    known = EmailAddress.objects.values("user_id")
    EmailAddress.objects.bulk_create(
        EmailAddress(user_id=key, email=email, primary=True, verified=True)
        for key, email in User.objects.exclude(pk__in=known).values_list("pk", "email")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("community_map", "0002_groups_and_cache"),
        ("account", "0009_emailaddress_unique_primary_email"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    # Nothing to take back: an address that is vouched for is what the version before expects too.
    operations = [migrations.RunPython(vouch, migrations.RunPython.noop)]
