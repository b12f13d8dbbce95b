"""The optional questions of the thank-you page, and the portal's own."""

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from community_map.forms import ChosenRowsField, CleanCharField, CleanTextField, FieldLayout, GovukForm
from community_map.models import Initiative
from community_map.privacy.acknowledgement import PersonalDetailsMixin, acknowledge_details_field
from pins.forms.fields import keep_joined_note
from pins.models import Connection, LessHeardGroup, Offer, Pin, Question

BIGGEST_NUMBER = 10**9


class DetailsForm(PersonalDetailsMixin, GovukForm):
    """More about a community, each answer optional but those that an administrator made required."""

    what_worked = CleanTextField(
        label=_("What has worked well when working with them?"),
        help_text=_("Only colleagues can see this. Use 500 characters or fewer."),
        max_length=500,
        required=False,
        rows=4,
    )
    description = CleanTextField(
        label=_("What do they do?"),
        help_text=_("A sentence or two, 300 characters or fewer."),
        max_length=300,
        required=False,
    )
    about = forms.ChoiceField(
        label=_("What is it?"), choices=Pin.About.choices, widget=forms.RadioSelect, required=False
    )
    offers = ChosenRowsField(
        Offer.objects.none(),
        label=_("What can they offer?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    meeting = CleanCharField(
        label=_("Where and when is it best to meet them?"),
        help_text=_("Only colleagues can see this. Do not give anybody’s home address."),
        max_length=200,
        required=False,
    )
    web_page = forms.URLField(
        label=_("Their public web page"),
        help_text=_("It starts with https://"),
        required=False,
        max_length=300,
        assume_scheme="https",
        validators=[
            URLValidator(schemes=["https"], message=_("Enter a web address that starts with https://"))
        ],
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
        error_messages={"invalid": _("Enter a full web address, such as https://www.example.org")},
    )
    last_worked = forms.ChoiceField(
        label=_("When did you last work with them?"),
        choices=Connection.LastWorked.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    initiative = forms.ModelChoiceField(
        Initiative.objects.none(),
        label=_("Are they part of a project or initiative?"),
        required=False,
        empty_label=_("No, or not sure"),
    )
    less_heard_groups = ChosenRowsField(
        LessHeardGroup.objects.none(),
        label=_("Do any of these seldom-heard groups meet here?"),
        help_text=_(
            "We count these answers, and the participation team can search by them. We never show them with the pin."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    keep_details = acknowledge_details_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    layouts = {
        "what_worked": FieldLayout(legend="m"),
        "description": FieldLayout(legend="m"),
        "about": FieldLayout(legend="m", small=True),
        "offers": FieldLayout(legend="m", small=True),
        "meeting": FieldLayout(legend="m"),
        "web_page": FieldLayout(legend="m"),
        "last_worked": FieldLayout(legend="m", small=True),
        "initiative": FieldLayout(legend="m"),
        "less_heard_groups": FieldLayout(legend="m", small=True),
    }

    def __init__(self, data=None, *, pin: Pin, connection: Connection | None) -> None:
        self.pin = pin
        self.details_found = {}
        self.questions = list(Question.objects.asked_of(pin.category))
        answered = {answer.question_id: answer.value for answer in pin.answers.all()}
        initial = (
            {name: getattr(pin, name) for name in ("description", "about", "meeting", "web_page", "version")}
            | {
                "initiative": pin.initiative_id,
                "offers": list(pin.offers.all()),
                "less_heard_groups": list(pin.less_heard_groups.all()),
                "what_worked": connection.what_worked if connection else "",
                "last_worked": connection.last_worked if connection else "",
            }
            | {
                f"question_{question.pk}": _as_typed(question, answered.get(question.pk))
                for question in self.questions
            }
        )
        super().__init__(data, initial=initial)
        self.fields["offers"].queryset = Offer.objects.in_use()
        self.fields["initiative"].queryset = Initiative.objects.in_use()
        self.fields["less_heard_groups"].queryset = LessHeardGroup.objects.in_use()
        if not pin.is_sensitive:
            del self.fields["less_heard_groups"]
        for name in ("offers", "initiative", "less_heard_groups"):
            # A list without rows asks nothing.
            if name in self.fields and not self.fields[name].queryset:
                del self.fields[name]
        if connection is None:
            del self.fields["what_worked"], self.fields["last_worked"]
        else:
            keep_joined_note(self.fields["what_worked"], connection.what_worked)
        self.layouts = {**self.layouts}
        for question in self.questions:
            self.fields[f"question_{question.pk}"] = question_field(question)
            self.layouts[f"question_{question.pk}"] = FieldLayout(legend="m", small=True)
        # The box that keeps personal details comes last, beside the button.
        self.fields["keep_details"] = self.fields.pop("keep_details")
        texts = [
            f"question_{q.pk}"
            for q in self.questions
            if q.kind in (Question.Kind.SHORT_TEXT, Question.Kind.LONG_TEXT)
        ]
        said = ("what_worked",) if connection else ()
        self.free_text = (*said, "description", "meeting", *texts)

    def clean(self) -> dict:
        cleaned = super().clean()
        self.check_details(cleaned)
        return cleaned

    @property
    def answers(self) -> dict[Question, object]:
        """The portal's own questions with their answers; None where one was left empty."""
        found = {}
        for question in self.questions:
            value = self.cleaned_data[f"question_{question.pk}"]
            if question.kind == Question.Kind.YES_NO:
                value = {"yes": True, "no": False}.get(value)
            found[question] = None if value in ("", []) else value
        return found


def question_field(question: Question) -> forms.Field:
    """Return the form field for one of the portal's own questions."""
    required = question.is_required
    shared = {
        "label": question.label if required else _("%(question)s (optional)") % {"question": question.label},
        "help_text": question.hint,
        "required": required,
        "error_messages": {"required": _("Answer “%(question)s”") % {"question": question.label}},
    }
    choices = [(choice, choice) for choice in question.choice_list]
    match question.kind:
        case Question.Kind.LONG_TEXT:
            return CleanTextField(max_length=1000, rows=4, **shared)
        case Question.Kind.ONE_OF:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)
        case Question.Kind.SOME_OF:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **shared)
        case Question.Kind.YES_NO:
            return forms.ChoiceField(
                choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect, **shared
            )
        case Question.Kind.NUMBER:
            shared["error_messages"]["invalid"] = _("Enter a whole number")
            number = forms.IntegerField(min_value=0, max_value=BIGGEST_NUMBER, **shared)
            number.widget = forms.TextInput(attrs={"inputmode": "numeric"})
            return number
    return CleanCharField(max_length=200, **shared)


def _as_typed(question: Question, value):
    if question.kind == Question.Kind.YES_NO and value is not None:
        return "yes" if value else "no"
    return value
