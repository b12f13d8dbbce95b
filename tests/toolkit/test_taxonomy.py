import pytest

from community_map.models import Initiative
from tests.factories import make_approach
from tests.toolkit_factories import make_case_study, make_tool
from toolkit import published
from toolkit.taxonomy import read_taxonomy

pytestmark = pytest.mark.django_db


def test_approaches_are_read_in_one_query_and_named_as_they_are_today(django_assert_num_queries):
    approach = make_approach("Consulting")
    tool = make_tool(approaches=[approach])
    approach.name = "Asking"
    approach.save()

    with django_assert_num_queries(1):
        taxonomy = read_taxonomy()

    assert [taxon.name for taxon in taxonomy.approaches_of(published.current().tools[tool.slug])] == [
        "Asking"
    ]


def test_a_case_study_knows_its_initiative_and_no_approach_of_the_same_key():
    initiative = Initiative.objects.create(name="Assembly", slug="assembly")
    make_approach("Consulting", pk=initiative.pk)
    make_case_study(slug="part-of-it", initiative=initiative)
    make_case_study(slug="alone")

    taxonomy, studies = read_taxonomy(), published.current().case_studies

    assert taxonomy.initiative_of(studies["part-of-it"]).name == "Assembly"
    assert taxonomy.initiative_of(studies["alone"]) is None
