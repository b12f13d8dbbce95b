"""The plan of a merge line by line: what the moderator reads is what would happen, and any change makes it stale."""

import pytest

from pins import actions
from pins.actions.merge_plan import Line, plan_merge
from pins.models import Answer, Connection, LessHeardGroup, Offer, Question, Visibility
from tests.factories import (
    make_approach,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_service,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """A duplicate that its teams know, and the public pin that stays."""
    return make_pin("The choir", visibility=Visibility.TEAM), make_pin("Choir")


def answer(pin, question, value) -> Answer:
    return Answer.objects.create(pin=pin, question=question, asked_as=question.label, value=value)


def test_an_answer_that_both_give_alike_is_not_spoken_of_and_one_that_differs_stays(pair):
    duplicate, into = pair
    alike, differs = (
        Question.objects.create(label=label, kind="number") for label in ("Members?", "Founded?")
    )
    for pin in pair:
        answer(pin, alike, 20)
    stays = answer(duplicate, differs, 1999)
    answer(into, differs, 2001)

    plan = plan_merge(duplicate, into)

    assert plan.stays == [Line(f"answer-{stays.pk}", "Founded?", "1999")]
    assert plan.moves == plan.asks == []


def test_a_plan_is_stale_when_even_what_stays_has_changed(pair):
    duplicate, into = pair
    question = Question.objects.create(label="Founded?", kind="number")
    stays = answer(duplicate, question, 1999)
    answer(into, question, 2001)
    before = plan_merge(duplicate, into).state
    assert plan_merge(duplicate, into).state == before

    Answer.objects.filter(pk=stays.pk).update(value=1998)

    assert plan_merge(duplicate, into).state != before


def test_a_plan_is_stale_when_what_it_asks_for_has_changed(pair):
    duplicate, into = pair
    asked = answer(duplicate, Question.objects.create(label="Founded?", kind="number"), 1999)
    before = plan_merge(duplicate, into)
    assert [line.key for line in before.asks] == [f"answer-{asked.pk}"]

    Answer.objects.filter(pk=asked.pk).update(value=1998)

    assert plan_merge(duplicate, into).state != before.state


def test_what_both_offer_is_united_and_needs_a_tick_where_residents_would_read_it(pair):
    """Which groups are less often heard never leaves the staff area, with a public pin neither."""
    duplicate, into = pair
    money, rooms = (Offer.objects.create(name=name, slug=name.lower()) for name in ("Money", "Rooms"))
    carers = LessHeardGroup.objects.create(name="Carers", slug="carers")
    duplicate.offers.set([money, rooms])
    duplicate.less_heard_groups.set([carers])
    into.offers.set([money])
    duplicate.visibility = Visibility.STAFF
    duplicate.save()

    plan = plan_merge(duplicate, into)
    actions.merge(duplicate, into, by=make_moderator(), ticked={"offers"})

    assert [(line.key, line.text, line.readers) for line in plan.asks] == [("offers", "Rooms", "Everyone")]
    assert [(line.key, line.text) for line in plan.moves] == [("less_heard_groups", "Carers")]
    assert set(into.offers.all()) == {money, rooms}
    assert set(into.less_heard_groups.all()) == {carers}


def test_a_connection_that_adds_nothing_to_a_stronger_one_needs_no_tick(pair):
    duplicate, into = pair
    service = make_service("Libraries")
    row = make_connection(duplicate, service, kind="know-of")
    make_connection(into, service, [make_approach("Singing")], kind="working")

    plan = plan_merge(duplicate, into)

    assert plan.moves == [Line(f"connection-{row.pk}", "Connection: Libraries", row.get_kind_display())]
    assert plan.asks == []


def test_one_that_makes_a_weaker_one_public_does(pair):
    duplicate, into = pair
    service = make_service("Libraries")
    row = make_connection(duplicate, service, [make_approach("Singing")], kind="working")
    make_connection(into, service, kind="know-of")

    plan = plan_merge(duplicate, into)

    words = f"{row.get_kind_display()}: Singing"
    assert plan.asks == [Line(f"connection-{row.pk}", "Connection: Libraries", words, "Everyone")]
    assert plan.moves == []


def test_a_note_is_read_whole_before_it_is_moved(pair):
    duplicate, into = pair
    row = make_connection(
        duplicate,
        make_service("Libraries"),
        what_worked="Tea first.",
        last_worked="this-month",
        kind="know-of",
    )
    row.known_by.add(make_contributor("kim@example.org", name="Kim"))

    plan = plan_merge(duplicate, into)

    [note] = [line for line in (*plan.moves, *plan.asks) if line.key == f"note-{row.pk}"]
    assert note.text.split("\n") == ["Tea first.", "Last worked with them: This month", "Known by: Kim"]


def test_every_row_that_moves_says_in_its_history_who_moved_it_and_why(pair):
    duplicate, into = pair
    moderator, shared = make_moderator(), make_service("Parks")
    question = Question.objects.create(label="Founded?", kind="number")
    moved, joined = answer(duplicate, question, 1999), make_connection(into, shared, kind="know-of")
    row = make_connection(duplicate, make_service("Libraries"))
    gone = make_connection(duplicate, shared)
    ticked = {line.key for line in plan_merge(duplicate, into).asks}

    actions.merge(duplicate, into, by=moderator, ticked=ticked)

    for thing in (into, moved, row, joined):
        record = thing.history.first()
        assert (record.history_user, record.history_change_reason) == (moderator, "Merged with “The choir”")
    record = Connection.history.filter(id=gone.pk).first()
    assert (record.history_type, record.history_user) == ("-", moderator)
