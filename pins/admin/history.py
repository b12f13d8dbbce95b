"""Who changed what of a pin, from what to what, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from pins.models import Pin

# Columns that follow from others, or that mean nothing to a reader.
LEFT_OUT = {
    "version",
    "updated_at",
    "mercator_x",
    "mercator_y",
    "public_longitude",
    "public_latitude",
    "public_mercator_x",
    "public_mercator_y",
    "near",
    "public_near",
    "loosest_visibility",
    "finest_precision",
    "idempotency_key",
    "details_kept",
    "agreement_at",
}
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


def history_of(pin: Pin) -> list[Entry]:
    """Return the history of a pin, the latest first."""
    records = list(
        pin.history.select_related("history_user").order_by("-history_date", "-history_id")[:MOST_RECORDS]
    )
    entries = []
    for number, record in enumerate(records):
        older = records[number + 1] if number + 1 < len(records) else None
        entries.append(
            Entry(
                when=record.history_date,
                who=str(record.history_user) if record.history_user else _("the system"),
                why=record.history_change_reason or "",
                what=_("Sent") if record.history_type == "+" else _("Changed"),
                changes=_changes(record, older) if older else [],
            )
        )
    return entries


def _changes(record, older) -> list[Change]:
    delta = record.diff_against(
        older, excluded_fields=LEFT_OUT & _column_names(record), foreign_keys_are_objs=True
    )
    return [_in_words(change) for change in delta.changes]


def _column_names(record) -> set[str]:
    return {field.name for field in record.tracked_fields}


def _in_words(change) -> Change:
    field = Pin._meta.get_field(change.field)
    return Change(
        str(getattr(field, "verbose_name", change.field)),
        _value(field, change.old),
        _value(field, change.new),
    )


def _value(field, value) -> str:
    if value is None or value == "" or value == []:
        return _("nothing")
    if isinstance(value, list):
        return ", ".join(str(next(v for k, v in row.items() if k != "pin")) for row in value)
    choices = dict(getattr(field, "flatchoices", ()) or ())
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
