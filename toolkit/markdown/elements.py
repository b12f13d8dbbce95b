"""What Markdown becomes in GOV.UK mark-up: the class of each element, and what is not an element of HTML's."""

from django.utils.html import escape
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from toolkit.markdown.extensions import details_heading

GLOSSARY = "/toolkit/glossary/"

# The class of what Markdown makes, by token.
CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "blockquote_open": "app-quote",
    "table_open": "govuk-table",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
    "link_open": "govuk-link",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
    "callout_open": "govuk-inset-text",
    "contact_open": "app-contact",
    "steps_open": "app-steps",
}
HEADING_CLASSES = {
    "h2": "govuk-heading-l",
    "h3": "govuk-heading-m",
    "h4": "govuk-heading-s",
    "h5": "govuk-heading-s",
}


def add_elements(markdown: MarkdownIt) -> None:
    """Teach the parser's renderer what plain CommonMark does not have."""
    rules = ("term", "warning_open", "warning_close", "table_open", "table_close")
    for name in (*rules, "container_details_open", "container_details_close"):
        markdown.add_render_rule(name, globals()[f"_render_{name}"])


# --- what markdown-it does not render by itself: (renderer, tokens, index, options, env) -> HTML ---


def _render_term(_self, tokens, index, _options, _env) -> str:
    term = tokens[index].meta["term"]
    return (
        f'<a class="govuk-link app-term" href="{GLOSSARY}#{escape(term.slug)}"'
        f' data-meaning="{escape(term.definition)}">{escape(tokens[index].content)}</a>'
    )


def _render_warning_open(_self, _tokens, _index, _options, _env) -> str:
    return (
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text">'
        f'<span class="govuk-visually-hidden">{escape(_("Warning"))}</span> '
    )


def _render_warning_close(_self, _tokens, _index, _options, _env) -> str:
    return "</strong></div>\n"


def _render_table_open(self, tokens, index, options, env) -> str:
    # A wide table scrolls by itself, by keyboard too.
    label = escape(tokens[index].meta["label"])
    table = self.renderToken(tokens, index, options, env)
    return f'<div class="app-table" tabindex="0" role="region" aria-label="{label}">{table}'


def _render_table_close(self, tokens, index, options, env) -> str:
    return self.renderToken(tokens, index, options, env) + "</div>\n"


def _render_container_details_open(_self, tokens, index, _options, _env) -> str:
    heading = escape(details_heading(tokens[index].info))
    return (
        '<details class="govuk-details"><summary class="govuk-details__summary">'
        f'<span class="govuk-details__summary-text">{heading}</span></summary>'
        '<div class="govuk-details__text">\n'
    )


def _render_container_details_close(_self, _tokens, _index, _options, _env) -> str:
    return "</div></details>\n"
