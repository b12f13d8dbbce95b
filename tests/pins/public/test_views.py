"""The public pages and the staff map and list."""

import re

import pytest
from django.utils.html import escape

from community_map.geo import Position
from pins.listing import PAGE
from pins.models import Connection, Pin, Precision, Status, Visibility
from tests.factories import (
    make_approach,
    make_area,
    make_boundary_set,
    make_category,
    make_connection,
    make_contributor,
    make_pin,
    make_place,
    make_portal,
    make_service,
)

pytestmark = pytest.mark.django_db
HIDDEN = [
    {"status": Status.SUBMITTED},
    {"status": Status.RETURNED},
    {"status": Status.DECLINED},
    {"status": Status.ARCHIVED},
    {"visibility": Visibility.STAFF},
    {"visibility": Visibility.TEAM},
]


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("path", ["/", "/map/", "/map/list/"])
def test_public_pages_work_without_a_single_pin_and_set_no_cookie(client, path):
    make_portal()

    response = client.get(path)

    assert response.status_code == 200
    assert not response.cookies
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("fields", HIDDEN)
def test_what_is_not_public_is_on_no_public_page(client, fields):
    make_portal()
    client.force_login(make_contributor())
    pin = make_pin("Secret choir", **fields)

    for path in ("/", "/map/", "/map/list/", "/map/list/?q=secret"):
        assert "Secret choir" not in text_of(client.get(path)), path
    assert client.get(f"/map/pins/{pin.public_id}/").status_code == 404


@pytest.mark.parametrize("path", ["/map/", "/map/list/"])
def test_a_filter_that_does_not_exist_is_a_400_with_a_sentence_that_keeps_the_rest(client, path):
    make_portal()
    make_category("Music")

    response = client.get(path, {"category": ["music", "<none>"], "q": "brass"})

    assert response.status_code == 400
    assert "“&lt;none&gt;” is not one of the options" in text_of(response)
    assert 'value="brass"' in text_of(response)


@pytest.mark.parametrize("path", ["/map/", "/map/list/"])
def test_a_name_that_pages_do_not_know_is_ignored(client, path):
    make_portal()

    assert client.get(path + "?fbclid=abc&status=submitted").status_code == 200


@pytest.mark.parametrize(
    "words", ["'", '"', "<script>alert(1)</script>", "%", "\\", "{{ 7 }}", "\u202eabc", "((", "🎺", "a" * 100]
)
def test_hostile_words_are_shown_as_text(client, words):
    make_portal()

    response = client.get("/map/list/", {"q": words})

    assert response.status_code == 200
    assert "<script>alert" not in text_of(response)
    assert "No communities match. Remove a filter" in text_of(response)


def test_the_list_says_category_and_place_of_each(client):
    make_portal()
    make_area("Underhill")
    make_pin("Choir", category=make_category("Music"), description="They <b>sing</b>")

    body = text_of(client.get("/map/list/"))

    assert "1 community" in body
    assert escape("They <b>sing</b>") in body
    assert "Music, Underhill" in body.replace("in Underhill", "Underhill")


def test_the_list_takes_the_same_number_of_queries_for_one_as_for_twenty(client, django_assert_num_queries):
    make_portal()
    make_area("Underhill")
    make_place("Victoria Park")
    make_pin("First")
    client.get("/map/list/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get("/map/list/")
    for _ in range(PAGE - 1):
        make_pin()
    with django_assert_num_queries(len(one)):
        response = client.get("/map/list/")
    assert text_of(response).count("app-pin-row__name") == PAGE
    assert len(one) <= 5


def test_the_next_page_is_a_link_that_keeps_the_filters(client):
    make_portal()
    music = make_category("Music")
    for number in range(PAGE + 1):
        make_pin(f"Choir & more {number:02}", category=music)

    first = client.get("/map/list/?category=music")
    link = re.search(r'rel="next"\s+href="([^"]*)"', text_of(first))[1].replace("&amp;", "&")
    second = client.get(link)

    assert "Choir &amp; more 20" not in text_of(first)
    assert "Choir &amp; more 20" in text_of(second)
    assert "category=music" in link


@pytest.mark.parametrize("key", ["x", "~", "a~b", "%00~6f1c1f5e-3d5a-4b53-8a5e-111111111111"])
def test_a_page_that_does_not_exist_is_a_400_with_a_sentence(client, key):
    make_portal()

    response = client.get(f"/map/list/?after={key}")

    assert response.status_code == 400
    assert "That page of the list does not exist" in text_of(response)


def test_near_a_place_are_the_nearest_with_their_distance_in_words(client):
    make_portal()
    make_place("Victoria Park")
    make_pin("Far choir", position=Position(-0.2, 51.63))
    make_pin("Near choir", position=Position(-0.2, 51.602))

    body = text_of(client.get("/map/list/?near=victoria"))

    assert body.index("Near choir") < body.index("Far choir")
    assert "Communities near Victoria Park, nearest first" in body
    assert "About 220 metres away" in body


@pytest.mark.parametrize("near", ["Atlantis", "<b>", "%", "a" * 100])
def test_a_place_that_nobody_knows_gets_a_sentence(client, near):
    make_portal()
    make_pin("Choir")

    response = client.get("/map/list/", {"near": near})

    assert response.status_code == 200
    assert "No place found for" in text_of(response)
    assert "<b>" not in text_of(response).split("No place found")[1].split("</p>")[0]


@pytest.mark.parametrize("near", ["\x00", "a" * 101])
@pytest.mark.parametrize("path", ["/map/list/", "/map/", "/map/embed/", "/map/embed/list/"])
def test_what_is_no_name_of_a_place_is_a_400_with_a_sentence_at_its_box(client, path, near):
    make_portal()

    response = client.get(path, {"near": near})

    assert response.status_code == 400
    assert 'href="#id_near"' in text_of(response)
    assert 'id="id_near"' in text_of(response)


def test_the_page_of_a_community_says_where_how_and_since_when(client):
    make_portal(shows_services=True)
    make_area("Underhill")
    pin = make_pin(
        "Choir", category=make_category("Music"), meeting="Behind the organ", last_confirmed_at="2026-03-01"
    )
    make_connection(pin, make_service("Libraries"), [make_approach("Partnership")], what_worked="Biscuits")
    make_connection(pin, make_service("Parks"), kind=Connection.Kind.WOULD_LIKE)

    body = text_of(client.get(f"/map/pins/{pin.public_id}/"))

    for said in (
        "Choir",
        "Music",
        "Underhill",
        "Partnership",
        "Libraries",
        "1 March 2026",
        "Share on Facebook",
    ):
        assert said in body, said
    for kept in ("Behind the organ", "Biscuits", "Parks"):
        assert kept not in body, kept


def test_no_service_is_named_where_the_portal_says_so(client):
    make_portal(shows_services=False)
    pin = make_pin("Choir")
    make_connection(pin, make_service("Libraries"), [make_approach("Partnership")])

    body = text_of(client.get(f"/map/pins/{pin.public_id}/"))

    assert "Libraries" not in body
    assert "Partnership" in body


def test_a_coarse_pin_never_gives_its_exact_position_away(client):
    make_portal()
    pin = make_pin("Choir", position=Position(-0.212345, 51.612345), precision=Precision.NEIGHBOURHOOD)

    body = text_of(client.get(f"/map/pins/{pin.public_id}/"))

    assert "we do not show the exact place" in body
    assert "0.21234" not in body
    assert "51.61234" not in body


def test_a_pin_across_the_borough_is_listed_and_not_drawn(client):
    make_portal()
    make_pin("Choir", position=None, precision=Precision.BOROUGH)

    assert "Choir" in text_of(client.get("/map/list/"))
    assert "1 group with no single location is in the list only." in text_of(client.get("/map/"))


def test_a_decision_is_on_the_public_list_at_once(client):
    make_portal()
    pin = make_pin("Choir", status=Status.SUBMITTED)
    assert "Choir" not in text_of(client.get("/map/list/"))

    Pin.objects.filter(pk=pin.pk).update(status=Status.PUBLISHED, published_at="2026-01-01T00:00Z")
    assert "Choir" in text_of(client.get("/map/list/"))

    Pin.objects.filter(pk=pin.pk).update(status=Status.ARCHIVED)
    assert "Choir" not in text_of(client.get("/map/list/"))


def test_places_are_found_by_their_beginning_first_and_at_most_ten(client):
    make_place("Parkside", kind="library", longitude=-0.21, latitude=51.61)
    make_place("Victoria Park")
    for number in range(12):
        make_place(f"Zoo {number:02}")

    assert client.get("/map/places/?q=park").json() == {
        "places": [
            {"name": "Parkside", "kind": "library", "longitude": -0.21, "latitude": 51.61},
            {"name": "Victoria Park", "kind": "park", "longitude": -0.2, "latitude": 51.6},
        ]
    }
    assert len(client.get("/map/places/?q=zoo").json()["places"]) == 10


@pytest.mark.parametrize("q", ["", "x", "\x00", "%", "🎺🎺", "'; --", "a" * 10_000])
def test_a_search_for_no_place_finds_none(client, q):
    make_place("Victoria Park")

    response = client.get("/map/places/", {"q": q})

    assert response.status_code == 200
    assert response.json() == {"places": []}


def test_the_outline_and_a_kind_of_area_are_geojson(client):
    portal = make_portal()
    make_area("Underhill", slug="underhill", boundary_set=make_boundary_set(kind="ward"))

    outline = client.get("/map/areas.json?set=outline").json()
    wards = client.get("/map/areas.json?set=ward").json()

    assert [row["properties"]["name"] for row in outline["features"]] == [portal.outline.name]
    assert [row["properties"] for row in wards["features"]] == [{"name": "Underhill", "slug": "underhill"}]
    assert client.get("/map/areas.json?set=nothing").json() == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize("path", ["/map/", "/map/list/", "/map/tiles/0/0/0.json", "/map/places/"])
def test_public_addresses_are_for_reading_only(client, path):
    assert client.post(path).status_code == 405


def test_staff_see_what_is_not_checked_yet_and_who_is_connected(client):
    make_portal()
    pin = make_pin("Choir", status=Status.SUBMITTED)
    make_connection(pin, make_service("Parks"), kind=Connection.Kind.WOULD_LIKE)
    make_pin("Returned choir", status=Status.RETURNED)
    make_pin("Team choir", visibility=Visibility.TEAM)
    client.force_login(make_contributor(service=make_service("Libraries")))

    response = client.get("/staff/list/")
    body = text_of(response)

    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Not checked yet" in body
    assert "Parks" in body
    assert "Returned choir" not in body
    assert "Team choir" not in body
    assert "1 community" in text_of(client.get("/staff/map/"))


@pytest.mark.parametrize("path", ["/staff/map/", "/staff/list/"])
def test_staff_pages_want_a_sign_in_and_refuse_bad_values(client, path):
    make_portal()
    assert client.get(path).status_code == 302
    client.force_login(make_contributor())

    assert client.get(path).status_code == 200
    assert client.get(path + "?visibility=everyone").status_code == 400
    assert client.get(path + "?fbclid=1").status_code == 200


def test_where_nothing_is_near_a_sentence_says_so(client):
    make_portal()
    make_place("Victoria Park")

    assert "No communities on the map are within 5 km of Victoria Park." in text_of(
        client.get("/map/list/?near=vic")
    )


def test_a_known_place_with_a_bad_filter_is_not_called_unknown(client):
    make_portal()
    make_place("Victoria Park")

    response = client.get("/map/list/?near=victoria&category=none")

    assert response.status_code == 400
    assert "We do not know" not in text_of(response)


def test_near_a_place_works_in_the_staff_list_too_by_the_exact_position(client):
    make_portal()
    make_place("Victoria Park")
    make_pin("Choir", position=Position(-0.2, 51.602), precision=Precision.NEIGHBOURHOOD)
    client.force_login(make_contributor())

    assert "About 220 metres away" in text_of(client.get("/staff/list/?near=victoria"))
