"""Texts as plain words."""

from toolkit.markdown.parser import plain


def test_plain_is_what_a_reader_reads():
    text = (
        "## Who\n\nAsk **them** [here](/x) now.\nSoon.\n\n- one\n\n| a | b |\n|-|-|\n| c | d |\n\n^Call.^\n%Warn.%\n"
        "s1. Step\n\n$C\nTeam\n$C\n\n:::details More\nInside\n:::\n\n{prompt: x}\n\n```\ncode\n```\n![A choir](/x.png)"
    )

    assert plain(text) == (
        "Who Ask them here now. Soon. one a b c d Call. Warn. Step Team More Inside code A choir"
    )
