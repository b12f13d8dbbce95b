"""Text as people type it, made safe to compare and to show."""

import re
import unicodedata

# Joiners that Indic and Arabic scripts and emoji need inside a word.
JOINERS = "\u200c\u200d"


def clean_text(value: str, *, keep_lines: bool = False) -> str:
    """Return the text in NFC without control characters, direction overrides and zero-width tricks.

    White space is folded to single spaces; with keep_lines, line breaks stay (two in a row at most).
    """
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = []
    for index, character in enumerate(text):
        if character in "\n\t":
            kept.append(character if keep_lines and character == "\n" else " ")
        elif character in JOINERS:
            if _is_visible(text[index - 1 : index]) and _is_visible(text[index + 1 : index + 2]):
                kept.append(character)
        elif unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            kept.append(character)
    # Last, because what was taken out may have stood between a letter and its accent.
    text = unicodedata.normalize("NFC", "".join(kept))
    if keep_lines:
        lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return re.sub(r"\s+", " ", text).strip()


def _is_visible(character: str) -> bool:
    """Is this a letter, a mark, a number or a symbol, such as a joiner may stand between? The empty text is not."""
    return bool(character) and (unicodedata.category(character)[0] in "LMNS" or character == "\ufe0f")
