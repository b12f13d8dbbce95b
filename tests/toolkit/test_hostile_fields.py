"""Whatever stands in the fields of the toolkit, and whatever way it got there, pages show it as text."""

import json
import re
from collections.abc import Iterable
from itertools import cycle

import pytest
from django.db import transaction

from community_map.cached import forget_all
from community_map.models import Initiative
from tests.factories import make_approach, make_editor, make_portal
from tests.toolkit.hostile import PAYLOADS, Reader
from tests.toolkit_factories import (
    make_case_study,
    make_page,
    make_prompt,
    make_scale,
    make_story,
    make_term,
    make_tool,
    make_voice,
)
from toolkit.models import Feedback

pytestmark = pytest.mark.django_db

PLACED = (
    "{prompt: a}\n{prompt: b}\n{tool: a}\n{voice: a}\n{case study: a}\n{diagram: approaches}\n\nAn asset."
)
# Which of these fields a search quotes, and in which order, hangs on their words.
SEARCH = "/toolkit/search/?q=commonword"
PUBLIC = [
    SEARCH,
    "/toolkit/",
    "/toolkit/page/",
    "/toolkit/case-studies/",
    "/toolkit/case-studies/a/",
    "/toolkit/glossary/",
    "/toolkit/tools/",
    "/toolkit/voices/",
    "/toolkit/site-map/",
    "/toolkit/print/",
    "/toolkit/notebook/",
    "/toolkit/stories/",
    "/toolkit/stories/new/",
]


def fill(texts: Iterable[str]) -> dict[str, object]:
    """Put the texts by turns into every plain field there is, past every form; return what has a page in admin."""
    turns = cycle(texts)

    def cut(most: int) -> str:
        return f"commonword {next(turns)}"[:most]

    make_portal()
    approaches = [
        make_approach(f"{cut(58)} {n}", slug=f"a{n}", order=n, description=cut(200)) for n in range(4)
    ]
    make_scale(cut(250), slug="b", scale_low=cut(80), scale_high=cut(80))
    make_page("Front", slug="front", kind="front", summary=cut(250), body=PLACED)
    Feedback.objects.create(address="/toolkit/page/", is_useful=True, sentence=cut(500))
    return {
        "prompt": make_prompt(cut(250), slug="a", help=cut(300)),
        "tool": make_tool(cut(100), slug="a", what_for=cut(300), url=f"https://{cut(290)}"),
        "voice": make_voice(
            cut(100),
            slug="a",
            words=cut(2000),
            said_by=cut(100),
            consent_how=cut(200),
            medium="audio",
            media_url=f"https://{cut(290)}",
            transcript=cut(2000),
        ),
        "term": make_term("asset", slug="a", other_names=cut(500), definition=cut(400)),
        "casestudy": make_case_study(
            cut(100),
            slug="a",
            place_in_words=cut(100),
            longitude=-0.2,
            latitude=51.6,
            period=cut(60),
            summary=cut(250),
            initiative=Initiative.objects.create(name=cut(80), slug="i"),
            approaches=approaches[:1],
        ),
        "page": make_page(cut(100), slug="page", summary=cut(250), body=PLACED, approaches=approaches[:1]),
        "story": make_story(
            cut(100), text=cut(5000), place_in_words=cut(100), name=cut(100), details_kept={"text": [cut(60)]}
        ),
    }


def shape(html: str) -> list[tuple]:
    """The elements of a page, with the names of their attributes, in order."""
    return [(tag, tuple(sorted(attributes))) for tag, attributes in Reader(html).elements]


def look(client, texts: Iterable[str]) -> tuple[dict[str, list[tuple]], bool]:
    """Return the shape of every page with these texts, to visitors and to an editor, and whether one is read in full."""
    forget_all()
    made = fill(texts)
    client.logout()
    answers = {address: client.get(address) for address in PUBLIC}
    client.force_login(make_editor())
    for name, thing in made.items():
        answers[name] = client.get(f"/admin/toolkit/{name}/")
        answers[f"one {name}"] = client.get(f"/admin/toolkit/{name}/{thing.pk}/change/")
    for name in ("page", "casestudy"):
        answers[f"preview of {name}"] = client.get(f"/admin/toolkit/{name}/{made[name].pk}/preview/")
    assert {response.status_code for response in answers.values()} == {200}
    shapes = {name: shape(response.content.decode()) for name, response in answers.items()}
    shapes[SEARCH] = sorted(set(shapes[SEARCH]))
    return shapes, made["page"].title in Reader(answers["/toolkit/page/"].content.decode()).text


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 26))
def test_pages_have_the_same_elements_whatever_their_fields_say(client, start):
    hostile = PAYLOADS[start : start + 26]
    tame = [re.sub(r"\S", "x", payload) for payload in hostile]
    with transaction.atomic():
        expected, _is_read = look(client, tame)
        transaction.set_rollback(True)

    shapes, is_read = look(client, hostile)

    assert is_read
    assert shapes.keys() == expected.keys()
    for name, found in shapes.items():
        assert found == expected[name], name


def test_geojson_carries_text_as_text(client):
    payload = "</script><script>alert(1)</script>"
    fill([payload])

    response = client.get("/toolkit/case-studies.geojson")

    assert response["Content-Type"] == "application/geo+json"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert json.loads(response.content)["features"][0]["properties"]["title"] == f"commonword {payload}"
