"""What a first start leaves on the disk: the database and its folder are their owner's alone, and what is public is not in it."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from community_map.cached import forget_all
from community_map.environment import keep_private
from tests.factories import make_portal
from tests.serving import ROOT

NOT_IN_GIT = shutil.ignore_patterns(
    *(".git", ".venv", "node_modules", "var", "staticfiles", "__pycache__", ".secret-key", ".env", ".build"),
    *("vendor", "css", "tests", "docs", "demo"),
)
# A process that has the database open and has written to it.
WRITES = """
import django, os; django.setup()
from pathlib import Path
from django.core.cache import cache
cache.set("written", 1)
for path in [Path("var"), *sorted(Path("var").iterdir())]:
    print(path, oct(path.stat().st_mode & 0o777))
"""


def modes_of(folder: Path, *arguments: str) -> list[str]:
    """Run Python there as somebody whose new files everyone may read; return what it writes, line by line."""
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(  # noqa: S603 (our own interpreter, our own words)
        [sys.executable, *arguments],
        cwd=folder,
        env={**plain, "DJANGO_SETTINGS_MODULE": "community_map.settings"},
        umask=0o022,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_database_and_its_folder_are_their_owners_alone_from_the_start(tmp_path):
    fresh = tmp_path / "fresh"
    shutil.copytree(ROOT, fresh, ignore=NOT_IN_GIT)
    modes_of(fresh, "manage.py", "migrate", "-v", "0")

    assert modes_of(fresh, "-c", WRITES) == [
        "var 0o700",
        "var/portal.sqlite3 0o600",
        "var/portal.sqlite3-shm 0o600",
        "var/portal.sqlite3-wal 0o600",
    ]


def test_what_an_earlier_version_left_open_is_closed(tmp_path):
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    for name in ("portal.sqlite3", "portal.sqlite3-wal"):
        (folder / name).touch(mode=0o644)

    keep_private(folder, folder / "portal.sqlite3")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {"var": 0o700, "portal.sqlite3": 0o600, "portal.sqlite3-wal": 0o600}


def test_a_database_elsewhere_is_closed_and_its_folder_is_left_as_it_is(tmp_path):
    elsewhere = tmp_path / "data"
    elsewhere.mkdir(mode=0o755)
    keep_private(tmp_path / "var", elsewhere / "portal.sqlite3")

    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o755
    assert stat.S_IMODE((elsewhere / "portal.sqlite3").stat().st_mode) == 0o600


def test_static_files_are_not_in_the_closed_folder(settings):
    assert settings.VAR_DIR not in settings.STATIC_ROOT.parents


SENTENCE = "The styles for this page have not been built"
PAGES = ["/", "/map/", "/map/list/", "/toolkit/", "/accounts/login/", "/cookies/", "/nothing/"]


@pytest.fixture
def style(settings, tmp_path):
    """Where the built style is looked for; there is none."""
    settings.STATIC_ROOT = tmp_path
    return tmp_path / "css" / "main.css"


@pytest.mark.django_db
def test_only_pages_without_a_style_say_that_it_is_missing(client, style):
    make_portal()
    before = [SENTENCE in client.get(page).text for page in PAGES]
    style.parent.mkdir()
    style.touch()
    forget_all()  # as when the server starts again
    after = [SENTENCE in client.get(page).text for page in PAGES]

    assert (before, after) == ([True] * len(PAGES), [False] * len(PAGES))
