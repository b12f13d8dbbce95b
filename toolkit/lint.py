"""What is wrong with the editors' writing, and what could be plainer: checked when it is saved, and while it is written.

Errors are mended before a text is saved. Remarks are pointed out, and the editor decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from markdown_it.token import Token

from community_map.privacy import personal_details
from toolkit.markdown.clean import is_allowed_link
from toolkit.markdown.extensions import COMPONENT, COMPONENT_KINDS, ONE_LINERS
from toolkit.markdown.parser import MOST_MARKS, parse, text_of
from toolkit.references import Found, References

LONGEST_SENTENCE = 25  # words, as GOV.UK advises
MOST_REMARKS = 50
# Link texts that say nothing when they are read out of their place, as screen readers list them.
SAYS_NOTHING = frozenset(
    {
        *("click", "click here", "click this", "go here", "here", "read here", "see here", "see more"),
        *("details", "find out more", "learn more", "more", "more details", "more info", "more information"),
        *("read more", "link", "page", "site", "this", "this link", "this page", "this site", "this website"),
        *("web page", "webpage", "website"),
    }
)
LOOKS_LIKE_COMPONENT = re.compile(r"\{\s{0,3}([a-z ]{1,20}?)\s{0,3}:[^{}\n]{0,100}\}", re.IGNORECASE)
# Never read twice from within a run of stops, which would take the square of its length.
SENTENCE = re.compile(r"\S.*?(?:(?<![.!?…])[.!?…]++[\"”’')\]]*+(?=\s++[\"“‘'(\[]?[A-Z0-9])|\Z)", re.DOTALL)
TYPED_HTML = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
TYPED_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


class Severity(StrEnum):
    ERROR = "error"
    REMARK = "remark"


@dataclass(frozen=True)
class Remark:
    """Something to mend or to consider, and the line of the text where it stands, from 1."""

    severity: Severity
    message: str
    line: int

    def __str__(self) -> str:
        return _("Line %(line)d: %(message)s") % {"line": self.line, "message": self.message}


def check(text: str, references: References, *, is_under_heading: bool = False) -> list[Remark]:
    """Return what is to be mended and considered, in the order of the text, fifty at most.

    A text is under a heading when the page has one of the second level above it.
    """
    tokens = parse(text)
    found = [
        *_check_headings(tokens, is_under_heading),
        *_check_components(tokens, references),
        *_check_details(tokens, text.split("\n")),
        *_check_number_of_marks(tokens),
    ]
    for number, token in enumerate(tokens):
        if token.type == "inline":
            found += _check_inline(token, references)
            found += _check_marks(token)
            if tokens[number - 1].type != "heading_open":
                found += _check_sentences(token)
    # Of very many, the errors come first: they are what keeps a text from being saved.
    most = sorted(found, key=lambda remark: remark.severity != Severity.ERROR)[:MOST_REMARKS]
    return sorted(most, key=lambda remark: remark.line)


def _error(line: int, message: str) -> Remark:
    return Remark(Severity.ERROR, message, line)


def _remark(line: int, message: str) -> Remark:
    return Remark(Severity.REMARK, message, line)


def _line_of(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _check_headings(tokens: list[Token], is_under_heading: bool) -> Iterator[Remark]:
    has_main = is_under_heading
    for number, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        line, level = _line_of(token), int(token.tag[1])
        if level == 1:
            yield _error(line, _("The title is the only top-level heading on the page. Use ## for this one."))
        elif level > 3:
            yield _error(line, _("Use only two levels of heading: ## and, below it, ###."))
        elif level == 3 and not has_main:
            yield _error(line, _("Add a ## heading above this ### heading."))
        has_main = has_main or level <= 2
        if not text_of(tokens[number + 1]).strip():
            yield _error(line, _("This heading is empty. Add some text or remove it."))


def _check_components(tokens: list[Token], references: References) -> Iterator[Remark]:
    for token in tokens:
        if token.type != "component":
            continue
        kind, slug = token.meta["kind"], token.meta["slug"]
        mark = {"mark": f"{{{kind}: {slug}}}"}
        found = references.find(kind, slug)
        if found == Found.MISSING:
            yield _error(_line_of(token), _("Nothing matches %(mark)s. Check the short name.") % mark)
        elif found == Found.WAITING:
            yield _remark(
                _line_of(token),
                _("%(mark)s is not published yet. Readers will not see it until it is.") % mark,
            )


def _check_details(tokens: list[Token], lines: list[str]) -> Iterator[Remark]:
    for token in tokens:
        if token.type == "container_details_open":
            end = token.map[1]
            if end >= len(lines) or not re.match(r"[\s>]*:::", lines[end]):
                yield _error(_line_of(token), _("End this details section with ::: on its own line."))


def _check_number_of_marks(tokens: list[Token]) -> Iterator[Remark]:
    if first := next((token for token in tokens if token.meta.get("has_too_many_marks")), None):
        message = _(
            "This text has more than %(most)d square brackets, asterisks and underscores. The rest will "
            "appear as you typed them. Use fewer, or split the text into two pages."
        )
        yield _error(_line_of(first), message % {"most": MOST_MARKS})


def _check_marks(inline: Token) -> Iterator[Remark]:
    """Marks that were not understood, and so would be read as text."""
    for line, text in enumerate(inline.content.split("\n"), start=_line_of(inline)):
        written = text.strip()
        if written == "$C":
            yield _error(line, _("Contact details start and end with $C, each on its own line."))
        elif written.startswith(":::"):
            yield _error(
                line, _("A details section starts with :::details and a heading, and ends with :::.")
            )
        elif written[:1] in ONE_LINERS and len(written) > 1 and written[-1] != written[0]:
            yield _error(line, _("Add %(mark)s at the end of this line.") % {"mark": written[0]})


def _check_inline(inline: Token, references: References) -> Iterator[Remark]:
    line, link, words = _line_of(inline), None, ""
    begins = line
    for token in inline.children or []:
        if token.type == "link_open":
            link, words, begins = token, "", line
        elif token.type == "link_close" and link:
            yield from _check_link(begins, str(link.attrGet("href")), words, references)
            link = None
        elif token.type == "image":
            words += text_of(token)
            yield _check_image(line, text_of(token))
        elif token.type in {"softbreak", "hardbreak"}:
            words += " "
            line += 1
        else:
            words += token.content
            if token.type == "text" and link is None:
                yield from _check_text(line, token.content)


def _check_image(line: int, description: str) -> Remark:
    if not description.strip():
        return _error(
            line, _("Describe this picture in the square brackets, for example ![A choir in a park](…).")
        )
    return _remark(line, _("Pictures are not shown. Readers see the description instead."))


def _check_text(line: int, text: str) -> Iterator[Remark]:
    for found in LOOKS_LIKE_COMPONENT.finditer(text):
        if COMPONENT.fullmatch(found[0]):
            message = _("Put %(mark)s on its own line, outside any list, quotation or details section.")
            yield _error(line, message % {"mark": found[0]})
        elif found[1].lower() in COMPONENT_KINDS:
            message = _("%(mark)s is not complete. Add a short name in lower case, for example {tool: map}.")
            yield _error(line, message % {"mark": found[0]})
        else:
            kinds = ", ".join(COMPONENT_KINDS)
            message = _("%(mark)s will appear as text. What you can add this way: %(kinds)s.")
            yield _remark(line, message % {"mark": found[0], "kinds": kinds})
    if found := TYPED_HTML.search(text):
        yield _remark(
            line,
            _("HTML does not work here. Readers will see it as you typed it: %(html)s")
            % {"html": found[0][:40]},
        )
    if found := TYPED_ADDRESS.search(text):
        message = _("%(address)s is not a link. Write it as [where it goes](address).")
        yield _remark(line, message % {"address": found[0][:60]})


def _check_link(line: int, address: str, words: str, references: References) -> Iterator[Remark]:
    said = re.sub(r"[^\w\s/:.@-]", "", words).strip(" .:-").casefold()
    shown = {"words": words.strip()[:60], "address": address[:80]}
    if not said:
        yield _error(line, _("The link to %(address)s has no text. Say where it goes.") % shown)
    elif re.sub(r"\s+", " ", said) in SAYS_NOTHING:
        yield _error(
            line, _("“%(words)s” does not say where the link goes. Describe the page it leads to.") % shown
        )
    elif TYPED_ADDRESS.match(said):
        yield _error(line, _("Use words for the link text, not a web address: %(words)s") % shown)
    if not is_allowed_link(address):
        message = _(
            "%(address)s cannot be a link. Start with https:// or mailto:, or with / for a page on this site."
        )
        yield _error(line, message % shown)
        return
    if address.startswith("http://") and not _is_ours(address):
        yield _remark(
            line, _("%(address)s starts with http://. Use https:// if you can, because it is safer.") % shown
        )
    if _is_ours(address):
        yield from _check_own_address(line, address, references)


def _is_ours(address: str) -> bool:
    return address.startswith("/") or urlsplit(address).netloc == urlsplit(settings.SITE_URL).netloc


def _check_own_address(line: int, address: str, references: References) -> Iterator[Remark]:
    found = find_address(address, references)
    if found == Found.MISSING:
        yield _error(line, _("There is no page at %(address)s. Check the address.") % {"address": address})
    elif found == Found.WAITING:
        message = _("%(address)s is not published yet. Until it is, this link leads to “Page not found”.")
        yield _remark(line, message % {"address": address})


# What the fragment of these pages' addresses names.
LISTS = {"toolkit:glossary": "term", "toolkit:tools": "tool", "toolkit:voices": "voice"}


def find_address(address: str, references: References) -> Found:
    """Say whether readers find something at one of our own addresses."""
    parts = urlsplit(address)
    path = unquote(parts.path) or "/"
    try:
        match = resolve(path if path.endswith("/") or "." in path else f"{path}/")
    except Resolver404:
        return Found.MISSING
    if match.view_name == "toolkit:page":
        return references.find("page", match.kwargs["slug"])
    if match.view_name == "toolkit:case-study":
        return references.find("case study", match.kwargs["slug"])
    if match.view_name in LISTS and parts.fragment and not parts.fragment.startswith("letter-"):
        return references.find(LISTS[match.view_name], parts.fragment)
    return Found.PUBLIC


def _check_sentences(inline: Token) -> Iterator[Remark]:
    text = text_of(inline, line_break="\n")
    if _is_shouted(text):
        yield _remark(
            _line_of(inline),
            _("Text in capitals is hard to read. Use capitals only where a sentence needs them."),
        )
    for hit in personal_details.find(text):
        if hit.kind == "email":
            continue  # A team's mailbox is what readers need; a person's is an editor's to see.
        message = _("This looks like %(what)s: %(text)s. Remove it, unless it belongs to a team.")
        yield _remark(
            _line_of(inline), message % {"what": personal_details.NAMES[hit.kind], "text": hit.text}
        )
    for found in SENTENCE.finditer(text):
        words = [word for word in found[0].split() if re.search(r"\w", word)]
        if len(words) > LONGEST_SENTENCE:
            line = _line_of(inline) + text.count("\n", 0, found.start())
            message = _("This sentence has %(count)d words: “%(words)s …” Try to use %(most)d or fewer.")
            shown = {"count": len(words), "words": " ".join(words[:6]), "most": LONGEST_SENTENCE}
            yield _remark(line, message % shown)


def _is_shouted(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 11 and len(text.split()) > 2 and all(letter.isupper() for letter in letters)
