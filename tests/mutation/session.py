"""A process of its own that runs chosen tests against changed texts of some modules. It is told what in a JSON file.

Everything is imported and collected once; each trial is a fork, whose database is the copy in its memory.
"""

import ast
import builtins
import contextlib
import gc
import importlib.machinery
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, switched

ROOT = Path(__file__).resolve().parent.parent.parent
QUIET = ("-q", "-p", "no:cacheprovider", "--no-header", "--tb=short")


class ChangedTexts:
    """Finds modules as Python does, and makes the code of some by a function of their own, named by path."""

    def __init__(self, makers: dict[str, Callable[[bytes], object]]) -> None:
        self.makers = {str(ROOT / path): make for path, make in makers.items()}

    def find_spec(self, name, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and spec.origin in self.makers:
            spec.loader = _Loader(name, spec.origin, self.makers[spec.origin])
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name, path, make) -> None:
        super().__init__(name, path)
        self.make = make

    def get_code(self, fullname):
        return compile(self.make(self.get_data(self.path)), self.path, "exec")


def watched(path: str) -> Callable[[bytes], ast.Module]:
    """Make of a source text one that says which of its statements run, through the builtin __ran__."""

    class Watch(ast.NodeTransformer):
        depth = 0

        def visit_FunctionDef(self, node):
            self.depth += 1
            self.generic_visit(node)
            self.depth -= 1
            return node

        def generic_visit(self, node):
            super().generic_visit(node)
            for name in ("body", "orelse", "finalbody"):
                lines = getattr(node, name, None)
                if self.depth and isinstance(lines, list):
                    setattr(node, name, [new for line in lines for new in (self.note(line), line)])
            return node

        def note(self, line):
            call = ast.Call(
                ast.Name("__ran__", ast.Load()), [ast.Constant(path), ast.Constant(line.lineno)], []
            )
            return ast.copy_location(ast.Expr(call), line)

    return lambda source: ast.fix_missing_locations(Watch().visit(ast.parse(source)))


class Database:
    """The tests' database, made once by the migrations and copied into the memory of every later session."""

    def __init__(self, folder: Path) -> None:
        self.rows, self.texts = folder / "database.sqlite3", folder / "serialized.json"

    def keep(self) -> None:
        from django.db import connection

        connection.ensure_connection()
        self.rows.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(self.rows)) as kept:
            connection.connection.backup(kept)
        self.texts.write_text(connection.creation.serialize_db_to_string(), encoding="utf-8")

    def set_up(self, *args, **kwargs) -> list:
        """What django.test.utils.setup_databases does, without a migration."""
        from django.conf import settings
        from django.db import connection

        connection.close()
        name = connection.creation._get_test_db_name()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(self.rows)) as kept:
            kept.backup(connection.connection)
        connection._test_serialized_contents = self.texts.read_text(encoding="utf-8")
        return []


class Recorder:
    """pytest plugin: which statements each test runs, and how long it takes; failing tests are left out."""

    def __init__(self, database: Database) -> None:
        self.database, self.begun = database, 0.0
        self.tests: dict[str, dict] = {}
        self.now: set[tuple[str, int]] = set()
        self.failed: set[str] = set()
        builtins.__ran__ = lambda path, line: self.now.add((path, line))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.now, self.begun = set(), time.process_time()
        result = yield
        lines: dict[str, list[int]] = {}
        for path, line in sorted(self.now):
            lines.setdefault(path, []).append(line)
        if lines:
            self.tests[item.nodeid] = {"seconds": time.process_time() - self.begun, "lines": lines}
        return result

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed.add(report.nodeid)

    @pytest.fixture(scope="session", autouse=True)
    def keep_the_database(self, django_db_setup, django_db_blocker):
        with django_db_blocker.unblock():
            self.database.keep()
        self.begun = time.process_time()  # making the database is not the first test's work


class Trials:
    """pytest plugin: instead of all tests, those of each trial until one fails, in a fork with its mutant awake."""

    def __init__(self, trials: list[dict], results: Path) -> None:
        self.trials, self.results, self.awake, self.failed = trials, results, -1, ""
        builtins.__mutant__ = lambda number: number == self.awake

    def pytest_runtestloop(self, session):
        items = {item.nodeid: item for item in session.items}
        bare = _Bare(session)
        # Any test that uses the database has it set up, once for all trials.
        first = next(
            (item for item in session.items if item.get_closest_marker("django_db")), session.items[0]
        )
        first.ihook.pytest_runtest_protocol(item=first, nextitem=bare)
        gc.freeze()  # what is there already is not gone through again, and so not copied, in each fork
        with self.results.open("a", encoding="utf-8") as told:
            for trial in self.trials:
                verdict = self.try_one(trial, [items[name] for name in trial["names"] if name in items])
                told.write(json.dumps({"number": trial["number"], "verdict": verdict}) + "\n")
                told.flush()
        return True

    def try_one(self, trial: dict, items: list) -> str:
        """Return the name of the test that fails; `time` where it takes too long; empty where all pass."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            self.awake, self.failed = trial["number"], ""
            for item, following in zip(items, [*items[1:], items[0]], strict=True):
                item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
                if self.failed:
                    break
            os.write(writing, self.failed.encode())
            os._exit(0)
        os.close(writing)
        until = time.monotonic() + trial["seconds"]
        while time.monotonic() < until:
            if os.waitpid(pid, os.WNOHANG)[0]:
                with os.fdopen(reading, "rb") as told:
                    return told.read().decode()
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(reading)
        return "time"

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed = report.nodeid


class _Bare:
    """Stands for a next test that shares nothing but the session with the last one."""

    def __init__(self, session) -> None:
        self.session = session

    def listchain(self) -> list:
        return [self.session]


def record(told: dict, database: Database) -> int:
    sys.meta_path.insert(0, ChangedTexts({path: watched(path) for path in told["paths"]}))
    recorder = Recorder(database)
    code = int(pytest.main([*QUIET, *told["tests"]], plugins=[recorder]))
    kept = {name: test for name, test in recorder.tests.items() if name not in recorder.failed}
    if kept:
        Path(told["results"]).write_text(json.dumps(kept), encoding="utf-8")
    return code


def try_all(told: dict, database: Database) -> int:
    from django.test import utils

    utils.setup_databases, utils.teardown_databases = database.set_up, lambda *args, **kwargs: None
    mutants = {number: Mutant(**fields) for number, fields in enumerate(told["mutants"])}
    texts: dict[str, Callable] = {}
    for path in {mutant.path for mutant in mutants.values()}:
        mine = {number: mutant for number, mutant in mutants.items() if mutant.path == path}
        texts[path] = (
            (lambda source, mine=mine: switched(source, mine))
            if told["are_switches"]
            else next(iter(mine.values())).text
        )
    sys.meta_path.insert(0, ChangedTexts(texts))
    files = list(dict.fromkeys(name.split("::")[0] for trial in told["trials"] for name in trial["names"]))
    return int(pytest.main([*QUIET, *files], plugins=[Trials(told["trials"], Path(told["results"]))]))


if __name__ == "__main__":
    spec = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    database = Database(ROOT / ".build" / "mutants")
    sys.exit({"record": record, "try": try_all}[spec["what"]](spec, database))
