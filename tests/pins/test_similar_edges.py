"""Where likeness and nearness end, and in which order what is found is told: a changed line would move each of these."""

import pytest

from community_map.geo import Position
from pins import similar
from pins.actions import ON_THE_MAP
from pins.models import Pin, Precision
from pins.similar import COMPARED, SimilarPin, find_similar, likely_duplicates
from tests.factories import (
    INSIDE,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_partner,
    make_pin,
)

pytestmark = pytest.mark.django_db
FAR = Position(-0.2, 51.606)
# 400 m east and 400 m north: in the square that the database looks through, and 566 m away.
IN_THE_CORNER = Position(-0.2 + 0.00578, 51.6 + 0.0036)
EAST, NORTH = Position(-0.17, 51.6), Position(-0.2, 51.63)


def names(found) -> list[str]:
    return [match.pin.name for match in found]


def test_what_is_compared_and_what_a_merge_may_keep_are_two_things():
    """A returned pin waits for its author: it is known already, and no pin is merged into it."""
    assert COMPARED == ("submitted", "published", "returned")
    assert ON_THE_MAP == ("submitted", "published")


@pytest.mark.parametrize(
    ("status", "known"),
    [("submitted", 1), ("published", 1), ("returned", 1), ("declined", 0), ("archived", 0)],
)
def test_even_a_moderator_who_may_know_of_all_is_shown_only_what_may_still_be_on_the_map(status, known):
    make_pin("Walking group of Hendon", status=status)
    moderator, waiting = make_moderator(), make_pin("Walking group of Hendon", status="submitted")

    assert len(find_similar(moderator, name="Walking group of Hendon", apart_from=waiting)) == known
    assert len(likely_duplicates(moderator, [waiting])[waiting.pk]) == known


def test_a_partner_is_told_nothing_of_who_works_with_other_peoples_pins():
    make_connection(make_pin("Choir of Hendon"))

    [found] = find_similar(make_partner(), name="Choir of Hendon")

    assert (found.is_public, found.services) == (True, [])


def test_a_partners_own_public_pin_is_found_once_and_at_its_exact_place():
    partner = make_partner()
    pin = make_pin("Choir of Hendon", author=partner, precision=Precision.NEIGHBOURHOOD)
    connection = make_connection(pin, partner.service)

    [found] = find_similar(partner, name="Choir of Hendon", position=INSIDE)

    assert (found.metres, found.is_public, found.services) == (0.0, False, [connection.service.name])


def test_a_pin_that_is_shown_nowhere_is_at_no_distance_from_a_partner():
    make_pin("Choir of Hendon", precision=Precision.BOROUGH)

    [found] = find_similar(make_partner(), name="Choir of Hendon", position=INSIDE)

    assert (found.metres, found.distance) == (None, "")


def test_near_is_a_circle_and_not_the_square_that_the_database_looks_through():
    make_pin("Orchestra", position=IN_THE_CORNER)

    assert find_similar(make_contributor(), position=INSIDE) == []


def test_near_ends_with_its_last_metre(monkeypatch):
    pin = make_pin("Orchestra", position=IN_THE_CORNER)
    [found] = find_similar(make_contributor(), name="Orchestra", position=INSIDE)
    assert 565 < found.metres < 567

    monkeypatch.setattr(similar, "SIMILAR_METRES", found.metres)
    assert [match.pin for match in find_similar(make_contributor(), position=INSIDE)] == [pin]


@pytest.mark.parametrize("position", [EAST, NORTH])
def test_pins_far_off_in_one_direction_do_not_crowd_out_the_near_one(position, monkeypatch):
    monkeypatch.setattr(similar, "CANDIDATES", 2)
    near = make_pin("Orchestra")
    for _number in range(2):
        make_pin("Football", position=position)

    assert [match.pin for match in find_similar(make_contributor(), position=INSIDE)] == [near]


def test_a_page_of_pins_is_compared_with_its_own_neighbours_however_many_there_are_elsewhere(monkeypatch):
    monkeypatch.setattr(similar, "MOST_CANDIDATES_OF_A_PAGE", 3)
    make_pin("Stepping out")
    waiting = make_pin("Orchestra", status="submitted")
    for position in (EAST, NORTH, FAR):
        make_pin("Football", position=position)

    assert names(likely_duplicates(make_moderator(), [waiting])[waiting.pk]) == ["Stepping out"]


def test_names_are_alike_from_a_likeness_of_072_on():
    """Nine letters of 12 and of 13 agree: 18 of 25 is 0.72."""
    make_pin("abcdefghi uvwt", position=FAR)
    waiting = make_pin("abcdefghi xyz", position=EAST, status="submitted")

    [found] = find_similar(make_contributor(), name="abcdefghi xyz", apart_from=waiting)
    assert (found.pin.name, found.likeness) == ("abcdefghi uvwt", similar.LIKE)
    assert names(likely_duplicates(make_moderator(), [waiting])[waiting.pk]) == ["abcdefghi uvwt"]


def test_one_word_in_common_is_enough_to_compare_two_names_and_none_is_not():
    make_pin("Hendon walkers group", position=FAR)
    make_pin("Boulders", position=FAR)
    waiting = [
        make_pin("Hendon walking group", position=EAST, status="submitted"),
        make_pin("Bouldery", position=NORTH, status="submitted"),
        make_pin("Boulders", position=Position(-0.25, 51.6), status="submitted"),
    ]

    found = likely_duplicates(make_moderator(), waiting)

    assert [names(found[pin.pk]) for pin in waiting] == [["Hendon walkers group"], [], ["Boulders"]]


def test_the_same_category_makes_a_duplicate_at_the_same_spot_only():
    category, other = make_category("Sport"), make_category("Music")
    make_pin("Tennis and much else around Hendon park", category=category, position=Position(-0.2, 51.602))
    make_pin("Football on Sundays, at Hendon library", category=category, position=FAR)
    make_pin("Choir", category=other)
    waiting = make_pin("Boules, Hendon", category=category, status="submitted")

    assert names(likely_duplicates(make_moderator(), [waiting])[waiting.pk]) == []


def test_what_is_found_is_told_likest_first_then_nearest_then_oldest():
    def match(pk: int, metres: float | None, likeness: float) -> SimilarPin:
        return SimilarPin(Pin(pk=pk), metres, likeness)

    first, nearer, unplaced, older, newer, last = ordered = [
        match(9, 400.0, 0.91),
        match(8, None, 0.81),
        match(7, 0.5, 0.79),
        match(4, 20.0, 0.84),
        match(5, 20.0, 0.76),
        match(1, 10.0, 0.2),
    ]

    assert similar._likest_first([last, newer, older, unplaced, nearer, first]) == ordered


def test_only_the_five_longest_telling_words_are_looked_for():
    name = "The cat Bird horses Elephant hippopotamus dragonfly ox badgers"

    assert similar._telling_words(name) == ["hippopotamus", "dragonfly", "Elephant", "badgers", "horses"]
    assert similar._telling_words("Tea in Art") == ["Tea", "Art"]


COMMON = [
    "the",
    "and",
    "for",
    "group",
    "club",
    "community",
    "friends",
    "association",
    "society",
    "centre",
    "local",
]


@pytest.mark.parametrize("word", COMMON)
def test_a_word_that_many_names_share_tells_nothing(word):
    assert similar._telling_words(f"{word.title()} of Hendon") == ["Hendon"]
    assert set(COMMON) == similar.COMMON


def test_a_moderator_is_told_who_works_with_a_likely_duplicate():
    connection = make_connection(make_pin("Choir of Hendon"))
    waiting = make_pin("Choir of Hendon", status="submitted", position=EAST)

    [match] = likely_duplicates(make_moderator(), [waiting])[waiting.pk]

    assert (match.is_public, match.services) == (False, [connection.service.name])


def test_names_without_a_letter_are_compared_as_they_are():
    assert similar._likeness("♥♥♥", "♥♥♥") == 1.0
    assert similar._likeness("♥♥♥", "Choir") == 0.0
    assert similar._likeness("Choir", "♥♥♥") == 0.0
    assert similar._likeness("", "Choir") == similar._likeness("Choir", "") == 0.0
