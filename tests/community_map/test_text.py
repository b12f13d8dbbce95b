import pytest

from community_map.text import clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Walking   group ", "Walking group"),
        ("Cafe\u0301", "Café"),
        ("one\x00\x07two", "onetwo"),
        ("pay\u200bpal\u2060\ufeff", "paypal"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2066hidden\u2069", "hidden"),
        ("line\r\nbreak\ttab", "line break tab"),
        ("\ud800lone", "lone"),
        ("", ""),
    ],
)
def test_one_line_is_nfc_without_tricks(typed, kept):
    assert clean_text(typed) == kept


@pytest.mark.parametrize("word", ["क्‍ष", "می‌خواهم", "👩‍🌾"])
def test_joiners_inside_a_word_stay(word):
    assert clean_text(word) == word


def test_joiners_at_the_edge_of_a_word_go():
    assert clean_text("\u200dword\u200c next\u200d") == "word next"


def test_lines_stay_where_they_are_wanted_with_one_empty_one_at_most():
    assert clean_text("a  b\r\n\r\n\r\n\r\nc \n d", keep_lines=True) == "a b\n\nc\nd"


def test_cleaning_twice_changes_nothing_more():
    text = " A\u200b\u0301 b\u202e \n\n\n c "
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_text(clean_text(text, keep_lines=True), keep_lines=True) == clean_text(text, keep_lines=True)
