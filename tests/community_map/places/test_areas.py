import pytest

from community_map.geo import Position
from community_map.places import areas
from tests.factories import INSIDE, make_area, make_boundary_set, make_place, make_portal

pytestmark = pytest.mark.django_db


def test_a_point_on_a_shared_edge_gets_exactly_the_area_with_the_lowest_code():
    wards = make_boundary_set()
    make_area("East", code="E2", bounds=(-0.2, 51.5, -0.1, 51.7), boundary_set=wards)
    west = make_area("West", code="E1", bounds=(-0.3, 51.5, -0.2, 51.7), boundary_set=wards)

    assert areas.shapes().ids_at(Position(-0.2, 51.6)) == [west.pk]


def test_a_point_gets_one_area_of_each_set():
    ward, town = make_area(), make_area(boundary_set=make_boundary_set(kind="town-centre"))

    assert sorted(areas.shapes().ids_at(INSIDE)) == [ward.pk, town.pk]


def test_a_boundary_that_changed_is_noticed_at_once():
    area = make_area()
    assert areas.shapes().ids_at(INSIDE) == [area.pk]

    area.geometry = make_area(bounds=(10, 10, 11, 11)).geometry
    area.save()

    assert areas.shapes().ids_at(INSIDE) == []


def test_sets_that_are_not_valid_today_and_the_outline_are_left_out():
    make_area(boundary_set=make_boundary_set(valid_from="2014-05-01", valid_to="2022-05-05"))
    make_area(boundary_set=make_boundary_set(valid_from="2999-01-01"))
    make_portal()

    assert areas.shapes().ids_at(INSIDE) == []


def test_shapes_are_asked_with_two_cheap_queries(django_assert_num_queries):
    make_area()
    areas.shapes()

    with django_assert_num_queries(2):
        areas.shapes()


def test_outside_the_outline_a_sentence_says_how_far():
    make_portal(place_name="Testing")

    with pytest.raises(areas.OutsideError) as refused:
        areas.check_inside(Position(-0.2, 51.71))

    assert str(refused.value) == "That is 1.1 km outside Testing. Choose a place inside it."
    assert (refused.value.metres, refused.value.swapped) == (1112, None)


def test_longitude_and_latitude_swapped_are_noticed():
    make_portal()

    with pytest.raises(areas.OutsideError) as refused:
        areas.check_inside(Position(51.6, -0.2))

    assert refused.value.swapped == Position(-0.2, 51.6)


@pytest.mark.parametrize("position", [INSIDE, Position(-0.3, 51.5), Position(-0.1, 51.6)])
def test_inside_and_on_the_edge_are_good(position):
    make_portal()

    assert areas.metres_outside(position) == 0


def test_one_metre_outside_is_outside():
    make_portal()

    assert areas.metres_outside(Position(-0.2, 51.70001)) == 2


def test_without_an_outline_everywhere_is_inside():
    assert areas.metres_outside(Position(120, -40)) == 0


def test_a_point_outside_is_moved_just_inside():
    make_portal()

    moved = areas.move_inside(Position(-0.2, 51.75))

    assert areas.metres_outside(moved) == 0
    assert moved == Position(-0.2, 51.6999)


def test_the_nearest_place_is_never_a_postcode_and_never_far():
    make_place("NW4", "postcode-district", -0.2, 51.6)
    make_place("Far Park", "park", -0.1, 51.6)
    assert areas.nearest_place(INSIDE) is None

    near = make_place("Near Park", "park", -0.201, 51.6)
    make_place("Next Park", "park", -0.202, 51.6)
    assert areas.nearest_place(INSIDE) == near


@pytest.mark.parametrize(
    ("names", "near", "words"),
    [
        (["Hendon"], "Hendon Central", "in Hendon, near Hendon Central"),
        ([], "Hendon Central", "near Hendon Central"),
        (["Hendon", "Barnet South"], None, "in Hendon, Barnet South"),
        ([], None, ""),
    ],
)
def test_where_it_is_in_words_is_never_more_than_is_known(names, near, words):
    assert areas.describe(names, near) == words


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0.4, "1 metre"),
        (7, "7 metres"),
        (84, "80 metres"),
        (996, "1 km"),
        (1250, "1.2 km"),
        (63383, "63 km"),
        (7511000, "7,511 km"),
    ],
)
def test_distances_are_said_as_people_say_them(metres, words):
    assert areas.describe_distance(metres) == words
