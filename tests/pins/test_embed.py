"""The map and the list in a frame on another site: for the sites of EMBED_HOSTS, to read only, without a cookie."""

import re

import pytest

from tests.factories import make_contributor, make_pin, make_portal

pytestmark = pytest.mark.django_db
ADDRESSES = ["/map/embed/", "/map/embed/list/"]
SITES = ["https://www.example.gov.uk", "https://*.example.org"]


def ancestors(response) -> str:
    return re.search(r"frame-ancestors ([^;]*)", response.headers["Content-Security-Policy"])[1]


@pytest.mark.parametrize("address", ADDRESSES)
def test_by_default_no_site_may_show_it(client, address):
    response = client.get(address)

    assert (ancestors(response), response.headers["X-Frame-Options"]) == ("'none'", "DENY")


@pytest.mark.parametrize(
    "address", [*ADDRESSES, "/map/embed/?category=nothing", "/map/embed/list/?after=broken"]
)
def test_the_sites_of_the_setting_may_show_it_and_nothing_else(client, settings, address):
    settings.EMBED_HOSTS = SITES
    response = client.get(address)

    assert ancestors(response) == "https://www.example.gov.uk https://*.example.org"
    assert "X-Frame-Options" not in response.headers
    for other in ("/", "/map/", "/map/list/", "/accounts/login/", "/map/embed/nothing/"):
        assert ancestors(client.get(other)) == "'none'", other
        assert client.get(other).headers["X-Frame-Options"] == "DENY", other


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_has_nothing_to_send_or_sign_in_to_and_is_the_same_for_colleagues(client, address):
    make_portal()
    make_pin("Chess club")
    plain = client.get(address)
    client.force_login(make_contributor())

    assert client.get(address).content == plain.content
    assert "Set-Cookie" not in plain.headers
    text = plain.text
    assert not re.search(r'method="post"|csrf|/staff/|/accounts/|/admin/', text, re.IGNORECASE)
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_not_part_of_it_opens_in_a_new_tab(client, address):
    make_portal()
    make_pin("Chess club")
    text = client.get(address).text

    assert '<base target="_blank">' in text
    here = re.findall(r'<(?:a|form)\b[^>]*target="_self"[^>]*>', text)
    away = [tag for tag in re.findall(r"<a\b[^>]*href=[^>]*>", text) if tag not in here]
    assert here and all(re.search(r'(?:href|action)="(?:/map/embed/|#main)', tag) for tag in here), here
    assert away and not any("/map/embed/" in tag for tag in away), away


def test_the_list_has_the_same_communities_and_filters(client):
    make_portal()
    pin = make_pin("Chess club")
    make_pin("Hidden club", visibility=1)

    text = client.get("/map/embed/list/").text

    assert f'href="/map/pins/{pin.public_id}/"' in text and "Chess club" in text
    assert "Hidden club" not in text
    assert "Chess club" not in client.get("/map/embed/list/?q=nothing+like+it").text
