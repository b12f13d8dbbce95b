import pytest
from django.http import QueryDict

from tests.factories import make_approach
from tests.toolkit_factories import make_case_study, make_page
from toolkit import published
from toolkit.filters import CaseStudyFilter, PageFilter
from toolkit.taxonomy import read_taxonomy

pytestmark = pytest.mark.django_db


def titles(filter_class, query: str, items) -> list[str]:
    chosen = filter_class(QueryDict(query), read_taxonomy())
    assert chosen.is_valid(), chosen.errors
    return [item.title for item in chosen.keep(list(items))]


def test_pages_by_level_and_approach():
    consulting, partnership = make_approach("Consulting"), make_approach("Partnership")
    make_page("A", level="new", approaches=[consulting])
    make_page("B", level="experienced", approaches=[consulting, partnership])
    pages = published.current().situations

    assert titles(PageFilter, "", pages) == ["A", "B"]
    assert titles(PageFilter, "level=new", pages) == ["A"]
    assert titles(PageFilter, "approach=partnership", pages) == ["B"]
    assert titles(PageFilter, "approach=consulting&level=experienced", pages) == ["B"]
    assert titles(PageFilter, "approach=partnership&level=new", pages) == []


def test_case_studies_by_place_origin_and_approach():
    consulting = make_approach("Consulting")
    make_case_study("Here", place_in_words="Burnt Oak", approaches=[consulting])
    make_case_study("There", place_in_words="Oxford", origin="elsewhere")
    rows = published.current().case_studies.values()

    assert titles(CaseStudyFilter, "place=OAK", rows) == ["Here"]
    assert titles(CaseStudyFilter, "origin=elsewhere", rows) == ["There"]
    assert titles(CaseStudyFilter, "approach=consulting&origin=here", rows) == ["Here"]
    assert titles(CaseStudyFilter, "place=nowhere", rows) == []


@pytest.mark.parametrize("query", ["level=x", "approach=x", "approach=%00", "level=new'--"])
def test_a_choice_that_does_not_exist_is_refused_with_a_sentence(query):
    chosen = PageFilter(QueryDict(query), read_taxonomy())

    assert not chosen.is_valid()
    assert "is not one of the options" in str(chosen.errors)


def test_a_retired_approach_is_offered_only_to_those_who_ask_for_it():
    make_approach("Old way", is_retired=True)
    words = read_taxonomy()

    def offered(query):
        return [value for value, _ in PageFilter(QueryDict(query), words).fields["approach"].choices]

    assert offered("") == [""]
    assert offered("approach=old-way") == ["", "old-way"]
