"""The demonstration's texts can be read, and a broken one is named."""

import pytest

from toolkit import demo_files

HEAD = '+++\ntitle = "A garden"\n+++\n'
WHOLE = "## What was done\n\nDug.\n\n## What changed\n\nBeans.\n\n## What we learned\n\nPatience.\n"


@pytest.fixture
def demo(tmp_path, monkeypatch):
    (tmp_path / "case-studies").mkdir()
    monkeypatch.setattr(demo_files, "DATA", tmp_path)
    return tmp_path / "case-studies"


def test_a_case_study_is_split_at_its_three_headings(demo):
    (demo / "garden.md").write_text(HEAD + WHOLE, encoding="utf-8")
    assert demo_files.read_case_studies() == [
        {
            "slug": "garden",
            "title": "A garden",
            "what_was_done": "Dug.",
            "what_changed": "Beans.",
            "what_we_learned": "Patience.",
        }
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WHOLE, "garden.md: start the file with a header between two lines of +++"),
        (
            HEAD + "Words before.\n\n" + WHOLE,
            "garden.md: use the headings What was done, What changed, What we learned, with nothing before them",
        ),
        (
            HEAD + WHOLE.replace("## What changed", "## What came of it"),
            "garden.md: use the headings What was done, What changed, What we learned, with nothing before them",
        ),
    ],
)
def test_a_broken_case_study_is_named(demo, text, message):
    (demo / "garden.md").write_text(text, encoding="utf-8")
    with pytest.raises(demo_files.BrokenFile) as error:
        demo_files.read_case_studies()
    assert str(error.value) == message
