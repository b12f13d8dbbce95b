"""Every constraint of the pins' tables has a test that breaks it; who may know of which pin, as a table."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from pins.models import (
    Answer,
    Category,
    Connection,
    Decision,
    Merge,
    Pin,
    PrivateColumn,
    Question,
    SearchWord,
)
from tests.factories import (
    make_administrator,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_partner,
    make_pin,
    make_sensitive_category,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db

PUBLIC, STAFF, TEAM = 0, 1, 2
STATUSES = ["submitted", "published", "returned", "declined", "archived"]


def update_pin(pin=None, **columns):
    Pin.objects.filter(pk=(pin or make_pin()).pk).update(**columns)


def question(**fields):
    return Question.objects.create(label="How many?", **fields)


def answer_twice():
    pin, asked = make_pin(), question(kind="number")
    for _number in range(2):
        Answer.objects.create(pin=pin, question=asked, asked_as=asked.label, value=1)


def send_twice():
    pin = make_pin()
    make_pin(author=pin.created_by, idempotency_key=pin.idempotency_key)


def connect_twice():
    connection = make_connection(make_pin())
    make_connection(connection.pin, connection.service)


def make_sensitive_pin(**fields):
    return make_pin(category=make_sensitive_category(), precision=2, visibility=STAFF, **fields)


def merge_into_itself():
    pin = make_pin(status="archived")
    update_pin(pin, merged_into=pin)


def merge(**fields):
    pin = make_pin(status="archived")
    decision = Decision.objects.create(pin=pin, kind="merge", by=make_moderator())
    fields = {"pin": pin, "into": make_pin(), "decision": decision, "reach": 0, "moved": {}, **fields}
    return Merge.objects.create(pin_version=2, into_version=2, **fields)


def merge_pin_with_itself():
    merge(into=make_pin(), pin=make_pin()).delete()
    pin = make_pin()
    merge(pin=pin, into=pin)


def decide(kind):
    Decision.objects.create(pin=make_pin(), kind=kind, by=make_moderator())


def agree_twice():
    pin, moderator = make_pin(), make_moderator()
    for _number in range(2):
        Decision.objects.create(pin=pin, kind="agree", by=moderator, pin_version=1)


def find_twice():
    SearchWord.objects.create(pin=make_pin("Choir"), word="choir", part=0)


BREAKERS = {
    "category_default_is_never_looser_than_its_limit": lambda: make_category(loosest_visibility=1),
    "category_default_is_never_finer_than_its_limit": lambda: make_category(
        finest_precision=2, default_precision=1
    ),
    "category_that_is_sensitive_is_never_finer_than_neighbourhood": lambda: make_sensitive_category(
        finest_precision=1
    ),
    "category_that_is_sensitive_is_not_public_unless_chosen": lambda: make_sensitive_category(
        default_visibility=0
    ),
    "category_in_use_has_a_shape_of_its_own": lambda: [make_category(shape="star") for _number in range(2)],
    "connection_is_one_row_for_a_service_and_a_pin": connect_twice,
    "connection_kind_is_one_of_the_three": lambda: make_connection(make_pin(), kind="friends"),
    "decision_to_return_or_decline_has_a_reason": lambda: decide("return"),
    "decision_kind_is_one_of_the_six": lambda: decide("forget"),
    "decision_to_agree_says_to_which_version": lambda: decide("agree"),
    "decision_to_agree_is_one_for_each_version_of_a_pin": agree_twice,
    "merge_is_of_two_pins": merge_pin_with_itself,
    "merge_says_who_could_read_the_duplicate": lambda: merge(reach=4),
    "merge_leaves_a_version_once": lambda: merge(pin=merge().pin),
    "question_has_choices_when_its_kind_needs_them": lambda: question(kind="one-of"),
    "answer_is_one_row_for_a_question_and_a_pin": answer_twice,
    "pin_never_looser_than_its_category_allows": lambda: make_pin(
        category=make_category(loosest_visibility=1, default_visibility=1)
    ),
    "pin_never_finer_than_its_category_allows": lambda: make_pin(
        category=make_category(finest_precision=2, default_precision=2)
    ),
    "pin_that_is_sensitive_is_public_only_by_agreement": lambda: update_pin(
        make_sensitive_pin(), visibility=PUBLIC
    ),
    "pin_that_is_sensitive_is_never_finer_than_neighbourhood": lambda: update_pin(
        make_sensitive_pin(), precision=1, finest_precision=0
    ),
    "pin_with_an_agreement_says_who_recorded_it_and_when": lambda: update_pin(agreement="In May"),
    "pin_names_its_services_by_agreement_only_where_there_is_one": lambda: update_pin(services_agreed=True),
    "pin_at_a_home_is_never_exact": lambda: update_pin(is_home=True),
    "pin_has_a_whole_place_or_none": lambda: update_pin(mercator_x=None),
    "pin_is_on_earth": lambda: update_pin(longitude=181),
    "pin_has_a_whole_public_place_or_none": lambda: update_pin(public_latitude=None),
    "pin_across_the_borough_is_not_drawn": lambda: update_pin(precision=3),
    "pin_without_a_place_is_across_the_borough": lambda: update_pin(
        longitude=None, latitude=None, mercator_x=None, mercator_y=None
    ),
    "pin_status_is_one_of_the_five": lambda: update_pin(status="lost"),
    "pin_has_a_name": lambda: update_pin(name=""),
    "pin_that_is_published_says_since_when": lambda: update_pin(published_at=None),
    "pin_that_is_merged_is_archived": lambda: update_pin(merged_into=make_pin()),
    "pin_is_not_merged_into_itself": merge_into_itself,
    "pin_is_sent_once": send_twice,
    "search_word_is_one_row_for_a_pin_and_a_word": find_twice,
}


@pytest.mark.parametrize("name", BREAKERS)
def test_the_database_refuses_what_breaks(name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKERS[name]()

    message = str(refused.value)
    assert name in message or "UNIQUE constraint failed" in message


def test_every_constraint_has_a_test_that_breaks_it():
    names = {c.name for model in apps.get_app_config("pins").get_models() for c in model._meta.constraints}

    assert names == set(BREAKERS)


def test_a_sensitive_pin_with_the_groups_agreement_may_be_public():
    pin = make_sensitive_pin(agreement="The organiser agreed at a visit in May 2026.")

    update_pin(pin, visibility=PUBLIC)

    assert list(Pin.objects.public()) == [pin]


# Which pins may each of these people know of, by visibility and status? One line a visibility, in the order of STATUSES.
NOBODY = {PUBLIC: "-----", STAFF: "-----", TEAM: "-----"}
EVERYTHING = {PUBLIC: "yyyyy", STAFF: "yyyyy", TEAM: "yyyyy"}
KNOWN = {
    "visitor": NOBODY,
    "deactivated": NOBODY,
    "without a group": NOBODY,
    "contributor": {PUBLIC: "yy---", STAFF: "yy---", TEAM: "-----"},
    "contributor of a service that knows them": {PUBLIC: "yy---", STAFF: "yy---", TEAM: "-y---"},
    "author": EVERYTHING,
    "moderator": EVERYTHING,
    "administrator": EVERYTHING,
}


@pytest.mark.parametrize("is_sensitive", [False, True])
@pytest.mark.parametrize("person", KNOWN)
def test_who_may_know_of_which_pin(person, is_sensitive):
    service, author = make_service("Libraries"), make_contributor(service=make_service("Parks"))
    user = {
        "visitor": lambda: AnonymousUser(),
        "deactivated": lambda: make_moderator(is_active=False),
        "without a group": lambda: make_user(),
        "contributor": lambda: make_contributor(service=make_service("Housing")),
        "contributor of a service that knows them": lambda: make_contributor(service=service),
        "author": lambda: author,
        "moderator": lambda: make_moderator(),
        "administrator": lambda: make_administrator(),
    }[person]()
    category = make_sensitive_category() if is_sensitive else make_category()
    pins, fields = {}, {"category": category, "precision": 2, "agreement": "In May" if is_sensitive else ""}
    for visibility in (PUBLIC, STAFF, TEAM):
        for status in STATUSES:
            pins[visibility, status] = make_pin(author=author, visibility=visibility, status=status, **fields)
            make_connection(pins[visibility, status], service)

    known = set(Pin.objects.visible_to(user))

    seen = {v: "".join("y" if pins[v, s] in known else "-" for s in STATUSES) for v in (PUBLIC, STAFF, TEAM)}
    assert seen == (KNOWN_SENSITIVE if is_sensitive else KNOWN)[person]


# The same of a sensitive category: what waits is for its author, its team and moderators.
KNOWN_SENSITIVE = KNOWN | {
    "contributor": {PUBLIC: "-y---", STAFF: "-y---", TEAM: "-----"},
    "contributor of a service that knows them": {PUBLIC: "yy---", STAFF: "yy---", TEAM: "-y---"},
}


def test_a_person_of_several_teams_knows_the_team_only_pins_of_each():
    first, second = make_service(), make_service()
    person = make_contributor(service=first)
    person.other_services.add(second)
    author, hidden = make_contributor(service=make_service()), []
    for service in (first, second, make_service()):
        hidden.append(make_pin(author=author, visibility=TEAM))
        make_connection(hidden[-1], service)

    assert set(Pin.objects.visible_to(person)) == set(hidden[:2])


def test_a_partner_of_several_organisations_knows_the_pins_of_each():
    first, second = make_service(), make_service()
    person = make_partner(service=first)
    person.other_services.add(second)
    colleague = make_partner(service=make_service())
    colleague.other_services.add(second)
    pins = [make_pin(author=make_partner(service=first)), make_pin(author=colleague)]
    make_pin(author=make_partner(service=make_service()))

    assert set(Pin.objects.visible_to(person)) == set(pins)


def test_the_public_sees_published_public_pins_and_nothing_else():
    for visibility in (PUBLIC, STAFF, TEAM):
        for status in STATUSES:
            make_pin(f"{status} {visibility}", visibility=visibility, status=status)

    assert [pin.name for pin in Pin.objects.public()] == ["published 0"]


@pytest.mark.parametrize(
    "column",
    [
        "longitude",
        "latitude",
        "mercator_x",
        "near_id",
        "created_by_id",
        "meeting",
        "agreement",
        "visibility",
        "status",
        "seconds_taken",
    ],
)
def test_public_code_cannot_read_a_private_column(column):
    make_pin()
    pin = Pin.objects.public().get()

    with pytest.raises(PrivateColumn):
        getattr(pin, column)


def test_a_public_pin_holds_these_columns_and_no_other():
    make_pin()

    [pin] = Pin.objects.public()

    columns = {field.attname for field in Pin._meta.concrete_fields} - pin.get_deferred_fields()
    assert columns == {
        "id", "public_id", "name", "category_id", "about", "description", "web_page", "precision", "initiative_id",
        "public_longitude", "public_latitude", "public_mercator_x", "public_mercator_y", "public_near_id",
        "last_confirmed_at", "published_at",
    }  # fmt: skip


def test_a_public_pin_reads_its_own_columns_again_and_no_other():
    make_pin("Choir")
    pin = Pin.objects.public().get()
    Pin.objects.update(name="Another name")

    pin.refresh_from_db(fields=["name"])

    assert pin.name == "Another name"
    with pytest.raises(PrivateColumn, match=r"Pin\.longitude, Pin\.name"):
        pin.refresh_from_db(fields=["name", "longitude"])


def test_public_connections_are_those_of_services_that_work_with_a_public_pin():
    public, hidden = make_pin(), make_pin(visibility=STAFF)
    shown = make_connection(public, kind="working")
    make_connection(public, kind="would-like")
    make_connection(public, kind="know-of")
    make_connection(hidden, kind="working")

    assert list(Connection.objects.public()) == [shown]


def test_public_answers_are_those_to_public_questions_of_public_pins():
    shown, secret = question(kind="number", is_public=True), question(kind="number")
    answers = [
        Answer.objects.create(pin=pin, question=asked, asked_as=asked.label, value=3)
        for pin in (make_pin(), make_pin(visibility=STAFF))
        for asked in (shown, secret)
    ]

    assert list(Answer.objects.public()) == answers[:1]


@pytest.mark.parametrize(
    ("value", "words"), [(True, "Yes"), (False, "No"), (["a", "b"], "a, b"), (7, "7"), ("so", "so")]
)
def test_an_answer_is_shown_in_words(value, words):
    assert Answer(value=value).display == words


def test_a_retired_question_and_another_categorys_are_not_asked():
    category = make_category()
    asked = [question(kind="number"), question(kind="number", category=category)]
    question(kind="number", is_retired=True)
    question(kind="number", category=make_category())

    assert list(Question.objects.asked_of(category)) == asked


def test_waiting_pins_come_oldest_first():
    first, second = make_pin(status="submitted"), make_pin(status="submitted")
    make_pin()

    assert list(Pin.objects.waiting()) == [first, second]


def test_categories_in_use_are_what_is_offered():
    kept = make_category()
    make_category(is_retired=True)

    assert list(Category.objects.in_use()) == [kept]
