"""The one search of pins: which words are the same, who finds what by them, and that the index stays what texts say."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community_map import names
from community_map.geo import Position
from community_map.models import Initiative
from community_map.privacy import person_data
from community_map.words import stem
from pins import actions, search
from pins.models import Connection, Pin, SearchKey, SearchWord, Status, Visibility
from tests.factories import (
    make_administrator,
    make_area,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_partner,
    make_pin,
    make_place,
    make_portal,
    make_service,
)

pytestmark = pytest.mark.django_db
Part = SearchWord.Part


def found(text: str, *, among=None, part=Part.PUBLIC) -> list[str]:
    """The names of the public pins, or of these, that a text finds, in order."""
    pins = Pin.objects.public() if among is None else among
    return sorted(search.matching(pins, text, among=pins, part=part).values_list("name", flat=True))


# --- which words are the same ---


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Walking group", "walks"),
        ("Communities together", "community"),
        ("N2 gardeners", "N2"),
        ("N2 gardeners", "n2"),
        ("Co-op members", "co-op"),
        ("Co-op members", "coop"),
        ("Co-op members", "co op"),
        ("Coop members", "co-op"),
        ("Drop in and talk", "drop-in"),
        ("East Finchley", "East Finchly"),
        ("East Finchley", "finch"),
        ("Choir", "chior"),
        ("Café", "cafe"),
        ("Cafe", "CAFÉ"),
        ("Women’s circle", "womens"),
        ("Women's circle", "woman's circle"),
        ("বাংলা সমিতি", "বাংলা"),
        ("Y.M.C.A. youth", "ymca"),
        ("The walkers of the park", "the park walkers"),
    ],
)
def test_a_community_is_found_by_words_that_mean_the_same(text, typed):
    make_pin(text)

    assert found(typed) == [text]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("N2 gardeners", "N3"),
        ("Tea", "Pea"),
        ("Choir", "choir football"),
        ("Choir", "the"),
        ("Choir", "%"),
        ("Choir", "-"),
        ("Choir", '"'),
        ("Finchley", "ley"),
        ("Refuge", "referee"),
        ("Eastern", "western"),
        ("Walk 2024", "2025"),
    ],
)
def test_another_word_finds_nothing(text, typed):
    make_pin(text)

    assert found(typed) == []


def test_a_word_that_is_there_is_not_taken_for_misspelt():
    make_pin("Chair yoga")
    make_pin("Choir")
    make_pin("Choirs of the north")

    assert found("choir") == ["Choir", "Choirs of the north"]
    assert found("chir") == ["Chair yoga", "Choir", "Choirs of the north"]


def test_words_are_cut_where_no_word_is_longer_and_only_the_first_eight_are_asked_for():
    make_pin("x" * 100, description="one two three four five six seven eight")

    assert found("x" * 100) == ["x" * 100]
    assert found("one two three four five six seven eight nothing") == ["x" * 100]


# --- who finds what ---


def test_what_staff_write_is_found_by_staff_only():
    pin = make_pin("Choir", meeting="Behind the organ")
    make_connection(pin, what_worked="Bringing biscuits")

    assert (found("organ"), found("biscuits")) == ([], [])
    assert found("organ", part=Part.STAFF) == found("biscuits", part=Part.STAFF) == ["Choir"]


@pytest.mark.parametrize("hidden", [{"visibility": Visibility.TEAM}, {"status": Status.DECLINED}])
def test_a_word_of_a_hidden_pin_changes_no_search(hidden):
    """With it in the reader's vocabulary, "chior" would be known, and the choir no longer found."""
    make_pin("Choir")
    before = found("chior")
    make_pin("Chior", **hidden)

    assert found("chior") == before == ["Choir"]


def test_a_word_that_only_staff_write_changes_no_public_search():
    make_pin("Choir")
    make_pin("Football", meeting="Ask for the chior")

    assert found("chior") == ["Choir"]
    assert found("chior", part=Part.STAFF) == ["Football"]


def test_a_word_of_a_team_only_pin_changes_no_colleagues_search():
    make_pin("Choir", visibility=Visibility.STAFF)
    make_pin("Chior", visibility=Visibility.TEAM, author=make_contributor(service=make_service("Parks")))
    colleague = make_contributor(service=make_service("Libraries"))

    seen = Pin.objects.visible_to(colleague)

    assert found("chior", among=seen, part=Part.STAFF) == ["Choir"]
    assert found("chior", among=Pin.objects.visible_to(make_moderator()), part=Part.STAFF) == ["Chior"]


def test_a_partner_does_not_find_a_pin_by_what_other_teams_say_of_it(client):
    partner = make_partner(service=make_service("Friends"))
    pin = make_pin("Choir", author=partner)
    make_connection(pin, what_worked="Bringing biscuits")
    client.force_login(partner)

    assert "Choir" not in client.get("/staff/list/?q=biscuits").text
    assert "Choir" in client.get("/staff/list/?q=choirs").text


def test_a_moderator_finds_pins_in_admin_by_their_words_or_their_author(client):
    make_portal()
    ann = make_contributor("ann@example.org", name="Ann Lee")
    pin = make_pin("Walking group", status="submitted", author=ann)
    make_connection(pin, what_worked="Bringing biscuits")
    # Far from it, so that neither is shown as a possible duplicate of the other.
    make_pin("Chess club", status="submitted", position=Position(-0.25, 51.55))
    client.force_login(make_moderator())

    for typed in ("walks", "biscuit", "wakling", "ann lee", "ann@example.org"):
        answer = client.get("/admin/pins/pin/", {"q": typed}).text
        assert ("Walking group" in answer, "Chess club" in answer) == (True, False), typed
    assert "Walking group" not in client.get("/admin/pins/pin/?q=nothing").text


# --- the index is what the texts say ---


def words(pin: Pin, part: int = Part.STAFF) -> set[str]:
    return set(pin.words.filter(part__lte=part).values_list("word", flat=True))


def is_right() -> bool:
    """Is the index what writing all of it again makes of it?"""
    before = set(SearchWord.objects.values_list("pin", "word", "part"))
    ways = set(SearchKey.objects.values_list("key", "word"))
    SearchWord.objects.all().delete()
    SearchKey.objects.all().delete()
    search.write_all(Pin.objects.all())
    lost = set(SearchKey.objects.values_list("key", "word")) - ways
    return before == set(SearchWord.objects.values_list("pin", "word", "part")) and not lost


def test_each_word_is_kept_once_with_the_most_public_text_that_has_it():
    pin = make_pin(
        "Music makers",
        description="Music for all",
        category=make_category("Music"),
        meeting="Music room, the makers",
    )

    assert {row.word: row.part for row in pin.words.all()} == {
        "music": Part.NAME, "maker": Part.NAME, "all": Part.PUBLIC, "room": Part.STAFF,
    }  # fmt: skip


def test_sending_changing_and_adding_keep_the_words_right():
    make_portal()
    author, service = make_contributor(), make_service("Libraries")
    answers = actions.ConnectionAnswers(service=service, kind=Connection.Kind.WORKING)
    pin = Pin(name="Choir", category=make_category("Music"), precision=0, visibility=0)
    pin, _new = actions.send_pin(pin, Position(-0.2, 51.6), answers, author=author)
    assert words(pin) == {"choir", "music"}

    pin.name = "Orchestra"
    actions.resend_pin(pin, None, answers, by=author, version=1)
    assert words(pin) == {"orchestra", "music"}

    connection = pin.connections.get()
    actions.add_details(
        pin, {"description": "Strings"}, {}, by=author, version=2,
        connection=connection, said={"what_worked": "Biscuits"},
    )  # fmt: skip
    assert words(pin) == {"orchestra", "music", "string", "biscuit"}
    assert words(pin, Part.PUBLIC) == {"orchestra", "music", "string"}

    actions.save_connection(pin, answers, by=author, what_worked="Cake")
    assert words(pin) == {"orchestra", "music", "string", "cake"}

    changed = Pin.objects.get(pk=pin.pk)
    changed.meeting = "Mondays"
    actions.change_pin(changed, None, by=make_moderator(), version=3)
    assert words(pin) == {"orchestra", "music", "string", "cake", "mondai"}
    assert is_right()


def test_merging_moves_the_words_with_the_texts():
    make_portal()
    pin, into = make_pin("Choir of the hall"), make_pin("Hall choir")
    make_connection(pin, make_service("Parks"), what_worked="Biscuits")

    actions.merge(pin, into, by=make_moderator())

    assert "biscuit" in words(into)
    assert "biscuit" not in words(pin)
    assert is_right()


def test_new_boundaries_and_places_change_the_words(django_assert_max_num_queries):
    from pins.placing import place_all

    make_portal()
    pin = make_pin("Choir", position=Position(-0.25, 51.55))
    make_area("Underhill", bounds=(-0.3, 51.5, -0.2, 51.6))
    make_place("Oak Park", longitude=-0.25, latitude=51.55)

    place_all()

    assert {"underhil", "oak", "park"} <= words(pin, Part.PUBLIC)
    assert is_right()


def test_a_new_name_of_a_category_area_place_or_initiative_is_a_new_word(client):
    make_portal()
    make_place("Oak Park", longitude=-0.25, latitude=51.55)
    make_area("Underhill", slug="underhill", bounds=(-0.3, 51.5, -0.2, 51.6))
    initiative = Initiative.objects.create(name="Summer", slug="summer")
    pin = make_pin(
        "Choir", category=make_category("Music"), position=Position(-0.25, 51.55), initiative=initiative
    )
    assert {"music", "underhil", "oak", "park", "summer"} <= words(pin)

    for row in (pin.category, pin.public_near, pin.areas.get(slug="underhill"), initiative):
        with names.changing(row):
            type(row).objects.filter(pk=row.pk).update(name=f"Xyz{type(row).__name__}")

    new = {stem(f"xyz{name}") for name in ("category", "place", "area", "initiative")}
    assert words(pin) >= {"choir", *new}
    assert not words(pin) & {"music", "underhil", "oak", "park", "summer"}
    assert is_right()


def test_administrators_who_rename_and_delete_keep_the_words_right(client):
    make_portal()
    place = make_place("Oak Park", longitude=-0.2, latitude=51.6)
    pin = make_pin("Choir", category=make_category("Music", description="x"))
    client.force_login(make_administrator())

    form = client.get(f"/admin/pins/category/{pin.category_id}/change/").context["adminform"].form
    data = {name: form.initial[name] for name in form.fields if form.initial.get(name) not in (None, "")}
    data = {name: value for name, value in data.items() if value is not False}
    answer = client.post(f"/admin/pins/category/{pin.category_id}/change/", data | {"name": "Singing"})
    assert answer.status_code == 302
    assert (words(pin) & {"music", "sing"}) == {"sing"}

    client.post(f"/admin/community_map/place/{place.pk}/delete/", {"post": "yes"})
    assert not words(pin) & {"oak", "park"}
    assert is_right()


def test_what_is_erased_of_a_person_is_found_no_longer():
    make_contributor("ann@example.org", name="Ann Quillfeather")
    make_portal()
    pin = make_pin("Friends of Ann Quillfeather", meeting="At ann@example.org")
    make_connection(pin, what_worked="Ask Ann Quillfeather")

    person_data.erase(person_data.find("ann@example.org"), by=None)

    assert "quillfeath" not in words(pin)
    assert not SearchKey.objects.filter(word="quillfeath").exists()
    assert is_right()


def test_words_that_no_pin_has_are_forgotten_and_lost_ways_found_again():
    pin = make_pin("Choir")
    make_pin("Wigwam").delete()
    SearchKey.objects.filter(word="choir").delete()
    assert found("choir") == []

    search.tidy()

    assert not SearchKey.objects.filter(word="wigwam").exists()
    assert found("chior") == [pin.name]


def test_the_command_writes_everything_again():
    make_pin("Choir")
    SearchWord.objects.all().delete()
    SearchKey.objects.all().delete()
    said = StringIO()

    call_command("rebuild_search", stderr=said)

    assert found("choirs") == ["Choir"]
    assert said.getvalue().startswith("Words written for 1 pins.")


def test_a_batch_is_written_by_a_few_queries(django_assert_num_queries):
    pins = [make_pin(f"Number {number}", meeting="Here") for number in range(30)]
    Pin.objects.update(name="Other words")

    # Two savepoints; the lock; the texts of pins, two kinds of areas and connections; the words there were, deleting
    # and writing them; the ways there were, and new ones.
    with django_assert_num_queries(12):
        search.write(pins)

    # Nothing to change: no writing.
    with django_assert_num_queries(8):
        search.write(pins)


@pytest.mark.parametrize("typed", ["singing", "singing underhill", "sinigng", "zzzz"])
@pytest.mark.parametrize(
    ("address", "without"), [("/map/list/?q={}", 5), ("/map/tiles/8/127/85.json?q={}", 2)]
)
def test_words_cost_one_query_more_however_many_are_typed(client, address, without, typed):
    make_portal()
    make_place("Victoria Park")
    for number in range(15):
        make_pin(f"Singing group {number}", description="They sing in Underhill")
    address = address.format(typed.replace(" ", "+"))
    assert client.get(address).status_code == 200

    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    # The rest count how often somebody searches.
    of_tables = [query for query in asked if re.search(r'"(pins|community_map)_', query["sql"])]
    assert len(of_tables) <= without + 1
