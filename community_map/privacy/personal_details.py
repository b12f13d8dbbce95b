"""Finding what free text should not hold: ways to reach, number, name or find the home of a single person.

static/js/lib/form/personal-details.js does the same in the browser; tests/personal_details.json holds both to it.
A hit is pointed out, never forbidden: the writer changes it or keeps it, and the choice is recorded.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

LETTER = r"[^\W\d_]"
NAME = rf"{LETTER}(?:{LETTER}|['’-])*"
# What a street ends in. Words that are also plain words count only with a capital: "20 ways" is no address.
STREET = (
    r"(?:[Rr]oad|Rd|[Ss]treet|St|[Aa]venue|Ave|[Ll]ane|[Cc]lose|[Dd]rive|[Cc]rescent|[Gg]ardens|[Gg]rove"
    r"|[Mm]ews|[Tt]errace|Court|Parade|Place|Rise|Row|Square|View|Walk|Way)"
)
# "10 minutes from Station Road" is no house.
NO_STREET = r"(?:a|and|at|by|from|in|minutes|mins|near|of|off|on|people|the|to|yards|metres|miles)"
HOUSE = r"[0-9]{1,4}[A-Za-z]?(?:\s?[-–/]\s?[0-9]{1,4}[A-Za-z]?)?"

PATTERNS = {
    "email": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    # Two letters, six digits, A to D, with or without spaces. Source: HMRC's published format.
    "national-insurance": re.compile(
        r"\b(?![DFIQUV])[A-Z](?![DFIOQUV])[A-Z]\s?(?:\d\s?){6}[A-D]\b", re.IGNORECASE
    ),
    # UK numbers: 0 or +44, then nine or ten digits with spaces, dots, dashes or brackets between them.
    "phone": re.compile(r"(?<![\w.])(?:\+44(?:\s?\(0\))?|0044|0)(?:[\s.()-]{0,2}\d){9,10}(?!\d)"),
    # Ten digits in threes and a four, the last of which checks the others. None begins with 0 in England.
    "nhs": re.compile(r"(?<![\w.])[1-9][0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{4}(?!\w)"),
    "address": re.compile(
        rf"(?<![\w.])(?:[Ff]lat\s[0-9]{{1,4}}[A-Za-z]?(?!\w)"
        rf"|{HOUSE},?\s(?:(?!{NO_STREET}\s){NAME}\s){{1,3}}{STREET}(?!\w|\s{LETTER}(?:['’]|\.)))"
    ),
    # "Miss" and "Father" only with a capital: nobody should miss Hendon's fair.
    "name": re.compile(
        r"(?<!\w)(?:[Mm][Rr][Ss]?|[Mm][Ss]|[Mm]x|MX|Miss|MISS|[Dd][Rr]|[Rr]evd?|REVD?|Reverend|[Cc]llr|CLLR"
        rf"|Councillor|[Rr]abbi|[Ii]mam|Father)\.?\s({LETTER})(?:{LETTER}|['’-])+"
    ),
    "client": re.compile(r"(?<!\w)my\s(?:client|patient|service\suser)s?(?!\w)", re.IGNORECASE),
}

NAMES = {
    "email": _("an email address"),
    "national-insurance": _("a National Insurance number"),
    "phone": _("a phone number"),
    "nhs": _("an NHS number"),
    "address": _("someone’s address"),
    "name": _("a person’s name"),
    "client": _("something about one of your clients"),
}


@dataclass(frozen=True)
class Hit:
    """Something in a text that looks like a personal detail."""

    kind: str
    text: str


def has_check_digit(text: str) -> bool:
    """Is the last of these ten digits the NHS's check of the nine before it?

    Source: NHS Data Dictionary, "NHS NUMBER": weights 10 to 2, modulus 11.
    """
    digits = [int(character) for character in text if character.isdigit()]
    total = sum(digit * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == digits[9]


# What a pattern alone cannot say. A name's first letter has a capital, or a script without any.
IS_MEANT = {
    "nhs": lambda match: has_check_digit(match.group()),
    "name": lambda match: not match.group(1).islower(),
}


def find(text: str) -> list[Hit]:
    """Return what looks like a personal detail, in the order in which it stands in the text.

    Of two that overlap only the first is told, and the longer one of two that begin together.
    """
    found = [
        (match.start(), -match.end(), Hit(kind, match.group().strip()))
        for kind, pattern in PATTERNS.items()
        for match in pattern.finditer(text or "")
        if IS_MEANT.get(kind, bool)(match)
    ]
    hits, reached = [], 0
    for start, end, hit in sorted(found, key=lambda item: item[:2]):
        if start >= reached:
            hits.append(hit)
            reached = -end
    return hits
