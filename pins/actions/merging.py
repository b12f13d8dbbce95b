"""Merging a duplicate into the pin that stays: everything moves, but nothing to new readers without a tick."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community_map.models import Portal, User
from pins import search
from pins.actions.audience import reach_of, teams_of
from pins.actions.deciding import ON_THE_MAP, check_may_decide, move
from pins.actions.merge_plan import CARRIED, UNITED, plan_merge, says_something, unite
from pins.actions.storing import StaleVersion
from pins.actions.telling import mail_author
from pins.models import Connection, Decision, Merge, Pin

# Latest first.
LAST_WORKED = [*Connection.LastWorked.values, ""]
# A joined text begins each of its parts with a date.
DATED = re.compile(r"^\d{1,2} \S+ \d{4}:\n")


@transaction.atomic
def merge(
    pin: Pin, into: Pin, *, by: User, reason: str = "", state: str | None = None, ticked=frozenset()
) -> Merge:
    """Archive a duplicate, move what it holds to the pin that stays, tell its author, and record all of it.

    What somebody could read only after the merge stays on the duplicate unless its key is among `ticked`
    (see merge_plan). Raises StaleVersion when the plan that had this `state` is no longer true, ValidationError
    when one of the two is not on the map, and PermissionDenied unless the policy lets `by` decide the duplicate.
    """
    reason, portal = reason.strip(), Portal.load()
    # Both are locked in primary-key order and read again: a colleague may decide one of them at the same moment.
    both = Pin.objects.select_for_update(of=("self",)).filter(pk__in=[pin.pk, into.pk]).order_by("pk")
    locked = {row.pk: row for row in both.select_related("created_by")}
    pin, into = locked[pin.pk], locked[into.pk]
    if pin.pk == into.pk or into.status not in ON_THE_MAP:
        raise ValidationError(_("Choose another pin that is on the map or waiting to be checked."))
    if pin.status not in ON_THE_MAP:
        raise ValidationError(_("Someone else has already made a decision about this pin."))
    check_may_decide(pin, by=by, portal=portal, version=None)
    # Evaluated, so that no colleague's answer comes between the plan and the move.
    list(Connection.objects.select_for_update(of=("self",)).filter(pin__in=[pin, into]).order_by("pk"))
    plan = plan_merge(pin, into)
    if state is not None and state != plan.state:
        raise StaleVersion(
            _("Someone has changed one of the two pins since you opened this page. Check it again.")
        )
    moving = Move(pin, into, plan.chosen(ticked), by)
    reach, teams, before = reach_of(pin), sorted(teams_of(pin)), {"status": pin.status}
    moved = {"pin": before, **moving.carry_out()}
    decision = move(pin, Decision.Kind.MERGE, by=by, reason=reason, merged_into=into)
    search.write([pin, into])
    _tell_author(pin, into, reason, portal)
    every = {line.key for line in (*plan.moves, *plan.asks, *plan.stays)}
    return Merge.objects.create(
        decision=decision,
        pin=pin,
        into=into,
        reach=reach,
        teams=teams,
        moved=moved,
        left=sorted(every - moving.chosen),
        pin_version=pin.version,
        into_version=into.version,
    )


@dataclass
class Move:
    """Moves the chosen parts of one pin to another. Each step returns what the Merge row says of it."""

    pin: Pin
    into: Pin
    chosen: set[str]
    by: User
    # The kinds of personal details that writers kept in the answers that move.
    kept: dict = field(default_factory=dict)

    def carry_out(self) -> dict:
        self.into._history_user = self.by
        moved = {
            "lists": self._unite_lists(),
            "fields": self._carry_fields(),
            "answers": self._move_answers(),
            "connections": [self._move_connection(row) for row in self.pin.connections.order_by("pk")],
        }
        moved["connections"] = [row for row in moved["connections"] if row]
        self.into.version += 1
        self._save(self.into)
        return moved

    def _save(self, row) -> None:
        row._history_user = self.by
        row._change_reason = (_("Merged with “%(name)s”") % {"name": self.pin.name})[:100]
        row.save()

    def _carry_fields(self) -> dict:
        """{"description": ["before", "after"], "initiative": [null, 3], …}"""
        fields = {}
        for name in CARRIED.keys() & self.chosen:
            column = Pin._meta.get_field(name).attname
            fields[column] = [getattr(self.into, column), getattr(self.pin, column)]
            setattr(self.into, column, getattr(self.pin, column))
            if kinds := self.pin.details_kept.get(name):
                self.kept[name] = kinds
        if self.kept:
            fields["details_kept"] = [self.into.details_kept, {**self.into.details_kept, **self.kept}]
            self.into.details_kept = fields["details_kept"][1]
        return fields

    def _unite_lists(self) -> dict:
        """{"offers": [the primary keys that the pin that stays has got]}"""
        lists = {}
        for name in UNITED.keys() & self.chosen:
            known = set(getattr(self.into, name).values_list("pk", flat=True))
            rows = [row for row in getattr(self.pin, name).all() if row.pk not in known]
            getattr(self.into, name).add(*rows)
            lists[name] = [row.pk for row in rows]
        return lists

    def _move_answers(self) -> list[int]:
        answers = [row for row in self.pin.answers.all() if f"answer-{row.pk}" in self.chosen]
        for answer in answers:
            answer.pin = self.into
            self._save(answer)
        return [answer.pk for answer in answers]

    def _move_connection(self, row: Connection) -> dict | None:
        """Move, join or copy what a service has with the duplicate.

        A row whose parts may all move goes: as it is, or into the service's own row on the pin that stays. Where
        only a part may move, that part is copied and the row stays as it was.
        """
        parts = {part for part in ("connection", "note") if f"{part}-{row.pk}" in self.chosen}
        other = self.into.connections.filter(service=row.service_id).first()
        if not parts or (other is None and "connection" not in parts):
            return None
        if not says_something(row):
            parts.add("note")
        if other is None and parts == {"connection", "note"}:
            before = values_of(row)
            row.pin, row.version = self.into, row.version + 1
            self._save(row)
            return {"how": "moved", "connection": row.pk, "before": before, "after": values_of(row)}
        before = values_of(other) if other else None
        other = self._join(row, other, parts)
        record = {"connection": other.pk, "before": before, "after": values_of(other)}
        if parts != {"connection", "note"}:
            return {"how": "copied", **record}
        record |= {"how": "joined", "deleted": {"pk": row.pk, **values_of(row)}}
        row._history_user = self.by
        row.delete()
        return record

    def _join(self, row: Connection, other: Connection | None, parts: set[str]) -> Connection:
        """Write the parts of one row into another of the same service; return the other one."""
        if other is None:
            other = Connection(pin=self.into, service_id=row.service_id, kind=row.kind, version=0)
            approaches, people = set(row.approaches.all()), set()
        else:
            approaches, people = set(other.approaches.all()), set(other.known_by.all())
            if "connection" in parts:
                other.kind, approaches = unite(row, other)
        if "note" in parts:
            other.what_worked = join_notes(other, row)
            other.last_worked = min(row.last_worked, other.last_worked, key=LAST_WORKED.index)
            people |= set(row.known_by.all())
            other.details_kept = {
                name: sorted({*row.details_kept.get(name, []), *other.details_kept.get(name, [])})
                for name in {**row.details_kept, **other.details_kept}
            }
        other.version += 1
        self._save(other)
        other.approaches.set(approaches)
        other.known_by.set(people)
        return other


def values_of(row: Connection) -> dict:
    """Return everything that a connection says, as JSON."""
    return {
        "service": row.service_id,
        "kind": row.kind,
        "approaches": sorted(row.approaches.values_list("pk", flat=True)),
        "what_worked": row.what_worked,
        "last_worked": row.last_worked,
        "known_by": sorted(row.known_by.values_list("pk", flat=True)),
        "details_kept": row.details_kept,
        "version": row.version,
        "created_at": row.created_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
    }


def join_notes(first: Connection, second: Connection) -> str:
    """Return the notes of both, each after the day on which it was last changed.

    Raises ValidationError where that is more than a note may be: nothing is ever cut off.
    """
    if not second.what_worked or first.what_worked == second.what_worked:
        return first.what_worked
    if not first.what_worked:
        return second.what_worked
    text = "\n\n".join(_dated(row) for row in (first, second))
    most = Connection._meta.get_field("what_worked").max_length
    if len(text) > most:
        raise ValidationError(
            _(
                "Together, the notes from %(team)s would be longer than %(most)d characters. Shorten one of them, then try again."
            )
            % {"team": first.service, "most": most}
        )
    return text


def _dated(row: Connection) -> str:
    if DATED.match(row.what_worked):
        return row.what_worked
    return f"{date_format(timezone.localtime(row.updated_at), 'j F Y')}:\n{row.what_worked}"


def _tell_author(pin: Pin, into: Pin, reason: str, portal: Portal) -> None:
    """Tell the duplicate's author what happened, and which pin stays only where they may know of it."""
    knows = Pin.objects.visible_to(pin.created_by).filter(pk=into.pk).exists()
    name = into.name.casefold()
    if not knows and name in reason.casefold() and name not in pin.name.casefold():
        raise ValidationError(
            _(
                "Your reason names “%(name)s”. The author is not allowed to see that pin, so leave its name out."
            )
            % {"name": into.name}
        )
    sentence = _("Your pin “%(name)s” was a duplicate, so we have archived it.")
    if knows:
        sentence = _("Your pin “%(name)s” was a duplicate. We have merged it with “%(other)s”.")
    subject = _("Duplicate: %(name)s") % {"name": pin.name}
    sentence = sentence % {"name": pin.name, "other": into.name}
    mail_author(pin, subject, sentence, reason, portal, leads_to=into if knows else None)
