"""The one place that calls text safe."""

from html import unescape

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString

from tests.toolkit.hostile import ADDRESSES, PAYLOADS, assert_is_tame
from toolkit.markdown.clean import clean, is_allowed_link
from toolkit.markdown.parser import plain
from toolkit.markdown.render import Renderer


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_cleaner_stands_alone(payload):
    for html in (
        payload,
        f'<a href="{payload}" title="{payload}" lang="{payload}">x</a>',
        f'<p class="{payload}" style="{payload}" id="{payload}">x</p>',
    ):
        assert_is_tame(clean(html), is_rendered=False)


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


def test_what_was_cleaned_is_safe_for_templates_and_nothing_else_is():
    rendered = Renderer().render("a < b")

    assert all(isinstance(block.html, SafeString) for block in rendered.blocks)
    assert (
        Template("{{ r.blocks.0.html }}").render(Context({"r": rendered}))
        == '<p class="govuk-body">a &lt; b</p>\n'
    )
    assert not isinstance(plain("a < b"), SafeString)
