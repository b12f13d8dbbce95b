"""What the toolkit holds about people, for community_map.privacy.person_data: who sent stories."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from community_map.privacy.person_data import Holder, Person, erase_words, register
from toolkit.models import Story, Voice

TEXTS = ("title", "text", "place_in_words")


def _sent_by(person: Person):
    sent = Q(pk__in=[])
    if person.email:
        sent |= Q(email__iexact=person.email)
    if person.user:
        sent |= Q(sent_by=person.user)
    return Story.objects.filter(sent)


def export(person: Person) -> dict:
    found = {"stories": list(_sent_by(person).values(*TEXTS, "name", "email", "sent_at", "status"))}
    if person.user:
        found["stories_decided"] = list(
            Story.objects.filter(decided_by=person.user).values("title", "status", "decided_at")
        )
        found["consents_recorded"] = list(
            Voice.objects.filter(consent_recorded_by=person.user).values("title", "consent_given_on")
        )
    return found


def erase(person: Person) -> dict[str, int]:
    """Take name and address from their stories; the stories stay, as they were sent to be published without a name."""
    named = _sent_by(person).exclude(name="", email="")
    names = [name for name in named.values_list("name", flat=True) if " " in name.strip()]
    counts = {
        "stories that named them": erase_words([(Story.objects, TEXTS)], [*person.telling_words, *names])
    }
    counts["names and email addresses on stories"] = named.update(name="", email="")
    return counts


def apply_retention(now: datetime) -> dict[str, int]:
    """Take names and addresses from stories that were decided, or have waited for a year; delete what was declined."""
    named = Story.objects.exclude(name="", email="")
    settled = Q(decided_at__lt=now - timedelta(days=settings.KEEP_STORY_ADDRESS_DAYS))
    forgotten = Q(sent_at__lt=now - timedelta(days=365))
    old = Story.objects.filter(
        status=Story.Status.DECLINED, decided_at__lt=now - timedelta(days=settings.KEEP_DECLINED_DAYS)
    )
    return {
        "names and email addresses on stories": named.filter(settled | forgotten).update(name="", email=""),
        "declined stories": old.delete()[0],
    }


register(Holder("toolkit", export, erase, apply_retention))
