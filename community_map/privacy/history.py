"""Who changed what of a row that keeps its history, from what to what, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_RECORDS = 100


@dataclass(frozen=True)
class Change:
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """One record of the history."""

    when: object
    who: str
    why: str
    what: str
    changes: list[Change]
    record: object


def history_of(row, *, left_out: frozenset[str]) -> list[Entry]:
    """Return the history of a row, the latest first; `left_out` are columns that mean nothing to a reader."""
    records = list(
        row.history.select_related("history_user").order_by("-history_date", "-history_id")[:MOST_RECORDS]
    )
    entries = []
    for number, record in enumerate(records):
        older = records[number + 1] if number + 1 < len(records) else None
        entries.append(
            Entry(
                when=record.history_date,
                who=str(record.history_user) if record.history_user else _("the system"),
                why=record.history_change_reason or "",
                what=_("Created") if record.history_type == "+" else _("Changed"),
                changes=_changes(record, older, left_out) if older else [],
                record=record,
            )
        )
    return entries


def _changes(record, older, left_out: frozenset[str]) -> list[Change]:
    delta = record.diff_against(
        older, excluded_fields=left_out & _column_names(record), foreign_keys_are_objs=True
    )
    return [_in_words(record.instance_type, change) for change in delta.changes]


def _column_names(record) -> set[str]:
    return {field.name for field in record.tracked_fields}


def _in_words(model, change) -> Change:
    field = model._meta.get_field(change.field)
    return Change(
        str(getattr(field, "verbose_name", change.field)),
        _value(field, change.old),
        _value(field, change.new),
    )


def _value(field, value) -> str:
    if value is None or value == "" or value == []:
        return _("nothing")
    if isinstance(value, list):
        # Rows of a table between two others: {"pin": …, "offer": …}, of which the second is meant.
        return ", ".join(str(list(row.values())[-1]) for row in value)
    choices = dict(getattr(field, "flatchoices", ()) or ())
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
