from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from community_map.models import Initiative
from tests.factories import make_approach
from tests.toolkit_factories import make_case_study, make_page, make_term
from toolkit import published
from toolkit.models import Edition, PublicationStatus

pytestmark = pytest.mark.django_db


def test_before_anything_is_published_the_toolkit_is_empty():
    assert list(published.current().everything()) == []


def test_an_item_comes_back_as_it_went_in():
    approach = make_approach("Consulting")
    initiative = Initiative.objects.create(name="Assembly", slug="assembly")
    case_study = make_case_study(
        longitude=-0.2,
        latitude=51.6,
        initiative=initiative,
        approaches=[approach],
        review_due=timezone.localdate(),
    )

    assert published.current().case_studies[case_study.slug] == published.public_view(case_study)


def test_a_scheduled_page_appears_when_its_time_comes_and_not_before():
    page = make_page(publish_at=timezone.now() + timedelta(hours=1))
    assert page.slug not in published.current().pages

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert page.slug in published.current().pages


def test_one_query_while_nothing_changes_and_two_after_a_new_edition(django_assert_num_queries):
    make_page()
    with django_assert_num_queries(2):
        published.current()
    with django_assert_num_queries(1):
        assert len(published.current().pages) == 1

    make_page()
    with django_assert_num_queries(2):
        assert len(published.current().pages) == 2


def test_related_pages_that_are_not_public_are_left_out():
    draft, seen = make_page("Draft", status=PublicationStatus.DRAFT), make_page("Seen")
    page = make_page("From here", related=[draft, seen])

    current = published.current()

    assert [other.title for other in current.related_to(current.pages[page.slug])] == ["Seen"]


def test_a_term_knows_its_other_names():
    make_term("community infrastructure levy", slug="cil", other_names="CIL\nthe levy\n")

    assert published.current().terms["cil"].other_names == ("CIL", "the levy")


def test_an_old_address_leads_nowhere_while_its_page_is_not_public():
    Edition.objects.all().delete()
    content = {"pages": [], "old_pages": {"was": "draft"}}

    assert published.published_at(1, content, timezone.now()).old_pages == {}
