"""Render what is published for its template: the texts of an item, with the components that they name."""

from django.utils.translation import gettext as _

from toolkit.markdown.render import Rendered, Renderer
from toolkit.published import PublicCaseStudy, PublicPage, PublishedToolkit
from toolkit.taxonomy import Taxonomy


def render_page(page: PublicPage, toolkit: PublishedToolkit, taxonomy: Taxonomy, **options) -> Rendered:
    """Render a situation, an explainer or the front page; `options` go to the Renderer."""
    texts = [("", page.body), (_("Further reading"), page.further_reading)]
    return _render(texts, toolkit, taxonomy, options)


def render_case_study(
    case_study: PublicCaseStudy, toolkit: PublishedToolkit, taxonomy: Taxonomy, **options
) -> Rendered:
    texts = [
        (_("What was done"), case_study.what_was_done),
        (_("What changed"), case_study.what_changed),
        (_("What we learned"), case_study.what_we_learned),
        (_("Further reading"), case_study.further_reading),
    ]
    return _render(texts, toolkit, taxonomy, options)


def render_text(text: str, toolkit: PublishedToolkit, taxonomy: Taxonomy) -> Rendered:
    """Render one text by itself, for the preview beside it."""
    return _render([("", text)], toolkit, taxonomy, {})


def _render(
    texts: list[tuple[str, str]], toolkit: PublishedToolkit, taxonomy: Taxonomy, options: dict
) -> Rendered:
    def find(kind: str, slug: str):
        return find_component(kind, slug, toolkit, taxonomy)

    renderer = Renderer(toolkit.terms.values(), find=find, **options)
    blocks, headings = [], []
    for title, text in texts:
        if not text.strip():
            continue
        # The title comes first, so that no heading of the text takes its id.
        above = renderer.render_title(title) if title else Rendered()
        rendered = renderer.render(text)
        blocks += above.blocks + rendered.blocks
        headings += above.headings or rendered.headings
    return Rendered(blocks, headings)


def find_component(kind: str, slug: str, toolkit: PublishedToolkit, taxonomy: Taxonomy):
    """Return what a component shows; nothing for what readers may not see (yet, or any more)."""
    if kind == "diagram":
        quarters = [approach for approach in taxonomy.approaches if not approach.is_retired][:4]
        return quarters if slug == "approaches" and len(quarters) == 4 else None
    if kind == "case study":
        return toolkit.case_studies.get(toolkit.old_case_studies.get(slug, slug))
    return {"prompt": toolkit.prompts, "tool": toolkit.tools, "voice": toolkit.voices}[kind].get(slug)
