"""What the demonstration's texts have to hold, whoever changes them."""

import re

import pytest
import textstat
from django.core.management import call_command

from community_map.cached import forget_all
from community_map.privacy import personal_details
from tests.toolkit_factories import make_page
from toolkit import demo_files, lint
from toolkit.lint import Severity
from toolkit.markdown.parser import plain
from toolkit.models import CaseStudy, Edition, OldAddress, Page, Prompt, PublicationStatus, Term, Tool, Voice
from toolkit.references import read_references

PAGES = demo_files.read_pages()
CASE_STUDIES = demo_files.read_case_studies()
TEXTS = {
    **{f"pages/{row['slug']}": row["body"] + "\n\n" + row.get("further_reading", "") for row in PAGES},
    **{
        f"case-studies/{row['slug']}": "\n\n".join(
            row.get(name, "")
            for name in ("what_was_done", "what_changed", "what_we_learned", "further_reading")
        )
        for row in CASE_STUDIES
    },
}
SUMMARIES = {row["slug"]: row["summary"] for row in [*PAGES, *CASE_STUDIES]}
# Figures that the borough's own reports contradict, and claims that age.
CONTRADICTED = (
    r"\b218 wards|nearly 900|over 800|ten thousand deliveries|10,000 deliveries|7,000 packages|most populous"
)
PARTIES = (
    r"\b(Labour|Conservatives?|Tory|Tories|Liberal Democrats?|Green Party|manifesto|new administration)\b"
)
TITLES = r"\b(Mr|Mrs|Ms|Miss|Dr|Rev|Reverend|Rabbi|Imam|Father|Cllr|Councillor|Sir|Dame) [A-Z][a-z]+"


def words_of(name: str) -> str:
    return plain(TEXTS[name])


def sentences_of(text: str) -> str:
    """The text with a stop after each heading and list item, so that they are not counted as one long sentence."""
    lines = [re.sub(r"^[#>*\-\s]+|^s\d+\.\s*|[|^%]", "", line).strip() for line in text.splitlines()]
    lines = [re.sub(r"\{[^}]*\}|\]\([^)]*\)|\[|\*", "", line).strip() for line in lines]
    return "\n".join(
        line if line.endswith((".", "?", "!", ":")) else f"{line}." for line in lines if line.strip(" .-:")
    )


def test_there_is_enough_of_everything():
    kinds = [row["kind"] for row in PAGES]

    assert kinds.count("front") == 1
    assert kinds.count("situation") >= 6
    assert kinds.count("explainer") >= 8
    assert len(CASE_STUDIES) >= 15
    assert len(demo_files.read_list("prompts")) >= 12
    assert len(demo_files.read_list("terms")) >= 30
    assert len(demo_files.read_list("tools")) >= 10
    assert len(demo_files.read_list("voices")) == 2


@pytest.mark.parametrize(
    "row", [row for row in PAGES if row["kind"] == "situation"], ids=lambda row: row["slug"]
)
def test_a_situation_is_read_with_ease_at_twelve(row):
    """Grade 7 of Flesch and Kincaid is a reading age of about 12."""
    assert textstat.flesch_kincaid_grade(sentences_of(row["body"])) <= 7


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_names_a_person_a_party_or_a_figure_that_is_contradicted(name):
    text = f"{words_of(name)} {SUMMARIES[name.split('/')[1]]}"

    assert personal_details.find(text) == []
    assert re.findall(CONTRADICTED, text, re.IGNORECASE) == []
    assert re.findall(PARTIES, text) == []
    assert re.findall(TITLES, text) == []


def test_voices_are_two_and_labelled_as_invented():
    for row in demo_files.read_list("voices"):
        assert row["is_illustrative"] is True
        assert "llustrative" in row["said_by"]


def test_no_link_is_called_checked_before_somebody_has_opened_it():
    assert [row["slug"] for row in demo_files.read_list("tools") if "last_checked" in row] == []


@pytest.fixture
def loaded(db):
    call_command("load_demo", verbosity=0)
    call_command("seed_toolkit", verbosity=0)


def counts() -> dict:
    return {model.__name__: model.objects.count() for model in (Page, CaseStudy, Prompt, Tool, Term, Voice)}


def test_it_loads_and_loading_again_adds_nothing(loaded):
    before, number = counts(), Edition.objects.get().number

    call_command("seed_toolkit", verbosity=0)

    assert counts() == before
    assert Edition.objects.get().number == number
    assert before["Page"] == len(PAGES)


def test_loading_again_leaves_an_editors_change_alone(loaded):
    texts = {row.slug: row.what_was_done for row in CaseStudy.objects.all()}
    CaseStudy.objects.filter(slug="wigan-deal").update(what_was_done="Our own words.")
    page, retired = Page.objects.get(slug="kicking-off"), Term.objects.get(slug="asset")
    page.title = "Changed by an editor"
    page.slug = "kick-off"
    page.save()
    OldAddress.objects.create(slug="kicking-off", page=page)
    retired.status = PublicationStatus.RETIRED
    retired.save()

    call_command("seed_toolkit", verbosity=0)

    assert list(Page.objects.filter(title__icontains="kick").values_list("slug", flat=True)) == []
    assert Page.objects.get(slug="kick-off").title == "Changed by an editor"
    assert not Page.objects.filter(slug="kicking-off").exists()
    assert Term.objects.get(slug="asset").status == PublicationStatus.RETIRED
    assert {row.slug: row.what_was_done for row in CaseStudy.objects.all()} == texts | {
        "wigan-deal": "Our own words."
    }


def test_a_dry_run_adds_nothing(db, capsys):
    call_command("seed_toolkit", "--dry-run", verbosity=0)

    assert counts()["Page"] == 0
    assert "would be added" in capsys.readouterr().err


def test_it_is_only_for_a_demonstration_when_asked_so(db):
    make_page("A council's own")

    call_command("seed_toolkit", "--if-demo", verbosity=0)

    assert counts()["Page"] == 1


def test_the_demonstrations_texts_pass_the_editors_checks(loaded):
    references = read_references()
    errors = {
        name: [str(remark) for remark in lint.check(text, references) if remark.severity == Severity.ERROR]
        for name, text in TEXTS.items()
        if name.startswith("pages/")
    }

    assert {name: found for name, found in errors.items() if found} == {}


def test_no_link_of_the_toolkit_is_broken(client, loaded):
    """Follow every link of ours from every page, with its part of the page."""
    forget_all()
    waiting, seen, broken = ["/toolkit/"], {}, []
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        seen[address] = response
        if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
            continue
        for link in re.findall(r'(?:href|action)="([^"]+)"', response.content.decode()):
            link = link.replace("&amp;", "&")
            if link.startswith(("http", "mailto:")):
                continue
            path, _, part = link.partition("#")
            path = path or address
            if not path.startswith(("/toolkit/", "/map/list/?approach", "/privacy", "/cookies", "/accessib")):
                continue
            if path == "/toolkit/useful/":
                continue
            if path not in seen and path not in waiting:
                waiting.append(path)
            if part:
                broken.append((address, path, part))
    wrong = {address: page.status_code for address, page in seen.items() if page.status_code != 200}
    lost = [
        (address, path, part)
        for address, path, part in broken
        if f'id="{part}"' not in seen[path].content.decode() and not re.match(r"\d", part)
    ]

    assert wrong == {}
    assert lost == []
    assert len(seen) > 30
