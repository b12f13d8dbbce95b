"""Proofs at full size, run by make proof: test_tiles.py holds the same with 5,000 pins in make test."""

import time

import pytest
from django.core.management import call_command

from community_map import geo
from pins import vocabulary
from pins.models import Pin
from pins.tiles import PublicTiles, tile_features
from tests.factories import make_category, make_place, make_portal, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.proof]
PINS = 100_000


@pytest.fixture
def many_pins():
    make_portal()
    # None of the categories is sensitive, so that clusters tell their whole number.
    make_category(), make_category(), make_service()
    for name, longitude, latitude in (("Park", -0.22, 51.6), ("Hall", -0.15, 51.55)):
        make_place(name, longitude=longitude, latitude=latitude)
    started = time.monotonic()
    call_command("make_pins", PINS)
    print(f"\n{PINS:,} pins made in {time.monotonic() - started:.0f} s")


def test_a_hundred_thousand_pins_stay_at_64_features_and_two_queries_a_tile(
    many_pins, django_assert_max_num_queries
):
    x, y = geo.mercator(-0.2, 51.6)
    largest = 0
    for z in range(0, 20):
        shift = geo.GRID_BITS - z
        vocabulary.current()  # the short lists are read every few seconds, not with every tile
        with django_assert_max_num_queries(2):
            features = tile_features(PublicTiles(Pin.objects.public()), z, x >> shift, y >> shift)
        assert len(features) <= 64
        largest = max(largest, sum(feature["properties"].get("count", 1) for feature in features))

    assert largest == Pin.objects.public().exclude(public_longitude=None).count() > PINS / 3
