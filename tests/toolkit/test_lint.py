"""What is wrong with the writing, and what could be plainer."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.lint import MOST_REMARKS, Severity, check
from toolkit.references import References

REFERENCES = References(
    {
        ("page", "who-to-involve"): True,
        ("page", "a-draft"): False,
        ("case study", "food-hub"): True,
        ("prompt", "who-is-missing"): True,
        ("tool", "planner"): False,
        ("term", "asset"): True,
        ("diagram", "approaches"): True,
    }
)
LONG = "We asked " + "one person and then " * 6 + "another."  # 27 words


def said(text: str, **options) -> list[str]:
    """The remarks on a text, each as "error 1: message" or "remark 1: message"."""
    return [f"{found.severity} {found.line}: {found.message}" for found in check(text, REFERENCES, **options)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "## Who to ask\n\nAsk people.\n\n### How\n\n- Ask.\n\n## Then\n\n> They asked.",
        "[who to involve](/toolkit/who-to-involve/), [the map](/map/list/?approach=partnership), [top](/), [below](#x)",
        "[a food hub](/toolkit/case-studies/food-hub/#what-changed) and [assets](/toolkit/glossary/#asset)",
        "[the glossary](/toolkit/glossary/#letter-A), [for the map](/toolkit/case-studies.geojson)",
        "[the guidance](https://example.org/) <team@example.org> [team@example.org](mailto:team@example.org)",
        "{prompt: who-is-missing}\n\n{case study: food-hub}\n{diagram: approaches}",
        "^Ask first.^\n%Never share it.%\n\n$C\nThe team\n$C\n\ns1. Ask.\ns2. Listen.\n\n:::details Why\nBecause.\n:::",
        "| Who | What |\n| --- | --- |\n| Us | Time |",
        "```\n<b>{prompt: x} https://example.org $C\n$C\n```\n\n`{prompt: x}` and `<b>`",
        "Money (£1,200 in 2022) is less than time: 3 < 4 & 5 > 4. NHS staff and GPs know. Write {note}.",
        "They said: “Ask us.” We did! Did it help? Yes. " * 3,
    ],
)
def test_ordinary_writing_is_left_alone(text):
    assert said(text) == []


HEADINGS = {
    "# Title": "error 1: The title is the only top-level heading on the page. Use ## for this one.",
    "Title\n===": "error 1: The title is the only top-level heading on the page. Use ## for this one.",
    "Text\n\n### Too early": "error 3: Add a ## heading above this ### heading.",
    "## A\n\n#### Deep": "error 3: Use only two levels of heading: ## and, below it, ###.",
    "##": "error 1: This heading is empty. Add some text or remove it.",
}


@pytest.mark.parametrize("text", HEADINGS)
def test_headings_are_in_order(text):
    assert said(text) == [HEADINGS[text]]


def test_a_text_below_a_heading_of_the_page_may_begin_with_a_lower_one():
    assert said("### Websites", is_under_heading=True) == []


@pytest.mark.parametrize(
    "words",
    ["here", "Click here", "CLICK  HERE!", "read more…", "**more**", "this\npage", "“link”", "Find out more"],
)
def test_a_link_says_where_it_goes(words):
    shown = words.replace("*", "").replace("\n", " ")

    assert said(f"Go [{words}](/map/).") == [
        f"error 1: “{shown}” does not say where the link goes. Describe the page it leads to."
    ]


@pytest.mark.parametrize("words", ["https://example.org/a", "HTTP://EXAMPLE.ORG", "www.example.org"])
def test_an_address_is_no_link_text(words):
    message = f"error 1: Use words for the link text, not a web address: {words}"

    assert said(f"[{words}](https://example.org/a)") == [message]


def test_an_address_between_angles_is_no_link_text_and_one_that_is_bare_no_link():
    assert said("<https://example.org/>\nor https://example.org/") == [
        "error 1: Use words for the link text, not a web address: https://example.org/",
        "remark 2: https://example.org/ is not a link. Write it as [where it goes](address).",
    ]


LINKS = {
    "[](/map/)": "error 1: The link to /map/ has no text. Say where it goes.",
    "[a page](/toolkit/no-such-page/)": "error 1: There is no page at /toolkit/no-such-page/. Check the address.",
    "[a page](/toolkit/No-Such-Page/?a=b#c)": "error 1: There is no page at /toolkit/No-Such-Page/?a=b#c. Check the address.",
    "[a study](/toolkit/case-studies/none/)": "error 1: There is no page at /toolkit/case-studies/none/. Check the address.",
    "[a map](/mapp/)": "error 1: There is no page at /mapp/. Check the address.",
    "[a term](/toolkit/glossary/#none)": "error 1: There is no page at /toolkit/glossary/#none. Check the address.",
    "[a page](http://localhost:8000/toolkit/none/)": (
        "error 1: There is no page at http://localhost:8000/toolkit/none/. Check the address."
    ),
    "[a draft](/toolkit/a-draft/)": (
        "remark 1: /toolkit/a-draft/ is not published yet. Until it is, this link leads to “Page not found”."
    ),
    "[a page](who-to-involve)": (
        "error 1: who-to-involve cannot be a link. Start with https:// or mailto:, or with / for a page on this site."
    ),
    "[a page](//example.org/)": (
        "error 1: //example.org/ cannot be a link. Start with https:// or mailto:, or with / for a page on this site."
    ),
    "[a file](ftp://example.org/)": (
        "error 1: ftp://example.org/ cannot be a link. Start with https:// or mailto:, or with / for a page on this site."
    ),
    "[a site](http://example.org/)": (
        "remark 1: http://example.org/ starts with http://. Use https:// if you can, because it is safer."
    ),
}


@pytest.mark.parametrize("text", LINKS)
def test_links_lead_somewhere(text):
    assert said(text) == [LINKS[text]]


def test_each_finding_names_its_line():
    text = "A line,\nthen [here](/map/)\nand [here](/map/).\n\n- one\n- [more](/map/)\n\n> quoted\n> [page](/map/)"

    assert [found.line for found in check(text, REFERENCES)] == [2, 3, 6, 9]
    assert str(check("\n\n# Title", REFERENCES)[0]).startswith("Line 3: ")


PLACED = {
    "{prompt: nobody}": "error 1: Nothing matches {prompt: nobody}. Check the short name.",
    "Text\n{diagram: wheel}": "error 2: Nothing matches {diagram: wheel}. Check the short name.",
    "{tool: planner}": "remark 1: {tool: planner} is not published yet. Readers will not see it until it is.",
    "- {prompt: who-is-missing}": (
        "error 1: Put {prompt: who-is-missing} on its own line, outside any list, quotation or details section."
    ),
    "See {case study: food-hub} now": (
        "error 1: Put {case study: food-hub} on its own line, outside any list, quotation or details section."
    ),
    "{Tool: The Planner}": (
        "error 1: {Tool: The Planner} is not complete. Add a short name in lower case, for example {tool: map}."
    ),
    "{picture: choir}": (
        "remark 1: {picture: choir} will appear as text. What you can add this way: prompt, tool, voice, case study, diagram."
    ),
}


@pytest.mark.parametrize("text", PLACED)
def test_placed_things_are_there(text):
    assert said(text) == [PLACED[text]]


MARKS = {
    "$C\nThe team": "error 1: Contact details start and end with $C, each on its own line.",
    ":::details\nWhy\n:::": "error 1: A details section starts with :::details and a heading, and ends with :::.",
    "Text\n\n:::details Why\nBecause.": "error 3: End this details section with ::: on its own line.",
    "^Ask first.": "error 1: Add ^ at the end of this line.",
    "Text\n%Never.": "error 2: Add % at the end of this line.",
    "A <b>bold</b> word": "remark 1: HTML does not work here. Readers will see it as you typed it: <b>",
    "![](/x.png)": "error 1: Describe this picture in the square brackets, for example ![A choir in a park](…).",
    "![A choir](/x.png)": "remark 1: Pictures are not shown. Readers see the description instead.",
    "[![](/x.png)](/map/)": "error 1: The link to /map/ has no text. Say where it goes.",
}


@pytest.mark.parametrize("text", MARKS)
def test_broken_marks_and_pictures_are_pointed_out(text):
    assert MARKS[text] in said(text)
    assert len(said(text)) <= 2


def test_details_within_a_quotation_are_closed_there():
    assert said("> :::details Why\n> Because.\n> :::\n\nText") == []


def test_long_sentences_are_pointed_out_but_not_forbidden():
    found = check(f"Short one. {LONG} Short again.\n\n- {LONG}\n\nA line\nof two. {LONG}", REFERENCES)

    message = "This sentence has 27 words: “We asked one person and then …” Try to use 25 or fewer."
    assert [(remark.severity, remark.line, remark.message) for remark in found] == [
        (Severity.REMARK, 1, message),
        (Severity.REMARK, 3, message),
        (Severity.REMARK, 6, message),
    ]


def test_a_sentence_of_25_words_is_not_too_long():
    assert said("word " * 24 + "word.") == []
    assert len(said("word " * 25 + "word.")) == 1


def test_headings_and_code_are_no_sentences():
    assert said(f"## {LONG}\n\n```\n{LONG}\n```") == []


def test_a_paragraph_in_capitals_is_pointed_out():
    message = "remark 1: Text in capitals is hard to read. Use capitals only where a sentence needs them."

    assert said("ASK THE PEOPLE FIRST, **ALWAYS**.") == [message]
    assert said("NHS") == said("GP OR NHS") == []


def test_of_very_many_findings_the_errors_come_first():
    found = check(f"{LONG}\n\n" * 60 + "# Title", REFERENCES)

    assert len(found) == MOST_REMARKS
    assert (found[-1].severity, found[-1].line) == (Severity.ERROR, 121)


def test_an_error_below_many_remarks_is_not_cut_off_with_them():
    found = check(f"{LONG}\n\n" * 60 + "Read [here](/map/).", REFERENCES)

    assert len(found) == MOST_REMARKS
    assert {remark.severity for remark in found[:-1]} == {Severity.REMARK}
    assert (found[-1].severity, found[-1].line, found[0].line) == (Severity.ERROR, 121, 1)


SLOW = [
    "." * 50_000,
    ". " * 25_000,
    "{" + " " * 49_000,
    "{ " * 25_000,
    "<a " * 16_000,
    "[a](" * 12_000,
    "A. " * 16_000,
    "[here](/map/)" * 3_800,
    "word " * 10_000,
    "a" * 50_000,
    "http://" * 7_000,
    ".' " * 16_000,
]


@pytest.mark.parametrize("text", SLOW, ids=lambda text: text[:4])
def test_a_hostile_text_is_checked_in_reasonable_time(text):
    started = time.process_time()

    assert len(check(text, REFERENCES)) <= MOST_REMARKS

    # Most take a tenth of a second. What grows with the square of the length takes minutes.
    assert time.process_time() - started < 5


PARTS = st.sampled_from(
    [*"[](){}<>!*_`#|-:.^%$ \n\tA1", "$C\n", ":::details ", "{prompt: a}", "http://", "/toolkit/"]
)


@settings(deadline=None)
@given(st.lists(PARTS, max_size=50).map("".join) | st.text(max_size=80))
def test_any_text_at_all_can_be_checked(text):
    assert all(1 <= found.line <= text.count("\n") + 1 and found.message for found in check(text, REFERENCES))


def test_what_looks_personal_is_pointed_out_and_a_mailbox_is_not():
    assert said("Ring 020 7946 0123, or write to team@example.org.") == [
        "remark 1: This looks like a phone number: 020 7946 0123. Remove it, unless it belongs to a team."
    ]
