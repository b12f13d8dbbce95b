"""The editors' Markdown as readers get it."""

import re
import time
from html import unescape
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.toolkit.hostile import ADDRESSES, ELEMENTS, PAYLOADS, Reader, assert_is_tame
from toolkit.writing import (
    LONGEST,
    PAGE_IDS,
    Explained,
    Heading,
    Part,
    Writer,
    clean,
    is_allowed_link,
    plain,
    render,
)

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


def html_of(text: str, *terms: Explained) -> str:
    return Writer(terms).render(text).html


def term(name: str = "asset", meaning: str = "Something of use.", *other_names: str) -> Explained:
    return Explained(slug=name.lower().replace(" ", "-"), names=(name, *other_names), meaning=meaning)


# --- every mark ---

MARKS = {
    "A sentence.": '<p class="govuk-body">A sentence.</p>\n',
    "**Strong** and *stressed*": '<p class="govuk-body"><strong>Strong</strong> and <em>stressed</em></p>\n',
    "- one\n- two": '<ul class="govuk-list govuk-list--bullet">\n<li>one</li>\n<li>two</li>\n</ul>\n',
    "3. three\n4. four": '<ol start="3" class="govuk-list govuk-list--number">\n<li>three</li>\n<li>four</li>\n</ol>\n',
    "> They asked us.": '<blockquote class="app-quote">\n<p class="govuk-body">They asked us.</p>\n</blockquote>\n',
    "^Ask first.^": '<div class="govuk-inset-text">Ask first.</div>\n',
    "%Never share it.%": (
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span> '
        "Never share it.</strong></div>\n"
    ),
    "$C\nThe team  \n020 0000 0000\n$C": (
        '<div class="app-contact">\n<p class="govuk-body">The team<br>\n020 0000 0000</p>\n</div>\n'
    ),
    "s1. Ask.\ns2. Listen.": '<ol class="app-steps">\n<li>Ask.</li>\n<li>Listen.</li>\n</ol>\n',
    ":::details Why\nBecause.\n:::": (
        '<details class="govuk-details"><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">Why</span></summary><div class="govuk-details__text">\n'
        '<p class="govuk-body">Because.</p>\n</div></details>\n'
    ),
    "| Who | How many |\n| --- | ---: |\n| Us | 3 |": (
        '<div class="app-table" tabindex="0" role="region" aria-label="Table"><table class="govuk-table">\n'
        '<thead class="govuk-table__head">\n<tr class="govuk-table__row">\n'
        '<th class="govuk-table__header" scope="col">Who</th>\n'
        '<th class="govuk-table__header govuk-table__header--numeric" scope="col">How many</th>\n'
        '</tr>\n</thead>\n<tbody class="govuk-table__body">\n<tr class="govuk-table__row">\n'
        '<td class="govuk-table__cell">Us</td>\n'
        '<td class="govuk-table__cell govuk-table__cell--numeric">3</td>\n</tr>\n</tbody>\n</table>\n</div>\n'
    ),
    "[the map](/map/)": '<p class="govuk-body"><a href="/map/" class="govuk-link">the map</a></p>\n',
    "[elsewhere](https://example.org/)": (
        '<p class="govuk-body"><a href="https://example.org/" class="govuk-link" rel="noopener nofollow">'
        "elsewhere</a></p>\n"
    ),
    "[write](mailto:team@example.org)": (
        '<p class="govuk-body"><a href="mailto:team@example.org" class="govuk-link">write</a></p>\n'
    ),
    "---": '<hr class="govuk-section-break govuk-section-break--m govuk-section-break--visible">\n',
    "    code": "<pre><code>code\n</code></pre>\n",
    "![A choir](https://example.org/x.png)": '<p class="govuk-body">A choir</p>\n',
}


@pytest.mark.parametrize("text", MARKS)
def test_each_mark_is_drawn_in_govuk_markup(text):
    assert html_of(text) == MARKS[text]


def test_two_marks_may_follow_each_other_without_an_empty_line():
    assert Reader(html_of("A paragraph\n^A call-out.^\n%A warning.%\n- a list")).tags() == [
        *("p", "div", "div", "span", "strong", "span", "ul", "li")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "^A call-out without its end",
        "%A warning without its end",
        "$C\nA contact without its end",
        ":::details\nWithout a heading\n:::",
        ":::detailsWhy\nWithout a space\n:::",
        "s1.No space",
        "s100. Too many",
        "{prompt: Not A Slug}",
        "{prompt:}",
        "{picture: a}",
        "{diagram: approaches} and more",
        "~~struck~~",
        "<b>bold</b>",
        "^^",
        "%%",
        "$C",
    ],
)
def test_a_broken_mark_stays_text(text):
    rendered = render(text)

    assert Reader(rendered.html).tags() == ["p"]
    assert Reader(rendered.html).text.strip() == text
    assert [part.kind for part in rendered.parts] == [""]


def test_marks_may_stand_within_each_other():
    html = html_of(":::details Who to call\n$C\n- s1. First\n\n> ^Think.^\n$C\n:::")

    assert Reader(html).tags() == [
        *("details", "summary", "span", "div", "div", "ul", "li", "ol", "li", "blockquote", "div")
    ]
    assert assert_is_tame(html).text.split() == ["Who", "to", "call", "First", "Think."]


def test_a_contact_that_a_list_item_opens_does_not_swallow_what_follows_the_list():
    html = html_of("- $C\n\n  in the list\n\nafter the list\n$C\n\nthe end")

    for words in ("in the list", "after the list", "the end"):
        assert words in html


def test_steps_end_where_their_list_item_ends():
    assert Reader(html_of("- s1. in\ns1. out")).tags() == ["ul", "li", "ol", "li", "ol", "li"]


def test_details_that_nobody_closes_end_with_the_text():
    assert Reader(html_of(":::details Why\nBecause.")).tags() == ["details", "summary", "span", "div", "p"]


# --- headings ---


def test_headings_are_second_and_third_level_only_with_ids_of_their_own():
    rendered = render("# Title\n\n## Who *to* ask\n\n## Who to ask\n\n#### Deep\n\n## \n\n## 日本")

    assert rendered.headings == [
        Heading("title", "Title", 2),
        Heading("who-to-ask", "Who to ask", 2),
        Heading("who-to-ask-2", "Who to ask", 2),
        Heading("deep", "Deep", 3),
        Heading("part", "", 2),
        Heading("part-2", "日本", 2),
    ]
    assert [
        (tag, attributes["id"], attributes["class"]) for tag, attributes in Reader(rendered.html).elements[:1]
    ] == [("h2", "title", "govuk-heading-l")]


def test_the_texts_of_one_page_share_no_id_and_may_be_lowered():
    ids: set[str] = set()
    first, second = Writer(ids=ids), Writer(ids=ids, deeper=2)

    first.render("## Who to ask")

    assert second.render("## Who to ask\n\n### How").headings == [
        Heading("who-to-ask-2", "Who to ask", 4),
        Heading("how", "How", 5),
    ]
    assert ids == {"who-to-ask", "who-to-ask-2", "how"}


def test_no_heading_takes_an_id_of_the_page_around_it():
    files = [TEMPLATES / "base.html", *(TEMPLATES / "toolkit").rglob("*.html")]
    used = {
        found for path in files for found in re.findall(r'\bid="([a-z-]+)"', path.read_text(encoding="utf-8"))
    }

    assert used - PAGE_IDS == set()
    assert render("## Main\n\n## On this page").headings == [
        Heading("main-2", "Main", 2),
        Heading("on-this-page-2", "On this page", 2),
    ]


def test_tables_are_called_after_the_heading_above_them_and_no_two_alike():
    table = "| a |\n| - |\n| b |\n\n"
    html = html_of(f"{table}## Who brings what\n\n{table}{table}")

    assert re.findall('aria-label="([^"]*)"', html) == [
        *("Table", "Table: Who brings what", "Table: Who brings what (2)")
    ]


# --- placed things ---


def test_placed_things_cut_the_text_where_they_stand():
    rendered = render(
        "Before\n{prompt: who-is-missing}\nbetween\n\n{ case study : food-hub }\n{diagram: approaches}"
    )

    assert rendered.parts == [
        Part(html='<p class="govuk-body">Before</p>\n'),
        Part(kind="prompt", slug="who-is-missing"),
        Part(html='<p class="govuk-body">between</p>\n'),
        Part(kind="case study", slug="food-hub"),
        Part(kind="diagram", slug="approaches"),
    ]
    assert rendered.html == '<p class="govuk-body">Before</p>\n<p class="govuk-body">between</p>\n'


@pytest.mark.parametrize(
    "text",
    [
        "```\n{prompt: a}\n```",
        "    {prompt: a}",
        "`{prompt: a}`",
        "- {prompt: a}",
        "> {prompt: a}",
        ":::details Why\n{prompt: a}\n:::",
        "$C\n{prompt: a}\n$C",
        "Look at {prompt: a}",
        "## {prompt: a}",
    ],
)
def test_a_placed_thing_within_something_else_stays_text(text):
    rendered = render(text)

    assert [part.kind for part in rendered.parts] == [""]
    assert "{prompt: a}" in rendered.html


# --- the glossary ---


def test_the_first_mention_of_a_term_says_what_it_means():
    assert html_of("An Asset is an asset.", term("asset", 'Of "use" <here>')) == (
        '<p class="govuk-body">An <a class="govuk-link app-term" href="/toolkit/glossary/#asset"'
        ' data-meaning="Of &quot;use&quot; &lt;here&gt;">Asset</a> is an asset.</p>\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "## asset",
        "[asset](/map/)",
        "[**asset** here](/map/)",
        "`asset`",
        "```\nasset\n```",
        "{tool: asset}",
        "assets, assetless, sub-asset, asset-based",
        ":::details asset\n:::",
        "![asset](/x.png)",
    ],
)
def test_a_term_is_not_explained_in_headings_links_code_or_parts_of_words(text):
    assert "app-term" not in html_of(text, term())


def test_a_term_is_explained_after_a_link_that_names_it():
    assert html_of("[asset](/map/) asset", term()).count("app-term") == 1


def test_a_term_is_found_by_its_other_names_and_an_abbreviation_only_in_capitals():
    levy = term("community infrastructure levy", "A charge.", "CIL")

    assert re.findall(r">(\w+)</a>", html_of("council, cil, CIL", levy)) == ["CIL"]
    assert re.findall(r">([\w ]+)</a>", html_of("The Community Infrastructure Levy and CIL", levy)) == [
        "Community Infrastructure Levy"
    ]


def test_a_term_may_run_over_two_lines():
    html = html_of("Use asset\nmapping, *and*\nmore\nof it.", term("asset  mapping"))

    assert re.findall(r">(asset\smapping)</a>", html) == ["asset\nmapping"]
    assert Reader(html).text == "Use asset\nmapping, and\nmore\nof it.\n"


def test_the_longest_name_wins():
    assert re.findall(r">([\w ]+)</a>", html_of("asset mapping", term(), term("asset mapping"))) == [
        "asset mapping"
    ]


def test_a_page_explains_five_terms_over_all_its_texts():
    writer = Writer([term(name) for name in ("ant", "bee", "cat", "dog", "eel", "fox")])

    found = [
        re.findall(r'#(\w+)"', writer.render(text).html) for text in ("bee ant bee", "ant cat dog", "eel fox")
    ]

    assert found == [["bee", "ant"], ["cat", "dog"], ["eel"]]


# --- text, for search and extracts ---


def test_plain_is_what_a_reader_reads():
    text = (
        "## Who\n\nAsk **them** [here](/x) now.\nSoon.\n\n- one\n\n| a | b |\n|-|-|\n| c | d |\n\n^Call.^\n%Warn.%\n"
        "s1. Step\n\n$C\nTeam\n$C\n\n:::details More\nInside\n:::\n\n{prompt: x}\n\n```\ncode\n```\n![A choir](/x.png)"
    )

    assert plain(text) == (
        "Who Ask them here now. Soon. one a b c d Call. Warn. Step Team More Inside code A choir"
    )


# --- nothing becomes something else ---

WRAPPERS = [
    *("{}", "## {}", "- {}", "1. {}", "> {}", "^{}^", "%{}%", "$C\n{}\n$C", "s1. {}", "**{}**", "`{}`"),
    *(":::details {}\n{}\n:::", "| {} |\n| --- |\n| {} |", "{{prompt: {}}}", "```{}\n{}\n```", "~~~\n{}"),
    *("[{}](/map/)", "[x]({})", "[x](<{}>)", '[x](/map/ "{}")', "![{}]({})", "<{}>", "[x]: {}\n\n[x]"),
    *("[x]: <{}> '{}'\n\n[x]", "{}\n===", "- > ^{}^", "[![x]({})]({})"),
]


def test_the_corpus_is_large():
    assert len(set(PAYLOADS)) >= 100


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_nothing_hostile_survives_in_any_mark(wrapper):
    for payload in PAYLOADS:
        assert_is_tame(html_of(wrapper.replace("{}", payload).replace("{{", "{").replace("}}", "}")))


@pytest.mark.parametrize("payload", ELEMENTS)
def test_elements_that_are_typed_are_read_as_text(payload):
    assert assert_is_tame(html_of(f"```\n{payload}\n```")).text.strip() == payload
    if not payload.startswith("{"):
        assert (
            assert_is_tame(html_of(f"Text {payload} text")).text.strip() == f"Text {unescape(payload)} text"
        )
    assert payload.replace("\n", " ") in plain(f"```\n{payload}\n```")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_term_may_mean_anything_and_stays_text(payload):
    read = assert_is_tame(html_of("An asset.", term("asset", payload)))

    assert read.text.strip() == "An asset."
    assert read.elements[1][1]["data-meaning"] == payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_cleaner_stands_alone(payload):
    for html in (
        payload,
        f'<a href="{payload}" title="{payload}" lang="{payload}">x</a>',
        f'<p class="{payload}" style="{payload}" id="{payload}">x</p>',
    ):
        assert_is_tame(clean(html), is_drawn=False)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_hostile_address_is_a_link(address):
    assert not is_allowed_link(unescape(address))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org:8000/a?b=c#d",
        "mailto:a@example.org",
        "/",
        "/map/?q=a",
        "#who",
    ],
)
def test_ordinary_addresses_are_links(address):
    assert is_allowed_link(address)


def test_a_link_that_may_not_be_followed_is_its_words():
    assert html_of("[one](//example.org) and [**two**](ftp://example.org)") == (
        '<p class="govuk-body">one and <strong>two</strong></p>\n'
    )


def test_what_was_cleaned_is_safe_for_templates_and_nothing_else_is():
    rendered = render("a < b")

    assert isinstance(rendered.html, SafeString)
    assert all(isinstance(part.html, SafeString) for part in rendered.parts)
    assert Template("{{ r.html }}").render(Context({"r": rendered})) == '<p class="govuk-body">a &lt; b</p>\n'
    assert not isinstance(plain("a < b"), SafeString)


# --- long and hostile to time ---

SLOW = {
    "brackets": "[" * LONGEST,
    "pictures": "![" * (LONGEST // 2),
    "open links": "[a](" * (LONGEST // 4),
    "stars": "*a " * (LONGEST // 3),
    "quotations": ">" * LONGEST,
    "angles": "<" * LONGEST,
    "comments": "<!--" * (LONGEST // 4),
    "ampersands": "&" * LONGEST,
    "lines": "a\n" * (LONGEST // 2),
    "contacts": "$C\n\n" * (LONGEST // 4),
    "one contact": "- $C\n" * (LONGEST // 5),
    "details": ":::details a\n" * (LONGEST // 13),
    "warnings": "%a%\n" * (LONGEST // 4),
    "steps": "s1. a\n" * (LONGEST // 6),
    "lists": "".join("  " * depth + "- a\n" for depth in range(200)),
    "cells": "|a" * (LONGEST // 4) + "\n" + "|-" * (LONGEST // 4),
    "ticks": "".join("`" * number + " " for number in range(300)),
    "terms": "asset " * (LONGEST // 6),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_hostile_text_is_drawn_in_reasonable_time(name):
    started = time.process_time()

    assert_is_tame(html_of(SLOW[name], term("assets")))

    # Most take a tenth of a second. What grows with the square of the length takes minutes.
    assert time.process_time() - started < 5


def test_a_text_of_a_hundred_kilobytes_is_drawn_in_reasonable_time_up_to_the_longest():
    text = ("Ask who is missing, and **listen**. " * 20 + "\n\n") * 140
    assert len(text) > 100_000
    started = time.process_time()

    words = Reader(html_of(text)).text

    assert time.process_time() - started < 5
    assert 0 < len(words) <= LONGEST


ALPHABET = st.sampled_from(
    [*"[](){}<>!*_`~#|-+:;.&%^$\\/\"'= \n\t\x00asC1", ":::details ", "s1. ", "{prompt: a}", "http://"]
)


@settings(deadline=None)
@given(st.lists(ALPHABET, max_size=60).map("".join) | st.text(max_size=80))
def test_any_text_at_all_is_drawn_and_tame(text):
    rendered = Writer([term("a"), term("C")]).render(text)

    for part in rendered.parts:
        assert_is_tame(part.html)
    assert len({heading.id for heading in rendered.headings}) == len(rendered.headings)
    assert isinstance(plain(text), str)
