"""Every constraint of the toolkit's tables has a test that breaks it."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import make_user
from tests.toolkit_factories import (
    make_case_study,
    make_page,
    make_prompt,
    make_scale,
    make_story,
    make_term,
    make_tool,
    make_voice,
)
from toolkit.models import (
    CaseStudy,
    Edition,
    OldAddress,
    Page,
    Prompt,
    PublicationStatus,
    Story,
    Term,
    Tool,
    Voice,
)

pytestmark = pytest.mark.django_db


def published_without_a_date(make, model):
    def break_it():
        make()
        model.objects.update(publish_at=None)

    return break_it


def page_at_a_reserved_address():
    make_page()
    Page.objects.update(slug="glossary")


def second_front_page():
    make_page(kind=Page.Kind.FRONT)
    make_page()
    Page.objects.update(kind=Page.Kind.FRONT)


def case_study_with_half_a_place():
    make_case_study()
    CaseStudy.objects.update(longitude=-0.2)


def case_study_beyond_the_earth():
    make_case_study()
    CaseStudy.objects.update(longitude=-181, latitude=51)


def scale_without_its_ends():
    make_scale()
    Prompt.objects.update(scale_high="")


def voice_without_consent():
    make_voice()
    Voice.objects.update(consent_given_on=None)


def voice_without_saying_how():
    make_voice()
    Voice.objects.update(consent_how="")


def voice_after_consent_was_withdrawn():
    make_voice()
    Voice.objects.update(consent_withdrawn_on=date(2023, 1, 1))


def recording_without_a_transcript():
    make_voice(medium="audio", media_url="https://sound.example.org/", transcript="They asked us.")
    Voice.objects.update(transcript="")


def tool_that_runs_script():
    make_tool()
    Tool.objects.update(url="javascript:alert(1)//https://")


def recording_that_runs_script():
    make_voice(medium="audio", media_url="https://sound.example.org/", transcript="They asked us.")
    Voice.objects.update(media_url="javascript:alert(1)//https://")


def old_address_of_nothing():
    OldAddress.objects.create(slug="old")


def old_address_of_two_things():
    OldAddress.objects.create(slug="old", page=make_page(), case_study=make_case_study())


def old_address_of_two_pages():
    OldAddress.objects.create(slug="old", page=make_page())
    OldAddress.objects.create(slug="old", page=make_page())


def old_address_of_two_case_studies():
    OldAddress.objects.create(slug="old", case_study=make_case_study())
    OldAddress.objects.create(slug="old", case_study=make_case_study())


def story_used_without_a_case_study():
    make_story(decided_by=make_user(), decided_at=timezone.now(), status=Story.Status.USED)


def story_that_waits_with_a_case_study():
    make_story(case_study=make_case_study())


def story_decided_by_nobody():
    make_story(status=Story.Status.DECLINED)


def second_edition():
    make_page()
    Edition.objects.bulk_create([Edition(pk=2, published_at=timezone.now())])


BREAKERS = {
    "page_that_is_published_has_a_date": [published_without_a_date(make_page, Page)],
    "casestudy_that_is_published_has_a_date": [published_without_a_date(make_case_study, CaseStudy)],
    "prompt_that_is_published_has_a_date": [published_without_a_date(make_prompt, Prompt)],
    "tool_that_is_published_has_a_date": [published_without_a_date(make_tool, Tool)],
    "voice_that_is_published_has_a_date": [published_without_a_date(make_voice, Voice)],
    "term_that_is_published_has_a_date": [published_without_a_date(make_term, Term)],
    "page_slug_is_no_reserved_address": [page_at_a_reserved_address],
    "page_front_is_one": [second_front_page],
    "casestudy_is_on_earth_or_nowhere": [case_study_with_half_a_place, case_study_beyond_the_earth],
    "prompt_on_a_scale_says_what_its_ends_mean": [scale_without_its_ends],
    "voice_is_published_only_with_consent": [
        voice_without_consent,
        voice_without_saying_how,
        voice_after_consent_was_withdrawn,
    ],
    "voice_recorded_has_a_transcript": [recording_without_a_transcript],
    "voice_recording_begins_with_https": [recording_that_runs_script],
    "tool_address_begins_with_https": [tool_that_runs_script],
    "old_address_belongs_to_one_thing": [old_address_of_nothing, old_address_of_two_things],
    "old_address_of_pages_is_used_once": [old_address_of_two_pages],
    "old_address_of_case_studies_is_used_once": [old_address_of_two_case_studies],
    "story_is_used_when_it_has_a_case_study": [
        story_used_without_a_case_study,
        story_that_waits_with_a_case_study,
    ],
    "story_that_is_decided_says_by_whom": [story_decided_by_nobody],
    "edition_is_one_row": [second_edition],
}
CASES = [(name, breaker) for name, breakers in BREAKERS.items() for breaker in breakers]


@pytest.mark.parametrize(("name", "breaker"), CASES)
def test_the_database_refuses_what_breaks(name, breaker):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        breaker()

    message = str(refused.value)
    assert name in message or "UNIQUE constraint failed" in message


def test_every_constraint_has_a_test_that_breaks_it():
    names = {c.name for model in apps.get_app_config("toolkit").get_models() for c in model._meta.constraints}

    assert names == set(BREAKERS)


def test_an_illustrative_voice_needs_no_consent():
    voice = make_voice(is_illustrative=True, consent_given_on=None, consent_how="")

    voice.validate_constraints()


def test_a_refused_voice_says_what_is_missing():
    voice = Voice(slug="a", status=PublicationStatus.PUBLISHED, publish_at=timezone.now())

    with pytest.raises(ValidationError, match="only with consent"):
        voice.validate_constraints()


@pytest.mark.parametrize(
    ("status", "hours", "is_public", "state"),
    [
        (PublicationStatus.DRAFT, -1, False, "Draft"),
        (PublicationStatus.PUBLISHED, -1, True, "Published"),
        (PublicationStatus.PUBLISHED, 1, False, "Scheduled"),
        (PublicationStatus.RETIRED, -1, False, "Retired"),
    ],
)
def test_what_is_published_is_public_from_its_date_on(status, hours, is_public, state):
    page = make_page(status=status, publish_at=timezone.now() + timedelta(hours=hours))

    assert (page.is_public, page.state, Page.objects.due().exists()) == (is_public, state, is_public)


@pytest.mark.parametrize("slug", ["Who", "who--to", "-who", "who_to", "who to", "wer/da"])
def test_addresses_have_small_letters_numbers_and_single_hyphens(slug):
    with pytest.raises(ValidationError):
        Page._meta.get_field("slug").clean(slug, None)
