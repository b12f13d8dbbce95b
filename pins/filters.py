"""The one set of filters, of map, list, tiles and whatever lists pins: q, category, area, approach; and staff's."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from community_map import access
from community_map.forms import FieldLayout, GovukForm
from community_map.text import clean_text
from pins import vocabulary
from pins.models import Connection, Pin, Status, Visibility

MOST_WORDS = 8


class FilterForm(GovukForm):
    """The filters as a form."""

    layouts = {
        name: FieldLayout(small=True)
        for name in ("category", "approach", "connection", "visibility", "status")
    }


def _choices(name: str):
    return lambda: [(row.slug, row.name) for row in getattr(vocabulary.current(), name)]


def _ids(name: str, slugs: list[str]) -> list[int]:
    return [row.pk for row in getattr(vocabulary.current(), name) if row.slug in slugs]


UNKNOWN = {"invalid_choice": _("“%(value)s” is not one of the options. Choose another.")}


def _boxes(label, choices, method: str):
    return django_filters.MultipleChoiceFilter(
        label=label,
        choices=choices,
        method=method,
        widget=forms.CheckboxSelectMultiple,
        error_messages=UNKNOWN,
    )


def _list(label, choices, method: str):
    return django_filters.ChoiceFilter(
        label=label, choices=choices, method=method, empty_label=_("All"), error_messages=UNKNOWN
    )


class PublicPinFilter(django_filters.FilterSet):
    """What residents may filter by; every rule reads public columns only."""

    q = django_filters.CharFilter(label=_("Search by name or activity"), method="by_words", max_length=100)
    category = _boxes(_("What brings them together"), _choices("categories"), "by_category")
    area = _list(_("Area"), _choices("areas"), "by_area")
    approach = _boxes(_("How the council works with them"), _choices("approaches"), "by_approach")

    areas_column = "public_areas"

    class Meta:
        model = Pin
        fields = ()
        form = FilterForm

    def by_words(self, pins: QuerySet, _name: str, value: str) -> QuerySet:
        for word in clean_text(value).split()[:MOST_WORDS]:
            pins = pins.filter(self.word_query(word))
        return pins

    def word_query(self, word: str) -> Q:
        return (
            Q(name__icontains=word)
            | Q(description__icontains=word)
            | Q(category__name__icontains=word)
            | Q(Exists(self.in_areas(area__name__icontains=word)))
        )

    def in_areas(self, **wanted) -> QuerySet:
        """The links of a pin to areas like these, by the position that the reader may know."""
        links = Pin._meta.get_field(self.areas_column).remote_field.through
        return links.objects.filter(pin=OuterRef("pk"), **wanted)

    def by_category(self, pins: QuerySet, _name: str, slugs: list[str]) -> QuerySet:
        return pins.filter(category__in=_ids("categories", slugs))

    def by_area(self, pins: QuerySet, _name: str, slug: str) -> QuerySet:
        return pins.filter(Exists(self.in_areas(area__in=_ids("areas", [slug]))))

    def by_approach(self, pins: QuerySet, _name: str, slugs: list[str]) -> QuerySet:
        working = self.working().filter(pin=OuterRef("pk"), approaches__in=_ids("approaches", slugs))
        return pins.filter(Exists(working))

    def working(self) -> QuerySet:
        """The connections of which the reader may know that a service works with the pin."""
        return Connection.objects.told()


class StaffPinFilter(PublicPinFilter):
    """What colleagues may filter by besides."""

    connection = _boxes(_("Connection"), Connection.Kind.choices, "by_connection")
    service = _list(_("Team"), _choices("services"), "by_service")
    visibility = django_filters.TypedMultipleChoiceFilter(
        label=_("Who can see it"),
        choices=[(value.name.lower(), value.label) for value in Visibility],
        coerce=lambda name: Visibility[name.upper()],
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=Status.choices, distinct=False, widget=forms.CheckboxSelectMultiple
    )

    areas_column = "areas"

    def word_query(self, word: str) -> Q:
        said = Connection.objects.filter(pin=OuterRef("pk"), what_worked__icontains=word)
        return super().word_query(word) | Q(meeting__icontains=word) | Q(Exists(said))

    def working(self) -> QuerySet:
        return Connection.objects.filter(kind=Connection.Kind.WORKING)

    def _connections(self) -> Exists:
        """One connection must hold for all that was chosen: "Libraries" and "would like to" mean the same row."""
        cleaned = self.form.cleaned_data
        rows = Connection.objects.filter(pin=OuterRef("pk"))
        if cleaned.get("connection"):
            rows = rows.filter(kind__in=cleaned["connection"])
        if cleaned.get("service"):
            rows = rows.filter(service__in=_ids("services", [cleaned["service"]]))
        return Exists(rows)

    def by_connection(self, pins: QuerySet, _name: str, _kinds: list[str]) -> QuerySet:
        return pins.filter(self._connections())

    def by_service(self, pins: QuerySet, _name: str, _slug: str) -> QuerySet:
        return pins.filter(self._connections())


class PartnerPinFilter(PublicPinFilter):
    """What a partner may filter among their own organisation's pins: nothing that other teams have said of them."""

    status = StaffPinFilter.base_filters["status"]
    areas_column = "areas"


def staff_filter(user) -> type[PublicPinFilter]:
    """Return the filters of the staff area for this user."""
    return StaffPinFilter if access.is_contributor(user) else PartnerPinFilter


def filter_address(data, filter_class) -> str:
    """Return the query string with the filters of an address and nothing else, always in one order."""
    kept = QueryDict(mutable=True)
    for name in sorted(filter_class.base_filters):
        values = [value for value in data.getlist(name) if value]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()
