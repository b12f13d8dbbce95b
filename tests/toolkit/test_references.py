from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_approach
from tests.toolkit_factories import make_case_study, make_page, make_prompt, make_term, make_tool, make_voice
from toolkit.models import OldAddress, Page, PublicationStatus
from toolkit.references import Found, read_references

pytestmark = pytest.mark.django_db


def test_a_text_may_refer_to_what_editors_have_written(django_assert_num_queries):
    page = make_page(slug="new-name")
    make_page(slug="draft", status=PublicationStatus.DRAFT)
    make_page(slug="tomorrow", publish_at=timezone.now() + timedelta(days=1))
    make_page(slug="retired", status=PublicationStatus.RETIRED)
    make_page(slug="front", kind=Page.Kind.FRONT)
    make_case_study(slug="food-hub")
    for make in (make_prompt, make_tool, make_voice, make_term):
        make(slug=f"a-{make.__name__}")
    OldAddress.objects.create(slug="old-name", page=page)
    for name in "abcd":
        make_approach(name)

    with django_assert_num_queries(8):
        references = read_references()

    found = {
        (kind, slug): references.find(kind, slug)
        for kind, slug in [
            *(("page", slug) for slug in ("new-name", "old-name", "draft", "tomorrow", "retired", "front")),
            *(("case study", "food-hub"), ("prompt", "a-make_prompt"), ("tool", "a-make_tool")),
            *(("voice", "a-make_voice"), ("term", "a-make_term"), ("diagram", "approaches")),
            *(("diagram", "wheel"), ("case study", "new-name")),
        ]
    }
    assert found == {
        ("page", "new-name"): Found.PUBLIC,
        ("page", "old-name"): Found.PUBLIC,
        ("page", "draft"): Found.WAITING,
        ("page", "tomorrow"): Found.WAITING,
        ("page", "retired"): Found.MISSING,
        ("page", "front"): Found.MISSING,
        ("case study", "food-hub"): Found.PUBLIC,
        ("prompt", "a-make_prompt"): Found.PUBLIC,
        ("tool", "a-make_tool"): Found.PUBLIC,
        ("voice", "a-make_voice"): Found.PUBLIC,
        ("term", "a-make_term"): Found.PUBLIC,
        ("diagram", "approaches"): Found.PUBLIC,
        ("diagram", "wheel"): Found.MISSING,
        ("case study", "new-name"): Found.MISSING,
    }
