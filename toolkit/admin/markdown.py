"""Markdown in admin: the field, its widget with a live preview beside it, and the preview's answer."""

import re

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from community_map import access
from community_map.text import clean_text
from toolkit import rendering
from toolkit.lint import check
from toolkit.models import Page
from toolkit.models.page import LONGEST_TEXT
from toolkit.page_cache import take_snapshot
from toolkit.references import read_references


class MarkdownWidget(forms.Textarea):
    """A box to write in, what readers will see beside it, and a short reference. Without script only the box."""

    template_name = "toolkit/admin/markdown.html"

    class Media:
        js = (forms.Script("js/markdown-preview.js", type="module"),)

    def __init__(self, *, is_under_heading: bool = False):
        self.is_under_heading = is_under_heading
        super().__init__({"rows": 12 if is_under_heading else 24, "spellcheck": "true"})

    def get_context(self, name, value, attrs) -> dict:
        context = super().get_context(name, value, attrs)
        context["preview_address"] = reverse("admin:toolkit_markdown_preview")
        context["is_under_heading"] = self.is_under_heading
        return context

    def _render(self, template_name, context, renderer=None) -> str:
        # Admin's own renderer does not know the project's templates.
        return render_to_string(template_name, context)


class MarkdownField(forms.CharField):
    """Markdown, in NFC and without invisible characters; spaces and lines stay, because they mean something.

    A text is under a heading when the page has one of the second level above it.
    """

    def __init__(self, *, is_under_heading: bool = False, **options):
        self.is_under_heading = is_under_heading
        options["widget"] = MarkdownWidget(is_under_heading=is_under_heading)
        super().__init__(**options)

    def to_python(self, value) -> str:
        return clean_markdown(super().to_python(value))


def clean_markdown(text: str) -> str:
    """Return the text cleaned word by word."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[^ \t\n]+", lambda word: clean_text(word[0]), lines)


@require_POST
def preview(request: HttpRequest) -> JsonResponse:
    """Answer a text with its HTML, as readers would get it, and with what is to be mended and considered.

    The HTML is cleaned like every other that is rendered: the script may put it into the page as it is.
    """
    if not access.may_in_admin(request.user, access.CHANGE, Page):
        raise PermissionDenied
    text = clean_markdown(request.POST.get("text", ""))[:LONGEST_TEXT]
    is_under_heading = request.POST.get("is_under_heading") == "yes"
    now = take_snapshot()
    rendered = rendering.render([("", text)], now.toolkit, now.taxonomy)
    html = render_to_string("toolkit/blocks.html", {"rendered": rendered})
    found = check(text, read_references(), is_under_heading=is_under_heading)
    remarks = [{"level": remark.severity, "message": str(remark)} for remark in found]
    return JsonResponse({"html": html, "remarks": remarks})
