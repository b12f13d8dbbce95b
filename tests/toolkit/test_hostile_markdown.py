"""Texts that are made to keep the parser busy: none takes the preview much longer than an ordinary text of its length."""

import cProfile
import time

import pytest
from django.test import Client

from tests.factories import make_editor, make_portal
from toolkit.lint import check
from toolkit.markdown.parser import MOST_MARKS, plain
from toolkit.markdown.render import Renderer
from toolkit.references import read_references

LENGTH = 20_000
PREVIEW = "/admin/toolkit/page/writing/"
ORDINARY = "## A heading\n\nSome **strong** words, and [where it goes](/map/list/) in the middle.\n\n- one\n- two\n\n"
SHAPES = {
    "brackets": "[",
    "pictures": "![",
    "closed brackets": "[[]",
    "brackets and emphasis": "*[a",
    "underscores": "_a",
    "stars": "*a ",
    "double stars": "**a",
    "the same heading": "# a\n",
    "links": "[a](/)",
    "references": "[a][b]",
    "backticks": "`a",
    "angles": "<a ",
    "call-outs": "^a^\n\n",
    "lines": "a\n",
}
# A text of very short lines is made of more than four times as many things as one of sentences.
MOST_TIMES = 5


def html_of(text: str) -> str:
    return "".join(block.html for block in Renderer().render(text).blocks)


def fill(shape: str, length: int = LENGTH) -> str:
    return (shape * (length // len(shape) + 1))[:length]


def work(client: Client, text: str) -> int:
    """Return how many calls the preview takes: unlike its time, the same on a busy machine."""
    profile = cProfile.Profile()
    with profile:
        assert client.post(PREVIEW, {"text": text}).status_code == 200
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.django_db
def test_no_text_keeps_the_preview_busy(capsys):
    make_portal()
    client = Client()
    client.force_login(make_editor())
    # The first preview of a process also reads the templates: it would make the ordinary text look dear.
    work(client, ORDINARY)
    ordinary = work(client, fill(ORDINARY))
    found = {name: work(client, fill(shape)) for name, shape in SHAPES.items()}
    found["half open"] = work(client, fill("[", LENGTH // 2) + fill("]", LENGTH // 2))

    with capsys.disabled():
        slowest = max(found, key=found.get)
        print(
            f"\nhostile Markdown, {len(found)} texts of {LENGTH:,} characters: an ordinary one {ordinary:,} calls, "
            f"brackets {found['brackets']:,}, the most ({slowest}) {found[slowest]:,}"
        )
    assert {name: calls for name, calls in found.items() if calls > MOST_TIMES * ordinary} == {}


def test_many_headings_of_one_name_take_no_longer_than_others():
    def seconds(text: str) -> float:
        """The processor's time, the least of three."""
        times = []
        for _ in range(3):
            began = time.process_time()
            Renderer().render(text)
            times.append(time.process_time() - began)
        return min(times)

    same = seconds("## Who\n" * 3000)
    others = seconds("".join(f"## Who {number}\n" for number in range(3000)))

    assert same < 2 * others


@pytest.mark.django_db
def test_a_text_of_too_many_marks_is_refused_with_a_sentence_and_shown_as_typed():
    text = "A [link](/map/).\n\n" + "[" * MOST_MARKS + "](/map/)\n\nAnother [link](/map/)."
    faults = [
        str(remark) for remark in check(text, read_references()) if "1000 square brackets" in str(remark)
    ]

    assert [fault.split(":")[0] for fault in faults] == ["Line 3"]
    html = html_of(text)
    assert html.count("<a ") == 1 and "[" * MOST_MARKS + "](/map/)" in html
    assert "Another [link](/map/)." in plain(text)


@pytest.mark.django_db
def test_a_text_of_many_links_is_as_it_was():
    text = "[The **map** of communities](/map/list/).\n\n" * (MOST_MARKS // 3)
    assert not [remark for remark in check(text, read_references()) if "square brackets" in str(remark)]
    assert html_of(text).count("<a ") == MOST_MARKS // 3


def test_headings_of_one_name_are_numbered_in_their_order():
    headings = Renderer().render("## Who\n\n## Who\n\n### Who\n\n## Main").headings

    assert [heading.id for heading in headings] == ["who", "who-2", "who-3", "main-2"]
