"""The public pages: what they show, what they cost, what they never show."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from community_map.cached import forget_all
from community_map.models import Initiative
from tests.factories import make_approach, make_portal
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
from toolkit import actions
from toolkit.models import Page, PublicationStatus

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/toolkit/",
    "/toolkit/example/",
    "/toolkit/case-studies/",
    "/toolkit/case-studies/example/",
    "/toolkit/case-studies.geojson",
    "/toolkit/glossary/",
    "/toolkit/tools/",
    "/toolkit/voices/",
    "/toolkit/site-map/",
    "/toolkit/search/",
    "/toolkit/print/",
    "/toolkit/notebook/",
    "/toolkit/stories/",
    "/toolkit/stories/sent/",
]
EVERY_MARK = """
## First part

Our asset is people.

{prompt: prompt}

{tool: tool}

{voice: voice}

{case study: example}

{diagram: approaches}

## Second part

### A detail

## Third part
"""


@pytest.fixture
def toolkit():
    """One of everything, public."""
    make_portal()
    approaches = [
        make_approach(name, order=order, description=f"About {name}")
        for order, name in enumerate(["Communicating", "Consulting", "Partnership", "Leading"])
    ]
    initiative = Initiative.objects.create(name="Assembly", slug="assembly")
    make_page(kind=Page.Kind.FRONT, title="Participation toolkit", slug="front")
    related = make_page("Next", slug="next", kind=Page.Kind.EXPLAINER)
    make_page("Example", slug="example", body=EVERY_MARK, approaches=approaches[1:2], related=[related])
    make_case_study(
        "Example study",
        slug="example",
        place_in_words="Hendon",
        longitude=-0.22,
        latitude=51.59,
        initiative=initiative,
        approaches=approaches[:1],
        what_changed="More food.",
        what_we_learned="Ask first.",
    )
    make_scale(slug="prompt")
    make_prompt(slug="open")
    make_tool(slug="tool")
    make_voice(slug="voice")
    make_term("asset", slug="asset")


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_costs_at_most_four_queries_has_an_etag_and_sets_no_cookie(
    client, toolkit, address, django_assert_max_num_queries
):
    for _ in range(2):
        with django_assert_max_num_queries(4):
            response = client.get(address)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "max-age=0, must-revalidate, public" or {
            part.strip() for part in response.headers["Cache-Control"].split(",")
        } == {"public", "max-age=0", "must-revalidate"}
        assert response.headers["ETag"]
        assert response.headers["Last-Modified"]
        assert not response.cookies

    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    again = client.get(address, headers={"If-Modified-Since": response.headers["Last-Modified"]})
    assert again.status_code == 304


@pytest.mark.parametrize("address", [a for a in ADDRESSES if not a.endswith("json")])
def test_a_page_has_one_heading_and_one_title(client, toolkit, address):
    text = text_of(client.get(address))

    assert len(re.findall(r"<h1\b", text)) == 1
    assert len(re.findall(r"<title>[^<]+</title>", text)) == 1
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))


def test_the_front_page_has_cards_without_an_order(client, toolkit):
    text = text_of(client.get("/toolkit/"))

    assert "Participation toolkit" in text
    assert '<a class="govuk-link" href="/toolkit/example/">Example</a>' in text
    assert not re.search(r"\b(Step|Next|Previous) \d|rel=\"(next|prev)\"", text)


def test_the_menu_of_the_front_page_leads_to_every_part_that_is_there(client, toolkit):
    def menu() -> list[str]:
        found = text_of(client.get("/toolkit/"))
        parts = re.findall(
            r'href="#([a-z-]+)"', found.partition('id="on-this-page"')[2].partition("</nav>")[0]
        )
        assert all(found.count(f' id="{part}"') == 1 for part in parts)
        return parts

    assert menu() == ["situations", "explainers", "newest", "more-ways"]

    Page.objects.get(slug="front").delete()
    make_page(
        kind=Page.Kind.FRONT, title="Participation toolkit", slug="front", body="## How to use it\n\nRead."
    )
    Page.objects.filter(kind=Page.Kind.EXPLAINER).update(status=PublicationStatus.RETIRED)
    actions.publish_edition()
    forget_all()
    assert menu() == ["how-to-use-it", "situations", "newest", "more-ways"]


def test_the_front_page_filters_and_refuses_a_choice_that_does_not_exist(client, toolkit):
    assert "/toolkit/example/" in text_of(client.get("/toolkit/?approach=consulting"))
    assert "No situations match" in text_of(client.get("/toolkit/?approach=partnership"))
    refused = client.get("/toolkit/?approach=nonsense")
    assert refused.status_code == 400
    assert "“nonsense” is not one of the options" in text_of(refused)
    assert client.get("/toolkit/?fbclid=1").status_code == 200


def test_a_page_shows_menu_placed_things_approaches_and_neighbours(client, toolkit):
    text = text_of(client.get("/toolkit/example/"))

    assert re.findall(r'<li><a class="govuk-link" href="#([^"]+)"', text) == [
        "first-part",
        "second-part",
        "third-part",
    ]
    assert 'data-prompt="prompt"' in text
    assert "https://planner.example.org/" in text
    assert "They asked us first." in text
    assert "/toolkit/case-studies/example/" in text
    assert "<title id" in text
    assert 'data-meaning="Something of use."' in text
    assert "/map/list/?approach=consulting" in text
    assert '<a class="govuk-link" href="/toolkit/next/">Next</a>' in text
    assert "Last updated" in text
    assert "Review due" not in text


def test_a_case_study_shows_place_initiative_and_its_parts(client, toolkit):
    text = text_of(client.get("/toolkit/case-studies/example/"))

    assert re.findall(r'<h2 class="govuk-heading-l" id="[^"]+">([^<]+)<', text) == [
        "What was done",
        "What changed",
        "What we learned",
    ]
    assert "Assembly" in text
    assert "/map/?case-studies=1#15/51.59000/-0.22000" in text


def test_case_studies_with_a_place_are_offered_as_geojson(client, toolkit):
    make_case_study("No place")

    assert client.get("/toolkit/case-studies.geojson").json() == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [-0.22, 51.59]},
                "properties": {
                    "title": "Example study",
                    "place": "Hendon",
                    "summary": "Surplus food, shared.",
                    "address": "/toolkit/case-studies/example/",
                },
            }
        ],
    }


def test_everything_stands_on_the_site_map_and_in_print(client, toolkit):
    site_map, printed = text_of(client.get("/toolkit/site-map/")), text_of(client.get("/toolkit/print/"))

    for words in ("Example", "Next", "Example study", "It was our idea", "A planner", "asset"):
        assert words in site_map
        assert words in printed


def test_a_renamed_page_is_found_at_its_old_address(client, toolkit):
    from toolkit import actions

    page = Page.objects.get(slug="example")
    page.slug = "renamed"
    page.save()
    actions.keep_address(page, was="example")
    actions.publish_edition()

    response = client.get("/toolkit/example/")

    assert (response.status_code, response.headers["Location"]) == (301, "/toolkit/renamed/")


def test_the_front_page_has_one_address(client, toolkit):
    assert client.get("/toolkit/front/").status_code == 404


SECRETS = ["Secret draft", "Secret schedule", "Secret retired", "Secret voice", "Secret story"]


def make_secrets():
    later = timezone.now() + timedelta(days=1)
    for status, title, at in (
        (PublicationStatus.DRAFT, "Secret draft", None),
        (PublicationStatus.PUBLISHED, "Secret schedule", later),
        (PublicationStatus.RETIRED, "Secret retired", timezone.now()),
    ):
        fields = {"status": status, "publish_at": at}
        make_page(title, slug=f"page-{status}", **fields)
        make_case_study(title, slug=f"study-{status}", longitude=-0.2, latitude=51.6, **fields)
        make_tool(title, slug=f"tool-{status}", **fields)
        make_term(title, slug=f"term-{status}", **fields)
        make_prompt(title, slug=f"prompt-{status}", **fields)
    make_voice(
        "Secret voice",
        slug="hidden-voice",
        status=PublicationStatus.DRAFT,
        consent_given_on=None,
        consent_how="",
    )
    make_story("Secret story", text="Secret story")
    placed = "\n\n".join(
        f"{{{kind}: {slug}-{status}}}"
        for status in PublicationStatus.values
        for kind, slug in (("prompt", "prompt"), ("tool", "tool"), ("case study", "study"))
    )
    make_page("Carrier", slug="carrier", body=f"{placed}\n\n{{voice: hidden-voice}}")


def test_what_is_not_public_is_reachable_nowhere(client, toolkit):
    make_secrets()
    before = [f"/toolkit/search/?q={words}" for words in ("secret", "draft", "schedule", "story")]

    for address in [*ADDRESSES, *before, "/toolkit/carrier/", "/map/", "/", "/robots.txt", "/sitemap.xml"]:
        text = text_of(client.get(address))
        assert [secret for secret in SECRETS if secret in text] == [], address
    for status in PublicationStatus.values:
        for address in (f"/toolkit/page-{status}/", f"/toolkit/case-studies/study-{status}/"):
            assert client.get(address).status_code == 404


def test_an_empty_toolkit_says_so_on_every_page(client):
    for address in ADDRESSES:
        if "example" not in address:
            assert client.get(address).status_code == 200
    assert "No situations have been published yet" in text_of(client.get("/toolkit/"))
    assert "No terms have been published yet" in text_of(client.get("/toolkit/glossary/"))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_are_only_read(client, toolkit, method):
    assert getattr(client, method)("/toolkit/print/").status_code in {403, 405}
