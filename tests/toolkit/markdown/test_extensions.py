"""The publishers' extensions, each as readers get it."""

import pytest

from tests.toolkit.hostile import Reader, assert_is_tame
from tests.toolkit.rendered import html_of, join
from toolkit.markdown.render import Block, Renderer

TEXTS = {
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


@pytest.mark.parametrize("text", TEXTS)
def test_each_extension_is_rendered_in_govuk_markup(text):
    assert html_of(text) == TEXTS[text]


def test_two_extensions_may_follow_each_other_without_an_empty_line():
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
def test_a_broken_extension_stays_text(text):
    rendered = Renderer().render(text)

    assert Reader(join(rendered)).tags() == ["p"]
    assert Reader(join(rendered)).text.strip() == text
    assert [block.kind for block in rendered.blocks] == [""]


def test_extensions_may_stand_within_each_other():
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


# --- components ---


def test_components_cut_the_text_where_they_stand():
    renderer = Renderer(find=lambda kind, slug: f"{kind} {slug}")

    rendered = renderer.render(
        "Before\n{prompt: who-is-missing}\nbetween\n\n{ case study : food-hub }\n{diagram: approaches}"
    )

    assert rendered.blocks == [
        Block(html='<p class="govuk-body">Before</p>\n'),
        Block(kind="prompt", item="prompt who-is-missing"),
        Block(html='<p class="govuk-body">between</p>\n'),
        Block(kind="case study", item="case study food-hub"),
        Block(kind="diagram", item="diagram approaches"),
    ]


def test_a_component_that_readers_may_not_see_is_left_out():
    assert html_of("Before\n{prompt: draft}\nbetween") == (
        '<p class="govuk-body">Before</p>\n<p class="govuk-body">between</p>\n'
    )


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
def test_a_component_within_something_else_stays_text(text):
    rendered = Renderer().render(text)

    assert [block.kind for block in rendered.blocks] == [""]
    assert "{prompt: a}" in join(rendered)
