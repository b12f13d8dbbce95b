"""What is installed is written down: pinned, with a reason, and locked for production."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[a-z,]+\])?==(?P<version>[0-9][\w.]*)(?P<rest>.*)$")


def pins(text: str) -> dict[str, str]:
    """Return versions by lower-case name."""
    found = (PIN.match(line) for line in text.splitlines())
    return {match["name"].lower(): match["version"] for match in found if match}


def test_every_requirement_is_pinned_and_says_why_it_is_here():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    requirements = [line for line in lines if line and not line.startswith("#")]

    unexplained = [
        line
        for line in requirements
        if not (match := PIN.match(line)) or not re.search(r"  # \w.{10,}", match["rest"])
    ]

    assert requirements
    assert unexplained == []


def test_the_production_lock_holds_what_requirements_say_is_needed_to_run():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    to_run = pins(text.split("# --- to run ---", 1)[1].split("# ---", 1)[0])
    locked = pins((ROOT / "requirements-production.txt").read_text(encoding="utf-8"))

    assert {name: locked.get(name) for name in to_run} == to_run, "run: make lock"


def test_neither_lock_names_a_registry():
    for name in ("requirements-production.txt", "package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert '"resolved"' not in text
        assert "index-url" not in text
        assert re.findall(r"^[^#\n]*(?:https?|file)://\S*\.(?:whl|tgz|tar\.gz)", text, re.MULTILINE) == []


def test_every_locked_package_has_hashes():
    text = (ROOT / "requirements-production.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]

    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert len(entries) > 20
