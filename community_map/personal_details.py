"""Finding what free text should not hold: phone numbers, e-mail addresses, National Insurance numbers.

static/js/lib/personal-details.js does the same in the browser; tests/personal_details.json holds both to it.
A hit is pointed out, never forbidden: the writer changes it or keeps it, and the choice is recorded.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

PATTERNS = {
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    # Two letters, six digits, A to D, with or without spaces. Source: HMRC's published format.
    "national-insurance": re.compile(
        r"\b(?![DFIQUV])[A-Z](?![DFIOQUV])[A-Z]\s?(?:\d\s?){6}[A-D]\b", re.IGNORECASE
    ),
    # UK numbers: 0 or +44, then nine or ten digits with spaces, dots, dashes or brackets between them.
    "phone": re.compile(r"(?<![\w.])(?:\+44(?:\s?\(0\))?|0044|0)(?:[\s.()-]{0,2}\d){9,10}(?!\d)"),
}

NAMES = {
    "email": _("an e-mail address"),
    "national-insurance": _("a National Insurance number"),
    "phone": _("a phone number"),
}


@dataclass(frozen=True)
class Hit:
    """Something in a text that looks like a personal detail."""

    kind: str
    text: str


def find(text: str) -> list[Hit]:
    """Return what looks like a personal detail, in the order in which it stands in the text."""
    hits = [
        (match.start(), Hit(kind, match.group().strip()))
        for kind, pattern in PATTERNS.items()
        for match in pattern.finditer(text or "")
    ]
    return [hit for _start, hit in sorted(hits, key=lambda item: item[0])]
