from django import template

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
