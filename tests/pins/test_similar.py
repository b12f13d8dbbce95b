import pytest

from community_map.geo import Position
from pins.models import Visibility
from pins.similar import MOST, find_similar
from tests.factories import INSIDE, make_connection, make_contributor, make_pin, make_service

pytestmark = pytest.mark.django_db
# 0.001 degrees of latitude are about 111 metres.
NEAR = Position(-0.2, 51.604)
FAR = Position(-0.2, 51.606)


def names(found) -> list[str]:
    return [match.pin.name for match in found.pins]


def test_a_pin_within_500_metres_is_found_whatever_its_name():
    make_pin("Choir", position=NEAR)
    make_pin("Orchestra", position=FAR)

    found = find_similar(make_contributor(), position=INSIDE)

    assert (names(found), found.is_more_hidden) == (["Choir"], False)
    assert found.pins[0].distance == "440 metres"


@pytest.mark.parametrize(
    "typed", ["Hendon Walking Group", "hendon walkers group", "The Hendon Walking Group (Tuesdays)"]
)
def test_a_like_name_is_found_wherever_it_is(typed):
    make_pin("Hendon walking group", position=FAR)
    make_pin("Repair café", position=FAR)

    assert names(find_similar(make_contributor(), name=typed)) == ["Hendon walking group"]


def test_words_that_half_of_all_names_share_make_no_like_name():
    make_pin("Friends of the park", position=FAR)

    assert names(find_similar(make_contributor(), name="Friends of the library")) == []


def test_each_says_who_knows_them_already():
    pin = make_pin("Choir")
    make_connection(pin, make_service("Libraries"))
    make_connection(pin, make_service("Parks"))

    found = find_similar(make_contributor(), name="Choir")

    assert sorted(found.pins[0].services) == ["Libraries", "Parks"]


def test_of_a_pin_that_the_writer_may_not_see_there_is_only_that_there_may_be_one():
    make_pin("Secret choir", visibility=Visibility.TEAM)

    found = find_similar(make_contributor(), name="Secret choir", position=INSIDE)

    assert (found.pins, found.is_more_hidden) == ([], True)


@pytest.mark.parametrize("status", ["declined", "archived"])
def test_a_pin_that_is_off_the_map_is_not_known(status):
    make_pin("Choir", status=status)

    found = find_similar(make_contributor(), name="Choir", position=INSIDE)

    assert (found.pins, found.is_more_hidden) == ([], False)


def test_a_pin_that_is_being_edited_is_not_like_itself():
    pin = make_pin("Choir", status="submitted")

    found = find_similar(pin.created_by, name="Choir", position=INSIDE, apart_from=pin)

    assert (found.pins, found.is_more_hidden) == ([], False)


def test_the_likest_come_first_and_there_are_never_many(django_assert_num_queries):
    for number in range(MOST + 5):
        make_pin(f"Group number {number}", position=NEAR)
    make_pin("Choir", position=INSIDE)
    user = make_contributor()

    # The groups of the user, the candidates, which of them are visible, their connections (none, so no services).
    with django_assert_num_queries(4):
        found = find_similar(user, name="Choir", position=INSIDE)

    assert len(found.pins) == MOST
    assert found.pins[0].pin.name == "Choir"
