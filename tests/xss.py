"""A hundred texts that try to run, and the columns that text comes from: whatever a person can write anywhere."""

from html.parser import HTMLParser

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import models

from community_map.cached import forget_all
from tests.toolkit.hostile import PAYLOADS as HOSTILE
from toolkit import actions

LONGEST_NAME = 100
PAYLOADS = [text for text in dict.fromkeys(HOSTILE) if len(text) <= LONGEST_NAME and text.isprintable()][:100]
# Markdown may become elements, of which tests/toolkit/test_markdown.py knows every one.
MARKDOWN = {"body", "further_reading", "what_was_done", "what_changed", "what_we_learned", "definition"}
# What no person writes, or what may not hold any text.
NOT_TEXT = {
    "password",
    "code",
    "colour",
    "slug",
    "address",
    "url",
    "word",
    "media_url",
    "path",
    "session_key",
    "key",
    "action_flag",
    "change_message",
}


def text_columns() -> list[tuple[type[models.Model], list[models.Field]]]:
    """Every column that holds free text, history's included."""
    found = []
    for model in [
        *(m for app in ("community_map", "pins", "toolkit") for m in apps.get_app_config(app).get_models()),
        LogEntry,
    ]:
        fields = [field for field in model._meta.concrete_fields if is_text(field)]
        if fields:
            found.append((model, fields))
    return found


def is_text(field: models.Field) -> bool:
    special = models.EmailField | models.URLField | models.SlugField
    return (
        isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, special)
        and not field.choices
        and field.name not in MARKDOWN | NOT_TEXT
    )


def write_everywhere(text: str) -> set[str]:
    """Put a text into every column that holds some already, past all forms; return the names of the columns."""
    reached = set()
    for model, fields in text_columns():
        for row in model._base_manager.all():
            values = {}
            for field in fields:
                value = f"{text}{row.pk}" if field.unique or field.name in {"name", "title"} else text
                if getattr(row, field.attname) and len(value) <= (field.max_length or 10_000):
                    values[field.name] = value
            if values:
                reached |= {f"{model.__name__}.{name}" for name in values}
                model._base_manager.filter(pk=row.pk).update(**values)
    actions.publish_edition()
    forget_all()
    return reached


class Skeleton(HTMLParser):
    """A page without its words: its elements in order, the names of their attributes, and where its links go.

    Names on a drawing, and the dots beside them, are left out where they are too long for it, so they are not counted.
    """

    NAMES_ON_DRAWINGS = frozenset({"text", "circle"})

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        names = tuple(name for name, _value in attributes)
        if tag not in self.NAMES_ON_DRAWINGS:
            self.parts.append((tag, names))
        for name, value in attributes:
            is_picture = (tag, name) == ("img", "src") and str(value).startswith("data:image/")
            if name in {"href", "src", "action", "formaction"} and not is_picture:
                assert not str(value).strip().lower().startswith(("javascript:", "data:", "vbscript:")), (
                    tag,
                    value,
                )
            assert not name.startswith("on"), (tag, name)

    def handle_endtag(self, tag):
        if tag not in self.NAMES_ON_DRAWINGS:
            self.parts.append((f"/{tag}", ()))

    def handle_comment(self, data):
        self.parts.append(("comment", ()))

    def handle_decl(self, decl):
        self.parts.append(("declaration", ()))
