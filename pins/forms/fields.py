"""Fields and checks that several forms of the staff area share."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from community_map import access
from community_map.forms import ChosenRowsField
from community_map.models import Approach, Service
from pins.models import Connection

KINDS = [
    (Connection.Kind.WORKING, _("Yes")),
    (Connection.Kind.WOULD_LIKE, _("Not yet, but we would like to")),
    (Connection.Kind.KNOW_OF, _("No, we only know of them")),
]


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
        help_text=_("Select all that apply."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def number_of(text: str | None) -> int:
    """Return the number that a form sent, or 0, which no row has, for what is not one."""
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0


def keep_joined_note(field: forms.CharField, note: str) -> None:
    """Let a note stay that is longer than forms ask for, because merged pins have joined two of them."""
    if len(note) > field.max_length:
        field.max_length = len(note)
        others = [check for check in field.validators if not isinstance(check, MaxLengthValidator)]
        field.validators = [*others, MaxLengthValidator(len(note))]
        field.widget.attrs["maxlength"] = str(len(note))


def require_approaches(form, cleaned: dict) -> None:
    """Working together needs at least one way of doing so; the other answers have none."""
    if cleaned.get("kind") == Connection.Kind.WORKING:
        if not cleaned.get("approaches"):
            form.add_error("approaches", _("Choose what you have done together"))
    else:
        cleaned["approaches"] = []


def service_field() -> forms.ModelChoiceField:
    """The team that the writer answers for; the form fills in those that it may be: see services_for."""
    return forms.ModelChoiceField(
        Service.objects.none(),
        label=_("Your team"),
        empty_label="",
        error_messages={
            "required": _("Choose your team"),
            "invalid_choice": _("You can only answer for a team that you belong to. Choose your own team"),
        },
    )


def services_for(user) -> QuerySet:
    """The services that this user may speak for, of those in use: their own, for moderators any."""
    services = Service.objects.in_use()
    return services if access.is_moderator(user) else services.filter(pk__in=access.service_ids(user))


def say_no_team(form) -> None:
    """Say why somebody without a team cannot send the form; nothing that they could choose would do."""
    form.errors.pop("service", None)
    form.add_error(
        None,
        _(
            "Your account does not belong to a team yet, so this was not sent. "
            "Ask an administrator to add you to your team. Your answers are still here."
        ),
    )
