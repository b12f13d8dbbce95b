"""Headings, links and whole texts as readers get them, hostile ones too."""

import re
import time
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.toolkit.hostile import ELEMENTS, PAYLOADS, Reader, assert_is_tame
from tests.toolkit.rendered import html_of, join, term
from toolkit.markdown.parser import LONGEST, plain
from toolkit.markdown.render import PAGE_IDS, Heading, Renderer

TEMPLATES = Path(__file__).resolve().parent.parent.parent.parent / "templates"


def test_headings_are_second_and_third_level_only_with_ids_of_their_own():
    rendered = Renderer().render("# Title\n\n## Who *to* ask\n\n## Who to ask\n\n#### Deep\n\n## \n\n## 日本")

    assert rendered.headings == [
        Heading("title", "Title", 2),
        Heading("who-to-ask", "Who to ask", 2),
        Heading("who-to-ask-2", "Who to ask", 2),
        Heading("deep", "Deep", 3),
        Heading("part", "", 2),
        Heading("part-2", "日本", 2),
    ]
    assert [
        (tag, attributes["id"], attributes["class"])
        for tag, attributes in Reader(join(rendered)).elements[:1]
    ] == [("h2", "title", "govuk-heading-l")]


def test_the_texts_of_one_page_share_no_id_and_may_be_lowered():
    ids: set[str] = set()
    first, second = Renderer(ids=ids), Renderer(ids=ids, deeper=2)

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
    assert Renderer().render("## Main\n\n## On this page").headings == [
        Heading("main-2", "Main", 2),
        Heading("on-this-page-2", "On this page", 2),
    ]


def test_tables_are_called_after_the_heading_above_them_and_no_two_alike():
    table = "| a |\n| - |\n| b |\n\n"
    html = html_of(f"{table}## Who brings what\n\n{table}{table}")

    assert re.findall('aria-label="([^"]*)"', html) == [
        *("Table", "Table: Who brings what", "Table: Who brings what (2)")
    ]


def test_a_title_of_the_page_is_a_heading_like_those_of_its_texts():
    renderer = Renderer()

    title = renderer.render_title("What <changed>")

    assert title.blocks[0].html == '<h2 class="govuk-heading-l" id="what-changed">What &lt;changed&gt;</h2>\n'
    assert title.headings == [Heading("what-changed", "What <changed>", 2)]
    assert [heading.id for heading in renderer.render("## What changed").headings] == ["what-changed-2"]
    assert Renderer(deeper=2).render_title("Where").blocks[0].html == (
        '<h4 class="govuk-heading-s" id="where">Where</h4>\n'
    )


def test_a_link_that_may_not_be_followed_is_its_words():
    assert html_of("[one](//example.org) and [**two**](ftp://example.org)") == (
        '<p class="govuk-body">one and <strong>two</strong></p>\n'
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
def test_nothing_hostile_survives_anywhere(wrapper):
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
def test_a_hostile_text_is_rendered_in_reasonable_time(name):
    started = time.process_time()

    assert_is_tame(html_of(SLOW[name], term("assets")))

    # Most take a tenth of a second. What grows with the square of the length takes minutes.
    assert time.process_time() - started < 5


def test_a_text_of_a_hundred_kilobytes_is_rendered_in_reasonable_time_up_to_the_longest():
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
def test_any_text_at_all_is_rendered_and_tame(text):
    rendered = Renderer([term("a"), term("C")]).render(text)

    for block in rendered.blocks:
        assert_is_tame(block.html)
    assert len({heading.id for heading in rendered.headings}) == len(rendered.headings)
    assert isinstance(plain(text), str)
