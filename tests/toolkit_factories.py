"""Plain functions that make the toolkit's rows for tests. What they make is published, unless the test says otherwise."""

import uuid
from datetime import date

from django.utils import timezone

from tests.factories import numbers
from toolkit import actions
from toolkit.models import CaseStudy, Page, Prompt, PublicationStatus, Story, Term, Tool, Voice


def _make(model, fields: dict, approaches=(), related=()):
    if fields.get("status", PublicationStatus.PUBLISHED) == PublicationStatus.PUBLISHED:
        fields.setdefault("publish_at", timezone.now())
    thing = model(
        **{
            "slug": f"{model.__name__.lower()}-{next(numbers)}",
            "status": PublicationStatus.PUBLISHED,
            **fields,
        }
    )
    thing.save()
    if approaches:
        thing.approaches.set(approaches)
    if related:
        thing.related.set(related)
    actions.publish_edition()
    return thing


def make_page(title: str = "Working out who to involve", *, approaches=(), related=(), **fields) -> Page:
    fields = {
        "kind": Page.Kind.SITUATION,
        "summary": "How to find who is affected.",
        "body": "Ask who is missing.",
        **fields,
    }
    return _make(Page, {"title": title, **fields}, approaches, related)


def make_case_study(title: str = "A food hub", *, approaches=(), **fields) -> CaseStudy:
    fields = {"summary": "Surplus food, shared.", "what_was_done": "Volunteers collected food.", **fields}
    return _make(CaseStudy, {"title": title, **fields}, approaches)


def make_prompt(question: str = "Who is missing?", **fields) -> Prompt:
    return _make(Prompt, {"question": question, **fields})


def make_scale(question: str = "How is power shared?", **fields) -> Prompt:
    fields = {"scale_low": "All with us", "scale_high": "All with them", **fields}
    return make_prompt(question, kind=Prompt.Kind.SCALE, **fields)


def make_tool(name: str = "A planner", *, approaches=(), **fields) -> Tool:
    fields = {"url": "https://planner.example.org/", "what_for": "Planning who to ask.", **fields}
    return _make(Tool, {"name": name, **fields}, approaches)


def make_voice(title: str = "It was our idea", **fields) -> Voice:
    fields = {
        "words": "They asked us first.",
        "said_by": "A resident, 2022",
        "consent_given_on": date(2022, 5, 1),
        "consent_how": "Signed form",
        **fields,
    }
    return _make(Voice, {"title": title, **fields})


def make_term(name: str = "asset", **fields) -> Term:
    return _make(Term, {"name": name, "definition": "Something of use.", **fields})


def make_story(title: str = "Our walking group", **fields) -> Story:
    fields = {"idempotency_key": uuid.uuid4(), "text": "We began to walk.", **fields}
    return Story.objects.create(title=title, **fields)
