from django import forms
from django.utils.translation import gettext_lazy as _

from community_map.forms import CleanTextField, GovukForm, Look
from community_map.keep_details import KeepDetailsMixin, keep_details_field
from community_map.models import Approach, Service
from pins.actions import ConnectionAnswers
from pins.forms.fields import (
    approaches_field,
    kind_field,
    refuse_another_teams_answers,
    require_approaches,
)
from pins.models import Connection, Pin


class ConnectionForm(KeepDetailsMixin, GovukForm):
    """What a colleague says of their own team and a community that is already on the map."""

    kind = kind_field()
    approaches = approaches_field()
    what_worked = CleanTextField(
        label=_("What has worked well? (optional)"),
        help_text=_("Only colleagues see this. 500 characters at most."),
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
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Your team"), empty_label="")
    keep_details = keep_details_field()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    free_text = ("what_worked",)
    looks = {
        "kind": Look(legend="m", reveals={"working": ("approaches",)}),
        "what_worked": Look(legend="m"),
        "last_worked": Look(legend="m", small=True),
        "service": Look(legend="m"),
    }

    def __init__(self, data=None, *, user, pin: Pin, connection: Connection | None = None) -> None:
        self.pin = pin
        self.details_found = {}
        initial = {"service": user.service_id}
        if connection:
            initial |= {
                "kind": connection.kind,
                "approaches": list(connection.approaches.all()),
                "what_worked": connection.what_worked,
                "last_worked": connection.last_worked,
                "version": connection.version,
            }
        super().__init__(data, initial=initial)
        self.fields["approaches"].queryset = Approach.objects.in_use()
        self.fields["service"].queryset = Service.objects.in_use()
        if user.service_id:
            # Their own team's answers and no other's: the policy, said by leaving the question out.
            del self.fields["service"]
        self.user = user

    def clean(self) -> dict:
        cleaned = super().clean()
        require_approaches(self, cleaned)
        refuse_another_teams_answers(self, self.pin, cleaned.get("service"), self.user)
        self.check_details(cleaned)
        return cleaned

    @property
    def answers(self) -> ConnectionAnswers:
        data = self.cleaned_data
        service = data["service"] if "service" in self.fields else self.user.service
        return ConnectionAnswers(service=service, kind=data["kind"], approaches=tuple(data["approaches"]))

    @property
    def details(self) -> dict:
        answers = {name: self.cleaned_data[name] for name in ("what_worked", "last_worked")}
        return answers | {"details_kept": self.add_kept_details({})}
