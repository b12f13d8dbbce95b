"""HTML with nothing in it but what the editors' texts may have. The one place that calls text safe."""

import re
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe

ATTRIBUTES = {
    # Without this line nh3 lets every element have a title and a language.
    "*": set(),
    "a": {"href", "rel", "data-meaning"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "div": {"tabindex", "role", "aria-label"},
    "span": {"aria-hidden"},
    "th": {"scope"},
    "ol": {"start"},
}
ALLOWED_CLASSES = {
    "p": {"govuk-body"},
    "h2": {"govuk-heading-l"},
    "h3": {"govuk-heading-m"},
    "h4": {"govuk-heading-s"},
    "h5": {"govuk-heading-s"},
    "ul": {"govuk-list", "govuk-list--bullet"},
    "ol": {"govuk-list", "govuk-list--number", "app-steps"},
    "blockquote": {"app-quote"},
    "table": {"govuk-table"},
    "thead": {"govuk-table__head"},
    "tbody": {"govuk-table__body"},
    "tr": {"govuk-table__row"},
    "th": {"govuk-table__header", "govuk-table__header--numeric"},
    "td": {"govuk-table__cell", "govuk-table__cell--numeric"},
    "a": {"govuk-link", "app-term"},
    "hr": {"govuk-section-break", "govuk-section-break--m", "govuk-section-break--visible"},
    "div": {"govuk-inset-text", "govuk-warning-text", "app-contact", "app-table", "govuk-details__text"},
    "span": {"govuk-warning-text__icon", "govuk-visually-hidden", "govuk-details__summary-text"},
    "strong": {"govuk-warning-text__text"},
    "details": {"govuk-details"},
    "summary": {"govuk-details__summary"},
}
# The elements that may have a class, and the rest.
TAGS = {*ALLOWED_CLASSES, "li", "em", "code", "pre", "br"}


def clean(html: str) -> SafeString:
    """Return the HTML with nothing in it but what these texts may have."""
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        allowed_classes=ALLOWED_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        attribute_filter=_keep,
    )
    return mark_safe(cleaned)  # noqa: S308 (nh3 has just cleaned it)


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not is_allowed_link(value):
        return None
    return value


def is_allowed_link(address: str) -> bool:
    """May a text link there? To http(s) and mailto addresses, to our own paths and to parts of the page."""
    if re.search(r"[\x00-\x20\x7f]", address):
        return False  # Browsers drop some of these, and so read another address than was checked.
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(re.fullmatch(r"[A-Za-z0-9.-]+(:\d{1,5})?", parts.netloc))
    if parts.scheme:
        return parts.scheme == "mailto"
    return bool(re.match(r"/(?![/\\])|#", address))
