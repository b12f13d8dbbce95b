"""The map's own regular jobs, and its long work."""

from datetime import timedelta
from statistics import median

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community_map.jobs import at, job
from community_map.tasks import Progress, task
from pins import placing
from pins.models import Pin

DAYS = 90


@job("statistics", gettext_lazy("Time taken to send a pin"), every=timedelta(days=1), hour=at(4))
def median_seconds_to_send_a_pin() -> str:
    """Say how long the form took the authors of the last 90 days, all of them together."""
    since = timezone.now() - timedelta(days=DAYS)
    rows = Pin.objects.filter(created_at__gte=since, seconds_taken__isnull=False)
    seconds = list(rows.values_list("seconds_taken", flat=True))
    if not seconds:
        return _("No pins sent in the last %(days)d days") % {"days": DAYS}
    return _("Median: %(seconds)d seconds. %(pins)d pins sent in the last %(days)d days") % {
        "seconds": median(seconds),
        "pins": len(seconds),
        "days": DAYS,
    }


@task("reassign-areas", gettext_lazy("Update every pin’s areas"), offered_on="community_map.boundaryset")
def reassign_areas(progress: Progress) -> str:
    """Place every pin again, as after boundaries or places have changed."""
    total = placing.place_all(progress)
    return ngettext("%(total)d pin updated", "%(total)d pins updated", total) % {"total": total}
