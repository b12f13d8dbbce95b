import json
import time
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from community_map.privacy.personal_details import NAMES, PATTERNS, find

CASES = json.loads(
    (Path(__file__).resolve().parents[2] / "personal_details.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_what_looks_like_a_personal_detail_is_found_and_nothing_else(case):
    assert [[hit.kind, hit.text] for hit in find(case["text"])] == case["found"]


def test_the_browser_has_a_sentence_for_each_kind():
    words = render_to_string("components/form_messages.html")

    assert [kind for kind in PATTERNS if f'data-say="{kind}"' not in words] == []
    assert set(PATTERNS) == set(NAMES)


@pytest.mark.parametrize("text", ["1" * 5000, "12 " + "Oak " * 2000, "Mr " * 2000, "my " * 3000, "9-" * 3000])
def test_a_long_text_is_read_at_once(text):
    began = time.monotonic()

    find(text)

    assert time.monotonic() - began < 0.5
