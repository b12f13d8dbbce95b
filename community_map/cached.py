"""Values that a process keeps until what they were made from has changed. Every cache of ours in a process is one."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

_forget_functions: list[Callable[[], None]] = []


class Cached(Generic[T]):
    """One value of this process, made again when it is asked for under another version."""

    def __init__(self) -> None:
        self._kept: tuple[Hashable, T] | None = None
        self._lock = threading.RLock()
        on_forget_all(self.forget)

    def get(self, version: Hashable, make: Callable[[], T]) -> T:
        """Return the value of this version; `make()` is called once where there is none yet, whatever asks at once."""
        kept = self._kept
        if kept is None or kept[0] != version:
            with self._lock:
                kept = self._kept
                if kept is None or kept[0] != version:
                    kept = self._kept = (version, make())
        return kept[1]

    def get_for(self, seconds: float, make: Callable[[], T]) -> T:
        """Return a value that is at most so many seconds old."""
        kept = self._kept
        # Counted from when it was made: two requests in a row never find the lists read in between.
        if kept is None or time.monotonic() - kept[0] >= seconds:
            with self._lock:
                other = self._kept
                if other is None or other is kept:
                    other = self._kept = (time.monotonic(), make())
                kept = other
        return kept[1]

    def forget(self) -> None:
        """Make it again at the next request of this process."""
        self._kept = None


def on_forget_all(forget: Callable[[], None]) -> Callable[[], None]:
    """Decorator: `forget_all` calls this too, for what a process keeps in another way."""
    _forget_functions.append(forget)
    return forget


def forget_all() -> None:
    """Begin as a process that has just started; for tests, whose databases begin anew."""
    for forget in _forget_functions:
        forget()
