from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html

from community_map.accounts import form_recovery

register = template.Library()


@register.filter
def get_item(mapping, key):
    """Return mapping[key], or nothing where there is no such key."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def split(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


@register.filter
def field(form, name: str):
    """Return a form's field by name, or nothing where the form has none of that name."""
    return form[name] if name in form.fields else None


@register.simple_tag(takes_context=True)
def written_by(context) -> str:
    """Write the hidden mark that lets a staff form's answers survive the end of a sign-in: see form_recovery."""
    mark = form_recovery.mark_of(context["request"].user)
    return format_html('<input type="hidden" name="{}" value="{}">', form_recovery.MARK, mark)


@register.simple_block_tag
def summary_row(content, label):
    """Write one row of a GOV.UK summary list: {% summary_row _("Where") %}Hendon{% endsummary_row %}."""
    return render_to_string("components/summary_row.html", {"label": label, "value": content})
