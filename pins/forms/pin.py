"""The pin form: seven answers, three of them prefilled."""

import uuid
from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from community_map.forms import CleanCharField, FieldLayout, GovukForm
from community_map.geo import PositionError
from community_map.models import Approach, Area, Place
from community_map.places.gazetteer import find_places
from community_map.privacy.acknowledgement import PersonalDetailsMixin, acknowledge_details_field
from pins.actions import ConnectionAnswers
from pins.forms import rules
from pins.forms.fields import (
    approaches_field,
    kind_field,
    number_of,
    require_approaches,
    say_no_team,
    service_field,
    services_for,
)
from pins.forms.placement import NotPlaced, read_placement
from pins.models import Category, Pin, Precision, Visibility

MOST_SECONDS = 24 * 60 * 60


class PinForm(PersonalDetailsMixin, GovukForm):
    """What a colleague answers to drop a pin; turns answers into a Pin, a Position and ConnectionAnswers."""

    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("What brings them together?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose what brings them together")},
    )
    place_search = CleanCharField(label=_("Find a place or postcode"), required=False, max_length=100)
    place = forms.ModelChoiceField(
        Place.objects.none(),
        label=_("Which one?"),
        widget=forms.RadioSelect,
        required=False,
        empty_label=None,
    )
    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("Or choose an area"), required=False, empty_label=""
    )
    longitude = forms.CharField(label=_("Longitude"), required=False, strip=True)
    latitude = forms.CharField(label=_("Latitude"), required=False, strip=True)
    no_single_place = forms.BooleanField(label=_("No single place"), required=False)
    precision = forms.TypedChoiceField(
        label=_("How much detail should the map show?"),
        choices=Precision.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("If you do not choose, we use the usual answer for the category."),
    )
    is_home = forms.TypedChoiceField(
        label=_("Is this somebody’s home?"),
        help_text=_("Answer yes even if a group only meets there. We never show the exact place of a home."),
        choices=[("no", _("No, nobody lives there")), ("yes", _("Yes, somebody lives there"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    name = CleanCharField(
        label=_("What are they called?"),
        max_length=100,
        help_text=_("No name? Describe them: “Walking group, East Finchley”. Do not name a person."),
        error_messages={
            "required": _("Enter what they are called"),
            "max_length": _("The name must be 100 characters or fewer"),
        },
    )
    kind = kind_field()
    approaches = approaches_field()
    service = service_field()
    visibility = forms.TypedChoiceField(
        label=_("Who can see this?"),
        choices=Visibility.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("If you do not choose, we use the usual answer for the category."),
    )
    agreement = CleanCharField(
        label=_("How has the group agreed to be shown to everyone?"),
        help_text=_(
            "Say when and how they agreed, for example “Agreed at our visit in May”. Do not name a person."
        ),
        max_length=300,
        required=False,
    )
    services_agreed = forms.BooleanField(
        label=_("They also agreed that we can say which teams work with them, and how"), required=False
    )
    keep_details = acknowledge_details_field()
    placed_by = forms.CharField(required=False, widget=forms.HiddenInput)
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    seconds_taken = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    free_text = ("name", "agreement")

    def __init__(self, data=None, *, user, pin: Pin | None = None, initial: dict | None = None) -> None:
        self.pin = pin
        self.details_found = {}
        initial = {
            "idempotency_key": uuid.uuid4(),
            "service": user.service_id,
            **self._answers(pin, user),
            **(initial or {}),
        }
        super().__init__(data, initial=initial)
        self.fields["category"].queryset = self._offered(Category, pin.category_id if pin else None)
        self.fields["approaches"].queryset = Approach.objects.in_use()
        self.fields["service"].queryset = services_for(user)
        self.has_no_team = not self.fields["service"].queryset.exists()
        self.fields["area"].queryset = Area.objects.choosable()
        self.found_places = find_places(data.get("place_search", "")) if data else []
        chosen = number_of(data.get("place", "")) if data else 0
        ids = [place.pk for place in self.found_places]
        self.fields["place"].queryset = Place.objects.filter(pk__in=[*ids, chosen])
        self.layouts = self._layouts()

    @staticmethod
    def _offered(model, current):
        offered = model.objects.in_use()
        return offered | model.objects.filter(pk=current) if current else offered

    def _layouts(self) -> dict[str, FieldLayout]:
        categories = list(self.fields["category"].queryset)
        return {
            "category": FieldLayout(
                legend="m",
                hints={str(category.pk): category.hint for category in categories},
                attributes={str(category.pk): _data_of(category) for category in categories},
            ),
            "area": FieldLayout(
                attributes={
                    str(area.pk): {"data-longitude": str(area.longitude), "data-latitude": str(area.latitude)}
                    for area in self.fields["area"].queryset
                }
            ),
            "longitude": FieldLayout(width="govuk-input--width-10"),
            "latitude": FieldLayout(width="govuk-input--width-10"),
            "precision": FieldLayout(legend="m", reveals={str(int(Precision.EXACT)): ("is_home",)}),
            "is_home": FieldLayout(small=True),
            "name": FieldLayout(legend="m"),
            "kind": FieldLayout(legend="m", reveals={"working": ("approaches",)}),
            "service": FieldLayout(legend="m"),
            "visibility": FieldLayout(
                legend="m", reveals={str(int(Visibility.PUBLIC)): ("agreement", "services_agreed")}
            ),
        }

    @staticmethod
    def _answers(pin: Pin | None, user) -> dict:
        """The answers that a stored pin stands for, and what the writer's own team has said of it."""
        if pin is None:
            return {}
        mine = pin.connections.filter(service__in=services_for(user))
        connection = min(mine, key=lambda row: row.service_id != user.service_id, default=None)
        answers = {
            "category": pin.category_id,
            "longitude": pin.longitude,
            "latitude": pin.latitude,
            "no_single_place": not pin.is_placed,
            "precision": pin.precision,
            "is_home": {True: "yes", False: "no"}.get(pin.is_home),
            "name": pin.name,
            "visibility": pin.visibility,
            "agreement": pin.agreement,
            "services_agreed": pin.services_agreed,
            "version": pin.version,
            "idempotency_key": pin.idempotency_key,
        }
        if connection:
            answers |= {
                "kind": connection.kind,
                "approaches": list(connection.approaches.all()),
                "service": connection.service_id,
            }
        return answers

    def clean(self) -> dict:
        cleaned = super().clean()
        # Without a position there is no single place, unless the answer was wrong.
        self.position, self.swapped, is_placed = None, None, True
        try:
            self.position = read_placement(cleaned)
            is_placed = self.position is not None
        except NotPlaced as error:
            self.add_error("place_search", str(error))
        except PositionError as error:
            self.swapped = getattr(error, "swapped", None)
            self.add_error("longitude", str(error))
        category = cleaned.get("category")
        if category:
            self._clean_sharing(cleaned, category, is_placed=is_placed)
        if self.has_no_team:
            say_no_team(self)
        require_approaches(self, cleaned)
        self.check_details(cleaned)
        seconds = cleaned.get("seconds_taken")
        cleaned["seconds_taken"] = seconds if seconds is not None and 0 <= seconds <= MOST_SECONDS else None
        return cleaned

    def _clean_sharing(self, cleaned: dict, category: Category, *, is_placed: bool) -> None:
        answers = rules.with_defaults(category, rules.Sharing.of(cleaned), is_placed=is_placed)
        if not rules.asks_agreement(category, answers.visibility):
            # The question was hidden: what its field holds is not an answer.
            answers = replace(answers, agreement="", services_agreed=False)
        rules.check(self, category, answers)

    def make_pin(self) -> Pin:
        """Return the pin with these answers, not yet saved: a new one, or the one that is being edited."""
        pin = self.pin or Pin(idempotency_key=self.cleaned_data["idempotency_key"])
        for name in (
            "category",
            "name",
            "precision",
            "is_home",
            "visibility",
            "agreement",
            "services_agreed",
        ):
            setattr(pin, name, self.cleaned_data[name])
        if self.pin is None:
            pin.seconds_taken = self.cleaned_data["seconds_taken"]
        pin.details_kept = self.add_kept_details(pin.details_kept)
        return pin

    @property
    def connection(self) -> ConnectionAnswers:
        data = self.cleaned_data
        return ConnectionAnswers(
            service=data["service"], kind=data["kind"], approaches=tuple(data["approaches"])
        )


def _data_of(category: Category) -> dict[str, str]:
    """What scripts know of a category."""
    return {
        "data-colour": category.colour,
        "data-shape": category.shape,
        "data-name": category.name,
        "data-precision": str(category.default_precision),
        "data-finest": str(category.finest_precision),
        "data-visibility": str(category.default_visibility),
        "data-loosest": str(category.loosest_visibility),
        "data-sensitive": "true" if category.is_sensitive else "false",
    }
