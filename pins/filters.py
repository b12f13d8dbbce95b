"""The one set of filters, of map, list, tiles and whatever lists pins; who may use which stands in one class a reader.

A filter reads only what its reader is shown of a pin: another column could be read by comparing what is found.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import django_filters
from django import forms
from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community_map import access, geo
from community_map.forms import FieldLayout, GovukForm
from community_map.models import Place
from community_map.places.gazetteer import find_places
from pins import search, vocabulary
from pins.models import Connection, Pin, SearchWord, Status, Visibility

NEAR_PLACE_METRES = 5_000
NOBODY = "nobody"
NOT_AN_OPTION = {"invalid_choice": _("“%(value)s” is not one of the options. Choose another.")}
CONFIRMED = [
    ("3", _("In the last 3 months")),
    ("6", _("In the last 6 months")),
    ("12", _("In the last 12 months")),
    ("24", _("In the last 2 years")),
]
# In this order on the page; those that are not folded come first.
UNFOLDED = ("q", "area", "category")


class FilterForm(GovukForm):
    """The filters as a form."""

    @property
    def layouts(self) -> dict[str, FieldLayout]:
        return {name: FieldLayout(small=True) for name in self.fields}

    @property
    def unfolded(self) -> list:
        return [self[name] for name in UNFOLDED]

    @property
    def folded(self) -> list[tuple]:
        """The other fields, each with how many of its answers are in use."""
        fields = [self[name] for name in self.fields if name not in (*UNFOLDED, "near")]
        return [
            (field, sum(option.is_chosen and option.value != "" for option in field.options))
            for field in fields
        ]


@dataclass(frozen=True)
class InUse:
    """One answer of a filter that is in use, and the filters without it as the query of an address."""

    label: str
    value: str
    others: str


def _choices(name: str):
    return lambda: [(row.slug, row.name) for row in getattr(vocabulary.current(), name)]


def _boxes(label, choices, method: str):
    return django_filters.MultipleChoiceFilter(
        label=label,
        choices=choices,
        method=method,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_AN_OPTION,
    )


def _list(label, choices, method: str):
    return django_filters.ChoiceFilter(
        label=label, choices=choices, method=method, empty_label=_("All"), error_messages=NOT_AN_OPTION
    )


def _ids(name: str, slugs: list[str]) -> list[int]:
    return [row.pk for row in getattr(vocabulary.current(), name) if row.slug in slugs]


class PublicPinFilter(django_filters.FilterSet):
    """What residents may filter by; every rule reads public columns only."""

    q = django_filters.CharFilter(label=_("Search by name or activity"), method="by_words", max_length=100)
    near = django_filters.CharFilter(label=_("Near a place or postcode"), method="by_place", max_length=100)
    category = _boxes(_("What brings them together"), _choices("categories"), "by_category")
    area = _list(_("Area"), _choices("areas"), "by_area")
    approach = _boxes(_("How the council works with them"), _choices("approaches"), "by_approach")
    offers = _boxes(_("What they can offer"), _choices("offers"), "by_offers")
    about = _boxes(_("What it is"), Pin.About.choices, "by_about")
    initiative = _boxes(_("Part of"), _choices("initiatives"), "by_initiative")
    confirmed = _list(_("Last confirmed"), CONFIRMED, "by_confirmed")

    areas_column = "public_areas"
    mercator = ("public_mercator_x", "public_mercator_y")
    searched = SearchWord.Part.PUBLIC  # the least public text that words are looked for in

    class Meta:
        model = Pin
        fields = ()
        form = FilterForm

    def by_words(self, pins: QuerySet, _name: str, value: str) -> QuerySet:
        return search.matching(pins, value, among=self.queryset, part=self.searched)

    @cached_property
    def place(self) -> Place | None:
        """The gazetteer's best place for what was typed into `near`, if there is one."""
        return place_named(self.form.cleaned_data.get("near", ""))

    def by_place(self, pins: QuerySet, _name: str, _value: str) -> QuerySet:
        if self.place is None:
            return pins.none()
        reach = reach_from(self.place)
        x, y = self.mercator
        east, south = self.place.mercator_x, self.place.mercator_y
        return pins.alias(far=self.squared_distance()).filter(
            # The index finds the square around the place, the distance the circle in it.
            **{f"{x}__range": (east - reach, east + reach), f"{y}__range": (south - reach, south + reach)},
            far__lte=reach * reach,
        )

    def squared_distance(self):
        """How far a pin is from `place`, squared, in mercator units."""
        east, south = (
            Cast(F(column), BigIntegerField()) - centre
            for column, centre in zip(
                self.mercator, (self.place.mercator_x, self.place.mercator_y), strict=True
            )
        )
        # Said, because Django takes the sum for a plain integer, and leaves out what no plain integer can exceed.
        return ExpressionWrapper(east * east + south * south, output_field=BigIntegerField())

    def by_category(self, pins: QuerySet, _name: str, slugs: list[str]) -> QuerySet:
        return pins.filter(category__in=_ids("categories", slugs))

    def by_area(self, pins: QuerySet, _name: str, slug: str) -> QuerySet:
        links = Pin._meta.get_field(self.areas_column).remote_field.through
        return _linked(pins, links, "area", _ids("areas", [slug]))

    def by_approach(self, pins: QuerySet, _name: str, slugs: list[str]) -> QuerySet:
        working = self.working().filter(pin=OuterRef("pk"), approaches__in=_ids("approaches", slugs))
        return pins.filter(Exists(working))

    def working(self) -> QuerySet:
        """The connections of which the reader may know that a service works with the pin."""
        return Connection.objects.told()

    def by_offers(self, pins: QuerySet, _name: str, slugs: list[str]) -> QuerySet:
        return _linked(pins, Pin.offers.through, "offer", _ids("offers", slugs))

    def by_about(self, pins: QuerySet, _name: str, kinds: list[str]) -> QuerySet:
        return pins.filter(about__in=kinds)

    def by_initiative(self, pins: QuerySet, _name: str, slugs: list[str]) -> QuerySet:
        return pins.filter(initiative__in=_ids("initiatives", slugs))

    def by_confirmed(self, pins: QuerySet, _name: str, months: str) -> QuerySet:
        return pins.filter(last_confirmed_at__gte=confirmed_since(int(months)))

    # --- what a page shows of the filters ---

    @cached_property
    def in_use(self) -> list[InUse]:
        """Every answer that is in use, in the order of the filters; none where one of them is not valid."""
        if not self.is_valid():
            return []
        found = []
        for name, field in self.form.fields.items():
            for value in _values(self.data, name):
                words = dict(getattr(field, "choices", ())).get(value, value)
                if name == "near" and self.place:
                    words = _("Within 5 km of %(place)s") % {"place": self.place.name}
                if name == "confirmed":
                    words = _("Confirmed in the last %(number)s months") % {"number": value}
                others = filter_address(self.data, type(self), without=(name, value))
                found.append(InUse(field.label, words, others))
        return found

    @property
    def kept_beside_near(self) -> list[tuple[str, str]]:
        """Name and value of every other filter, for the form that asks for a place only."""
        names = [name for name in sorted(self.base_filters) if name != "near"]
        return [(name, value) for name in names for value in _values(self.data, name)]


def _linked(pins: QuerySet, links, column: str, ids: list[int]) -> QuerySet:
    return pins.filter(Exists(links.objects.filter(pin=OuterRef("pk"), **{f"{column}__in": ids})))


class StaffPinFilter(PublicPinFilter):
    """What colleagues may filter by besides."""

    connection = _boxes(
        _("Connection"), [*Connection.Kind.choices, (NOBODY, _("No team works with them"))], "by_connection"
    )
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
    mercator = ("mercator_x", "mercator_y")
    searched = SearchWord.Part.STAFF

    def working(self) -> QuerySet:
        return Connection.objects.filter(kind=Connection.Kind.WORKING)

    def _of_service(self) -> QuerySet:
        """The connections with the pin: of the service that was chosen, if one was."""
        rows = Connection.objects.filter(pin=OuterRef("pk"))
        slug = self.form.cleaned_data.get("service")
        return rows.filter(service__in=_ids("services", [slug])) if slug else rows

    def by_connection(self, pins: QuerySet, _name: str, kinds: list[str]) -> QuerySet:
        """One connection must hold for all that was chosen: "Libraries" and "would like to" mean the same row."""
        wanted = Q(Exists(self._of_service().filter(kind__in=kinds)))
        if NOBODY in kinds:
            wanted |= ~Exists(self.working().filter(pin=OuterRef("pk")))
        return pins.filter(wanted)

    def by_service(self, pins: QuerySet, _name: str, _slug: str) -> QuerySet:
        return pins.filter(Exists(self._of_service()))


class ModeratorPinFilter(StaffPinFilter):
    """What moderators and administrators may filter by besides."""

    @classmethod
    def get_filters(cls) -> dict:
        # Its name in addresses is no name in Python.
        less_heard = _boxes(_("Seldom-heard group"), _choices("less_heard_groups"), "by_less_heard_group")
        return {**super().get_filters(), "less-heard": less_heard}

    def by_less_heard_group(self, pins: QuerySet, _name: str, slugs: list[str]) -> QuerySet:
        ids = _ids("less_heard_groups", slugs)
        return _linked(pins, Pin.less_heard_groups.through, "lessheardgroup", ids)


class PartnerPinFilter(PublicPinFilter):
    """What a partner may filter among their own organisation's pins: nothing that other teams have said of them."""

    status = StaffPinFilter.base_filters["status"]
    areas_column = "areas"
    mercator = ("mercator_x", "mercator_y")


def staff_filter(user) -> type[PublicPinFilter]:
    """Return the filters of the staff area for this user."""
    if access.may_filter_by_less_heard_group(user):
        return ModeratorPinFilter
    return StaffPinFilter if access.is_contributor(user) else PartnerPinFilter


def place_named(text: str) -> Place | None:
    """Return the gazetteer's best place for what somebody typed, or None."""
    return next(iter(find_places(text, most=1)), None)


def reach_from(place: Place) -> int:
    """Return how far from a place is near it, in mercator units."""
    return geo.mercator_units(NEAR_PLACE_METRES, place.latitude)


def confirmed_since(months: int) -> date:
    """Return the day so many months ago: the 31st of March less one month is the last day of February."""
    today = timezone.localdate()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _values(data, name: str) -> list[str]:
    return [value for value in data.getlist(name) if value]


def filter_address(data, filter_class, *, without: tuple[str, str] = ("", "")) -> str:
    """Return the query string with the filters of an address and nothing else, always in one order.

    `without` is the name and the value of one that is left out.
    """
    kept = QueryDict(mutable=True)
    for name in sorted(filter_class.base_filters):
        values = [value for value in _values(data, name) if (name, value) != without]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()
