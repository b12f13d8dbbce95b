import threading
import time

from community_map.cached import Cached, every, forget_all, on_forget_all


def test_a_value_is_made_once_for_each_version():
    made = []
    cached: Cached[int] = Cached()

    def make() -> int:
        made.append(1)
        return len(made)

    assert [cached.get(version, make) for version in ("a", "a", "b", "b", "a")] == [1, 1, 2, 2, 3]


def test_a_value_that_is_none_or_empty_is_kept_too():
    cached: Cached[None] = Cached()
    made = []

    for _ in range(2):
        cached.get(None, lambda: made.append(1))

    assert made == [1]


def test_a_value_that_could_not_be_made_is_not_kept():
    cached: Cached[float] = Cached()
    divisor = [0, 2]

    for expected in ("failed", 0.5):
        try:
            value = cached.get(1, lambda: 1 / divisor.pop(0))
        except ZeroDivisionError:
            value = "failed"
        assert value == expected


def test_threads_that_ask_at_once_get_one_value():
    cached: Cached[object] = Cached()
    together = threading.Barrier(8)
    found = []

    def make() -> object:
        time.sleep(0.05)
        return object()

    def ask() -> None:
        together.wait()
        found.append(cached.get(1, make))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_a_version_by_time_changes_every_so_many_seconds():
    day, tick, at_once = every(86_400), every(0.01), every(0)
    time.sleep(0.02)

    assert every(86_400) - day in {0, 1}
    assert every(0.01) > tick
    assert every(0) > at_once


def test_everything_is_forgotten_at_once():
    first, second = Cached(), Cached()
    told = []
    on_forget_all(lambda: told.append("told"))
    assert (first.get(1, lambda: "old"), second.get(1, lambda: "old")) == ("old", "old")

    forget_all()

    assert (first.get(1, lambda: "new"), second.get(1, lambda: "new")) == ("new", "new")
    assert told == ["told"]
