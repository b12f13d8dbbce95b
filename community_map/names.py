"""Names that other rows repeat in texts of their own: whoever repeats one learns here that it changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import models, transaction

Repeater = Callable[[models.Model], Callable[[], None]]
_repeaters: list[Repeater] = []


def on_change(repeater: Repeater) -> Repeater:
    """Decorator: call this with a row whose name is about to change or to go; what it returns is called afterwards."""
    _repeaters.append(repeater)
    return repeater


@contextmanager
def changing(*rows: models.Model) -> Iterator[None]:
    """Whatever repeats the names of these rows is put right at the end of this block, in its transaction."""
    with transaction.atomic():
        afterwards = [repeater(row) for repeater in _repeaters for row in rows]
        yield
        for put_right in afterwards:
            put_right()
