import pytest

from community_map.geo import Position
from pins.models import Precision, Visibility
from pins.similar import MOST, find_similar, likely_duplicates
from tests.factories import (
    INSIDE,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_service,
)

pytestmark = pytest.mark.django_db
# 0.001 degrees of latitude are about 111 metres.
NEAR = Position(-0.2, 51.604)
FAR = Position(-0.2, 51.606)


def names(found) -> list[str]:
    return [match.pin.name for match in found]


def test_a_pin_within_500_metres_is_found_whatever_its_name():
    make_pin("Choir", position=NEAR)
    make_pin("Orchestra", position=FAR)

    found = find_similar(make_contributor(), position=INSIDE)

    assert names(found) == ["Choir"]
    assert found[0].distance == "440 metres"


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

    assert sorted(found[0].services) == ["Libraries", "Parks"]


@pytest.mark.parametrize("known", [Visibility.TEAM, Visibility.STAFF])
def test_only_what_the_writer_may_know_of_is_compared(known):
    pin = make_pin(
        "Secret choir", visibility=known, author=make_contributor(service=make_service("Libraries"))
    )
    reader = make_contributor(service=make_service("Parks"))

    found = find_similar(reader, name="Secret choir", position=INSIDE)

    assert names(found) == ([] if known == Visibility.TEAM else ["Secret choir"])
    assert names(find_similar(pin.created_by, name="Secret choir", position=INSIDE)) == ["Secret choir"]


@pytest.mark.parametrize(
    ("typed", "known", "is_alike"),
    [
        ("Garden", "Garden volunteers of the oldest park in Hendon", True),
        ("Garden volunteers of the oldest park in Hendon", "Garden", True),
        ("Acorn", "Acorn volunteers of the oldest park in Hendon", False),
        ("Acorn volunteers of the oldest park in Hendon", "Acorn", False),
        ("Gardem", "Garden volunteers of the oldest park in Hendon", False),
    ],
)
def test_a_name_of_more_than_five_letters_within_another_is_alike(typed, known, is_alike):
    make_pin(known, position=FAR)

    assert names(find_similar(make_contributor(), name=typed)) == ([known] if is_alike else [])


@pytest.mark.parametrize("status", ["declined", "archived"])
def test_a_pin_that_is_off_the_map_is_not_known(status):
    make_pin("Choir", status=status)

    assert find_similar(make_contributor(), name="Choir", position=INSIDE) == []


def test_a_pin_that_is_being_edited_is_not_like_itself():
    pin = make_pin("Choir", status="submitted")

    assert find_similar(pin.created_by, name="Choir", position=INSIDE, apart_from=pin) == []


def test_the_likest_come_first_and_there_are_never_many(django_assert_num_queries):
    for number in range(MOST + 5):
        make_pin(f"Group number {number}", position=NEAR)
    make_pin("Choir", position=INSIDE)
    user = make_contributor()

    # The groups and services of the user, the candidates, their connections (none, so no services).
    with django_assert_num_queries(4):
        found = find_similar(user, name="Choir", position=INSIDE)

    assert len(found) == MOST == 5
    assert found[0].pin.name == "Choir"


# --- what the moderator is shown ---


def test_a_like_name_and_the_same_category_at_the_same_spot_are_likely_duplicates():
    make_pin("Hendon walking group (Tuesdays)", position=FAR)
    make_pin("Stepping out", position=Position(-0.2, 51.6005))
    make_pin("Repair café", position=INSIDE, category=make_category("Repairs"))
    make_pin("Orchestra", position=NEAR)
    make_pin("Hendon Walking Group, which was declined", position=FAR, status="declined")
    pin = make_pin("Hendon walking group", status="submitted")

    found = likely_duplicates(make_moderator(), [pin])[pin.pk]

    assert names(found) == ["Hendon walking group (Tuesdays)", "Stepping out"]


def test_a_pin_without_a_place_is_compared_by_its_name():
    make_pin("Online choir of Hendon", position=None, precision=Precision.BOROUGH)
    pin = make_pin("Online choir, Hendon", position=None, precision=Precision.BOROUGH, status="submitted")

    assert names(likely_duplicates(make_moderator(), [pin])[pin.pk]) == ["Online choir of Hendon"]


def test_a_whole_page_of_pins_is_compared_by_one_query(django_assert_num_queries):
    for number in range(50):
        make_pin(f"Gardeners of street {number}", position=NEAR)
    pins = [make_pin(f"Readers of street {number}", status="submitted") for number in range(50)]
    moderator = make_moderator()

    # The groups of the user, and all candidates.
    with django_assert_num_queries(2):
        found = likely_duplicates(moderator, pins)

    assert {len(matches) for matches in found.values()} == {MOST}


def test_nothing_is_asked_for_a_page_where_nothing_waits(django_assert_num_queries):
    moderator = make_moderator()

    with django_assert_num_queries(0):
        assert likely_duplicates(moderator, []) == {}
