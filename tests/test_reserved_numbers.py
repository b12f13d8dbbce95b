"""A phone number in a test rings nobody: Ofcom keeps some for drama, and tests use those only."""

import re
from pathlib import Path

from community_map.privacy.personal_details import PATTERNS

FOLDER = Path(__file__).parent
# Ofcom, "Telephone numbers for use in TV and radio drama programmes": London, mobile and no area.
RESERVED = re.compile(r"(?:0|44)(?:2079460\d{3}|7700900\d{3}|1632960\d{3})")
SUFFIXES = {".py", ".js", ".json", ".toml", ".md"}


def numbers_in(text: str) -> list[str]:
    """Return every UK phone number in a text, as its digits."""
    found = (re.sub(r"\D", "", match[0]) for match in PATTERNS["phone"].finditer(text))
    return [re.sub(r"^(?:00)?440?", "44", digits) for digits in found]


def test_every_phone_number_in_the_tests_is_reserved_for_fiction():
    found = {
        number: str(path.relative_to(FOLDER))
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in SUFFIXES
        for number in numbers_in(path.read_text(encoding="utf-8"))
    }

    assert {number: path for number, path in found.items() if not RESERVED.fullmatch(number)} == {}
    assert len(found) >= 4
