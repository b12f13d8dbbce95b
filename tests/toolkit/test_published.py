import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community_map.models import Initiative
from tests.factories import make_approach
from tests.toolkit_factories import (
    make_case_study,
    make_page,
    make_prompt,
    make_term,
    make_tool,
    make_voice,
)
from toolkit import published
from toolkit.models import Edition, OldAddress, Page, PublicationStatus

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


def test_what_waits_for_its_day_does_not_have_everything_read_anew(django_assert_num_queries):
    make_page(publish_at=timezone.now() + timedelta(hours=1))
    published.current()

    with django_assert_num_queries(1):
        published.current()


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

    assert published.published_at(content, timezone.now()).old_pages == {}


NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def test_what_is_scheduled_is_there_from_its_moment_on_and_not_a_moment_before():
    pages = [make_page(slug=f"at-{hour}", publish_at=NOON + timedelta(hours=hour)) for hour in (0, 2, 1)]
    make_page(slug="draft", status=PublicationStatus.DRAFT)
    make_page(slug="retired", status=PublicationStatus.RETIRED)
    content = published.contents()

    def at(moment) -> tuple:
        toolkit = published.published_at(content, moment)
        return sorted(toolkit.pages), toolkit.until

    assert at(NOON - MOMENT) == ([], NOON)
    assert at(NOON) == (["at-0"], NOON + timedelta(hours=1))
    assert at(NOON + timedelta(hours=1)) == (["at-0", "at-1"], NOON + timedelta(hours=2))
    assert at(NOON + timedelta(hours=2)) == (["at-0", "at-1", "at-2"], None)
    with time_machine.travel(NOON, tick=False):
        assert [page.is_public for page in pages] == [True, False, False]
        assert [page.slug for page in Page.objects.due()] == ["at-0"]


def test_the_next_moment_is_the_earliest_of_all_kinds_of_things():
    make_term(slug="late", publish_at=NOON + timedelta(hours=3))
    make_page(slug="early", publish_at=NOON)
    make_case_study(slug="later", publish_at=NOON + timedelta(hours=1))

    assert published.published_at(published.contents(), NOON - MOMENT).until == NOON
    assert published.published_at(published.contents(), NOON).until == NOON + timedelta(hours=1)


def test_the_digest_tells_what_can_be_read_and_nothing_of_what_waits():
    make_page("Seen", slug="seen", publish_at=NOON)
    waiting = make_page("Secret", slug="waits", publish_at=NOON + timedelta(hours=1))
    before = published.contents()
    waiting.title = "Another secret"
    waiting.save()
    after = published.contents()

    def digest(content, moment) -> str:
        return published.published_at(content, moment).digest

    assert digest(before, NOON) == digest(after, NOON)
    assert digest(before, NOON - MOMENT) != digest(before, NOON)
    later = NOON + timedelta(hours=1)
    assert len({digest(before, NOON), digest(before, later), digest(after, later)}) == 3
    assert len(digest(before, NOON)) == 64


def test_old_addresses_lead_to_what_can_be_read_now_only():
    page, case_study = make_page(slug="page", publish_at=NOON), make_case_study(slug="case", publish_at=NOON)
    OldAddress.objects.create(slug="was-page", page=page)
    OldAddress.objects.create(slug="was-case", case_study=case_study)
    content = published.contents()

    for moment, pages, cases in (
        (NOON - MOMENT, {}, {}),
        (NOON, {"was-page": "page"}, {"was-case": "case"}),
    ):
        toolkit = published.published_at(content, moment)
        assert (toolkit.old_pages, toolkit.old_case_studies) == (pages, cases)


def test_everything_has_an_address_of_its_own_and_prompts_have_none():
    for make, slug in (
        (make_page, "page"),
        (make_case_study, "case"),
        (make_tool, "tool"),
        (make_voice, "voice"),
        (make_term, "term"),
        (make_prompt, "prompt"),
    ):
        make(slug=slug)

    assert sorted(item.slug for item in published.current().everything()) == [
        "case",
        "page",
        "term",
        "tool",
        "voice",
    ]
    assert sorted(item.slug for item in published.released(published.contents())) == [
        "case", "page", "term", "tool", "voice",
    ]  # fmt: skip
    assert list(published.current().prompts) == ["prompt"]


def test_the_digest_does_not_depend_on_the_order_in_which_a_database_keeps_keys():
    make_page()
    content = published.contents()
    other = {**content, "pages": [dict(reversed(row.items())) for row in content["pages"]]}

    assert list(other["pages"][0]) != list(content["pages"][0])
    now = timezone.now()
    assert published.published_at(other, now).digest == published.published_at(content, now).digest


def test_nothing_that_is_published_can_be_changed_in_the_process():
    page = make_page()

    for thing in (published.current().pages[page.slug], published.public_view(make_term())):
        with pytest.raises(dataclasses.FrozenInstanceError):
            thing.slug = "another"


def test_an_edition_is_put_together_by_as_many_queries_for_one_as_for_many():
    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            published.contents()
        return len(taken)

    first = make_page(approaches=[make_approach()])
    make_page(related=[first], approaches=[make_approach()])
    one = queries()
    for _number in range(4):
        make_page(related=[first], approaches=[make_approach()])
        make_case_study(approaches=[make_approach()])

    assert queries() <= one + 1  # case studies have approaches now
