import json

import pytest
from pyproj import Transformer

from community_map.places.importing import ImportFault, read_areas, read_places

RING = [[-0.2, 51.6], [-0.1, 51.6], [-0.1, 51.7], [-0.2, 51.7], [-0.2, 51.6]]


ACROSS = [[179.9, 51.6], [-179.9, 51.6], [-179.9, 51.7], [179.9, 51.7], [179.9, 51.6]]


def feature(coordinates=None, *, kind="Polygon", **properties):
    properties = {"name": "Hill", "code": "E1", **properties}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates or [RING]},
    }


def collection(*features) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def read(data: bytes):
    return read_areas(data, name_property="name", code_property="code")


def test_a_polygon_becomes_a_multipolygon_with_a_point_inside():
    [row] = read(collection(feature()))

    assert (row.code, row.name, row.geometry["type"]) == ("E1", "Hill", "MultiPolygon")
    assert -0.2 < row.longitude < -0.1 and 51.6 < row.latitude < 51.7


def test_newline_delimited_features_are_read_too():
    data = b"\n".join(json.dumps(feature(code=code)).encode() for code in ("E1", "E2"))

    assert [row.code for row in read(data)] == ["E1", "E2"]


def test_british_national_grid_is_told_by_its_numbers_and_reprojected():
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    ring = [list(to_grid.transform(*point)) for point in RING]

    [row] = read(collection(feature([ring])))

    [[corner, *_rest]] = row.geometry["coordinates"][0]
    assert corner == pytest.approx((-0.2, 51.6), abs=1e-6)


def test_heights_are_dropped_and_a_byte_order_mark_does_not_matter():
    ring = [[*point, 12.0] for point in RING]

    [row] = read(b"\xef\xbb\xbf" + collection(feature([ring])))

    assert len(row.geometry["coordinates"][0][0][0]) == 2


BAD_FEATURES = {
    "crosses itself": feature([[[-0.2, 51.6], [-0.1, 51.7], [-0.1, 51.6], [-0.2, 51.7], [-0.2, 51.6]]]),
    "zero area": feature([[[-0.2, 51.6], [-0.1, 51.6], [-0.2, 51.6], [-0.2, 51.6]]]),
    "a point": feature([-0.2, 51.6], kind="Point"),
    "empty": feature([[]]),
    "no geometry": {**feature(), "geometry": None},
    "a list of kinds": {**feature(), "geometry": {"type": ["Polygon"], "coordinates": [RING]}},
    "text for a number": feature([[["a", "b"], *RING[1:]]]),
    "not on earth": feature([[[x * 1e9, y] for x, y in RING]]),
    "across the 180th meridian": feature([[[x, y] for x, y in ACROSS]]),
    "across the 180th meridian, counted on": feature([[[x % 360, y] for x, y in ACROSS]]),
    "HTML": feature(name="Hill <b>ward</b>"),
    "an entity": feature(name="Hill &lt;script&gt;"),
    "a direction override": feature(name="Hill \u202edraw"),
    "a direction mark in its code": feature(code="E1\u2067"),
    "no code": feature(code=""),
    "no name": feature(name=None),
    "a name too long": feature(name="x" * 101),
    "no feature": {"type": "Polygon"},
    "a list": [1, 2],
}


@pytest.mark.parametrize("bad", BAD_FEATURES.values(), ids=BAD_FEATURES)
def test_a_bad_feature_is_named_by_its_number(bad):
    with pytest.raises(ImportFault) as refused:
        read(collection(feature(code="E0"), bad))

    [fault] = refused.value.faults
    assert fault.startswith("Feature 2: ") and len(fault) > 20


def test_every_bad_feature_is_named_at_once():
    with pytest.raises(ImportFault) as refused:
        read(collection(BAD_FEATURES["zero area"], feature(), BAD_FEATURES["no name"], feature()))

    assert [fault.split(":")[0] for fault in refused.value.faults] == ["Feature 1", "Feature 3", "Feature 4"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"   ", b"nonsense", b"[]", b"{}", b'{"type": "FeatureCollection", "features": []}', b"\xff\xfe{\x00",
        b'{"type": "FeatureCollection", "features": [], "features": []}',
        json.dumps(feature()).replace("51.6", "NaN").encode(),
        json.dumps(feature()).replace("51.6", "1e400").encode(),
        b"[" * 100_000, b'{"a":' * 30 + b"1" + b"}" * 30,
        collection(feature())[:-20],
        b"x" * 10_000_001,
    ],
    ids=lambda data: repr(data[:24]),
)  # fmt: skip
def test_a_file_that_is_no_geojson_is_refused_with_a_sentence(data):
    with pytest.raises(ImportFault) as refused:
        read(data)

    assert refused.value.faults[0].endswith(".")


def test_places_are_read_from_a_csv_file():
    rows = read_places(b"name,kind,longitude,latitude\r\n Oak  Hill Park ,park,-0.14,51.64\n")

    assert [(row.name, row.kind, row.longitude, row.latitude) for row in rows] == [
        ("Oak Hill Park", "park", -0.14, 51.64)
    ]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Park,park,51.6", 2),
        ("Park,park,-0.1,51.6,more", 2),
        (",park,-0.1,51.6", 2),
        ("Park,a park,-0.1,51.6", 2),
        ("<i>Park</i>,park,-0.1,51.6", 2),
        ("Park\u200f,park,-0.1,51.6", 2),
        ("Park,park,nan,51.6", 2),
        ("Park,park,-0.1,91", 2),
        ("Park,park,-0.1,51.6\nPark,park,-0.1,51.6", 3),
        ('"Park,park,-0.1,51.6', 2),
    ],
)
def test_a_bad_row_is_named_by_its_number(line, number):
    with pytest.raises(ImportFault) as refused:
        read_places(f"name,kind,longitude,latitude\n{line}\n".encode())

    assert refused.value.faults[0].startswith(f"Row {number}: ")


@pytest.mark.parametrize("data", [b"", b"\xe9", b"name,kind\nx,y", b"name,kind,longitude,latitude\n"])
def test_a_file_that_is_no_gazetteer_is_refused_with_a_sentence(data):
    with pytest.raises(ImportFault):
        read_places(data)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("across the 180th meridian", "it crosses the 180th meridian, and this map cannot show that"),
        ("HTML", "its name has HTML in it: Hill <b>ward</b>"),
        (
            "a direction override",
            "its name has invisible characters that change the direction of the text: Hill draw",
        ),
    ],
)
def test_the_sentence_says_what_is_wrong(bad, sentence):
    with pytest.raises(ImportFault) as refused:
        read(collection(BAD_FEATURES[bad]))

    assert refused.value.faults == [f"Feature 1: {sentence}."]


@pytest.mark.parametrize("name", ["Hill & Vale", "Café – “Müller”", "St. Mary's", "شارع"])
def test_an_ordinary_name_is_kept(name):
    assert [row.name for row in read(collection(feature(name=name)))] == [name]
