"""The forms of the staff area: what they accept, what they make of it, and what they say of the rest."""

import uuid

import pytest
from django.http import QueryDict

from community_map.geo import Position
from pins.actions import save_connection
from pins.forms import ConnectionForm, DetailsForm, PinForm
from pins.models import Connection, Offer, Pin, Precision, Question, Visibility
from tests.factories import (
    make_approach,
    make_area,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_place,
    make_portal,
    make_sensitive_category,
    make_service,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    make_portal()
    return make_contributor()


def post(answers: dict) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in answers.items():
        data.setlist(name, [str(item) for item in (value if isinstance(value, list) else [value])])
    return data


def answers_for(user, **changes) -> dict:
    """Answers that are complete and right; a change of None leaves one out."""
    category = changes.pop("category", None) or make_category()
    answers = {
        "category": category.pk,
        "longitude": "-0.2",
        "latitude": "51.6",
        "name": "Walking group",
        "kind": "know-of",
        "service": user.service_id,
        "idempotency_key": uuid.uuid4(),
        **changes,
    }
    return {name: value for name, value in answers.items() if value is not None}


def pin_form(user, **changes) -> PinForm:
    form = PinForm(post(answers_for(user, **changes)), user=user)
    form.full_clean()
    return form


def test_complete_answers_make_a_pin_with_the_categorys_defaults(user):
    category = make_category(default_precision=Precision.NEIGHBOURHOOD, default_visibility=Visibility.STAFF)
    form = pin_form(user, category=category, seconds_taken="95")

    assert form.is_valid(), form.errors
    pin = form.make_pin()
    assert (pin.name, pin.category, pin.precision, pin.visibility, pin.seconds_taken) == (
        "Walking group",
        category,
        Precision.NEIGHBOURHOOD,
        Visibility.STAFF,
        95,
    )
    assert form.position == Position(-0.2, 51.6)
    assert (form.connection.service, form.connection.kind) == (user.service, "know-of")


def test_nothing_answered_names_every_question_once(user):
    form = PinForm(post({"idempotency_key": uuid.uuid4()}), user=user)

    assert form.errors == {
        "category": ["Choose what brings them together"],
        "place_search": ["Choose where they usually meet, or select “No single place”"],
        "name": ["Enter what they are called"],
        "kind": ["Choose whether your team works with them"],
        "service": ["Choose your team"],
    }


def test_every_way_of_placing_ends_in_a_position(user):
    area, place = make_area("Hendon", bounds=(-0.26, 51.56, -0.22, 51.6)), make_place("Oak Hill Park")
    away = {"longitude": None, "latitude": None}

    assert pin_form(user, **away, area=area.pk).position == Position(area.longitude, area.latitude)
    assert pin_form(user, **away, place=place.pk).position == Position(place.longitude, place.latitude)
    nowhere = pin_form(user, **away, no_single_place="on")
    assert nowhere.is_valid() and nowhere.position is None
    assert nowhere.make_pin().precision == Precision.BOROUGH


def test_of_two_ways_the_last_one_touched_wins_and_else_coordinates(user):
    area = make_area("Hendon", bounds=(-0.26, 51.56, -0.22, 51.6))
    middle = Position(area.longitude, area.latitude)

    assert pin_form(user, area=area.pk).position == Position(-0.2, 51.6)
    assert pin_form(user, area=area.pk, placed_by="area").position == middle
    assert pin_form(user, area=area.pk, placed_by="drag").position == Position(-0.2, 51.6)
    assert pin_form(user, no_single_place="on", placed_by="none").position is None
    assert pin_form(user, no_single_place="on", placed_by="nonsense").position == Position(-0.2, 51.6)


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [
        ("x", "51.6"),
        ("nan", "51.6"),
        ("1e400", "51.6"),
        ("-0.2", ""),
        ("-181", "51.6"),
        ("9" * 5000, "1"),
        ("-0,2", "51,6"),
    ],
)
def test_a_position_that_is_none_is_told_beside_the_field(user, longitude, latitude):
    form = pin_form(user, longitude=longitude, latitude=latitude)

    assert list(form.errors) == ["longitude"]
    assert form["longitude"].text == longitude


def test_outside_the_outline_says_how_far_and_offers_the_swap(user):
    form = pin_form(user, longitude="51.6", latitude="-0.2")

    assert "outside" in form.errors["longitude"][0] and "swapped" in form.errors["longitude"][0]
    assert form.swapped == Position(-0.2, 51.6)
    assert pin_form(user, longitude="-0.2", latitude="51.8").swapped is None


def test_a_full_postcode_that_is_not_listed_finds_its_district(user):
    make_place("NW4", "postcode-district")
    form = pin_form(user, place_search="nw4 4bt")

    assert [place.name for place in form.found_places] == ["NW4"]


def test_never_finer_and_never_looser_than_the_category_allows(user):
    category = make_category(
        finest_precision=Precision.NEIGHBOURHOOD,
        default_precision=Precision.NEIGHBOURHOOD,
        loosest_visibility=Visibility.STAFF,
        default_visibility=Visibility.STAFF,
    )
    form = pin_form(user, category=category, precision=Precision.STREET, visibility=Visibility.PUBLIC)

    assert set(form.errors) == {"precision", "visibility"}


def test_a_sensitive_pin_is_public_only_with_the_groups_agreement(user):
    category = make_sensitive_category()
    asked = {"category": category, "visibility": Visibility.PUBLIC}

    assert list(pin_form(user, **asked).errors) == ["agreement"]
    agreed = pin_form(user, **asked, agreement="Agreed at our visit in May")
    assert agreed.is_valid() and agreed.make_pin().agreement == "Agreed at our visit in May"
    among_staff = pin_form(user, category=category, visibility=Visibility.STAFF, agreement="Agreed in May")
    assert among_staff.is_valid() and among_staff.make_pin().agreement == ""


def test_naming_the_teams_is_agreed_to_only_together_with_being_shown(user):
    asked = {"category": make_sensitive_category(), "services_agreed": "on"}
    agreed = pin_form(user, **asked, visibility=Visibility.PUBLIC, agreement="Agreed in May")
    among_staff = pin_form(user, **asked, visibility=Visibility.STAFF, agreement="Agreed in May")
    plain = pin_form(user, services_agreed="on", visibility=Visibility.PUBLIC)

    for form, is_agreed in ((agreed, True), (among_staff, False), (plain, False)):
        assert form.is_valid(), form.errors
        assert form.make_pin().services_agreed == is_agreed


def test_working_together_needs_an_approach_and_the_other_answers_have_none(user):
    approach = make_approach()

    assert list(pin_form(user, kind="working").errors) == ["approaches"]
    assert pin_form(user, kind="working", approaches=[approach.pk]).connection.approaches == (approach,)
    assert pin_form(user, kind="would-like", approaches=[approach.pk]).connection.approaches == ()


def test_personal_details_are_pointed_out_and_kept_only_when_the_writer_says_so(user):
    text = "Ring 07700 900123"
    form = pin_form(user, name=text)

    assert list(form.errors) == ["name"]
    assert "a phone number (07700 900123)" in form.errors["name"][0]
    kept = pin_form(user, name=text, keep_details="on")
    assert kept.is_valid()
    assert kept.make_pin().details_kept == {"name": ["phone"]}


def test_what_was_changed_is_no_longer_recorded_as_kept(user):
    pin = make_pin(
        status="submitted", author=user, details_kept={"name": ["phone"], "description": ["email"]}
    )
    form = PinForm(post(answers_for(user, category=pin.category)), user=user, pin=pin)

    assert form.is_valid()
    assert form.make_pin().details_kept == {"description": ["email"]}


@pytest.mark.parametrize(
    ("answer", "wrong"), [(None, ["is_home"]), ("maybe", ["is_home"]), ("yes", ["precision"]), ("no", [])]
)
def test_an_exact_place_is_nobodys_home_and_the_writer_says_so(user, answer, wrong):
    form = pin_form(user, precision=Precision.EXACT, is_home=answer)

    assert list(form.errors) == wrong
    if not wrong:
        assert form.make_pin().is_home is False


def test_the_question_about_homes_is_also_asked_where_the_category_shows_exactly(user):
    buildings = make_category(default_precision=Precision.EXACT)

    assert list(pin_form(user, category=buildings).errors) == ["is_home"]
    assert pin_form(user, category=buildings, precision=Precision.STREET).is_valid()


def test_a_home_stays_one_when_it_is_shown_more_coarsely(user):
    form = pin_form(user, precision=Precision.STREET, is_home="yes")

    assert form.is_valid() and form.make_pin().is_home is True


def test_what_a_team_says_and_keeps_is_recorded_with_its_connection(user):
    pin = make_pin(status="submitted", author=user)
    said = {"kind": "know-of", "what_worked": "Ask Dr Green about my client"}
    form = ConnectionForm(post(said), user=user, pin=pin)

    assert list(form.errors) == ["what_worked"]
    kept = ConnectionForm(post(said | {"keep_details": "on"}), user=user, pin=pin)
    assert kept.is_valid(), kept.errors
    connection = save_connection(pin, kept.answers, by=user, **kept.details)
    connection.refresh_from_db()
    assert connection.details_kept == {"what_worked": ["client", "name"]}


def test_every_free_text_of_the_optional_questions_is_read(user):
    text = "Lives at 12 Oak Road"
    pin = make_pin(status="submitted", author=user)
    connection = make_connection(pin, user.service)
    asked = [make_question("short-text"), make_question("long-text")]
    names = ["what_worked", "description", "meeting", *(f"question_{question.pk}" for question in asked)]

    form = details_form(pin, dict.fromkeys(names, text), connection)

    assert list(form.errors) == names
    kept = details_form(pin, dict.fromkeys(names, text) | {"keep_details": "on"}, connection)
    assert kept.is_valid(), kept.errors
    assert kept.add_kept_details({}) == {name: ["address"] for name in names}


@pytest.mark.parametrize("seconds", ["-1", "86401", ""])
def test_a_time_that_cannot_be_is_not_stored(user, seconds):
    form = pin_form(user, seconds_taken=seconds)

    assert form.is_valid() and form.make_pin().seconds_taken is None


def test_a_name_is_cleaned_and_has_100_characters_at_most(user):
    form = pin_form(user, name=" Cafe\u0301\u200b  club \x00")

    assert form.is_valid() and form.make_pin().name == "Café club"
    assert list(pin_form(user, name="x" * 101).errors) == ["name"]
    assert list(pin_form(user, name="\u200b \u202e").errors) == ["name"]


def test_editing_begins_with_the_stored_answers(user):
    pin = make_pin("Choir", status="returned", author=user)
    connection = make_connection(pin, user.service, [make_approach()])
    form = PinForm(user=user, pin=pin)

    assert {
        name: form[name].value() for name in ("name", "category", "kind", "service", "longitude", "version")
    } == {
        "name": "Choir",
        "category": pin.category_id,
        "kind": connection.kind,
        "service": user.service_id,
        "longitude": -0.2,
        "version": 1,
    }


def test_an_author_does_not_answer_for_a_team_that_has_answered_itself(user):
    pin = make_pin(status="submitted", author=user)
    others = make_service("Parks")
    make_connection(pin, others)
    form = PinForm(post(answers_for(user, category=pin.category, service=others.pk)), user=user, pin=pin)

    assert list(form.errors) == ["service"]


def test_another_teams_answers_are_not_filled_into_the_authors_form(user):
    pin = make_pin(status="submitted", author=user)
    make_connection(pin, make_service("Parks"), kind="would-like")

    form = PinForm(user=user, pin=pin)

    assert (form["kind"].value(), form["service"].value()) == (None, user.service_id)


def test_somebody_without_a_team_is_told_whom_to_ask_and_answers_for_no_team(user):
    answers = post({"kind": "know-of", "service": make_service("Parks").pk})

    form = ConnectionForm(answers, user=make_contributor(service=None), pin=make_pin())

    assert list(form.errors) == ["__all__"]
    assert "Ask an administrator" in form.errors["__all__"][0]


def test_a_person_of_several_teams_chooses_among_them_and_a_moderator_among_all(user):
    parks, libraries = make_service("Parks"), make_service("Libraries")
    make_service("Retired", is_retired=True)
    user.other_services.add(parks)

    def offered(person):
        return set(ConnectionForm(user=person, pin=make_pin()).fields["service"].queryset)

    assert offered(user) == {user.service, parks}
    assert offered(make_moderator(service=libraries)) == {user.service, parks, libraries}


def test_a_colleague_answers_for_their_own_team_only(user):
    form = ConnectionForm(
        post({"kind": "know-of", "service": make_service("Parks").pk}), user=user, pin=make_pin()
    )

    assert form.is_valid()
    assert form.answers.service == user.service


def make_question(kind: str, **fields) -> Question:
    return Question.objects.create(label=fields.pop("label", kind), kind=kind, **fields)


def details_form(pin, answers: dict, connection: Connection | None = None) -> DetailsForm:
    return DetailsForm(post({"version": pin.version, **answers}), pin=pin, connection=connection)


def test_every_kind_of_question_stores_an_answer_of_its_kind(user):
    pin = make_pin(status="submitted")
    typed = {
        "short-text": "Tea",
        "long-text": "Two\nlines",
        "one-of": "Some",
        "some-of": ["Some", "More"],
        "yes-no": "no",
        "number": "12",
    }
    stored = {
        "short-text": "Tea",
        "long-text": "Two\nlines",
        "one-of": "Some",
        "some-of": ["Some", "More"],
        "yes-no": False,
        "number": 12,
    }
    questions = {kind: make_question(kind, choices="Some\nMore") for kind in typed}

    form = details_form(pin, {f"question_{questions[kind].pk}": value for kind, value in typed.items()})

    assert form.is_valid(), form.errors
    assert form.answers == {questions[kind]: value for kind, value in stored.items()}


def test_a_question_left_empty_has_no_answer_and_a_required_one_is_asked_for(user):
    pin = make_pin(status="submitted")
    optional, required = (
        make_question("number"),
        make_question("yes-no", label="Open to all?", is_required=True),
    )

    empty = details_form(pin, {})
    answered = details_form(pin, {f"question_{required.pk}": "yes"})

    assert empty.errors == {f"question_{required.pk}": ["Answer “Open to all?”"]}
    assert answered.is_valid() and answered.answers == {optional: None, required: True}


def test_questions_of_other_categories_and_retired_ones_are_not_asked(user):
    pin = make_pin(status="submitted")
    make_question("number", category=make_category("Other"))
    make_question("number", is_retired=True)
    own = make_question("number", category=pin.category)

    assert [q.pk for q in details_form(pin, {}).questions] == [own.pk]


@pytest.mark.parametrize(
    "address", ["http://example.org", "javascript:alert(1)", "ftp://example.org", "https://"]
)
def test_a_web_page_is_https_or_nothing(user, address):
    assert list(details_form(make_pin(status="submitted"), {"web_page": address}).errors) == ["web_page"]


def test_less_heard_groups_are_asked_of_sensitive_categories_only_and_empty_lists_of_nobody(user):
    plain = DetailsForm(pin=make_pin(status="submitted"), connection=None)

    assert {"less_heard_groups", "offers", "what_worked"}.isdisjoint(plain.fields)
    Offer.objects.create(name="Spaces", slug="spaces")
    assert "offers" in DetailsForm(pin=Pin.objects.get(), connection=None).fields
