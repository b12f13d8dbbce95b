"""Settings that only tests have, and a guard: nothing that they run may reach another machine."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests.guard import sitecustomize as guard

FOLDER = Path(guard.__file__).parent


def pytest_configure(config):
    from django.conf import settings

    watch_sockets()
    let_tests_empty_the_audit_log()
    # Fast on purpose: tests make hundreds of users, and none of their passwords guards anything.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Most tests of admin are not about how one got there; test_second_factor.py is.
    settings.SECOND_FACTOR = False
    # Tests ask for more in a second than any reader; test_limits.py is about how much is too much.
    settings.PUBLIC_REQUESTS_PER_MINUTE = 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def let_tests_empty_the_audit_log() -> None:
    """Take the log's triggers away while the tables are emptied after a test with real transactions, and only then."""
    from importlib import import_module

    from django.core.management.commands import flush

    triggers = import_module("community_map.migrations.0007_audit_log_is_append_only")
    plain = flush.sql_flush

    def sql_flush(style, connection, *args, **kwargs):
        is_sqlite = connection.vendor == "sqlite"
        undo = triggers.UNDO_SQLITE if is_sqlite else triggers.UNDO_POSTGRESQL
        again = triggers.SQLITE if is_sqlite else triggers.POSTGRESQL
        return [*undo, *plain(style, connection, *args, **kwargs), *again.values()]

    flush.sql_flush = sql_flush


def watch_sockets() -> None:
    """Refuse every connection beyond this machine, in this process and in those that tests start."""
    handle, path = tempfile.mkstemp(prefix="tests-tried-to-leave-")
    os.close(handle)
    os.environ[guard.LOG] = path
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(FOLDER), os.environ.get("PYTHONPATH")]))
    sys.addaudithook(guard.guard)


@pytest.fixture
def tried_to_leave() -> Path:
    """Where it is written down who tried to reach another machine; a test that means it to happen empties it."""
    return Path(os.environ[guard.LOG])


@pytest.fixture(autouse=True)
def nobody_leaves(tried_to_leave):
    yield
    tried = tried_to_leave.read_text(encoding="utf-8")
    tried_to_leave.write_text("", encoding="utf-8")
    assert tried == ""


def pytest_unconfigure(config):
    if path := os.environ.pop(guard.LOG, ""):
        Path(path).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def plain_static_names(settings):
    """Pages name their files as they are in the tree: tests need no collectstatic."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def fresh_process():
    """What a process keeps for a while must not reach the next test."""
    from community_map.cached import forget_all

    forget_all()
