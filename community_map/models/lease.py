from datetime import datetime

from django.db import models
from django.db.models import Q


class LeasedQuerySet(models.QuerySet):
    def free(self, now: datetime):
        """Those that no process holds: never claimed, let go, or held by one whose lease has run out."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lt=now))
