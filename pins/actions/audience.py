"""Who can read a pin, and who could read a part of one pin only after it has moved to another.

Worked out from status, visibility and teams rather than from today's accounts, so that it holds for whoever comes later.
It errs towards "someone new": a tick too many costs a moderator a look, one too few shows what was not to be shown.
"""

from django.utils.translation import gettext as _

from community_map import access
from community_map.models import User
from pins.models import Connection, Pin, Reach, Status, Visibility


def reach_of(pin: Pin) -> Reach:
    """Return who can read this pin in its present status."""
    if pin.status == Status.PUBLISHED:
        return Reach(pin.visibility)
    if pin.status == Status.SUBMITTED and pin.visibility <= Visibility.STAFF:
        return Reach.TEAMS if pin.is_sensitive else Reach.STAFF
    return Reach.MODERATORS


def teams_of(pin: Pin) -> set[int]:
    """Return the primary keys of the services that have a connection with the pin."""
    return set(pin.connections.values_list("service_id", flat=True))


def _organisations(author: User) -> frozenset[int]:
    """Return the services whose partners see what this author has sent; none unless the author is a partner."""
    is_partner = access.Role.PARTNER in access.roles(author) and not access.is_contributor(author)
    return access.service_ids(author) if is_partner else frozenset()


class Gained:
    """Who could read what is moved from a duplicate to the pin that stays, and cannot read it now, in words."""

    def __init__(self, duplicate: Pin, into: Pin) -> None:
        self.duplicate, self.into = duplicate, into
        self.teams_before, self.teams_after = teams_of(duplicate), teams_of(into)
        known = set(Pin.objects.visible_to(into.created_by).filter(pk__in=[duplicate.pk, into.pk]))
        organisations = _organisations(into.created_by) - _organisations(duplicate.created_by)
        self.is_for_teams = into.visibility == Visibility.TEAM or reach_of(into) == Reach.TEAMS
        self.author_is_new = known == {into} or bool(organisations)

    def by(self, *, public: bool) -> str:
        """Name the new readers of an answer that is public with its pin, or that never leaves the staff area."""
        floor = Reach.EVERYONE if public else Reach.STAFF
        before = max(floor, reach_of(self.duplicate))
        # Now, and once the pin that stays is published.
        after = max(floor, min(reach_of(self.into), self.into.visibility))
        wider_later = max(floor, self.into.visibility) < max(floor, self.duplicate.visibility)
        if max(floor, reach_of(self.into)) < before or wider_later:
            return str(Reach(after).label)
        if self.is_for_teams and self.teams_after - self.teams_before:
            return str(Reach.TEAMS.label)
        if before > Reach.EVERYONE and self.author_is_new:
            return _("The person who sent the pin you keep, and their organisation")
        if self.duplicate.is_sensitive and not self.into.is_sensitive:
            return _("The same people, but it would no longer be treated as sensitive")
        return ""

    def by_connection(self, connection: Connection, kind: str) -> str:
        """As by(), for a connection that would be of this kind: a new team of a team-only pin could read all of it."""
        is_told = kind == Connection.Kind.WORKING and self.into.names_services
        if is_told and not self.duplicate.names_services and self.into.visibility == Visibility.PUBLIC:
            # The group of the duplicate has not agreed that its teams are named.
            return str(Reach.EVERYONE.label)
        if self.is_for_teams and connection.service_id not in self.teams_after:
            return _("%(team)s, who would then be able to open the pin you keep") % {
                "team": connection.service
            }
        return self.by(public=is_told)
