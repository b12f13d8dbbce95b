import json
from pathlib import Path

import pytest

from community_map.personal_details import find

CASES = json.loads(
    (Path(__file__).resolve().parents[1] / "personal_details.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_what_looks_like_a_personal_detail_is_found_and_nothing_else(case):
    assert [[hit.kind, hit.text] for hit in find(case["text"])] == case["found"]
