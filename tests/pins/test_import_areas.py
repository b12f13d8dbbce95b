import json

import pytest
from django.core.management import CommandError, call_command

from community_map.models import Area, BoundarySet, Place, Portal
from tests.factories import make_pin, square

pytestmark = pytest.mark.django_db

WARDS = [
    "--set",
    "Wards 2022",
    "--kind",
    "ward",
    "--name-property",
    "name",
    "--code-property",
    "code",
    "--valid-from",
    "2022-05-05",
]


@pytest.fixture
def write(tmp_path):
    def write(*areas, name="wards.geojson"):
        features = [
            {"type": "Feature", "properties": {"code": code, "name": title}, "geometry": square(*bounds)}
            for code, title, bounds in areas
        ]
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return str(path)

    return write


WEST, EAST = ("E1", "West", (-0.3, 51.5, -0.2, 51.7)), ("E2", "East", (-0.2, 51.5, -0.1, 51.7))


def test_a_file_is_imported_and_every_pin_gets_its_area(write):
    pin = make_pin()

    call_command("import_areas", write(WEST, EAST), *WARDS)

    # The pin stands on the shared edge: the lowest code has it, and only that.
    assert [area.code for area in pin.areas.all()] == ["E1"]
    assert list(Area.objects.values_list("code", "slug")) == [("E2", "east"), ("E1", "west")]


def test_importing_again_updates_by_code_so_that_links_survive(write):
    call_command("import_areas", write(WEST, EAST), *WARDS)
    before = dict(Area.objects.values_list("code", "pk"))

    call_command(
        "import_areas",
        write(("E1", "Far west", WEST[2]), EAST, ("E3", "North", (-0.2, 51.7, -0.1, 51.8))),
        *WARDS,
    )

    after = {area.code: area for area in Area.objects.all()}
    assert {code: after[code].pk for code in before} == before
    assert (after["E1"].name, after["E1"].slug, len(after)) == ("Far west", "west", 3)
    assert BoundarySet.objects.count() == 1


def test_a_bad_feature_leaves_everything_as_it_was(write):
    call_command("import_areas", write(WEST), *WARDS)

    with pytest.raises(CommandError, match="Feature 2: its area is zero"):
        call_command("import_areas", write(("E1", "Changed", WEST[2]), ("E2", "Line", (0, 0, 0, 1))), *WARDS)

    assert list(Area.objects.values_list("name", flat=True)) == ["West"]


def test_a_dry_run_changes_nothing(write):
    call_command("import_areas", write(WEST), *WARDS, "--dry-run")

    assert (Area.objects.count(), BoundarySet.objects.count()) == (0, 0)


def test_an_outline_becomes_the_portals(write):
    outline = write(("B", "Borough", (-0.3, 51.5, -0.1, 51.7)))
    call_command(
        "import_areas",
        outline,
        *[{"Wards 2022": "Outline", "ward": "outline"}.get(word, word) for word in WARDS],
    )

    assert Portal.load().outline.name == "Borough"


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_areas", str(tmp_path / "nowhere.geojson"), *WARDS)


def test_places_are_imported_and_updated_by_kind_and_name(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(
        "name,kind,longitude,latitude\nOak Hill Park,park,-0.201,51.6\nNW4,postcode-district,-0.22,51.59\n"
    )
    pin = make_pin()
    call_command("import_places", str(path))
    path.write_text("name,kind,longitude,latitude\nOak Hill Park,park,-0.2005,51.6\n")

    call_command("import_places", str(path))

    assert sorted(Place.objects.values_list("name", "longitude")) == [
        ("NW4", -0.22),
        ("Oak Hill Park", -0.2005),
    ]
    pin.refresh_from_db()
    assert pin.near.name == "Oak Hill Park"


def test_a_bad_row_leaves_the_gazetteer_as_it_was(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("name,kind,longitude,latitude\nOak Hill Park,park,-0.2,51.6\nNowhere,park,inf,51.6\n")

    with pytest.raises(CommandError, match="Row 3: Longitude and latitude must be plain numbers"):
        call_command("import_places", str(path))

    assert Place.objects.count() == 0
