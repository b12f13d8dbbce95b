"""Positions on the earth as plain numbers: checks, web mercator, grid cells, distances.

Nothing here knows the database. Longitude comes before latitude, degrees are WGS 84.
"""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

GRID_BITS = 28
GRID_SIZE = 2**GRID_BITS
MAX_LATITUDE = 85.051129
EARTH_RADIUS_METRES = 6_371_008.8
DECIMALS = 6


class PositionError(ValueError):
    """A position that cannot be accepted; its text is a sentence for the person who gave it."""


@dataclass(frozen=True)
class Position:
    """A checked point: degrees, WGS 84, rounded to 6 decimals."""

    longitude: float
    latitude: float

    @property
    def mercator(self) -> tuple[int, int]:
        return mercator(self.longitude, self.latitude)


def parse_position(longitude, latitude) -> Position:
    """Return the position that two values, numbers or text, stand for.

    The one check of numbers that form, API, admin and import share: both must be plain decimal
    numbers, finite and in range. Raises PositionError with a sentence otherwise.
    """
    lon, lat = _number(longitude), _number(latitude)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise PositionError(_("Longitude must be between -180 and 180, and latitude between -90 and 90."))
    # Adding 0.0 turns -0.0 into 0.0, which is the same place.
    return Position(round(lon, DECIMALS) + 0.0, round(lat, DECIMALS) + 0.0)


def _number(value) -> float:
    if isinstance(value, str):
        value = value.strip()
        # Longer than any honest coordinate; also keeps float() from reading thousands of digits.
        is_plain = len(value) <= 32 and set(value) <= set("+-.0123456789eE")
    else:
        is_plain = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        number = float(value) if is_plain else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise PositionError(_("Longitude and latitude must be plain numbers, such as -0.2003 and 51.6027."))
    return number


def mercator(longitude: float, latitude: float) -> tuple[int, int]:
    """Return the web-mercator position of a point on a grid of 2**28 units a side, x east, y south.

    Degrees, WGS 84. Latitude beyond ±85.051129 is clamped, as in the tile scheme.
    Raises ValueError unless both are finite and in range.
    Source: OGC Two Dimensional Tile Matrix Set 2.0, WebMercatorQuad.
    """
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise ValueError("longitude and latitude must be finite")
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError("longitude or latitude is out of range")
    latitude = max(-MAX_LATITUDE, min(MAX_LATITUDE, latitude))
    x = (longitude + 180) / 360
    sine = math.sin(math.radians(latitude))
    y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return _clamp(x), _clamp(y)


def _clamp(share: float) -> int:
    return max(0, min(GRID_SIZE - 1, int(share * GRID_SIZE)))


def from_mercator(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude in degrees of a grid position; the inverse of mercator()."""
    longitude = x / GRID_SIZE * 360 - 180
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / GRID_SIZE))))
    return longitude, latitude


def cell_bounds(x: int, y: int, bits: int) -> tuple[int, int, int, int]:
    """Return west, north, east, south, in grid units, of the fixed cell of 2**bits units that holds x, y."""
    size = 1 << bits
    west, north = x >> bits << bits, y >> bits << bits
    return west, north, west + size, north + size


def cell_centre(longitude: float, latitude: float, bits: int) -> Position:
    """Return the centre of the fixed cell of 2**bits grid units that holds the point."""
    west, north, east, south = cell_bounds(*mercator(longitude, latitude), bits)
    lon, lat = from_mercator((west + east) / 2, (north + south) / 2)
    return Position(round(lon, DECIMALS), round(lat, DECIMALS))


def tile_range(z: int, x: int, y: int) -> tuple[int, int, int, int]:
    """Return the first and past-the-last mercator x and y of a tile: west, north, east, south.

    Raises ValueError when there is no such tile.
    """
    if not (0 <= z <= 22 and 0 <= x < 2**z and 0 <= y < 2**z):
        raise ValueError(f"no tile {z}/{x}/{y}")
    shift = GRID_BITS - z
    return x << shift, y << shift, (x + 1) << shift, (y + 1) << shift


def distance_metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the great-circle distance in metres between two points in degrees (haversine)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = (
        math.sin((phi2 - phi1) / 2) ** 2
        + math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_METRES * math.asin(min(1.0, math.sqrt(half)))


def mercator_units(metres: float, latitude: float) -> int:
    """Return how many grid units span a distance in metres at a latitude, rounded up."""
    circumference = 2 * math.pi * 6_378_137 * math.cos(math.radians(latitude))
    return math.ceil(metres / circumference * GRID_SIZE)
