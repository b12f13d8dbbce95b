"""The structure that docs/architecture.md describes, held by tests."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("community_map", "pins", "toolkit")
MODULES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)

# Imports go down only. A module may import what stands on its own line or below it.
LAYERS = [
    {"urls", "staff_urls", "wsgi"},
    {"views", "staff_views", "staff_map_views", "sending_views", "tiles", "api", "admin", "commands"},
    {"forms", "filters", "exports", "insight", "similar"},
    {"actions"},
    {"placing"},
    {"models"},
]


def layer(path_or_module: str) -> int | None:
    """Return the layer of a dotted module name such as pins.models.pin; None for the tools that all may use."""
    parts = path_or_module.split(".")[1:]
    for part in parts:
        if part == "management":
            part = "commands"
        for number, names in enumerate(LAYERS):
            if part in names or any(
                part.startswith(f"{name}_") and name in {"views", "admin", "forms"} for name in names
            ):
                return number
    return None


def imports(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return [name for name in names if name.split(".")[0] in APPS]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_go_down_only_and_the_two_apps_are_strangers(path):
    app, own = dotted(path).split(".")[0], layer(dotted(path))
    strangers = {"pins": {"toolkit"}, "toolkit": {"pins"}, "community_map": {"pins", "toolkit"}}[app]
    for name in imports(path):
        if dotted(path) != "community_map.urls":
            assert name.split(".")[0] not in strangers, f"{dotted(path)} imports {name}"
        other = layer(name)
        if own is not None and other is not None and name.split(".")[0] == app:
            assert other >= own, f"{dotted(path)} imports {name}, which stands above it"


def test_the_layers_are_told_apart():
    assert layer("pins.views") < layer("pins.forms") < layer("pins.actions") < layer("pins.models.pin")
    assert layer("pins.management.commands.load_demo") == layer("pins.views")
    assert layer("community_map.geo") is None


SCRIPTS = sorted(path for path in (ROOT / "static" / "js").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_only_the_scripts_that_draw_on_the_map_know_leaflet():
    knows = [
        path.name
        for path in SCRIPTS
        if re.search(r"\bL\.|globalThis\.L\b|window\.L\b", path.read_text(encoding="utf-8"))
    ]

    assert set(knows) <= {"map.js", "markers.js", "map-popup.js"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_put_text_into_pages_as_text(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_have_no_inline_script_or_style_and_no_unescaped_text(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*safe\b|\{%\s*autoescape off|\bstyle=|<style|\son\w+=|javascript:", text)
    for attributes, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.S):
        assert "src=" in attributes and not body.strip()


# The one place that cleans HTML and calls it safe, and the one that checks a post by its origin.
TRUSTED = {"toolkit.writing": {"mark_safe", "SafeString"}, "community_map.same_origin": {"csrf_exempt"}}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_python_never_marks_text_as_safe_or_sets_the_check_of_forms_aside(path):
    found = re.findall(
        r"mark_safe|SafeString|csrf_exempt|format_html_join\(\s*mark", path.read_text(encoding="utf-8")
    )

    assert set(found) == TRUSTED.get(dotted(path), set())


def test_public_views_and_tiles_never_take_pins_without_the_policy():
    for path in MODULES:
        if path.stem in {
            "views",
            "tiles",
            "staff_views",
            "staff_map_views",
            "exports",
            "api",
            "feeds",
            "similar",
        }:
            taken = re.findall(
                r"Pin\.objects\.(?!public\(|visible_to\()\w+", path.read_text(encoding="utf-8")
            )
            assert taken == [], f"{dotted(path)}: {taken}"


def test_tests_that_empty_the_tables_put_back_what_migrations_have_written():
    """One that does not leaves the next one without groups, or with content types that are there already."""
    marks = [
        (path.name, mark)
        for path in (ROOT / "tests").rglob("test_*.py")
        for mark in re.findall(r"django_db\(transaction=True[^)]*\)", path.read_text(encoding="utf-8"))
    ]

    assert [mark for mark in marks if "serialized_rollback=True" not in mark[1]] == []
