"""Render what is published for its template: the texts of an item, with the components that they name."""

from toolkit.markdown.render import Rendered, Renderer
from toolkit.published import PublishedToolkit
from toolkit.taxonomy import Taxonomy


def render(
    texts: list[tuple[str, str]], toolkit: PublishedToolkit, taxonomy: Taxonomy, **options
) -> Rendered:
    """Render the texts of one page, each with the heading above it, or ""; `options` go to the Renderer."""

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
