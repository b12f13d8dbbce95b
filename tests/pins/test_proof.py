"""Proofs at full size, run by make proof: test_tiles.py holds the same with 5,000 pins in make test."""

import random
import uuid

import pytest
from django.utils import timezone

from community_map import geo
from pins import vocabulary
from pins.models import Pin, Precision, Status, Visibility
from pins.tiles import PublicTiles, tile_features
from tests.factories import SQUARE, make_category, make_contributor

pytestmark = [pytest.mark.django_db, pytest.mark.proof]
PINS = 100_000


@pytest.fixture
def many_pins():
    chance = random.Random(7)
    author, category, now = make_contributor(), make_category(), timezone.now()
    west, south, east, north = SQUARE
    rows = []
    for number in range(PINS):
        longitude, latitude = chance.uniform(west, east), chance.uniform(south, north)
        x, y = geo.mercator(longitude, latitude)
        rows.append(
            Pin(
                name=f"Pin {number}", category=category, created_by=author, idempotency_key=uuid.UUID(int=number),
                status=Status.PUBLISHED, published_at=now, submitted_at=now, visibility=Visibility.PUBLIC,
                precision=Precision.EXACT, loosest_visibility=0, finest_precision=0, is_sensitive=False,
                longitude=longitude, latitude=latitude, mercator_x=x, mercator_y=y,
                public_longitude=longitude, public_latitude=latitude, public_mercator_x=x, public_mercator_y=y,
            )
        )  # fmt: skip
    Pin.objects.bulk_create(rows, batch_size=500)


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

    assert largest == PINS
