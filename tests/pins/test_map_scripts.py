"""django-leaflet as its docs say: settings by LEAFLET_CONFIG, files by its tags, and nothing that the policy forbids."""

import html
import json
import re

import leaflet
import pytest

from tests.factories import make_contributor, make_portal

pytestmark = pytest.mark.django_db
PAGES = ["/map/", "/map/embed/", "/staff/map/", "/staff/pins/new/"]


@pytest.fixture
def text(client, request):
    make_portal()
    client.force_login(make_contributor())
    return client.get(request.param).text


def config_of(text: str) -> dict:
    return json.loads(html.unescape(re.search(r'data-leaflet="([^"]*)"', text)[1]))


@pytest.mark.parametrize("text", PAGES, indirect=True)
def test_the_background_of_every_map_is_the_setting_s(text, settings):
    config = config_of(text)

    assert config["TILES"] == [
        [
            "Map",
            settings.TILE_URL,
            {"attribution": settings.TILE_ATTRIBUTION, "attributionUrl": settings.TILE_ATTRIBUTION_URL},
        ]
    ]
    assert config["MAX_ZOOM"] == settings.TILE_MAX_ZOOM
    assert config["SPATIAL_EXTENT"] == {"xmin": -8.2, "ymin": 49.9, "xmax": 1.8, "ymax": 60.9}
    assert text.count(settings.TILE_URL) == 1


def test_any_key_of_leaflet_config_reaches_the_map(client, monkeypatch):
    make_portal()
    monkeypatch.setitem(leaflet.app_settings, "SCALE", "metric")

    assert config_of(client.get("/map/").text)["SCALE"] == "metric"


@pytest.mark.parametrize("text", PAGES, indirect=True)
def test_the_package_s_tags_write_its_files_and_no_script_that_runs_inline(text):
    assert re.findall(r'href="/static/(leaflet/[^"]*)"', text) == [
        "leaflet/leaflet.css",
        "leaflet/leaflet.extras.css",
    ]
    assert re.findall(r'src="/static/(leaflet/[^"]*)"', text) == [
        "leaflet/leaflet.js",
        "leaflet/leaflet.extras.js",
        "leaflet/draw/leaflet.draw.i18n.js",
    ]
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", text)
    assert inline and all('type="application/json"' in attributes for attributes in inline)
    assert "nonce" not in text
