from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from community_map.geo import Position, PositionError, parse_position
from community_map.places import areas
from community_map.privacy.acknowledgement import PersonalDetailsMixin, acknowledge_details_field
from community_map.text import clean_text
from pins.forms import rules
from pins.models import Connection, Pin


class ConnectionAdminForm(PersonalDetailsMixin, forms.ModelForm):
    """What a moderator may change of a team's answers."""

    keep_details = acknowledge_details_field()
    free_text = ("what_worked",)

    class Meta:
        model = Connection
        fields = ("kind", "approaches", "what_worked", "last_worked", "known_by")

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned["what_worked"] = clean_text(cleaned.get("what_worked") or "", keep_lines=True)
        self.check_details(cleaned)
        self.instance.details_kept = self.add_kept_details(self.instance.details_kept)
        return cleaned


class PinAdminForm(PersonalDetailsMixin, forms.ModelForm):
    """What a moderator may change of a pin. The status is not among it: only decisions move a pin."""

    longitude = forms.CharField(label=_("Longitude"), required=False)
    latitude = forms.CharField(
        label=_("Latitude"), required=False, help_text=_("Leave both empty if there is no single place.")
    )
    # Declared for its scheme: Django 5.2 would still assume http.
    web_page = forms.URLField(
        label=_("Web page"),
        required=False,
        max_length=300,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"])],
    )
    keep_details = acknowledge_details_field()
    read_version = forms.IntegerField(widget=forms.HiddenInput)

    free_text = ("name", "description", "meeting", "agreement")

    class Meta:
        model = Pin
        fields = (
            "name",
            "category",
            "description",
            "about",
            "meeting",
            "web_page",
            "initiative",
            "offers",
            "visibility",
            "agreement",
            "services_agreed",
            "precision",
            "is_home",
            "last_confirmed_at",
            "review_due",
        )
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "offers": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("longitude", "latitude"):
                value = getattr(self.instance, name)
                self.initial[name] = "" if value is None else str(value)
            self.initial["read_version"] = self.instance.version

    def clean(self) -> dict:
        cleaned = super().clean()
        for name in ("name", "meeting", "agreement"):
            cleaned[name] = clean_text(cleaned.get(name) or "")
        cleaned["description"] = clean_text(cleaned.get("description") or "", keep_lines=True)
        if "name" not in self.errors and not cleaned["name"]:
            self.add_error("name", _("Enter what they are called"))
        is_placed = self._clean_position(cleaned)
        if category := cleaned.get("category"):
            answers = rules.Sharing.of(cleaned)
            rules.check(self, category, rules.with_defaults(category, answers, is_placed=is_placed))
        self.check_details(cleaned)
        self.instance.details_kept = self.add_kept_details(self.instance.details_kept)
        if self.instance.pk:
            self._check_unchanged(cleaned)
        return cleaned

    def _check_unchanged(self, cleaned: dict) -> None:
        """Refuse what a colleague has changed meanwhile, and keep what was typed."""
        # Locked until admin's transaction ends, so that no colleague comes between this and the saving.
        locked = Pin.objects.select_for_update().filter(pk=self.instance.pk)
        if locked.values_list("version", flat=True).first() != cleaned.get("read_version"):
            self.add_error(
                None,
                _(
                    "Someone has changed this pin since you opened it. Your changes are still on this page. "
                    "To see theirs, open the pin in another tab."
                ),
            )

    def _clean_position(self, cleaned: dict) -> bool:
        """Read the position; return whether there is one, right or wrong."""
        self.position: Position | None = None
        is_placed = bool(cleaned.get("longitude") or cleaned.get("latitude"))
        if is_placed:
            try:
                self.position = parse_position(cleaned.get("longitude"), cleaned.get("latitude"))
                areas.check_inside(self.position)
            except PositionError as error:
                self.add_error("longitude", str(error))
        # The model's own columns are filled with the position, all together, when the pin is stored.
        cleaned.pop("longitude", None)
        cleaned.pop("latitude", None)
        return is_placed

    def _get_validation_exclusions(self) -> set[str]:
        # The limits are copied when the pin is stored; the constraints that compare with them wait until then.
        return super()._get_validation_exclusions() | {
            "loosest_visibility",
            "finest_precision",
            "is_sensitive",
        }

    def validate_constraints(self) -> None:
        """The form has checked what the constraints hold, with sentences; the database repeats it when storing."""
