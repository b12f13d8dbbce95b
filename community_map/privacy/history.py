"""Who changed what of a row that keeps its history, from what to what, in words."""

from dataclasses import dataclass, replace
from itertools import zip_longest

from django.utils.translation import gettext as _
from simple_history.models import ModelChange

MOST_RECORDS = 100


@dataclass(frozen=True)
class Entry:
    """One record of the history."""

    when: object
    who: str
    why: str
    what: str
    changes: list[ModelChange]
    record: object


def history_of(row, *, left_out: frozenset[str]) -> list[Entry]:
    """Return the history of a row, the latest first; `left_out` are columns that mean nothing to a reader."""
    records = list(
        row.history.select_related("history_user").order_by("-history_date", "-history_id")[:MOST_RECORDS]
    )
    return [
        Entry(
            when=record.history_date,
            who=str(record.history_user) if record.history_user else _("the system"),
            why=record.history_change_reason or "",
            what=_("Created") if record.history_type == "+" else _("Changed"),
            changes=_changes(record, older, left_out) if older else [],
            record=record,
        )
        for record, older in zip_longest(records, records[1:])
    ]


def _changes(record, older, left_out: frozenset[str]) -> list[ModelChange]:
    delta = record.diff_against(older, excluded_fields=left_out, foreign_keys_are_objs=True)
    return [_in_words(record.instance_type, change) for change in delta.changes]


def _in_words(model, change: ModelChange) -> ModelChange:
    field = model._meta.get_field(change.field)
    old, new = _value(field, change.old), _value(field, change.new)
    return replace(change, field=str(field.verbose_name), old=old, new=new)


def _value(field, value) -> str:
    if value is None or value == "" or value == []:
        return _("nothing")
    if isinstance(value, list):
        # Rows of a table between two others: {"pin": …, "offer": …}, of which the second is meant.
        return ", ".join(str(list(row.values())[-1]) for row in value)
    choices = dict(field.flatchoices)
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
