"""What readers send: a story, and a sentence about a page."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from community_map.forms import CleanCharField, CleanTextField, FieldLayout, GovukForm
from community_map.privacy.acknowledgement import PersonalDetailsMixin, acknowledge_details_field
from toolkit.models import Story
from toolkit.models.story import LONGEST_STORY


class StoryForm(PersonalDetailsMixin, GovukForm):
    """A story about working with a community, from a resident or from staff."""

    title = CleanCharField(
        label=_("What is your story about?"),
        help_text=_("For example: A walking group that started in the library"),
        max_length=100,
        error_messages={"required": _("Enter what your story is about")},
    )
    text = CleanTextField(
        label=_("What happened?"),
        help_text=_(
            "Say what was done, what changed and what you learned. Do not include other people’s names or contact details."
        ),
        max_length=LONGEST_STORY,
        rows=12,
        error_messages={"required": _("Tell us what happened")},
    )
    place = CleanCharField(
        label=_("Where did it happen? (optional)"),
        help_text=_("For example: a park, a library or an estate"),
        max_length=100,
        required=False,
    )
    name = CleanCharField(label=_("Your name (optional)"), max_length=100, required=False)
    email = forms.EmailField(
        label=_("Your email address (optional)"),
        help_text=_("We will only use this to reply to you. We will never publish it."),
        max_length=254,
        required=False,
    )
    agree = forms.BooleanField(
        label=_("You can edit my story and publish it as a case study, without my name"),
        error_messages={"required": _("Tick the box to let us edit and publish your story")},
    )
    keep_details = acknowledge_details_field()
    # A trap for robots, which fill in every field; people never see this one.
    website = forms.CharField(label=_("Leave this field empty"), required=False)
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)

    free_text = ("title", "text", "place")
    layouts = {
        "title": FieldLayout(legend="m"),
        "text": FieldLayout(legend="m"),
        "place": FieldLayout(legend="m"),
        "name": FieldLayout(legend="m", width="govuk-input--width-20"),
        "email": FieldLayout(legend="m", width="govuk-input--width-20"),
    }

    def __init__(self, data=None, *, sender=None):
        self.sender = sender if sender is not None and sender.is_authenticated else None
        super().__init__(data, initial={"idempotency_key": uuid.uuid4()})
        self.fields["website"].widget.attrs.update({"autocomplete": "off", "tabindex": "-1"})
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if self.sender:
            # Colleagues are known; they are asked nothing that the portal knows.
            del self.fields["name"], self.fields["email"]

    def clean(self) -> dict:
        cleaned = super().clean()
        self.check_details(cleaned)
        return cleaned

    @property
    def is_trapped(self) -> bool:
        """Has something been written where no person can write?"""
        return bool(self.cleaned_data["website"])

    def save(self) -> Story:
        """Store the story and return it; the same form sent again returns the story that it made."""
        cleaned = self.cleaned_data
        story, _is_new = Story.objects.get_or_create(
            idempotency_key=cleaned["idempotency_key"],
            defaults={
                "title": cleaned["title"],
                "text": cleaned["text"],
                "place_in_words": cleaned["place"],
                "name": cleaned.get("name", ""),
                "email": cleaned.get("email", ""),
                "sent_by": self.sender,
                "details_kept": self.add_kept_details({}),
            },
        )
        return story


class UsefulForm(forms.Form):
    """Yes or no, to one page."""

    page = forms.CharField(max_length=200)
    useful = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class SentenceForm(PersonalDetailsMixin, GovukForm):
    """The sentence after the click."""

    sentence = CleanTextField(
        label=_("How could we make this page better? (optional)"),
        help_text=_("Do not include personal details. You can use up to 500 characters."),
        max_length=500,
        rows=4,
        error_messages={
            "required": _("Enter a comment, or leave this page. Your answer has already been saved")
        },
    )
    keep_details = acknowledge_details_field()

    free_text = ("sentence",)
    layouts = {"sentence": FieldLayout(legend="m")}

    def clean(self) -> dict:
        cleaned = super().clean()
        self.check_details(cleaned)
        return cleaned
