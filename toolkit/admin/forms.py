"""The editors' form: refuses a stale page, says what is wrong with the writing, keeps what was typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community_map.geo import PositionError, parse_position
from community_map.places import areas
from community_map.text import clean_text
from toolkit.admin.markdown import MarkdownField
from toolkit.lint import Severity, check
from toolkit.models import CaseStudy, PublicationStatus
from toolkit.references import read_references

STALE = _(
    "Someone else has changed this since you opened it. What you typed is still here. Open it in another tab to see the changes."
)


class PublishableForm(forms.ModelForm):
    """What an editor changes of something publishable."""

    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.slug_was = self.instance.slug
        # What could be plainer, said once the text is saved.
        self.remarks: list[str] = []
        if self.instance.pk:
            self.initial["read_version"] = self.instance.version

    def clean(self) -> dict:
        cleaned = super().clean()
        for name, value in cleaned.items():
            # Texts of several lines keep them; those in Markdown are cleaned by their field.
            if isinstance(value, str) and not isinstance(self.fields[name].widget, forms.Textarea):
                cleaned[name] = clean_text(value)
        if cleaned.get("status") != PublicationStatus.RETIRED:
            # A text that nobody reads any more may say what it likes, or it could not be retired.
            self._lint(cleaned)
        if self.instance.pk:
            # Locked until admin's transaction ends, so that no colleague comes between this and the saving.
            rows = type(self.instance).objects.select_for_update().filter(pk=self.instance.pk)
            if rows.values_list("version", flat=True).first() != cleaned.get("read_version"):
                self.add_error(None, STALE)
        return cleaned

    def _lint(self, cleaned: dict) -> None:
        texts = {
            name: field
            for name, field in self.fields.items()
            if isinstance(field, MarkdownField) and cleaned.get(name)
        }
        references = read_references() if texts else None
        for name, field in texts.items():
            for remark in check(cleaned[name], references, is_under_heading=field.is_under_heading):
                if remark.severity == Severity.ERROR:
                    self.add_error(name, str(remark))
                else:
                    self.remarks.append(f"{field.label}: {remark}")

    def _get_validation_exclusions(self) -> set[str]:
        # The date of publication is filled in when it is stored; its constraint waits until then.
        return super()._get_validation_exclusions() | {"publish_at"}


class CaseStudyForm(PublishableForm):
    """Also reads a position, from here or from elsewhere."""

    def clean(self) -> dict:
        cleaned = super().clean()
        longitude, latitude = cleaned.get("longitude"), cleaned.get("latitude")
        if longitude is None and latitude is None:
            return cleaned
        try:
            position = parse_position(longitude, latitude)
            if cleaned.get("origin") == CaseStudy.Origin.HERE:
                areas.check_inside(position)
        except PositionError as error:
            self.add_error("longitude", str(error))
        return cleaned
