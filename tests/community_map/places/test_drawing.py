"""Maps that the server draws: small, in whole numbers, and never with one name over another."""

import random
import re
from datetime import date
from math import cos, radians, sin, tau

import pytest
from django.test import Client
from shapely.geometry import MultiPolygon, Polygon, box, mapping

from community_map import geo
from community_map.cached import forget_all
from community_map.geo import Position
from community_map.models import Area
from community_map.places import drawing
from community_map.places.drawing import Frame, Mark
from community_map.places.labels import LETTER, NAME, SIZE, Labels, in_two_lines
from tests.factories import (
    INSIDE,
    make_administrator,
    make_area,
    make_boundary_set,
    make_place,
    make_portal,
)

UNIT = Frame(0, 0, 1)


def coastline(points: int, seed: int = 1) -> dict:
    """An outline far more ragged than a real one, around the tests' middle."""
    chance = random.Random(seed)
    ring = []
    for number in range(points):
        angle, radius = tau * number / points, 0.08 + chance.uniform(-0.0005, 0.0005)
        ring.append((-0.2 + radius * cos(angle), 51.6 + radius * sin(angle) * 0.6))
    return mapping(MultiPolygon([Polygon(ring).buffer(0)]))


def points_of(path: str) -> list[tuple[int, int]]:
    """Follow path data of M, l and z as a browser does; return where each step ends."""
    found = []
    for ring in filter(None, path.split("z")):
        start, _l, steps = ring.partition("l")
        numbers = [int(number) for number in re.findall(r"-?\d+", start + "l" + steps)]
        x, y = numbers[:2]
        found.append((x, y))
        for east, south in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + east, y + south
            found.append((x, y))
    return found


def test_a_path_is_whole_numbers_in_relative_steps():
    assert drawing.path_of(UNIT, box(100, 100, 200, 150)) in {
        "M200 100l0 50-100 0 0-50z",
        "M100 100l0 50 100 0 0-50z",
        "M200 150l-100 0 0-50 100 0z",
        "M100 150l0-50 100 0 0 50z",
    }


def test_a_path_goes_round_holes_and_says_nothing_of_what_is_too_small_or_far():
    ring = box(100, 100, 300, 300).difference(box(150, 150, 200, 200))

    assert drawing.path_of(UNIT, ring).count("z") == 2
    assert drawing.path_of(UNIT, box(10, 10, 11, 11)) == ""
    assert drawing.path_of(UNIT, box(5_000, 5_000, 6_000, 6_000)) == ""


def test_a_path_ends_outside_the_frame_and_is_simple_where_nobody_could_see_more():
    ragged = Polygon(
        [(-1000, 200), *[(x, 200 + x % 3 * 0.2) for x in range(-900, 900)], (900, 900), (-1000, 900)]
    )

    points = points_of(drawing.path_of(UNIT, ragged))

    assert len(points) < 12
    assert {min(x for x, _y in points), max(x for x, _y in points)} == {-12, 652}


@pytest.mark.parametrize(
    ("metres", "words", "miles"),
    [
        (1_700, "¼ mile (0.4 km)", 0.25),
        (3_600, "½ mile (0.8 km)", 0.5),
        (6_000, "1 mile (1.6 km)", 1),
        (20_000, "2 miles (3.2 km)", 2),
    ],
)
def test_the_scale_is_as_long_as_it_says(metres, words, miles):
    frame = drawing.frame_around(INSIDE, metres)

    scale = drawing._scale(frame)

    assert scale.words == words
    assert scale.length == pytest.approx(miles * 1609.344 / (metres / drawing.WIDTH), rel=0.01)
    west, _north, east, _south = frame.bounds()
    ends = [geo.from_mercator(x, INSIDE.mercator[1]) for x in (west, east)]
    assert geo.distance_metres(*ends[0], *ends[1]) == pytest.approx(metres, rel=0.01)


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (80, "80 metres"),
        (402, "400 metres"),
        (403, "0.3 miles (0.4 km)"),
        (1609, "1 mile (1.6 km)"),
        (3219, "2 miles (3.2 km)"),
    ],
)
def test_distances_are_in_miles_with_kilometres_and_short_ones_in_metres(metres, words):
    assert drawing.describe_distance(metres) == words


@pytest.mark.parametrize(
    ("degrees", "words"),
    [
        *((0, "north"), (45, "north-east"), (90, "east"), (135, "south-east")),
        *((180, "south"), (225, "south-west"), (270, "west"), (315, "north-west")),
        *((20, "north"), (25, "north-east"), (338, "north"), (335, "north-west")),
    ],
)
def test_a_direction_is_one_of_eight(degrees, words):
    # A degree of longitude is as long as 0.62 of one of latitude here.
    end = Position(-0.2 + 0.01 * sin(radians(degrees)) / 0.6211, 51.6 + 0.01 * cos(radians(degrees)))

    assert drawing.direction(INSIDE, end) == words


def test_no_name_covers_another_or_leaves_the_drawing():
    for seed in range(20):
        chance = random.Random(seed)
        labels = Labels(640, 480)
        labels.keep_clear(300, 200, 60, 60)
        for number in range(40):
            name = "Oak Hill Park and Meadow"[: chance.randint(3, 24)]
            x, y = chance.randint(0, 640), chance.randint(0, 480)
            if number % 3:
                labels.name_place(name, x, y)
            else:
                labels.name_area(name, x, y, box(0, 0, 640, 480))
        boxes = [(300, 200, 360, 260)]
        for label in labels.placed:
            size = SIZE if label.kind == "place" else NAME
            for line, base in label.lines:
                length = len(line) * (LETTER if label.kind == "place" else NAME * 0.62)
                left = label.x - {"start": 0, "middle": length / 2, "end": length}[label.anchor]
                boxes.append((left, base - size * 0.85, left + length, base + size * 0.1))
        assert len(labels.placed) > 5
        shapes = [box(*corners) for corners in boxes]
        assert all(box(0, 0, 640, 480).contains(shape) for shape in shapes)
        assert not any(a.intersects(b) for number, a in enumerate(shapes) for b in shapes[:number])


def test_a_long_name_is_broken_in_its_middle():
    assert in_two_lines("Totteridge and Whetstone") == ["Totteridge", "and Whetstone"]
    assert in_two_lines("Hendon") == ["Hendon"]
    assert in_two_lines("Llanfairpwllgwyngyll") == ["Llanfairpwllgwyngyll"]


@pytest.mark.django_db
class TestGround:
    def test_it_is_read_once_and_again_when_a_boundary_changes(self, django_assert_num_queries):
        make_portal()
        area = make_area("Underhill")
        drawing.ground()

        # The portal's row and the state of the boundaries.
        with django_assert_num_queries(2):
            first = drawing.ground()
        area.name = "Over Hill"
        area.save()

        assert [name for name, _shape in first.areas.values()] == ["Underhill"]
        assert [name for name, _shape in drawing.ground().areas.values()] == ["Over Hill"]

    def test_the_most_ragged_outline_makes_a_small_drawing(self):
        outline = make_area(boundary_set=make_boundary_set(kind="outline"))
        Area.objects.filter(pk=outline.pk).update(geometry=coastline(20_000))
        make_portal(outline=Area.objects.get(pk=outline.pk))
        wards = make_boundary_set()
        for number in range(24):
            ward = make_area(f"Ward number {number}", boundary_set=wards)
            Area.objects.filter(pk=ward.pk).update(geometry=coastline(2_000, seed=number))
        forget_all()

        whole = drawing.draw(
            drawing.ground(),
            [Mark("Here", area=drawing.ground().outline)],
            drawing.frame_of(drawing.ground().outline),
            title="Whole",
            description="Whole",
        )

        assert 100 < len(whole.land) <= drawing.LONGEST_PATH
        assert len(whole.marks[0].path) == len(whole.land)

    def test_names_of_places_stand_near_their_dots(self):
        make_portal()
        make_place("Oak Hill Park", longitude=-0.203, latitude=51.602)
        make_place("N20 8QJ", kind="postcode", longitude=-0.202, latitude=51.601)

        drawn = drawing.draw(
            drawing.ground(),
            [Mark("Here", INSIDE)],
            drawing.frame_around(INSIDE, 2_000),
            title="",
            description="",
            middle=INSIDE,
        )

        label = next(label for label in drawn.labels if label.kind == "place")
        assert label.lines[0][0] == "Oak Hill Park"
        assert drawn.words == ("Nearby: Oak Hill Park, 300 metres north-west.",)
        assert [label.kind for label in drawn.labels].count("place") == 1


@pytest.mark.django_db
class TestColouredMaps:
    def coloured(self):
        make_portal()
        wards = make_boundary_set("Wards")
        west = make_area("West", bounds=(-0.3, 51.5, -0.2, 51.7), boundary_set=wards)
        east = make_area("East", bounds=(-0.2, 51.5, -0.1, 51.7), boundary_set=wards)
        north = make_area("North", bounds=(-0.3, 51.65, -0.1, 51.7), boundary_set=make_boundary_set())
        steps = {west.pk: 4, east.pk: 1, north.pk: 1}
        return drawing.draw_areas(
            steps, {1: "1 to 9", 4: "40 or more"}, title="Communities", description="By area"
        )

    def test_each_area_has_its_step_and_the_key_has_each_step_once(self):
        drawn = self.coloured()

        assert [(item.mark.name, item.mark.step) for item in drawn.marks] == [
            ("West", 4),
            ("East", 1),
            ("North", 1),
        ]
        assert [(mark.words, mark.step) for mark in drawn.key] == [("40 or more", 4), ("1 to 9", 1)]
        assert drawn.words == ("40 or more: West.", "1 to 9: East, North.")
        assert all(item.path for item in drawn.marks)
        assert drawn.borders == ""

    def test_areas_of_another_day_are_not_drawn(self):
        make_portal()
        old = make_area("Old", boundary_set=make_boundary_set(valid_to=date(2023, 1, 1)))

        assert drawing.draw_areas({old.pk: 1}, {1: "one"}, title="", description="") is None

    def test_an_areas_page_in_admin_shows_where_it_is(self):
        make_portal()
        wards = make_boundary_set("Wards <2022>")
        west = make_area("West & more", bounds=(-0.3, 51.5, -0.2, 51.7), boundary_set=wards)
        make_area("East", bounds=(-0.2, 51.5, -0.1, 51.7), boundary_set=wards)
        old = make_area("Old", boundary_set=make_boundary_set(valid_to=date(2023, 1, 1)))
        client = Client()
        client.force_login(make_administrator())

        page = client.get(f"/admin/community_map/area/{west.pk}/change/").content.decode()

        svg = page[page.index('<svg class="app-drawing__map"') : page.index("</figure>")]
        assert '<title id="area-title">Map of West &amp; more</title>' in svg
        assert "Other areas in Wards &lt;2022&gt;" in svg
        assert svg.index("app-drawing__step-3") < svg.index("app-drawing__step-0")
        assert "Not drawn" in client.get(f"/admin/community_map/area/{old.pk}/change/").content.decode()
