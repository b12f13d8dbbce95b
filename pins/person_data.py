"""What the map holds about people, for community_map.privacy.person_data."""

from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db.models import Max, Q

from community_map.privacy.person_data import ERASED, Holder, Person, erase_words, erased, register
from pins import search
from pins.models import Answer, Connection, Decision, Merge, Pin, Status


def export(person: Person) -> dict:
    user = person.user
    if user is None:
        return {}
    change = ("history_date", "history_type", "history_change_reason")
    told = (
        "public_id",
        "name",
        "description",
        "meeting",
        "agreement",
        "status",
        "created_at",
        "details_kept",
    )
    return {
        "pins": list(Pin.objects.filter(created_by=user).values(*told, "seconds_taken")),
        "agreements_recorded": list(
            Pin.objects.filter(agreement_by=user).values("name", "agreement", "agreement_at")
        ),
        "decisions": list(Decision.objects.filter(by=user).values("pin__name", "kind", "reason", "at")),
        "merges": list(
            Merge.objects.filter(decision__by=user).values("pin__name", "into__name", "decision__at")
        ),
        "known_by": list(
            Connection.objects.filter(known_by=user).values("pin__name", "service__name", "what_worked")
        ),
        "pin_changes": list(Pin.history.filter(history_user=user).values(*change)),
        "connection_changes": list(Connection.history.filter(history_user=user).values(*change)),
    }


def erase(person: Person) -> dict[str, int]:
    """Take the person out of "known by" and out of texts, the histories included. Pins stay: they are not about them."""
    texts = ("name", "description", "meeting", "agreement")
    words = person.telling_words
    naming = _pins_naming(words)
    counts = {
        "texts that named them": erase_words(
            [
                (Pin.objects, texts),
                (Pin.history, (*texts, "history_change_reason")),
                (Connection.objects, ("what_worked",)),
                (Connection.history, ("what_worked", "history_change_reason")),
                (Decision.objects, ("reason",)),
            ],
            words,
        )
        + _erase_answers(words),
        "records of merges": _erase_merges(person),
    }
    if person.user:
        past = apps.get_model("pins", "HistoricalConnection_known_by")
        counts["known by"] = Connection.known_by.through.objects.filter(user=person.user).delete()[0]
        counts["known by, in histories"] = past.objects.filter(user=person.user).delete()[0]
    search.write(naming)
    search.tidy()
    return counts


def _pins_naming(words: list[str]) -> list[int]:
    """Return the primary keys of the pins whose texts have one of these words."""
    columns = ("name", "description", "meeting", "connections__what_worked")
    naming = Q(pk__in=[])
    for word in filter(None, words):
        for column in columns:
            naming |= Q(**{f"{column}__icontains": word})
    return list(Pin.objects.filter(naming).order_by().values_list("pk", flat=True).distinct())


def _erase_answers(words: list[str]) -> int:
    """As erase_words, for the portal's own questions, whose answers are JSON."""
    changed = 0
    for answer in Answer.objects.iterator():
        if isinstance(answer.value, str) and any(
            word and word.lower() in answer.value.lower() for word in words
        ):
            Answer.objects.filter(pk=answer.pk).update(value=ERASED)
            changed += 1
    return changed


def _erase_merges(person: Person) -> int:
    """Take the person out of what merges have moved, so that undoing one does not bring them back."""
    changed = 0
    for merge in Merge.objects.select_for_update():
        moved = _without(person, merge.moved)
        if moved != merge.moved:
            Merge.objects.filter(pk=merge.pk).update(moved=moved)
            changed += 1
    return changed


def _without(person: Person, value):
    """Return the value as JSON with "[erased]" for the person's words, and without them in lists of who knows whom."""
    if isinstance(value, dict):
        found = {name: _without(person, part) for name, part in value.items()}
        if person.user and person.user.pk in found.get("known_by", []):
            found["known_by"] = [pk for pk in found["known_by"] if pk != person.user.pk]
        return found
    if isinstance(value, list):
        return [_without(person, part) for part in value]
    return erased(value, person.telling_words) if isinstance(value, str) else value


def apply_retention(now: datetime) -> dict[str, int]:
    """Delete the pins that were declined long ago, with their histories."""
    before = now - timedelta(days=settings.KEEP_DECLINED_DAYS)
    old = Pin.objects.filter(status=Status.DECLINED, merged_pins=None).annotate(decided=Max("decisions__at"))
    ids = list(old.filter(decided__lt=before).values_list("pk", flat=True))
    # In this order: deleting writes a last line of history, which goes as well.
    Pin.objects.filter(pk__in=ids).delete()
    Connection.history.filter(pin_id__in=ids).delete()
    Pin.history.filter(id__in=ids).delete()
    # Deleted and changed pins leave words behind that no pin has any more.
    search.tidy()
    return {"declined pins": len(ids)}


register(Holder("map", export, erase, apply_retention))
