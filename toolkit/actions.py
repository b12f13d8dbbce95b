"""What changes more than one row of the toolkit. What readers see is published here, as an edition."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from community_map import access
from toolkit import published, search
from toolkit.models import CaseStudy, Edition, OldAddress, Page, PublicationStatus, Publishable, Story, Voice

REVIEW_AFTER_DAYS = 365
LONGEST_SUMMARY = 200


@transaction.atomic
def publish_edition() -> Edition:
    """Copy everything released into the edition that readers get, and return it.

    The row is locked first: of two editors who save at once, the second publishes what the first has saved.
    """
    now = timezone.now()
    Edition.objects.get_or_create(pk=Edition.ONLY_ID, defaults={"published_at": now})
    edition = Edition.objects.select_for_update().get(pk=Edition.ONLY_ID)
    content = published.contents()
    if content != edition.content:
        edition.number += 1
        edition.published_at = now
        edition.content = content
        edition.save()
        search.update(published.released(content))
    return edition


def prepare(thing: Publishable, *, changed: set[str]) -> None:
    """Fill in what follows from a change before it is saved: dates, version, what withdrawn consent means."""
    now = timezone.now()
    if changed & set(thing.TEXTS):
        thing.last_updated = now
    if (
        isinstance(thing, Voice)
        and thing.consent_withdrawn_on
        and thing.status == PublicationStatus.PUBLISHED
    ):
        thing.status = PublicationStatus.RETIRED
    if thing.status == PublicationStatus.PUBLISHED:
        thing.publish_at = thing.publish_at or now
        thing.review_due = thing.review_due or (now + timedelta(days=REVIEW_AFTER_DAYS)).date()
    if thing.pk:
        thing.version += 1


def keep_address(thing: Page | CaseStudy, *, was: str) -> None:
    """Keep the address that a page or case study had before; one that is in use again is old no more."""
    column = "page" if isinstance(thing, Page) else "case_study"
    OldAddress.objects.filter(slug__in={thing.slug, was}).exclude(**{column: None}).delete()
    if was and was != thing.slug:
        OldAddress.objects.create(slug=was, **{column: thing})


@transaction.atomic
def change_status(things, status: PublicationStatus, *, by) -> int:
    """Publish or retire each of these that is not so yet, with its history; return how many there were.

    Raises ValidationError where a voice has no consent, and then changes nothing.
    """
    if not access.may_in_admin(by, access.CHANGE, things.model):
        raise PermissionDenied
    rows = list(things.select_for_update().exclude(status=status).order_by("pk"))
    for thing in rows:
        thing.status = status
        prepare(thing, changed=set())
        thing.validate_constraints()
        thing._change_reason = str(status.label)
        thing.save()
    publish_edition()
    return len(rows)


@transaction.atomic
def withdraw_consent(voice: Voice, *, by) -> None:
    """Record that the person has taken their consent back, and take their words off at once."""
    if not access.may_in_admin(by, access.CHANGE, Voice):
        raise PermissionDenied
    voice = Voice.objects.select_for_update().get(pk=voice.pk)
    voice.consent_withdrawn_on = voice.consent_withdrawn_on or timezone.localdate()
    voice.status = PublicationStatus.RETIRED
    voice.version += 1
    voice._change_reason = str(_("Consent withdrawn"))
    voice.save()
    publish_edition()


@transaction.atomic
def make_case_study(story: Story, *, by) -> CaseStudy:
    """Turn a story that waits into a draft case study; a story that was used before gives the one it became."""
    if not access.may_in_admin(by, access.ADD, CaseStudy):
        raise PermissionDenied
    story = Story.objects.select_for_update().get(pk=story.pk)
    if story.case_study_id:
        return story.case_study
    if story.status != Story.Status.WAITING:
        raise ValidationError(_("Another editor has already made a decision about this story."))
    case_study = CaseStudy(
        slug=free_slug(story.title),
        title=story.title,
        place_in_words=story.place_in_words,
        summary=story.text[:LONGEST_SUMMARY].split("\n")[0],
        what_was_done=story.text,
    )
    case_study._change_reason = str(_("From a story sent in by a reader"))
    case_study.save()
    story.case_study = case_study
    _decide(story, Story.Status.USED, by)
    return case_study


@transaction.atomic
def decline_story(story: Story, *, by) -> None:
    """Put a story that waits aside. Raises ValidationError when it was decided meanwhile."""
    if not access.may_in_admin(by, access.CHANGE, Story):
        raise PermissionDenied
    story = Story.objects.select_for_update().get(pk=story.pk)
    if story.status != Story.Status.WAITING:
        raise ValidationError(_("Another editor has already made a decision about this story."))
    _decide(story, Story.Status.DECLINED, by)


def _decide(story: Story, status: Story.Status, by) -> None:
    story.status = status
    story.decided_by = by
    story.decided_at = timezone.now()
    story.save()


def free_slug(title: str) -> str:
    """Return an address for a new case study that no other has or had."""
    base = slugify(title)[:70].strip("-") or "story"
    taken = set(CaseStudy.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= set(OldAddress.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def record_check(tools, day) -> int:
    """Record that the links of these tools were opened on this day; return how many there are."""
    rows = list(tools.select_for_update().order_by("pk"))
    for tool in rows:
        tool.last_checked = day
        tool.version += 1
        tool.save()
    publish_edition()
    return len(rows)
