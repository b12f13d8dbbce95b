"""No filter loses another: in the links and forms of list and map, for residents and staff, with script and without."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from community_map.geo import Position
from pins.listing import PAGE
from tests.factories import make_category, make_contributor, make_pin, make_place, make_portal

pytestmark = pytest.mark.django_db
CHOSEN = {
    "near": ["victoria"],
    "q": ["choir"],
    "category": ["music"],
    "about": ["community"],
    "confirmed": [""],
}
KEPT = {name: values for name, values in CHOSEN.items() if values != [""]}
PLACES = {
    "public": ("/map/", "/map/list/"),
    "embedded": ("/map/embed/", "/map/embed/list/"),
    "staff": ("/staff/map/", "/staff/list/"),
}


@pytest.fixture(params=PLACES)
def pages(request, client) -> dict[str, str]:
    """The map's and the list's page with all of the filters, by their addresses."""
    make_portal()
    make_place("Victoria Park")
    music = make_category("Music")
    make_category("Sport")
    for number in range(PAGE + 1):
        make_pin(f"Choir {number:02}", category=music, position=Position(-0.2, 51.6 + number / 10_000))
    make_pin("Choir far away", category=music, position=Position(-0.2, 51.69))
    if request.param == "staff":
        client.force_login(make_contributor())
    return {address: client.get(address, CHOSEN).text for address in PLACES[request.param]}


def query_of(link: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(unescape(link)).query)


def links(page: str, *addresses: str) -> list[dict]:
    """The queries of every link on the page to one of these addresses."""
    found = re.findall(r'href="([^"]*)"', page)
    return [query_of(link) for link in found if urlsplit(link).path in addresses and "?" in link]


def sent_by(page: str, action: str) -> list[dict]:
    """What each of the page's forms with this action would send as it stands, its own boxes included."""
    found = []
    for form in re.findall(rf'<form[^>]*action="{action}".*?</form>', page, re.DOTALL):
        values: dict[str, list[str]] = {}
        for tag in re.findall(r"<input[^>]*>", form):
            is_box = 'type="checkbox"' in tag
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and value and value[1] and (not is_box or "checked" in tag):
                values.setdefault(name[1], []).append(value[1])
        found.append(values)
    return found


def test_every_link_between_map_list_and_pages_keeps_all_filters(pages):
    map_address, list_address = pages
    (asked_of_tiles,) = re.findall(r'data-filters="([^"]*)"', pages[map_address])
    assert query_of(f"?{asked_of_tiles}") == KEPT
    (to_map,) = links(pages[list_address], map_address)
    assert to_map == KEPT
    for to_list in links(pages[map_address], list_address):
        assert to_list == KEPT
    (following,) = [query for query in links(pages[list_address], list_address) if "after" in query]
    assert following == KEPT | {"after": following["after"]}


def test_every_filter_can_be_removed_by_itself(pages):
    for address, page in pages.items():
        (in_use,) = re.findall(r'<ul class="app-in-use".*?</ul>', page, re.DOTALL)
        assert "Within 5 km of Victoria Park" in in_use
        expected = [{other: KEPT[other] for other in KEPT if other != name} for name in KEPT]
        assert sorted(links(in_use, address), key=sorted) == sorted(expected, key=sorted)


def test_a_form_for_a_place_sends_all_other_filters_and_the_form_of_filters_the_place(pages):
    map_address, list_address = pages
    others = {name: values for name, values in KEPT.items() if name != "near"}

    place, filters = sorted(
        sent_by(pages[list_address], list_address), key=lambda form: "about" in form and len(form)
    )
    assert place == filters == KEPT
    assert sent_by(pages[map_address], map_address) == [KEPT]
    (place,) = sent_by(pages[map_address], list_address)
    assert place == others, "a new place is typed; the old one is not kept beside it"


def test_near_a_place_list_and_map_show_the_same(pages, client):
    map_address, list_address = pages
    assert "Choir far away" not in pages[list_address]
    for page in pages.values():
        assert f"{PAGE + 1} communities match your filters" in page
    # The map opens where one has asked for, not on the whole borough.
    assert 'data-near-longitude="-0.2" data-near-latitude="51.6"' in pages[map_address]
    tiles = re.search(r'data-tiles-url="([^"]*)"', pages[map_address])[1].format(z=0, x=0, y=0)
    (feature,) = client.get(tiles, KEPT).json()["features"]
    assert feature["properties"]["count"] == PAGE + 1


def test_a_place_that_nobody_knows_is_said_on_the_map_too(client):
    make_portal()
    make_pin("Choir")

    page = client.get("/map/?near=Atlantis").text

    assert "No place found for “<bdi>Atlantis</bdi>”" in page
    assert "No communities match your filters" in page or "0 communities match your filters" in page
    assert client.get("/map/tiles/0/0/0.json?near=Atlantis").json()["features"] == []


def test_the_front_page_leads_to_a_list_that_keeps_the_place(client):
    make_portal()
    make_place("Victoria Park")
    make_pin("Choir")

    form = re.search(r'<form class="app-near" action="([^"]*)" method="get">', client.get("/").text)
    page = client.get(form[1], {"near": "victoria"}).text

    assert {"near": ["victoria"]} in links(page, "/map/")
