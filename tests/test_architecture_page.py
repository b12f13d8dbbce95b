"""docs/architecture.md is true: its picture, the paths that it names, and its table of addresses."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from tests.architecture import APPS, LAYERS

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
CODE = re.findall(r"`([^`\n]+)`", PAGE)
PATHS = sorted({word for word in CODE if re.fullmatch(r"[\w.][\w.*-]*/[\w./*-]*", word)})
# Rooms that the page keeps for what is to come. Take a room out when it has its first module.
TO_COME = {"pins/data/", "pins/insight/"}
# What a model has in admin without being asked.
STANDARD = ("", "add/", "<object_id>/history/", "<object_id>/delete/", "<object_id>/change/", "<object_id>/")


@dataclass(frozen=True)
class Address:
    path: str
    modules: tuple[str, ...]
    view: str

    @property
    def files(self) -> set[str]:
        return {f"{name.replace('.', '/')}.py" for name in self.modules if name.split(".")[0] in APPS}


def addresses(resolver=None, prefix: str = "/"):
    """Every address that the portal answers, as the page writes it, with the modules that answer."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + plain(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            view = pattern.callback
            owner = getattr(view, "model_admin", None) or getattr(view, "admin_site", None)
            view_class = getattr(view, "view_class", view)
            modules = [getattr(view_class, "__module__", "")] + ([type(owner).__module__] if owner else [])
            yield Address(path, tuple(modules), getattr(view, "__name__", ""))
        else:
            yield from addresses(pattern, path)


def plain(pattern: str) -> str:
    """Write a pattern as the page does: the name of a part without its kind, and no signs of a regular expression."""
    pattern = re.sub(r"\(\?P(<\w+>)(?:[^()]|\([^()]*\))*\)", r"\1", pattern)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", pattern).replace("^", "").replace("$", "")


def rows() -> dict[str, str]:
    """The addresses of the page's tables, each with the whole row that it stands in."""
    found = {}
    for line in PAGE.partition("### … an address")[2].partition("### … a thing by its name")[0].splitlines():
        if line.startswith("| `/"):
            for address in re.findall(r"`(/[^`]*)`", line.split("|")[1]):
                assert address not in found, f"{address} stands in two rows"
                found[address] = line
    return found


def row_of(address: str, table: dict[str, str]) -> str | None:
    """The address in the table that stands for this one."""
    if address in table:
        return address
    model = re.sub(r"^/admin/toolkit/\w+/<", "/admin/toolkit/<model>/<", address)
    if model in table:
        return model
    ends = (address.removesuffix(end) for end in STANDARD if end and address.endswith(end))
    return next((start for start in ends if start.startswith("/admin/") and start in table), None)


ADDRESSES = list(addresses())
TABLE = rows()


def test_every_path_that_the_page_names_exists():
    assert [path for path in PATHS if (ROOT / path).exists() == (path in TO_COME)] == []


def test_the_page_names_paths_and_the_rooms_to_come():
    assert len(PATHS) > 150
    assert set(PATHS) >= TO_COME


def test_every_link_of_the_page_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)

    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_address_is_in_the_table_with_the_module_that_answers():
    missing = [address.path for address in ADDRESSES if row_of(address.path, TABLE) is None]
    misled = [
        address
        for address in ADDRESSES
        if address.path not in missing
        and address.files
        and not any(f"`{file}`" in TABLE[row_of(address.path, TABLE)] for file in address.files)
    ]

    assert len(ADDRESSES) > 200
    assert missing == []
    assert misled == []


def test_the_table_names_the_view_of_each_page_of_ours():
    ours = [address for address in ADDRESSES if address.files and not address.path.startswith("/admin/")]

    assert len(ours) > 40
    assert [a.path for a in ours if f"`{a.view}`" not in TABLE[row_of(a.path, TABLE)]] == []


def test_the_table_has_no_address_that_is_gone():
    answered = {row_of(address.path, TABLE) for address in ADDRESSES}

    assert [address for address in TABLE if address not in answered] == []


def test_the_picture_shows_the_layers_that_the_tests_hold():
    picture = PAGE.partition("## Layers")[2].split("```")[1]
    shown, layer, app = {}, "", ""
    for line in picture.strip("\n").splitlines():
        if not line.startswith(" "):
            layer = line
            shown[layer] = set()
        elif line.strip() != "|":
            words = line.split()
            if words[0] in APPS and line[4] != " ":
                app = words.pop(0)
            shown[layer] |= {f"{app}.{word}" for word in words}

    assert list(shown) == list(LAYERS)
    assert shown == {layer: set(names) for layer, names in LAYERS.items()}
