"""A made-up query parameter goes past no cache: it costs no more queries and no more templates than the plain address."""

import pytest
from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext

from community_map.http.middleware import has_session
from tests.factories import make_pin, make_place, make_portal
from tests.routes import all_routes
from tests.toolkit_factories import make_case_study, make_page, make_term, make_tool, make_voice

pytestmark = pytest.mark.django_db
# Each in turn; the last is a parameter that other pages know.
UNKNOWN = ("x=1", "utm_source=mail", "_=17", "after_=1&x=2", "page=2")


@pytest.fixture
def public_paths():
    make_portal()
    pin = make_pin("Chess club")
    make_place("Oak Hill Park")
    make_page(slug="example", body="Ask **who** is missing.")
    make_case_study(slug="example")
    for make in (make_term, make_tool, make_voice):
        make()
    paths = {route.path for route in all_routes(public_id=pin.public_id)}
    return sorted(path for path in paths if not has_session(path))


def cost(client: Client, address: str) -> tuple[int, int]:
    """Ask for an address; return how many queries and templates it took."""
    rendered = []

    def note(template, **_kwargs):
        rendered.append(template.name)

    template_rendered.connect(note)
    try:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
    finally:
        template_rendered.disconnect(note)
    return len(queries), len(rendered)


def test_an_unknown_parameter_costs_no_more_than_none(public_paths, capsys):
    client, tried, dearer = Client(), 0, {}
    for path in public_paths:
        client.get(path)  # what can be kept is now kept
        plain = cost(client, path)
        for query in UNKNOWN:
            tried += 1
            found = cost(client, f"{path}?{query}")
            if found > plain or found[1] > plain[1]:
                dearer[f"{path}?{query}"] = (plain, found)

    with capsys.disabled():
        print(
            f"\nunknown parameters: {tried} addresses of {len(public_paths)} pages, {len(dearer)} dearer than the plain page"
        )
    assert dearer == {}


def test_what_a_page_knows_is_not_answered_from_the_plain_page(client):
    make_portal()
    make_page(slug="example", title="Example page", body="About trees.")
    plain = client.get("/toolkit/").text

    assert client.get("/toolkit/?x=1").text == plain
    assert client.get("/toolkit/?level=nothing").status_code == 400
    assert client.get("/toolkit/?approach=nothing&x=1").status_code == 400
    assert (
        client.get("/toolkit/case-studies/?place=nowhere").text != client.get("/toolkit/case-studies/").text
    )
    assert "Example page" in client.get("/toolkit/search/?q=trees").text
