"""Fields and checks that several forms of the staff area share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community_map import access
from community_map.forms import ChosenRowsField
from community_map.models import Approach
from pins.models import Connection

KINDS = [
    (Connection.Kind.WORKING, _("Yes")),
    (Connection.Kind.WOULD_LIKE, _("Not yet, but we would like to")),
    (Connection.Kind.KNOW_OF, _("No, we only know of them")),
]


NO_EXACT_HOME = _("A home is never shown exactly: choose “This street” or a later answer")


class ApproachField(ChosenRowsField):
    """The approaches, labelled as answers: Asked their views."""

    def label_from_instance(self, approach) -> str:
        return approach.question_label


def kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Does your team work with them?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether your team works with them")},
    )


def approaches_field() -> ApproachField:
    """The approaches as checkboxes; the form fills in those that may be chosen."""
    return ApproachField(
        Approach.objects.none(),
        label=_("What have you done together?"),
        help_text=_("Choose all that apply."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def require_approaches(form, cleaned: dict) -> None:
    """Working together needs at least one way of doing so; the other answers have none."""
    if cleaned.get("kind") == Connection.Kind.WORKING:
        if not cleaned.get("approaches"):
            form.add_error("approaches", _("Choose what you have done together"))
    else:
        cleaned["approaches"] = []


def refuse_another_teams_answers(form, pin, service, user) -> None:
    """Add an error when the team has answered for itself and this writer has no say in its answers."""
    connection = pin.connections.filter(service=service).first() if service else None
    if connection is None or access.may_edit_connection(user, connection):
        return
    if not connection.known_by.filter(pk=user.pk).exists():
        form.add_error("service", _("That team has answered for itself already. Choose your own team"))
