"""The structure that docs/architecture.md describes, held by tests."""

import re
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture import (
    DIRECT,
    JOINS_THE_APPS,
    LAYERS,
    import_faults,
    layers_of,
    modules,
    table_faults,
)

ROOT = Path(__file__).resolve().parent.parent
SOURCES = modules()
PACKAGES = {name for name in SOURCES if any(other.startswith(f"{name}.") for other in SOURCES)}


@pytest.mark.parametrize("module", SOURCES)
def test_every_module_is_in_one_layer_and_imports_go_down_only(module):
    assert import_faults(module, SOURCES[module], PACKAGES) == []


@pytest.mark.parametrize("module", SOURCES)
def test_rows_that_not_everyone_may_know_of_are_taken_by_a_way_in_that_asks_who_reads(module):
    assert table_faults(module, SOURCES[module]) == []


def test_the_tables_name_nothing_that_is_not_there():
    named = [*DIRECT, *JOINS_THE_APPS, *(name for names in LAYERS.values() for name in names)]

    assert [name for name in named if name not in SOURCES] == []


def test_the_named_list_allows_nothing_that_is_not_done():
    """An exception that nobody needs any more would let the next one through."""
    idle = []
    for module, (models, _) in DIRECT.items():
        for model in models:
            with unnamed(module, model):
                mine = [name for name in SOURCES if name == module or name.startswith(f"{module}.")]
                if not any(table_faults(name, SOURCES[name]) for name in mine):
                    idle.append((module, model))

    assert idle == []


@contextmanager
def unnamed(module: str, model: str):
    DIRECT[module][0].remove(model)
    try:
        yield
    finally:
        DIRECT[module][0].add(model)


def test_the_layers_are_told_apart():
    order = list(LAYERS)
    down = [
        "pins.public.urls",
        "pins.public.views",
        "pins.forms.pin",
        "pins.actions",
        "pins.placing",
        "pins.models.pin",
    ]
    numbers = [order.index(layers_of(name)[0]) for name in [*down, "community_map.geo"]]

    assert numbers == sorted(set(numbers))
    assert layers_of("pins.management.commands.load_demo") == layers_of("pins.public.views")
    assert layers_of("pins.viewsets") == layers_of("pins.new_module") == []


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (
            "from pins.staff.urls import urlpatterns",
            "imports pins.staff.urls.urlpatterns (start and addresses)",
        ),
        ("def view(request):\n    from pins import urls", "imports pins.urls"),
        ("from . import urls", "imports pins.staff.urls"),
        ("from .urls import urlpatterns", "imports pins.staff.urls.urlpatterns"),
        ("import pins.staff.urls", "imports pins.staff.urls"),
        (
            "from importlib import import_module\nimport_module('pins.staff.urls')",
            "imports pins.staff.urls",
        ),
        ("from pins.brand_new import anything", "which is in no layer"),
        ("from pins import *", "which is in no layer"),
        ("from toolkit.models import Page", "these apps meet by address only"),
    ],
)
def test_an_upward_import_is_found_in_whichever_way_it_is_written(slip, said):
    [fault] = import_faults("pins.staff.pin_form", slip, PACKAGES)

    assert said in fault


@pytest.mark.parametrize(
    "slip",
    [
        "Pin.objects.all()",
        "Pin.objects.filter(pk=1)",
        "Pin.objects",
        "Pin._base_manager.all()",
        "Pin._default_manager.all()",
        "Pin._meta.default_manager.all()",
        "Pin.history.all()",
        "get_object_or_404(Pin, pk=1)",
        "models.Pin.objects.all()",
        "from pins.models import Pin as Community\nCommunity.objects.all()",
        "Community = Pin\nCommunity.objects.all()",
        "type(pin).objects.all()",
        "def read(model):\n    return model.objects.all()",
        "from pins.models import Connection\nConnection.objects.filter(pk=1)",
        "from pins.models import Decision\nDecision.objects.all()",
        "from pins.models import Answer\nAnswer.objects.all()",
    ],
)
def test_a_view_that_takes_rows_without_asking_who_reads_is_found(slip):
    [fault] = table_faults("pins.staff.pin_form", f"from pins.models import Pin\n{slip}")

    assert fault.startswith("pins.staff.pin_form, line ")


@pytest.mark.parametrize(
    "way", ["Pin.objects.public()", "Pin.objects.visible_to(user).filter(pk=1)", "Category.objects.in_use()"]
)
def test_a_view_that_asks_is_not(way):
    assert table_faults("pins.staff.pin_form", f"from pins.models import Category, Pin\n{way}") == []


def test_a_module_in_no_layer_fails_and_is_told_where_to_go():
    [fault] = import_faults("pins.brand_new", "")

    assert fault == "pins.brand_new is in 0 layers: put it into one in LAYERS of tests/architecture.py"


def test_new_modules_are_found_in_the_tree_itself(tmp_path):
    (tmp_path / "pins" / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "pins" / "deep" / "deeper" / "new.py").write_text(
        "from pins.models import Pin\nPin.objects.all()\n"
    )
    (tmp_path / "pins" / "migrations").mkdir()
    (tmp_path / "pins" / "migrations" / "0001_initial.py").write_text("")

    [(name, source)] = modules(tmp_path).items()

    assert name == "pins.deep.deeper.new"
    assert import_faults(name, source) and table_faults(name, source)


SCRIPTS = sorted(path for path in (ROOT / "static" / "js").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_only_the_scripts_that_draw_on_the_map_know_leaflet():
    knows = [
        path.name
        for path in SCRIPTS
        if re.search(r"\bL\.|globalThis\.L\b|window\.L\b", path.read_text(encoding="utf-8"))
    ]

    assert set(knows) <= {"map.js", "markers.js", "popup.js"}


def test_one_script_reads_the_messages_of_a_page():
    reads = [path.name for path in SCRIPTS if re.search(r"data-say|dataset\.say", path.read_text("utf-8"))]

    assert reads == ["messages.js"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_put_text_into_pages_as_text(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text)


def test_every_colour_of_the_style_has_a_name():
    by_hand = [
        f"{path.name}: {colour}"
        for path in sorted((ROOT / "static" / "scss").glob("*.scss"))
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(\d[^)]*\)", path.read_text("utf-8"))
        if path.name != "_brand.scss"
    ]

    assert by_hand == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_line_of_a_template_is_longer_than_200_characters(path):
    lines = enumerate(path.read_text("utf-8").splitlines(), 1)

    assert [number for number, line in lines if len(line) > 200] == []


def test_templates_take_addresses_from_their_names():
    by_hand = [
        path.name for path in TEMPLATES if re.search(r'="/(map|staff|toolkit)/', path.read_text("utf-8"))
    ]

    assert by_hand == []


def test_templates_name_the_files_of_leaflet_by_its_own_tags():
    by_hand = [path.name for path in TEMPLATES if re.search(r"static ['\"]leaflet/", path.read_text("utf-8"))]

    assert by_hand == []


def test_a_row_of_a_summary_list_is_written_in_one_place():
    by_hand = [path.name for path in TEMPLATES if "govuk-summary-list__row" in path.read_text("utf-8")]

    assert by_hand == ["summary_row.html"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_have_no_inline_script_or_style_and_no_unescaped_text(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*safe\b|\{%\s*autoescape off|\bstyle=|<style|\son\w+=|javascript:", text)
    for attributes, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.S):
        assert "src=" in attributes and not body.strip()


# The one place that cleans HTML and calls it safe, and the one that checks a post by its origin.
TRUSTED = {
    "toolkit.markdown.clean": {"mark_safe", "SafeString"},
    "community_map.http.same_origin": {"csrf_exempt"},
}


@pytest.mark.parametrize("module", SOURCES)
def test_python_never_marks_text_as_safe_or_sets_the_check_of_forms_aside(module):
    found = re.findall(r"mark_safe|SafeString|csrf_exempt|format_html_join\(\s*mark", SOURCES[module])

    assert set(found) == TRUSTED.get(module, set())


def test_tests_that_empty_the_tables_put_back_what_migrations_have_written():
    """One that does not leaves the next one without groups, or with content types that are there already."""
    marks = [
        (path.name, mark)
        for path in (ROOT / "tests").rglob("test_*.py")
        for mark in re.findall(r"django_db\(transaction=True[^)]*\)", path.read_text(encoding="utf-8"))
    ]

    assert [mark for mark in marks if "serialized_rollback=True" not in mark[1]] == []
