"""Reading boundary files and gazetteers: parse, check every row, and name each fault by its number.

Nothing here writes. A file is good as a whole or refused as a whole.
"""

import csv
import io
import json
import re
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _
from shapely import force_2d, get_coordinates, is_valid_reason, transform
from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon, Polygon, mapping, shape

from community_map import geo
from community_map.text import clean_text

MAX_BYTES = 10_000_000
MAX_ROWS = 20_000
MAX_NESTING = 20
# Tags, whole or not, and entities.
MARKUP = re.compile(r"[<>]|&#?\w+;")
DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# British National Grid: metres east and north of a false origin.
GRID_EAST, GRID_NORTH = (0, 700_000), (0, 1_300_000)


class ImportFault(ValueError):
    """A file that cannot be imported; `faults` are sentences, each naming its row or feature by number."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True)
class AreaRow:
    """One area of a file, checked: geometry is a GeoJSON MultiPolygon in WGS 84, the point lies inside it."""

    code: str
    name: str
    geometry: dict
    longitude: float
    latitude: float


@dataclass(frozen=True)
class PlaceRow:
    name: str
    kind: str
    longitude: float
    latitude: float


def decode(data: bytes) -> str:
    """Return the text of a file, UTF-8 with or without a byte-order mark."""
    if len(data) > MAX_BYTES:
        raise ImportFault(_("The file is larger than 10 MB."))
    if not data.strip():
        raise ImportFault(_("The file is empty."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = _("The file is not UTF-8 text (byte %(byte)d).")
        raise ImportFault(sentence % {"byte": error.start}) from error


@contextmanager
def _going_on(faults: list[str], sentence: str, number: int):
    """Note what is wrong with one row, so that the next is read too."""
    try:
        yield
    except (ValueError, GEOSException) as error:
        faults.append(sentence % {"number": number, "fault": str(error).rstrip(".")})


def read_areas(data: bytes, *, name_property: str, code_property: str) -> list[AreaRow]:
    """Return the checked areas of a GeoJSON or newline-delimited GeoJSON file.

    Coordinates may be WGS 84 degrees or British National Grid metres, told apart by the numbers.
    Raises ImportFault with one sentence for each bad feature.
    """
    features = _features(decode(data))
    if not features:
        raise ImportFault(_("The file has no features."))
    if len(features) > MAX_ROWS:
        raise ImportFault(_("The file has more than 20,000 features."))
    rows, faults, seen = [], [], {}
    for number, feature in enumerate(features, start=1):
        with _going_on(faults, _("Feature %(number)d: %(fault)s."), number):
            row = _area_row(feature, name_property, code_property)
            if row.code in seen:
                raise ValueError(
                    _("code %(code)s is already used by feature %(number)d")
                    % {"code": row.code, "number": seen[row.code]}
                )
            seen[row.code] = number
            rows.append(row)
    if faults:
        raise ImportFault(*faults)
    return rows


def _features(text: str) -> list:
    try:
        document = _load(text)
    except ValueError as whole:
        lines = [line for line in text.splitlines() if line.strip(" \t\r\x1e")]
        if len(lines) < 2:
            raise ImportFault(_("The file is not GeoJSON: %(fault)s.") % {"fault": whole}) from whole
        return _feature_lines(lines)
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return document["features"]
    if kind == "Feature":
        return [document]
    raise ImportFault(_("The file is not a GeoJSON FeatureCollection."))


def _feature_lines(lines: list[str]) -> list:
    features, faults = [], []
    for number, line in enumerate(lines, start=1):
        with _going_on(faults, _("Feature %(number)d is not JSON: %(fault)s."), number):
            features.append(_load(line.strip("\x1e")))
    if faults:
        raise ImportFault(*faults)
    return features


def _load(text: str):
    """Parse strict JSON: no NaN or Infinity, no key twice, not nested deeper than 20."""

    def once(pairs):
        keys = [key for key, _value in pairs]
        if len(set(keys)) != len(keys):
            raise ValueError(_("it has the same key twice"))
        return dict(pairs)

    def refuse(constant):
        raise ValueError(_("%(constant)s is not a number") % {"constant": constant})

    try:
        document = json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except RecursionError as error:
        raise ValueError(_("it is nested too deeply")) from error
    if _is_deeper(document, MAX_NESTING):
        raise ValueError(_("it is nested too deeply"))
    return document


def _is_deeper(value, levels: int) -> bool:
    """Does a list or an object of this JSON lie within so many others?"""
    if not isinstance(value, dict | list):
        return False
    children = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(child, levels - 1) for child in children)


def _area_row(feature, name_property: str, code_property: str) -> AreaRow:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise ValueError(_("not a GeoJSON Feature"))
    properties = feature.get("properties") or {}
    name, code = (_text(properties, key) for key in (name_property, code_property))
    polygons = _polygons(feature.get("geometry"))
    inside = polygons.representative_point()
    position = geo.parse_position(inside.x, inside.y)
    if len(code) > 40 or len(name) > 100:
        raise ValueError(_("its name is longer than 100 characters or its code longer than 40"))
    return AreaRow(code, name, mapping(polygons), position.longitude, position.latitude)


def _text(properties, key: str) -> str:
    value = properties.get(key) if isinstance(properties, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not clean_text(value):
        raise ValueError(_("it has no property %(key)s") % {"key": key})
    return _name(value)


def _name(value: str) -> str:
    """Return a name as it is stored; one that could change how a page is read is refused and not mended."""
    if MARKUP.search(value):
        raise ValueError(_("its name has HTML in it: %(name)s") % {"name": clean_text(value)[:60]})
    if DIRECTION_MARKS.search(value):
        raise ValueError(
            _("its name has invisible characters that change the direction of the text: %(name)s")
            % {"name": clean_text(value)[:60]}
        )
    return clean_text(value)


def _polygons(geometry) -> MultiPolygon:
    """Return a valid multipolygon in WGS 84, or raise ValueError saying what is wrong."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(
            _("its geometry must be a Polygon or MultiPolygon, but it is %(kind)s")
            % {"kind": kind or _("missing")}
        )
    try:
        polygons = shape(geometry)
    except (TypeError, KeyError, IndexError, AttributeError, ValueError) as error:
        raise ValueError(_("its coordinates could not be read")) from error
    if polygons.is_empty:
        raise ValueError(_("its geometry is empty"))
    polygons = _to_degrees(force_2d(polygons))
    if polygons.area == 0:
        raise ValueError(_("its area is zero"))
    if not polygons.is_valid:
        raise ValueError(_("its outline is not valid: %(reason)s") % {"reason": is_valid_reason(polygons)})
    return MultiPolygon([polygons]) if isinstance(polygons, Polygon) else polygons


def _to_degrees(polygons):
    """Reproject British National Grid to WGS 84; leave degrees as they are; refuse anything else."""
    coordinates = get_coordinates(polygons)
    (west, south), (east, north) = coordinates.min(axis=0), coordinates.max(axis=0)
    # Numbers so small are degrees: in metres they would be in the sea. Wider than half the globe is the wrong way round.
    are_degrees = west >= -360 and east <= 360 and south >= -90 and north <= 90
    if are_degrees and (west < -180 or east > 180 or east - west > 180):
        raise ValueError(_("it crosses the 180th meridian, and this map cannot show that"))
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        return transform(polygons, lambda points: points.round(geo.DECIMALS + 1))
    if GRID_EAST[0] <= west and east <= GRID_EAST[1] and GRID_NORTH[0] <= south and north <= GRID_NORTH[1]:
        # Imported here: only this needs it, and it reads its database when it starts.
        from pyproj import Transformer

        to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
        return transform(polygons, to_degrees.transform, interleaved=False)
    raise ValueError(_("its coordinates are neither degrees nor British National Grid metres"))


def read_places(data: bytes) -> list[PlaceRow]:
    """Return the checked rows of a CSV file with the columns name, kind, longitude and latitude.

    Raises ImportFault with one sentence for each bad row; row 1 is the header.
    """
    reader = csv.DictReader(io.StringIO(decode(data), newline=""), strict=True)
    wanted = {"name", "kind", "longitude", "latitude"}
    rows, faults, seen = [], [], {}
    try:
        if missing := wanted - set(reader.fieldnames or []):
            sentence = _("The first row must name the columns. Missing: %(columns)s.")
            raise ImportFault(sentence % {"columns": ", ".join(sorted(missing))})
        for number, record in enumerate(reader, start=2):
            if number > MAX_ROWS + 1:
                raise ImportFault(_("The file has more than 20,000 rows."))
            with _going_on(faults, _("Row %(number)d: %(fault)s."), number):
                row = _place_row(record)
                key = (row.kind, row.name)
                if key in seen:
                    raise ValueError(
                        _("%(name)s is already in row %(number)d") % {"name": row.name, "number": seen[key]}
                    )
                seen[key] = number
                rows.append(row)
    except csv.Error as error:
        faults.append(
            _("Row %(number)d: %(fault)s.") % {"number": len(rows) + len(faults) + 2, "fault": error}
        )
    if faults:
        raise ImportFault(*faults)
    if not rows:
        raise ImportFault(_("The file has no rows."))
    return rows


def _place_row(record: dict) -> PlaceRow:
    if None in record or None in record.values():
        raise ValueError(_("it does not have the same number of columns as the first row"))
    name, kind = _name(record["name"]), record["kind"].strip()
    if not name or len(name) > 100:
        raise ValueError(_("its name must have 1 to 100 characters"))
    if not kind or len(kind) > 40 or not all(c.isascii() and (c.isalnum() or c == "-") for c in kind):
        raise ValueError(
            _("its kind must be one word of letters and hyphens, such as park or postcode-district")
        )
    position = geo.parse_position(record["longitude"], record["latitude"])
    return PlaceRow(name, kind.lower(), position.longitude, position.latitude)
