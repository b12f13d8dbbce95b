"""Terms of the glossary, explained where a text first mentions them."""

import re

import pytest

from tests.toolkit.hostile import PAYLOADS, Reader, assert_is_tame
from tests.toolkit.rendered import html_of, join, term
from toolkit.markdown.render import Renderer


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
    renderer = Renderer([term(name) for name in ("ant", "bee", "cat", "dog", "eel", "fox")])

    found = [
        re.findall(r'#(\w+)"', join(renderer.render(text)))
        for text in ("bee ant bee", "ant cat dog", "eel fox")
    ]

    assert found == [["bee", "ant"], ["cat", "dog"], ["eel"]]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_term_may_mean_anything_and_stays_text(payload):
    read = assert_is_tame(html_of("An asset.", term("asset", payload)))

    assert read.text.strip() == "An asset."
    assert read.elements[1][1]["data-meaning"] == payload
