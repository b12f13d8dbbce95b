"""The faults that `make mutants` puts in are the ones meant, and sleep until they are woken."""

import builtins
import glob

import pytest

from tests.mutation.__main__ import FOLDERS, PARTS, ROOT, TESTS
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import enumerations, mutants_of, switched
from tests.mutation.session import watched

MEMBERS = {"Status": [["SUBMITTED", "PUBLISHED"]]}


def changes(text: str) -> set[str]:
    return {
        mutant.change
        for mutant in mutants_of("a.py", text.encode(), MEMBERS)
        if mutant.changes(text.encode())
    }


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("a < b", {"a < b  ->  (a <= b)"}),
        ("a and b", {"a and b  ->  (a or b)", "a and b  ->  (a)", "a and b  ->  (b)"}),
        ("a | b", {"a | b  ->  (a & b)", "a | b  ->  (a)", "a | b  ->  (b)"}),
        ("not a", {"not a  ->  (a)"}),
        ("x = True", {"True  ->  (False)"}),
        ("x = 5", {"5  ->  (6)"}),
        ("x = {'a', 'b'}", {"{'a', 'b'}  ->  ({'a'})", "{'a', 'b'}  ->  ({'b'})"}),
        ("x = {'a': 1}", {"{'a': 1}  ->  ({})"}),
        ("x = Status.PUBLISHED", {"Status.PUBLISHED  ->  (Status.SUBMITTED)"}),
        (
            "pins.filter(a=1, b=2)",
            {"pins.filter(a=1, b=2)  ->  (pins.filter(a=1))", "pins.filter(a=1, b=2)  ->  (pins)"},
        ),
        ("Q(a=1, b=2)", {"Q(a=1, b=2)  ->  (Q(b=2))"}),
        ("if sent:\n  pass", {"sent  ->  (not sent)"}),
        ("raise ValueError", {"raise ValueError  ->  pass"}),
        ("pin.near = here", {"pin.near = here  ->  pass"}),
        ("def f():\n  return here", {"return here  ->  return None"}),
    ],
)
def test_each_kind_of_fault_is_made(text, some):
    assert some <= changes(text)


@pytest.mark.parametrize(
    "text",
    [
        '"""What it is."""',
        "x = _('Words for readers')",
        "from a import b",
        "def f(a: dict[str, int]) -> list[str]: ...",
        "class A:\n  class Meta:\n    ordering = ['pk']",
        "name = models.CharField(_('name'), max_length=5)",
        "SUBMITTED = 'submitted', _('Not checked yet')",
    ],
)
def test_what_means_nothing_to_the_rules_is_left_alone(text):
    assert changes(text) == set()


TEXT = b"""
LIMIT = 3

def small(number, is_shy=False):
    if number > LIMIT and not is_shy:
        return "large"
    pin = [number for number in range(number) if number % 2 == 0]
    return pin
"""


def test_a_mutant_sleeps_until_it_is_woken_and_wakes_alone(monkeypatch):
    awake = -1
    monkeypatch.setattr(builtins, "__mutant__", lambda number: number == awake, raising=False)
    mutants = [mutant for mutant in mutants_of("a.py", TEXT, {}) if mutant.is_switch and mutant.changes(TEXT)]
    space: dict = {}
    exec(compile(switched(TEXT, dict(enumerate(mutants))), "a.py", "exec"), space)  # noqa: S102

    def behaviour(small) -> list:
        return [small(5), small(5, True), small(3), small(2)]

    def alone(mutant) -> list:
        other: dict = {}
        exec(compile(mutant.text(TEXT), "a.py", "exec"), other)  # noqa: S102
        return behaviour(other["small"])

    told = {}
    for awake, mutant in enumerate(mutants):  # noqa: B007
        told[mutant.change] = (behaviour(space["small"]), alone(mutant))
    awake = -1

    assert len(told) > 9
    assert [change for change, (switch, text) in told.items() if switch != text] == []
    assert behaviour(space["small"]) == ["large", [0, 2, 4], [0, 2], [0]]
    # What stands outside of functions was decided when it was imported.
    assert "3  ->  (4)" not in told and "False  ->  (True)" not in told


def test_a_constant_matters_to_the_statements_that_use_it_however_far_they_are():
    text = b"""
ONE = 1
BOTH = (ONE, 2)
OTHER = 5

def first():
    return BOTH

def second():
    return OTHER
"""
    lines = {mutant.was: mutant.statements for mutant in mutants_of("a.py", text, {})}

    assert (lines["1"], lines["2"], lines["5"]) == ((7,), (7,), (10,))


def test_a_watched_text_says_which_of_its_statements_have_run(monkeypatch):
    ran = []
    monkeypatch.setattr(builtins, "__ran__", lambda path, line: ran.append((path, line)), raising=False)
    space: dict = {}
    exec(compile(watched("a.py")(TEXT), "a.py", "exec"), space)  # noqa: S102

    assert (space["small"](5), ran) == ("large", [("a.py", 5), ("a.py", 6)])


def test_every_part_and_every_file_of_tests_that_is_named_is_there():
    patterns = [*TESTS, *(path for paths in PARTS.values() for path in paths)]

    assert [pattern for pattern in patterns if not glob.glob(pattern, root_dir=ROOT, recursive=True)] == []


def test_every_mutant_that_is_called_equivalent_can_be_made():
    members = enumerations(ROOT, FOLDERS)
    there = {
        mutant.key
        for path in {path for path, _, _ in EQUIVALENT}
        for mutant in mutants_of(path, (ROOT / path).read_bytes(), members)
    }

    assert [key for key in EQUIVALENT if key not in there] == []
