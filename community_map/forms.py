"""The one form renderer: GOV.UK mark-up for public and staff forms. Admin is untouched.

A template writes {{ form.error_summary }} and {{ form.name.as_field_group }}. How a field looks beyond
its label, hint and widget stands in the form's `layouts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.template.loader import render_to_string
from django.utils.functional import cached_property

from community_map.text import clean_text

LONGEST_KEY = 18  # digits that fit into every database's largest integer


@dataclass(frozen=True)
class FieldLayout:
    """How one field looks."""

    legend: str = ""  # s, m, l or xl: the size of the label or legend
    width: str = ""  # a GOV.UK width class, such as govuk-input--width-10
    inline: bool = False  # radios side by side
    small: bool = False
    # By the option's value, as text:
    hints: Mapping[str, str] = field(default_factory=dict)
    reveals: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # names of fields shown with the option
    attributes: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # data-* attributes of the option


@dataclass(frozen=True)
class Option:
    """One radio, checkbox or select option, ready to be written."""

    value: str
    label: str
    id: str
    is_chosen: bool
    hint: str
    attributes: Mapping[str, str]
    revealed: tuple


class GovukBoundField(BoundField):
    """A field of a form together with what its GOV.UK template needs."""

    @cached_property
    def layout(self) -> FieldLayout:
        return getattr(self.form, "layouts", {}).get(self.name, FieldLayout())

    @property
    def kind(self) -> str:
        """Which template of templates/govuk/ writes it."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, forms.RadioSelect):
            return "radios"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.Select):
            return "select"
        if isinstance(widget, forms.Textarea):
            return "textarea"
        return "input"

    @property
    def own_id(self) -> str:
        return self.auto_id or self.html_name

    @property
    def hint_id(self) -> str:
        return f"{self.own_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.own_id}-error"

    @property
    def described_by(self) -> str:
        ids = [self.hint_id] if self.help_text else []
        ids += [self.error_id] if self.errors else []
        return " ".join([*ids, *filter(None, [self.field.widget.attrs.get("aria-describedby")])])

    @property
    def input_type(self) -> str:
        return getattr(self.field.widget, "input_type", "text")

    @property
    def text(self) -> str:
        """The value as it stands in the input: what was typed, even when it is wrong."""
        value = self.value()
        if value is None:
            return ""
        return str(self.field.widget.format_value(value) or "")

    @property
    def attributes(self) -> dict:
        attrs = {**self.field.widget.attrs}
        attrs.pop("aria-describedby", None)
        if isinstance(self.field, forms.CharField) and self.kind in {"input", "textarea"}:
            # The server counts characters; a browser that stops typing in the middle loses words silently.
            for name in ("maxlength", "minlength", "cols"):
                attrs.pop(name, None)
        return {name: value for name, value in attrs.items() if value is not False and value is not None}

    @property
    def options(self) -> list[Option]:
        widget, chosen = self.field.widget, self.value()
        written = list(widget.options(self.html_name, widget.format_value([] if chosen is None else chosen)))
        if self.kind == "radios":
            # Nothing chosen is no button of its own.
            written = [option for option in written if option["value"] != ""]
        rows = []
        for number, option in enumerate(written):
            text = str(option["value"])
            rows.append(
                Option(
                    value=text,
                    label=option["label"],
                    id=self.own_id if number == 0 else f"{self.own_id}-{number + 1}",
                    is_chosen=option["selected"],
                    hint=self.layout.hints.get(text, ""),
                    attributes=self.layout.attributes.get(text, {}),
                    revealed=tuple(self.form[name] for name in self.layout.reveals.get(text, ())),
                )
            )
        return rows


class GovukRenderer(TemplatesSetting):
    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"


class GovukMixin:
    """What makes a Django form a GOV.UK form."""

    default_renderer = GovukRenderer
    bound_field_class = GovukBoundField
    layouts: Mapping[str, FieldLayout] = {}

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    @property
    def error_summary(self) -> str:
        """The box on top that lists every error and links to its field; empty where there is none."""
        if not self.errors:
            return ""
        lines = [("", error) for error in self.non_field_errors()]
        for bound in self:
            lines += [(bound.own_id, error) for error in bound.errors]
        return render_to_string("govuk/error-summary.html", {"lines": lines})

    @property
    def revealed_names(self) -> set[str]:
        """The fields that another field shows, so that {{ form }} does not write them twice."""
        return {name for look in self.layouts.values() for names in look.reveals.values() for name in names}


class GovukForm(GovukMixin, forms.Form):
    """A form in GOV.UK mark-up."""


class ChosenRowsField(forms.ModelMultipleChoiceField):
    """Several rows of a list. A number that no database has for a key is no choice, and not a fault of ours."""

    def _check_values(self, value):
        for key in value:
            if len(str(key)) > LONGEST_KEY:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(key)[:20]},
                )
        return super()._check_values(value)


class CleanCharField(forms.CharField):
    """Text of one line: NFC, without control characters and zero-width tricks."""

    def to_python(self, value):
        value = super().to_python(value)
        return clean_text(value) if isinstance(value, str) else value


class CleanTextField(forms.CharField):
    """Text of several lines, cleaned as CleanCharField; its rows are few, because its answers are short."""

    def __init__(self, **kwargs):
        rows = kwargs.pop("rows", 3)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return clean_text(value, keep_lines=True) if isinstance(value, str) else value
