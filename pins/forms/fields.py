"""Fields and checks that several forms of the staff area share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community_map import personal_details
from pins.models import Connection

KINDS = [
    (Connection.Kind.WORKING, _("Yes")),
    (Connection.Kind.WOULD_LIKE, _("Not yet, but we would like to")),
    (Connection.Kind.KNOW_OF, _("No, we only know of them")),
]


class ApproachField(forms.ModelMultipleChoiceField):
    """The approaches, labelled as answers: Asked their views."""

    def label_from_instance(self, approach) -> str:
        return approach.question_label


class KeepDetailsMixin:
    """Points out personal details in free text; the writer changes them or ticks "keep it", which is recorded.

    Needs a BooleanField `keep_details` and a list `free_text` of field names.
    """

    free_text: tuple[str, ...] = ()

    def check_details(self, cleaned: dict) -> None:
        """Add an error for each field with something personal in it, unless the writer chose to keep it."""
        self.details_found = {}
        for name in self.free_text:
            hits = personal_details.find(cleaned.get(name) or "")
            if hits:
                self.details_found[name] = hits
        if cleaned.get("keep_details"):
            return
        for name, hits in self.details_found.items():
            what = ", ".join(f"{personal_details.NAMES[hit.kind]} ({hit.text})" for hit in hits)
            self.add_error(
                name,
                _("This looks like %(what)s. Change it, or keep it by ticking the box at the end.")
                % {"what": what},
            )

    @property
    def details_kept(self) -> dict:
        """Which kinds of detail were kept in which field, for the pin's record."""
        return {name: sorted({hit.kind for hit in hits}) for name, hits in self.details_found.items()}


def keep_details_field() -> forms.BooleanField:
    return forms.BooleanField(label=_("Keep it: this is not about a single person"), required=False)


def require_approaches(form, cleaned: dict) -> None:
    """Working together needs at least one way of doing so; the other answers have none."""
    if cleaned.get("kind") == Connection.Kind.WORKING:
        if not cleaned.get("approaches"):
            form.add_error("approaches", _("Choose what you have done together"))
    else:
        cleaned["approaches"] = []
