"""Regular jobs that keep the database in order."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map.jobs import at, job


@job("sessions", gettext_lazy("Delete ended sessions"), every=timedelta(hours=1))
def delete_ended_sessions() -> str:
    ended = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    return _("%(number)d deleted") % {"number": ended}


@job("database", gettext_lazy("Keep searches fast"), every=timedelta(days=1), hour=at(2))
def analyse_database() -> str:
    """Let the database count its rows again, so that it chooses the right index."""
    with connection.cursor() as cursor:
        # SQLite has no process of its own that does this; PostgreSQL's may be turned off.
        cursor.execute("PRAGMA optimize" if connection.vendor == "sqlite" else "ANALYZE")
    return _("done")
