"""Read the demonstration's texts: Markdown with a head of TOML, and lists in TOML."""

import re
import tomllib
from pathlib import Path

DATA = Path(__file__).resolve().parent / "demo"
HEAD = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)
PARTS = {
    "What was done": "what_was_done",
    "What changed": "what_changed",
    "What we learned": "what_we_learned",
}


class BrokenFile(Exception):
    """A file of the demonstration cannot be read; the message names it."""


def read_pages() -> list[dict]:
    return [_with_body(path) for path in sorted((DATA / "pages").glob("*.md"))]


def read_case_studies() -> list[dict]:
    rows = []
    for path in sorted((DATA / "case-studies").glob("*.md")):
        row = _with_body(path)
        body = row.pop("body")
        rows.append({**row, **_parts(body, path)})
    return rows


def read_list(name: str) -> list[dict]:
    """Return the rows of prompts.toml, terms.toml, tools.toml or voices.toml."""
    path = DATA / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")).get(name, []) if path.is_file() else []


def _with_body(path: Path) -> dict:
    text = path.read_text(encoding="utf-8")
    found = HEAD.match(text)
    if not found:
        raise BrokenFile(f"{path.name}: start the file with a header between two lines of +++")
    return {"slug": path.stem, **tomllib.loads(found[1]), "body": text[found.end() :].strip()}


def _parts(body: str, path: Path) -> dict:
    pieces = re.split(r"^## (.+)$", body, flags=re.MULTILINE)
    titles = [title.strip() for title in pieces[1::2]]
    if pieces[0].strip() or titles != list(PARTS):
        raise BrokenFile(f"{path.name}: use the headings {', '.join(PARTS)}, with nothing before them")
    return {PARTS[title]: text.strip() for title, text in zip(titles, pieces[2::2], strict=True)}
