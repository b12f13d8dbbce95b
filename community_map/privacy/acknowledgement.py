"""Personal details in the free text of a form: pointed out; the writer changes them or keeps them, which is recorded."""

from collections.abc import Mapping
from types import MappingProxyType

from django import forms
from django.utils.translation import gettext_lazy as _

from community_map.privacy import personal_details


class PersonalDetailsMixin:
    """Points out personal details in free text; the writer changes them or ticks "keep it", which is recorded.

    Needs a BooleanField `keep_details` and a list `free_text` of field names.
    """

    free_text: tuple[str, ...] = ()
    details_found: Mapping[str, list[personal_details.Hit]] = MappingProxyType({})

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
                _("This looks like %(what)s. Change it, or tick the box at the end to keep it.")
                % {"what": what},
            )

    def add_kept_details(self, before: dict) -> dict:
        """Return the record of kept details: which kinds in which field, with this form's fields anew."""
        kept = {name: kinds for name, kinds in before.items() if name not in self.free_text}
        return kept | {name: sorted({hit.kind for hit in hits}) for name, hits in self.details_found.items()}


def acknowledge_details_field() -> forms.BooleanField:
    return forms.BooleanField(label=_("Keep it: this is not about one particular person"), required=False)
