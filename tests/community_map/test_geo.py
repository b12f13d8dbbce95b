import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_map import geo
from community_map.geo import Position, PositionError, parse_position

longitudes = st.floats(-180, 180)
latitudes = st.floats(-85, 85)

NOT_NUMBERS = [
    "", " ", "abc", "nan", "NaN", "inf", "-Infinity", "1e400", "0x10", "51,6", "5" * 5000, "٥١", "1_0", "--1",
    None, True, False, [], {}, math.nan, math.inf, -math.inf,
]  # fmt: skip
OUT_OF_RANGE = [
    (181, 0),
    (-180.000001, 0),
    (0, 90.0001),
    (0, -91),
    (1e130, 0),
    (0, 1e308),
    ("1e200", "1e200"),
]


@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_what_is_no_plain_number_is_refused_with_a_sentence(value):
    for pair in ((value, 51.6), (-0.2, value)):
        with pytest.raises(PositionError, match="plain numbers"):
            parse_position(*pair)


@pytest.mark.parametrize("pair", OUT_OF_RANGE)
def test_what_is_not_on_earth_is_refused_with_a_sentence(pair):
    with pytest.raises(PositionError, match="between"):
        parse_position(*pair)


def test_a_position_is_rounded_to_six_decimals_and_has_no_negative_zero():
    assert parse_position(" -0.20000049 ", "51.6") == Position(-0.2, 51.6)
    assert str(parse_position("-0.0", "5e-324").longitude) == "0.0"


@given(longitudes, latitudes)
def test_mercator_and_back_is_the_same_place_within_a_grid_unit(longitude, latitude):
    x, y = geo.mercator(longitude, latitude)

    west, north = geo.from_mercator(x, y)
    east, south = geo.from_mercator(x + 1, y + 1)
    assert west - 1e-9 <= longitude <= east + 1e-9
    assert south - 1e-9 <= latitude <= north + 1e-9


def test_mercator_of_known_points():
    assert geo.mercator(0, 0) == (2**27, 2**27)
    assert geo.mercator(-180, 85.051129) == (0, 0)
    assert geo.mercator(180, -90) == (2**28 - 1, 2**28 - 1)


@pytest.mark.parametrize("pair", [(math.nan, 0), (0, math.inf), (181, 0), (0, -91)])
def test_mercator_refuses_what_is_not_on_earth(pair):
    with pytest.raises(ValueError, match="longitude"):
        geo.mercator(*pair)


@given(longitudes, latitudes, st.integers(0, 22))
def test_every_point_lies_in_the_tile_whose_range_holds_it(longitude, latitude, z):
    x, y = geo.mercator(longitude, latitude)
    shift = geo.GRID_BITS - z

    west, north, east, south = geo.tile_range(z, x >> shift, y >> shift)

    assert west <= x < east and north <= y < south


@pytest.mark.parametrize("tile", [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, -1)])
def test_there_is_no_tile_beyond_the_grid(tile):
    with pytest.raises(ValueError, match="no tile"):
        geo.tile_range(*tile)


@given(longitudes, latitudes, st.sampled_from([10, 13]))
def test_all_points_of_a_cell_have_the_same_centre(longitude, latitude, bits):
    west, north, _east, _south = geo.cell_bounds(*geo.mercator(longitude, latitude), bits)
    corner = geo.from_mercator(west + 0.5, north + 0.5)

    assert geo.cell_centre(longitude, latitude, bits) == geo.cell_centre(*corner, bits)


def test_cells_measure_what_they_are_said_to_measure_in_london():
    def width(bits):
        west, north, east, _south = geo.cell_bounds(*geo.mercator(-0.2, 51.6), bits)
        return geo.distance_metres(*geo.from_mercator(west, north), *geo.from_mercator(east, north))

    assert (round(width(10)), round(width(13))) == (95, 759)


def test_distance_between_hendon_and_barnet_is_about_seven_kilometres():
    assert geo.distance_metres(-0.2266, 51.5832, -0.1997, 51.6444) == pytest.approx(7056, abs=10)


@given(st.floats(1, 5000), latitudes)
def test_mercator_units_never_fall_short_of_the_distance(metres, latitude):
    units = geo.mercator_units(metres, latitude)
    x, y = geo.mercator(0, latitude)
    west, here = geo.from_mercator(x, y), geo.from_mercator(x + units, y)

    assert geo.distance_metres(west[0], latitude, here[0], latitude) >= metres * 0.99 - 0.5
