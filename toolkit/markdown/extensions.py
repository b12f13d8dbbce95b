"""The extensions that GOV.UK's publishers write beside plain Markdown, as rules of markdown-it.

^A call-out.^   %A warning.%   $C … $C (a contact)   s1. A step.   :::details A heading … :::
{prompt: slug}, {tool: slug}, {voice: slug}, {case study: slug}, {diagram: approaches}: a component within the text.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.container import container_plugin

COMPONENT_KINDS = ("prompt", "tool", "voice", "case study", "diagram")
COMPONENT = re.compile(rf"\{{\s*({'|'.join(COMPONENT_KINDS)})\s*:\s*([a-z0-9][a-z0-9-]{{0,79}})\s*\}}")
STEP = re.compile(r"s(\d{1,2})\.\s+(\S.*)")
CONTACT = "$C"
ONE_LINERS = {"^": "callout", "%": "warning"}
# What begins on a line of its own also ends the paragraph before it.
ENDS_A_PARAGRAPH = {"alt": ["paragraph", "reference", "blockquote", "list"]}


def add_extensions(markdown: MarkdownIt) -> None:
    """Teach the parser all of them."""
    markdown.use(container_plugin, "details", validate=_is_details)
    before = markdown.block.ruler.before
    before("paragraph", "component", _component, ENDS_A_PARAGRAPH)
    before("paragraph", "one_liner", _one_liner, ENDS_A_PARAGRAPH)
    before("paragraph", "contact", _contact, ENDS_A_PARAGRAPH)
    before("paragraph", "steps", _steps, ENDS_A_PARAGRAPH)


def details_heading(info: str) -> str:
    """Return the heading that follows :::details."""
    return info.strip().removeprefix("details").strip()


def _is_details(info: str, _markup: str) -> bool:
    return bool(re.match(r"\s*details\s+\S", info))


def _line(state: StateBlock, number: int) -> str:
    start = state.bMarks[number] + state.tShift[number]
    return state.src[start : state.eMarks[number]].rstrip()


def _is_indented_code(state: StateBlock, number: int) -> bool:
    return state.sCount[number] - state.blkIndent >= 4


def _is_outside(state: StateBlock, number: int) -> bool:
    """Does the line stand left of the list item or quotation that is being read?"""
    return not state.isEmpty(number) and state.sCount[number] < state.blkIndent


def _component(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    found = COMPONENT.fullmatch(_line(state, start))
    # Only on the top level: a prompt within a list or a quotation would be torn out of it.
    if not found or state.level or state.blkIndent or _is_indented_code(state, start):
        return False
    if not silent:
        token = state.push("component", "", 0)
        token.meta = {"kind": found[1], "slug": found[2]}
        token.map = [start, start + 1]
        state.line = start + 1
    return True


def _one_liner(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    text = _line(state, start)
    name = ONE_LINERS.get(text[:1])
    if not name or len(text) < 3 or text[-1] != text[0] or _is_indented_code(state, start):
        return False
    if not silent:
        state.push(f"{name}_open", "div", 1).map = [start, start + 1]
        _inline(state, text[1:-1].strip(), start)
        state.push(f"{name}_close", "div", -1)
        state.line = start + 1
    return True


def _contact(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if _line(state, start) != CONTACT or _is_indented_code(state, start):
        return False
    last = _next_contact(state, start + 1, end)
    if last is None:
        return False
    if not silent:
        state.push("contact_open", "div", 1).map = [start, last + 1]
        outer = state.lineMax
        state.lineMax = last
        state.md.block.tokenize(state, start + 1, last)
        state.lineMax = outer
        state.push("contact_close", "div", -1)
        state.line = last + 1
    return True


def _next_contact(state: StateBlock, start: int, end: int) -> int | None:
    """Return the line of the mark that closes a contact, which in a list stands in the same list item."""
    for number in range(start, end):
        if _is_outside(state, number):
            return None
        if _line(state, number) == CONTACT:
            return number
    return None


def _steps(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    steps = []
    while start + len(steps) < end:
        found = STEP.fullmatch(_line(state, start + len(steps)))
        if not found or _is_indented_code(state, start + len(steps)):
            break
        if _is_outside(state, start + len(steps)):
            break
        steps.append(found[2])
    if not steps:
        return False
    if not silent:
        state.push("steps_open", "ol", 1).map = [start, start + len(steps)]
        for number, text in enumerate(steps, start=start):
            state.push("list_item_open", "li", 1).map = [number, number + 1]
            _inline(state, text, number)
            state.push("list_item_close", "li", -1)
        state.push("steps_close", "ol", -1)
        state.line = start + len(steps)
    return True


def _inline(state: StateBlock, text: str, line: int) -> None:
    token = state.push("inline", "", 0)
    token.content = text
    token.map = [line, line + 1]
    token.children = []
