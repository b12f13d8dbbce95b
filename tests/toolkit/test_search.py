from datetime import timedelta

import pytest
from django.utils import timezone

from tests.toolkit_factories import make_case_study, make_page, make_term, make_tool, make_voice
from toolkit import actions, published, search
from toolkit.models import PublicationStatus, SearchEntry

pytestmark = pytest.mark.django_db

HOSTILE = [
    '"unbalanced',
    "(",
    ")",
    "*",
    "a*",
    "NEAR(",
    "title:",
    "AND",
    "OR OR",
    "NOT",
    "-",
    "^a",
    "{a}",
    "a & | !",
    "<->",
    "'; DROP TABLE toolkit_page; --",
    "\x00",
    "\u202e",
    "%",
    "_",
    "\\",
    "a" * 5000,
    "<script>alert(1)</script>",
    "🏳️‍🌈",
    "  ",
    "'",
    ":*",
    "council:*",
]


def found(query: str) -> list[str]:
    return [hit.item.title for hit in search.find(query, published.current())]


def test_everything_is_found_by_any_of_its_words():
    make_page("Kicking off", body="Begin with a **question**.")
    make_case_study("Food", what_we_learned="Neighbours knew more.", place_in_words="Hendon")
    make_tool("Planner", what_for="Deciding whom to ask.")
    make_voice("Idea", words="They listened at last.")
    make_term("levy", other_names="CIL", definition="Money from building.")

    assert found("kicking") == ["Kicking off"]
    assert found("question") == ["Kicking off"]
    assert found("neighbours hendon") == ["Food"]
    assert found("deciding") == ["Planner"]
    assert found("listened") == ["Idea"]
    assert found("cil") == ["levy"]


@pytest.mark.parametrize("query", ["council", "councils", "Council’s", "COUNCILS"])
def test_words_are_found_in_another_form(query):
    make_page("Councils meet", body="Nothing else.")

    assert found(query) == ["Councils meet"]


def test_all_words_have_to_be_there():
    make_page("Parks", body="Trees and benches.")
    make_page("Streets", body="Trees and cars.")

    assert found("trees benches") == ["Parks"]


def test_a_title_counts_more_than_a_mention():
    make_page("Something else", body="A walk with a ladder, once.")
    make_page("The ladder", body="Rungs.")

    assert found("ladder")[0] == "The ladder"


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_get_an_ordinary_answer(client, query):
    make_page("Quiet page", body="Nothing of that.")

    response = client.get("/toolkit/search/", {"q": query})

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_a_search_costs_one_query_whatever_is_found(django_assert_num_queries):
    for number in range(12):
        make_page(f"Walk {number}", body="Walking together.")
    current = published.current()
    search.find("walk", current)

    with django_assert_num_queries(1):
        assert len(search.find("walking", current)) == 12


def test_what_is_retired_is_found_no_more_and_what_is_changed_is_found_by_its_new_words():
    page = make_page("Benches", body="Oak")
    page.body = "Elm"
    page.save()
    actions.publish_edition()
    assert (found("oak"), found("elm")) == ([], ["Benches"])

    page.status = PublicationStatus.RETIRED
    page.save()
    actions.publish_edition()
    assert found("elm") == []
    assert not SearchEntry.objects.exists()


def test_only_changed_entries_are_written_again():
    make_page("One")
    make_page("Two")

    assert search.update(published.current().everything()) == 0


def test_a_misspelt_word_is_answered_with_one_that_exists(client):
    make_page("Partnership", body="Working in partnership with neighbours.")

    text = client.get("/toolkit/search/", {"q": "partnrship nieghbours"}).content.decode()

    assert "No results found." in text
    assert '<a class="govuk-link" href="/toolkit/search/?q=partnership%20neighbours">' in text


def test_nothing_like_it_is_suggested_for_nonsense():
    make_page("Partnership")

    assert search.suggestion("xqzw", published.current()) == ""


def test_the_extract_shows_where_the_word_stands_and_marks_it():
    make_page(
        "Walks",
        summary="A page.",
        body="Filler words here. " * 40 + "Then councils walked home. " + "More. " * 60,
    )

    hit = search.find("council", published.current())[0]

    text = "".join(fragment.text for fragment in hit.extract)
    assert [fragment.text for fragment in hit.extract if fragment.is_hit] == ["councils"]
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) < search.EXTRACT + 40


def test_extracts_are_text(client):
    make_page("Marks", body="Use `<b>bold</b>` for walks & talks.")

    text = client.get("/toolkit/search/", {"q": "walks"}).content.decode()

    assert "&lt;b&gt;bold&lt;/b&gt;" in text
    assert "<mark>walks</mark> &amp; talks" in text


def test_a_scheduled_page_is_found_and_its_words_are_suggested_only_once_its_day_has_come(time_machine):
    tomorrow = timezone.now() + timedelta(days=1)
    make_page("Kicking off", body="An ordinary beginning.")
    make_page("Secret plans", body="Of bandstands.", publish_at=tomorrow)

    assert (found("secret"), found("bandstands")) == ([], [])
    assert search.suggestion("bandstandz", published.current()) == ""
    # It is in the index already: only what is published now holds it back.
    assert SearchEntry.objects.filter(title="Secret plans").exists()

    time_machine.move_to(tomorrow + timedelta(seconds=1))

    assert found("secret") == ["Secret plans"]
    assert found("bandstands") == ["Secret plans"]
    assert search.suggestion("bandstandz", published.current()) == "bandstands"
