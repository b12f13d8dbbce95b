"""Storing generated pins: the rows that the portal's own actions would have written, many at once."""

from operator import attrgetter

from django.db import models

from pins import search
from pins.management.bulk import Table
from pins.management.generating import Generated
from pins.models import Connection, Decision, Pin, SearchWord, Status

HISTORY = ("history_id", "history_date", "history_type", "history_user_id", "history_change_reason")


class WithHistory:
    """A model's table and the table of its versions. Every column of both is written, whichever there are."""

    def __init__(self, model: type[models.Model]) -> None:
        columns = [field.attname for field in model._meta.concrete_fields]
        in_history = {field.attname for field in model.history.model._meta.concrete_fields}
        versioned = [name for name in columns if name in in_history]
        self._table, self._row_of = Table(model, columns), attrgetter(*columns)
        self._versions, self._version_of = (
            Table(model.history.model, [*versioned, *HISTORY]),
            attrgetter(*versioned),
        )

    def begin(self) -> None:
        self._next_id, self._next_version = self._table.next_id(), self._versions.next_id()
        self._rows, self._version_rows = [], []

    def number(self, instance: models.Model) -> None:
        """Give a row the primary key that it will have, so that others can point to it."""
        instance.pk, self._next_id = self._next_id, self._next_id + 1

    def add(self, instance: models.Model) -> None:
        self._rows.append(self._row_of(instance))

    def add_version(self, instance: models.Model, *, at, by_id: int, reason: str = "") -> int:
        """Add what the row is now as a version of it, and return the version's id."""
        version, self._next_version = self._next_version, self._next_version + 1
        kind = "+" if instance.version == 1 else "~"
        self._version_rows.append((*self._version_of(instance), version, at, kind, by_id, reason))
        return version

    def write(self) -> None:
        self._table.insert(self._rows)
        self._versions.insert(self._version_rows)


class Links:
    """The rows of a table that links two others, and of the table of its versions where there is one."""

    def __init__(self, through: type[models.Model], owner: str, other: str) -> None:
        self._table = Table(through, ("id", owner, other))
        self._versions = _versions_of(through, owner, other)
        self._rows, self._version_rows = [], []

    def begin(self) -> None:
        self._next_id = self._table.next_id()
        self._rows, self._version_rows = [], []

    def add(self, owner: int, others: list[int], versions: list[int] = ()) -> None:
        """Link a row with each of these, now and in those versions of it."""
        for other in others:
            row = (self._next_id, owner, other)
            self._next_id += 1
            self._rows.append(row)
            self._version_rows += [(*row, version) for version in versions]

    def write(self) -> None:
        self._table.insert(self._rows)
        if self._versions:
            self._versions.insert(self._version_rows)


def _versions_of(through: type[models.Model], owner: str, other: str) -> Table | None:
    """Return the table that keeps the links of each version of a row, if versions of these links are kept."""
    model = through._meta.get_field(owner.removesuffix("_id")).related_model
    history = getattr(model, "history", None)
    for relation in history.model._meta.related_objects if history else ():
        columns = [field.attname for field in relation.related_model._meta.concrete_fields]
        if other in columns and owner in columns:
            return Table(relation.related_model, ("id", owner, other, "history_id"))
    return None


class Writer:
    """Writes generated pins with their versions, areas, lists, connections and decisions, one batch at a time."""

    def __init__(self) -> None:
        self.pins, self.connections = WithHistory(Pin), WithHistory(Connection)
        self.decisions = Table(Decision)
        self.decision_of = attrgetter(*self.decisions.names)
        self.words = Table(SearchWord, ("pin_id", "word", "part"))
        self.areas = Links(Pin.areas.through, "pin_id", "area_id")
        self.public_areas = Links(Pin.public_areas.through, "pin_id", "area_id")
        self.less_heard = Links(Pin.less_heard_groups.through, "pin_id", "lessheardgroup_id")
        self.offers = Links(Pin.offers.through, "pin_id", "offer_id")
        self.approaches = Links(Connection.approaches.through, "connection_id", "approach_id")
        self.known_by = Links(Connection.known_by.through, "connection_id", "user_id")
        # In the order in which they are written: links after what they link.
        self.tables = [
            *(self.pins, self.connections, self.areas, self.public_areas),
            *(self.less_heard, self.offers, self.approaches, self.known_by),
        ]

    def write(self, batch: list[Generated]) -> None:
        """Store these pins; call it in a transaction."""
        for table in self.tables:
            table.begin()
        decisions = []
        for made in batch:
            self.pins.number(made.pin)
            self._add_pin(made)
            for step in made.steps:
                if step.decision:
                    step.decision.pin_id = made.pin.pk
                    decisions.append(self.decision_of(step.decision))
            for connection, approaches in made.connections:
                connection.pin_id = made.pin.pk
                self._add_connection(connection, approaches, by_id=made.pin.created_by_id)
        for table in self.tables:
            table.write()
        self.decisions.insert(decisions)
        self._write_words([made.pin.pk for made in batch])

    def _write_words(self, keys: list[int]) -> None:
        texts = search.texts_of(keys)
        words = {pair: part for pin in keys for pair, part in search.words_of(pin, texts[pin]).items()}
        self.words.insert([(pin, word, int(part)) for (pin, word), part in words.items()])
        search.write_keys({word for _pin, word in words})

    def _add_pin(self, made: Generated) -> None:
        pin, versions = made.pin, []
        for number, step in enumerate(made.steps, start=1):
            pin.status, pin.version, pin.updated_at = step.status, number, step.at
            if step.status == Status.PUBLISHED:
                pin.published_at = step.at
            reason = step.decision.reason if step.decision else ""
            versions.append(self.pins.add_version(pin, at=step.at, by_id=step.by_id, reason=reason))
        self.pins.add(pin)
        exact, public = made.area_ids
        self.areas.add(pin.pk, exact)
        self.public_areas.add(pin.pk, public)
        self.offers.add(pin.pk, made.offers, versions)
        self.less_heard.add(pin.pk, made.less_heard)

    def _add_connection(self, connection: Connection, approaches: list[int], *, by_id: int) -> None:
        self.connections.number(connection)
        self.connections.add(connection)
        version = self.connections.add_version(connection, at=connection.created_at, by_id=by_id)
        self.approaches.add(connection.pk, approaches, [version])
        self.known_by.add(connection.pk, [by_id], [version])
