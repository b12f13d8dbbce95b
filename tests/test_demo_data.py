"""The demonstration's files, before any database: what they hold, where it lies, and what they must not say."""

import csv
import json
import re
import tomllib
from collections import Counter
from itertools import combinations
from pathlib import Path

from shapely.geometry import Point, shape
from shapely.ops import unary_union

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "pins" / "demo"


def rows() -> list[dict]:
    return tomllib.loads((PINS / "pins.toml").read_text(encoding="utf-8"))["pins"]


def words() -> dict:
    return tomllib.loads((PINS / "vocabulary.toml").read_text(encoding="utf-8"))


def places() -> list[dict]:
    with (PINS / "places.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def features(name: str) -> list[dict]:
    return json.loads((PINS / name).read_text(encoding="utf-8"))["features"]


def test_the_outline_is_one_valid_polygon_that_says_it_is_not_official():
    [outline] = features("outline.geojson")
    polygon = shape(outline["geometry"])

    assert polygon.geom_type == "Polygon"
    assert polygon.is_valid
    assert 30 <= len(polygon.exterior.coords) <= 60
    assert "Not an official boundary" in outline["properties"]["note"]


def test_the_areas_tile_the_outline_without_overlapping():
    outline = shape(features("outline.geojson")[0]["geometry"])
    areas = features("areas.geojson")
    polygons = [shape(area["geometry"]) for area in areas]

    assert [area["properties"]["code"] for area in areas] == [f"DEMO-{n:02}" for n in range(1, 14)]
    assert all("Not an official boundary" in area["properties"]["note"] for area in areas)
    assert all(polygon.is_valid for polygon in polygons)
    # Square degrees: a hundred millionth is about 80 square metres here.
    assert [pair for pair in combinations(polygons, 2) if pair[0].intersection(pair[1]).area > 1e-8] == []
    assert unary_union(polygons).symmetric_difference(outline).area < 0.001 * outline.area


def test_every_place_is_inside_the_outline_and_named_once():
    outline = shape(features("outline.geojson")[0]["geometry"])

    outside = [
        row["name"]
        for row in places()
        if not outline.contains(Point(float(row["longitude"]), float(row["latitude"])))
    ]

    assert outside == []
    assert [name for name, count in Counter(row["name"] for row in places()).items() if count > 1] == []
    assert {row["kind"] for row in places()} == {
        "town-centre",
        "station",
        "park",
        "library",
        "leisure",
        "postcode-district",
    }


def test_the_communities_use_only_words_that_the_demonstration_knows():
    names = ("services", "approaches", "initiatives", "categories", "offers", "less_heard_groups")
    slugs = {name: {row["slug"] for row in words()[name]} for name in names}
    connections = [connection for row in rows() for connection in row["connections"]]

    assert {row["category"] for row in rows()} == slugs["categories"]
    assert {row["place"] for row in rows()} <= {""} | {row["name"] for row in places()}
    assert {row["initiative"] for row in rows() if "initiative" in row} == slugs["initiatives"]
    assert {offer for row in rows() for offer in row.get("offers", [])} == slugs["offers"]
    assert {connection["service"] for connection in connections} == slugs["services"]
    assert {slug for connection in connections for slug in connection.get("approaches", [])} == slugs[
        "approaches"
    ]
    assert {connection.get("last_worked", "") for connection in connections} == {
        "",
        "this-month",
        "six-months",
        "longer",
        "not-sure",
    }
    assert {row.get("what", "community") for row in rows()} == {"community", "organisation", "asset"}


def test_a_sensitive_group_is_public_only_with_its_agreement_and_never_at_a_small_place():
    sensitive = {row["slug"] for row in words()["categories"] if row.get("is_sensitive")}
    kinds = {row["name"]: row["kind"] for row in places()}
    found = [row for row in rows() if row["category"] in sensitive]

    assert [row["name"] for row in found if row["visibility"] == "public" and not row.get("agreement")] == []
    assert {kinds[row["place"]] for row in found if row["place"]} <= {"town-centre", "park"}


def test_no_two_teams_say_the_same_about_what_worked():
    said = Counter(
        connection["what_worked"]
        for row in rows()
        for connection in row["connections"]
        if "what_worked" in connection
    )

    assert len(said) >= 20
    assert [text for text, count in said.items() if count > 1] == []


def test_no_file_names_a_telephone_or_an_address_of_a_real_site():
    for path in (PINS / "pins.toml", PINS / "vocabulary.toml", PINS / "places.csv"):
        text = path.read_text(encoding="utf-8")
        hosts = re.findall(r"(?:@|https?://)([\w.-]+)", text)

        assert [host for host in hosts if host != "example.org" and not host.endswith(".example.org")] == []
        if path.suffix == ".toml":
            assert re.findall(r"(?:\+44|\b0)[\d ]{9,}", text) == []
