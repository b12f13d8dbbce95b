"""The gazetteer: places by what somebody typed."""

from django.db.models import Q

from community_map.models import Place
from community_map.models.place import search_key

MOST_PLACES = 8


def find_places(text: str, most: int = MOST_PLACES) -> list[Place]:
    """Return the gazetteer's places for what somebody typed: those that begin with it, then those that hold it.

    A full postcode that the gazetteer lacks finds its district.
    """
    key = search_key(text)
    if len(key) < 2:
        return []
    begins = Place.objects.filter(search_name__startswith=key).order_by("search_name", "pk")[:most]
    found = list(begins)
    if len(found) < most and len(key) > 2:
        holds = Place.objects.filter(search_name__contains=key).exclude(pk__in=[place.pk for place in found])
        found += holds.order_by("search_name", "pk")[: most - len(found)]
    if not found and 5 <= len(key) <= 7 and key[-3].isdigit() and key[-2:].isalpha():
        found = list(Place.objects.filter(Q(kind="postcode-district"), search_name=key[:-3]))
    return found
