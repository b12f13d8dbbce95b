from django import forms
from django.utils.translation import gettext_lazy as _

from community_map.forms import CleanTextField, FieldLayout, GovukForm
from community_map.models import Approach
from community_map.privacy.acknowledgement import PersonalDetailsMixin, acknowledge_details_field
from pins.actions import ConnectionAnswers
from pins.forms.fields import (
    approaches_field,
    keep_joined_note,
    kind_field,
    require_approaches,
    say_no_team,
    service_field,
    services_for,
)
from pins.models import Connection, Pin


class ConnectionForm(PersonalDetailsMixin, GovukForm):
    """What a colleague says of their own team and a community that is already on the map."""

    kind = kind_field()
    approaches = approaches_field()
    what_worked = CleanTextField(
        label=_("What has worked well? (optional)"),
        help_text=_("Only colleagues can see this. Use 500 characters or fewer."),
        max_length=500,
        required=False,
        rows=4,
    )
    last_worked = forms.ChoiceField(
        label=_("When did you last work with them? (optional)"),
        choices=Connection.LastWorked.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    service = service_field()
    keep_details = acknowledge_details_field()
    # Which row was read: a person of several teams may choose another team than the page began with.
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version_of = forms.IntegerField(required=False, widget=forms.HiddenInput)

    free_text = ("what_worked",)
    layouts = {
        "kind": FieldLayout(legend="m", reveals={"working": ("approaches",)}),
        "what_worked": FieldLayout(legend="m"),
        "last_worked": FieldLayout(legend="m", small=True),
        "service": FieldLayout(legend="m"),
    }

    def __init__(self, data=None, *, user, pin: Pin, connection: Connection | None = None) -> None:
        self.pin = pin
        self.details_found = {}
        initial = {"service": user.service_id}
        if connection:
            initial |= {
                "service": connection.service_id,
                "kind": connection.kind,
                "approaches": list(connection.approaches.all()),
                "what_worked": connection.what_worked,
                "last_worked": connection.last_worked,
                "version": connection.version,
                "version_of": connection.service_id,
            }
        super().__init__(data, initial=initial)
        if connection:
            keep_joined_note(self.fields["what_worked"], connection.what_worked)
        self.fields["approaches"].queryset = Approach.objects.in_use()
        services = self.fields["service"].queryset = services_for(user)
        choices = list(services[:2])
        self.has_no_team = not choices
        # Where there is nothing to choose, the question is left out.
        self.only_service = choices[0] if len(choices) == 1 else None
        if self.only_service:
            del self.fields["service"]

    def clean(self) -> dict:
        cleaned = super().clean()
        require_approaches(self, cleaned)
        if self.has_no_team:
            say_no_team(self)
        self.check_details(cleaned)
        return cleaned

    @property
    def answers(self) -> ConnectionAnswers:
        data = self.cleaned_data
        service = self.only_service or data["service"]
        return ConnectionAnswers(service=service, kind=data["kind"], approaches=tuple(data["approaches"]))

    @property
    def read_version(self) -> int:
        """The version of the row that these answers change; 0, which no row has, where the page showed none of it."""
        data = self.cleaned_data
        is_of_this_row = self.only_service or data["version_of"] == self.answers.service.pk
        return (data["version"] or 0) if is_of_this_row else 0

    @property
    def details(self) -> dict:
        answers = {name: self.cleaned_data[name] for name in ("what_worked", "last_worked")}
        return answers | {"details_kept": self.add_kept_details({})}
