"""Our form renderer writes what GOV.UK Frontend's own examples write."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.forms.utils import ErrorDict

from community_map.forms import CleanCharField, CleanTextField, FieldLayout, GovukForm

FRONTEND = (
    Path(__file__).resolve().parents[2] / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
)


class Tags(HTMLParser):
    """The mark-up as a list of tags, attributes in order of their name, and texts without spare white space."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        kept = [(name, value) for name, value in attrs if name not in {"data-field", "spellcheck"}]
        self.found.append((tag, tuple(sorted(kept))))

    def handle_endtag(self, tag):
        self.found.append(("/" + tag, ()))

    def handle_data(self, data):
        if data.strip():
            self.found.append(("", re.sub(r"\s+", " ", data.strip())))


def example(component: str, name: str) -> list:
    path = FRONTEND / component / "fixtures.json"
    assert path.is_file(), "npm ci brings the examples: make assets"
    fixtures = json.loads(path.read_text(encoding="utf-8"))["fixtures"]
    return Tags(next(row["html"] for row in fixtures if row["name"] == name)).found


def written(
    field: forms.Field,
    name: str,
    *,
    own_id: str = "",
    data=None,
    look: FieldLayout | None = None,
    error: str = "",
) -> list:
    class OneField(GovukForm):
        layouts = {name: look or FieldLayout()}

    form = OneField(data, auto_id=own_id or "%s")
    form.fields[name] = field
    if error:
        form.is_valid()
        form._errors = ErrorDict()
        form.add_error(name, error)
    html = form[name].as_field_group()
    return Tags(html.replace(f'id="{name}', f'id="{own_id}') if own_id and "%" not in own_id else html).found


def test_a_text_input():
    assert written(forms.CharField(label="National Insurance number"), "test-name") == example(
        "input", "default"
    )


def test_a_text_input_with_a_hint():
    hint = (
        "It’s on your National Insurance card, benefit letter, payslip or P60. For example, ‘QQ 12 34 56 C’."
    )
    field = forms.CharField(label="National insurance number", help_text=hint)

    ours = written(field, "test-name-2")

    assert ours == rename(example("input", "with hint text"), "input-with-hint-text", "test-name-2")


def test_a_text_input_with_an_error():
    ours = written(
        forms.CharField(label="National Insurance number"),
        "test-name-3",
        data={},
        error="Enter a National Insurance number in the correct format",
    )

    assert ours == rename(example("input", "with error message"), "input-with-error-message", "test-name-3")


def test_a_textarea_with_an_error():
    field = forms.CharField(
        label="Why can’t you provide a National Insurance number?", widget=forms.Textarea({"rows": 5})
    )

    ours = written(field, "no-ni-reason", data={}, error="You must provide an explanation")

    assert ours == example("textarea", "with error message")


def test_radios():
    field = forms.ChoiceField(
        label="Have you changed your name?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )

    assert written(field, "example-default") == example("radios", "default")


def test_radios_that_reveal_another_field():
    class Contact(GovukForm):
        how = forms.ChoiceField(
            label="How do you want to be contacted?",
            choices=[("email", "Email"), ("phone", "Phone")],
            widget=forms.RadioSelect,
        )
        address = forms.CharField(label="Email address", required=False)
        layouts = {"how": FieldLayout(reveals={"email": ("address",)})}

    ours = [
        tag for tag in Tags(Contact(auto_id="%s")["how"].as_field_group()).found if tag[0] in {"input", "div"}
    ]

    assert (
        "input",
        (
            ("class", "govuk-radios__input"),
            ("data-aria-controls", "conditional-how"),
            ("id", "how"),
            ("name", "how"),
            ("type", "radio"),
            ("value", "email"),
        ),
    ) in ours
    assert (
        "div",
        (("class", "govuk-radios__conditional govuk-radios__conditional--hidden"), ("id", "conditional-how")),
    ) in ours
    written_once = [
        tag
        for tag in Tags(str(Contact(auto_id="%s"))).found
        if tag[0] == "input" and ("name", "address") in tag[1]
    ]
    assert len(written_once) == 1


def rename(tags: list, old: str, new: str) -> list:
    """The tags with another id: the examples use ids that differ from the names."""
    return [
        (
            tag,
            tuple((k, v.replace(old, new) if v else v) for k, v in rest) if isinstance(rest, tuple) else rest,
        )
        for tag, rest in tags
    ]


def test_the_error_summary_links_to_the_first_option_of_the_field():
    class Choice(GovukForm):
        kind = forms.ChoiceField(
            choices=[("a", "A")], widget=forms.RadioSelect, error_messages={"required": "Choose one"}
        )

    form = Choice({}, auto_id="id_%s")

    assert ("a", (("href", "#id_kind"),)) in Tags(form.error_summary).found
    assert 'id="id_kind"' in form["kind"].as_field_group()
    assert Choice({"kind": "a"}).error_summary == ""


def test_what_was_typed_stays_even_when_it_is_wrong():
    class Short(GovukForm):
        name = forms.CharField(max_length=3)

    html = Short({"name": "<b>too long"})["name"].as_field_group()

    assert 'value="&lt;b&gt;too long"' in html


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\u0000b", "ab"),
        ("A\u202eb", "Ab"),
        ("  two   words ", "two words"),
        ("e\u0301", "é"),
        ("\u200bhidden\u200b", "hidden"),
    ],
)
def test_text_loses_control_characters_and_zero_width_tricks(typed, kept):
    if "\x00" not in typed:
        assert CleanCharField().clean(typed) == kept
    assert CleanTextField().to_python(typed) == kept


@pytest.mark.parametrize(
    "name", ["Cymdeithas Gymraeg", "ਪੰਜਾਬੀ ਸਭਾ", "جمعية", "社區中心", "தமிழ்", "क्‍ष", "👨‍👩‍👧"]
)
def test_names_in_every_script_pass_unchanged(name):
    assert CleanCharField().clean(name) == name
