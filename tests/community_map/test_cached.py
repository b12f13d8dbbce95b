import ast
import threading
import time

import pytest

from community_map import cached as cached_module
from community_map.cached import Cached, forget_all, on_forget_all
from tests.architecture import modules

# What a process keeps otherwise than by Cached, and why that is no second cache.
KEPT_OTHERWISE = {
    "community_map.cached": {"_forget_functions": "what forget_all calls"},
    "community_map.http.limits": {
        "_not_added": "counts that are not added yet; forget_all empties it",
        "_refused_until": "who is refused until when; forget_all empties it",
    },
    "community_map.digest": {"describers": "a register that the apps fill when they start"},
    "community_map.jobs": {"registered": "a register that the apps fill when they start"},
    "community_map.names": {"_repeaters": "a register that the apps fill when they start"},
    "community_map.privacy.person_data": {"holders": "a register that the apps fill when they start"},
    "community_map.tasks": {"registered": "a register that the apps fill when they start"},
    "community_map.words": {
        "stem": "a function of its word alone, which is never out of date",
        "stems_of": "a function of its text alone, which is never out of date",
    },
    "pins.management.bulk": {"_datetime": "a function of its value alone, which is never out of date"},
    "toolkit.page_cache": {"_last_since": "a stamp that must never go back, so forgetting it would be wrong"},
}
EMPTY = {"dict", "list", "set", "defaultdict", "OrderedDict", "Counter", "WeakValueDictionary"}


def kept_otherwise(source: str) -> set[str]:
    """The names in which a source text keeps values for its process: a growing container, a global, an lru_cache."""
    tree, found = ast.parse(source), set()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_empty_container(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            found |= set(node.names)
        elif isinstance(node, ast.FunctionDef):
            decorators = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
            if "lru_cache" in decorators or decorators in {"cache", "functools.cache"}:
                found.add(node.name)
    return found


def _is_empty_container(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", getattr(node.func, "attr", "")) in EMPTY
    return (isinstance(node, ast.Dict) and not node.keys) or (isinstance(node, ast.List) and not node.elts)


def test_there_is_one_cache_and_what_is_kept_otherwise_has_a_reason():
    found = {module: kept_otherwise(source) for module, source in modules().items()}

    assert {module: names for module, names in found.items() if names} == {
        module: set(names) for module, names in KEPT_OTHERWISE.items()
    }


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("_kept: dict[str, int] = {}", {"_kept"}),
        ("_kept = []", {"_kept"}),
        ("_kept = collections.defaultdict(list)", {"_kept"}),
        ("_kept = None\ndef get():\n    global _kept\n    _kept = 1", {"_kept"}),
        ("@lru_cache(maxsize=1)\ndef words(): ...", {"words"}),
        ("@functools.cache\ndef words(): ...", {"words"}),
        ("TABLE = {1: 2}\n_cached: Cached[int] = Cached()\ndef f():\n    found = {}", set()),
    ],
)
def test_a_second_cache_would_be_found(source, names):
    assert kept_otherwise(source) == names


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


def test_a_value_by_its_age_is_made_again_only_once_it_is_that_old(monkeypatch):
    now, made = [100.0], []
    monkeypatch.setattr(cached_module.time, "monotonic", lambda: now[0])
    cached: Cached[int] = Cached()

    def make() -> int:
        made.append(now[0])
        return len(made)

    values = []
    for seconds in (0, 2.9, 0.2, 2.7, 3):
        now[0] += seconds
        values.append(cached.get_for(3, make))

    assert values == [1, 1, 2, 2, 3]
    assert [cached.get_for(0, make) for _ in range(2)] == [4, 5]


def test_everything_is_forgotten_at_once():
    first, second = Cached(), Cached()
    told = []
    on_forget_all(lambda: told.append("told"))
    assert (first.get(1, lambda: "old"), second.get(1, lambda: "old")) == ("old", "old")

    forget_all()

    assert (first.get(1, lambda: "new"), second.get(1, lambda: "new")) == ("new", "new")
    assert told == ["told"]
