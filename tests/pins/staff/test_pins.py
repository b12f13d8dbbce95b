"""The staff pages about one's own pins: who may open them, what they answer, what they keep."""

import time
import uuid
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from pins import actions
from pins.models import Answer, Connection, Pin, Question, Visibility
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
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db
NEW = "/staff/pins/new/"


@pytest.fixture
def author(client):
    make_portal(place_name="Testshire")
    user = make_contributor("author@example.org")
    client.force_login(user)
    return user


@pytest.fixture
def stranger(db):
    return make_contributor("stranger@example.org", service=make_service("Elsewhere"))


def answers_for(user, **changes) -> dict:
    category = changes.pop("category", None) or make_category()
    answers = {
        "category": category.pk,
        "longitude": "-0.2",
        "latitude": "51.6",
        "name": "Walking group",
        "kind": "know-of",
        "service": user.service_id,
        "idempotency_key": str(uuid.uuid4()),
        "send": "1",
        **changes,
    }
    return {name: value for name, value in answers.items() if value is not None}


# --- dropping a pin ---


def test_sending_makes_one_pin_that_waits_and_thanks_the_writer(client, author):
    approach = make_approach("Consulting")

    response = client.post(NEW, answers_for(author, kind="working", approaches=[approach.pk]))

    pin = Pin.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/staff/pins/{pin.public_id}/sent/")
    assert (pin.name, pin.status, pin.created_by, pin.longitude) == (
        "Walking group",
        "submitted",
        author,
        -0.2,
    )
    connection = pin.connections.get()
    assert (connection.service, connection.kind, list(connection.approaches.all())) == (
        author.service,
        "working",
        [approach],
    )
    page = client.get(response["Location"]).content.decode()
    assert "not checked yet" in page
    assert f"/staff/pins/new/?category={pin.category.slug}&amp;near={pin.public_id}" in page
    assert f"/toolkit/?approach={approach.slug}" in page
    assert f'data-pin-sent="{pin.idempotency_key}"' in page


def test_the_same_key_again_shows_the_pin_already_sent(client, author):
    answers = answers_for(author)
    first = client.post(NEW, answers)

    second = client.post(NEW, {**answers, "name": "Another name"})

    assert second["Location"] == first["Location"]
    assert Pin.objects.get().name == "Walking group"


def test_somebody_elses_key_is_no_key(client, author, stranger):
    answers = answers_for(author)
    make_pin(author=stranger, idempotency_key=answers["idempotency_key"], status="submitted")

    client.post(NEW, answers)

    assert Pin.objects.filter(created_by=author).count() == 1


def test_a_key_that_is_none_is_replaced(client, author):
    assert client.post(NEW, answers_for(author, idempotency_key="x")).status_code == 302


def test_mistakes_are_422_and_keep_everything_typed(client, author):
    typed = answers_for(author, name="Rock & <Roll>", kind="working", longitude="here", agreement="Said so")

    response = client.post(NEW, typed)

    page = response.content.decode()
    assert (response.status_code, Pin.objects.count()) == (422, 0)
    for expected in (
        'value="Rock &amp; &lt;Roll&gt;"',
        'value="here"',
        'value="Said so"',
        typed["idempotency_key"],
        'href="#id_longitude"',
        'href="#id_approaches"',
    ):
        assert expected in page


def test_outside_says_how_far_and_a_button_swaps(client, author):
    answers = answers_for(author, longitude="51.6", latitude="-0.2")

    outside = client.post(NEW, answers)
    del answers["send"]
    swapped = client.post(NEW, {**answers, "swap": "1"})

    assert outside.status_code == 422
    assert "km outside Testshire" in outside.content.decode()
    assert 'name="swap"' in outside.content.decode()
    assert (swapped.status_code, swapped.context["form"]["longitude"].value()) == (200, "-0.2")


def test_find_lists_places_and_check_says_who_is_known_without_complaining(client, author):
    make_place("Oak Hill Park")
    make_pin("Walking group")

    found = client.post(NEW, {"find": "1", "place_search": "oak hill"})
    checked = client.post(NEW, {"check": "1", "name": "Walking group"})
    nothing = client.post(NEW, {"find": "1", "place_search": "nowhere at all"})

    assert [response.status_code for response in (found, checked, nothing)] == [200, 200, 200]
    assert "Oak Hill Park" in found.content.decode()
    assert "We may already know them" in checked.content.decode()
    assert "No place found with that name" in nothing.content.decode()
    assert all(
        "There is a problem" not in response.content.decode() for response in (found, checked, nothing)
    )


def test_add_another_here_begins_at_the_same_place(client, author):
    pin = make_pin(author=author, status="submitted")

    page = client.get(NEW, {"category": pin.category.slug, "near": pin.public_id})

    form = page.context["form"]
    assert (form["category"].value(), form["longitude"].value()) == (pin.category_id, -0.2)


def test_a_wrong_or_hidden_pin_to_begin_at_is_left_out(client, author):
    hidden = make_pin(visibility=Visibility.TEAM)

    for near in ("x", uuid.uuid4(), hidden.public_id):
        page = client.get(NEW, {"near": near, "category": "none"})
        assert (page.status_code, page.context["form"]["longitude"].value()) == (200, None)


@pytest.mark.parametrize("path", ["", "pins/new/", "pins/similar/", "pins/where/"])
def test_somebody_who_is_no_contributor_is_told_whom_to_ask(client, path):
    client.force_login(make_user())

    response = (
        client.post(f"/staff/{path}")
        if path.endswith(("similar/", "where/"))
        else client.get(f"/staff/{path}")
    )

    assert response.status_code == 403


# --- which teams one may speak for ---


@pytest.mark.parametrize("groups", [("Contributors",), ("Editors",), ("Partners",)])
def test_another_teams_service_sent_with_a_new_pin_is_refused_and_nothing_is_stored(client, author, groups):
    client.force_login(make_user(groups=groups, service=author.service))
    foreign = make_service("Community safety")

    response = client.post(NEW, answers_for(author, service=foreign.pk))

    assert (response.status_code, Pin.objects.count(), Connection.objects.count()) == (422, 0, 0)
    assert "You can only answer for a team that you belong to" in response.content.decode()


def test_a_person_of_several_teams_speaks_for_each_of_them(client, author):
    second = make_service("Parks")
    author.other_services.add(second)

    response = client.post(NEW, answers_for(author, service=second.pk))

    assert (response.status_code, Pin.objects.get().connections.get().service) == (302, second)


def test_a_moderator_speaks_for_any_team(client, author):
    client.force_login(make_moderator(service=author.service))
    foreign = make_service("Community safety")

    assert client.post(NEW, answers_for(author, service=foreign.pk)).status_code == 302
    assert Connection.objects.get().service == foreign


def test_somebody_without_a_team_is_told_so_and_keeps_what_they_typed(client, author):
    client.force_login(make_contributor(service=None))

    response = client.post(NEW, answers_for(author, name="Choir of nobody"))

    text = response.content.decode()
    assert (response.status_code, Pin.objects.count()) == (422, 0)
    assert "Your account does not belong to a team yet" in text
    assert 'value="Choir of nobody"' in text
    assert "Your account does not belong to a team yet" in client.get(NEW).content.decode()


def test_answers_for_one_team_do_not_overwrite_those_of_another_that_were_not_on_the_page(client, author):
    second, pin = make_service("Parks"), make_pin()
    author.other_services.add(second)
    make_connection(pin, author.service)
    theirs = make_connection(pin, second, kind="would-like", what_worked="Written by a colleague")
    path = f"/staff/pins/{pin.public_id}/connect/"
    shown = client.get(path).context["form"]
    answers = {"kind": "know-of", "what_worked": "Mine", "service": second.pk}
    read = {name: shown[name].value() for name in ("version", "version_of")}

    late = client.post(path, answers | read)
    form = late.context["form"]
    again = client.post(path, answers | {name: form[name].value() for name in read})

    theirs.refresh_from_db()
    assert (read["version_of"], late.status_code, again.status_code) == (author.service_id, 409, 302)
    assert theirs.what_worked == "Mine"


def test_home_lists_what_each_of_ones_teams_is_connected_to(client, author):
    second = make_service("Parks")
    author.other_services.add(second)
    for name, service in (("Choir", author.service), ("Gardeners", second), ("Others", make_service())):
        make_connection(make_pin(name), service)

    text = client.get("/staff/").content.decode()

    assert "Known to your teams" in text
    assert "Choir" in text and "Gardeners" in text and "Others" not in text


# --- while the form is filled in ---


def test_where_answers_in_words_or_with_what_is_wrong(client, author):
    make_area("Hendon")
    make_place("Hendon Central", longitude=-0.2, latitude=51.6)

    def ask(longitude, latitude):
        response = client.post("/staff/pins/where/", {"longitude": longitude, "latitude": latitude})
        return response.status_code, response.json()

    assert ask("-0.2", "51.6") == (
        200,
        {"inside": True, "words": "in Hendon, near Hendon Central", "sentence": "", "swapped": None},
    )
    code, outside = ask("51.6", "-0.2")
    assert (code, outside["inside"], outside["swapped"]) == (
        200,
        False,
        {"longitude": -0.2, "latitude": 51.6},
    )
    code, wrong = ask("x", "")
    assert (code, wrong["inside"], wrong["sentence"]) == (
        422,
        False,
        "Longitude and latitude must be plain numbers, such as -0.2003 and 51.6027.",
    )


def test_similar_answers_with_what_the_writer_may_see(client, author):
    known = make_pin("Walking group")
    make_pin("Walking group of five", visibility=Visibility.TEAM)

    page = client.post("/staff/pins/similar/", {"name": "Walking group"}).content.decode()

    assert page.count("<li") == 1
    assert f'href="/staff/pins/{known.public_id}/connect/"' in page


@pytest.mark.parametrize("path", ["similar", "where"])
def test_questions_while_the_form_is_filled_in_are_limited_for_each_person(
    client, author, path, time_machine
):
    time_machine.move_to(time.time() // 60 * 60, tick=False)
    make_pin("Walking group")
    answers = {"name": "Walking group", "longitude": "-0.2", "latitude": "51.6"}
    address = f"/staff/pins/{path}/"

    statuses = [client.post(address, answers, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(62)]

    assert statuses == [200] * 60 + [429] * 2
    assert (
        "You have asked more than 60 times in the last minute."
        in client.post(address, answers).content.decode()
    )
    client.force_login(make_contributor())
    assert client.post(address, answers).status_code == 200


def test_the_form_works_on_without_comparing_when_somebody_has_asked_too_often(client, author, time_machine):
    time_machine.move_to(time.time() // 60 * 60, tick=False)
    make_pin("Walking group")
    answers = {"name": "Walking group", "check": "1"}

    pages = [client.post("/staff/pins/new/", answers).content.decode() for _ in range(61)]

    assert "We may already know them" in pages[59]
    assert "We may already know them" not in pages[60]
    assert 'value="Walking group"' in pages[60]


def test_similar_leaves_out_the_pin_that_is_being_changed(client, author):
    pin = make_pin("Walking group", author=author, status="submitted")

    def ask(**answers):
        return client.post("/staff/pins/similar/", {"name": "Walking group", **answers}).content.decode()

    assert "We may already know them" in ask(pin="new")
    assert ask(pin=pin.public_id).strip() == ""


# --- after sending ---


def test_further_answers_are_stored_with_the_pin_its_connection_and_its_questions(client, author):
    pin = make_pin(author=author, status="submitted")
    connection = make_connection(pin, author.service)
    question = Question.objects.create(label="How many?", kind="number", is_required=True)
    path = f"/staff/pins/{pin.public_id}/sent/"
    answers = {
        "version": pin.version,
        "description": "They walk.",
        "about": "organisation",
        "web_page": "https://example.org/",
        "what_worked": "Tea",
        f"question_{question.pk}": "12",
    }

    refused = client.post(path, {**answers, f"question_{question.pk}": ""})
    stored = client.post(path, answers)

    assert (refused.status_code, stored.status_code) == (422, 302)
    pin.refresh_from_db()
    connection.refresh_from_db()
    assert (pin.description, pin.about, pin.web_page) == (
        "They walk.",
        "organisation",
        "https://example.org/",
    )
    assert connection.what_worked == "Tea"
    assert list(Answer.objects.values_list("asked_as", "value")) == [("How many?", 12)]
    assert "How many?" in client.get(stored["Location"]).content.decode()


def test_further_answers_leave_a_colleagues_words_alone(client, author):
    pin = make_pin(author=author, status="submitted")
    connection = make_connection(pin, author.service)
    path = f"/staff/pins/{pin.public_id}/sent/"
    client.get(path)
    Connection.objects.update(what_worked="A colleague’s words")

    client.post(path, {"version": pin.version, "about": "community", "what_worked": "A colleague’s words"})

    connection.refresh_from_db()
    assert connection.what_worked == "A colleague’s words"


def test_only_the_author_is_thanked(client, author, stranger):
    pin = make_pin(author=stranger)

    assert client.get(f"/staff/pins/{pin.public_id}/sent/")["Location"] == f"/staff/pins/{pin.public_id}/"


# --- changing a pin ---


def test_a_returned_pin_is_changed_and_waits_again(client, author):
    pin = make_pin(author=author, status="returned")
    make_connection(pin, author.service)

    response = client.post(
        f"/staff/pins/{pin.public_id}/edit/",
        answers_for(author, category=pin.category, name="New name", version=pin.version),
    )

    pin.refresh_from_db()
    assert (response.status_code, pin.name, pin.status, pin.version) == (302, "New name", "submitted", 2)


def test_a_change_that_came_too_late_is_409_and_can_be_sent_again(client, author):
    pin = make_pin("Choir", author=author, status="submitted")
    answers = answers_for(author, category=pin.category, name="New name", version=pin.version)
    Pin.objects.update(version=5)
    path = f"/staff/pins/{pin.public_id}/edit/"

    late = client.post(path, answers)
    again = client.post(path, {**answers, "version": late.context["form"]["version"].value()})

    assert (late.status_code, again.status_code) == (409, 302)
    assert (
        "Someone has changed this pin" in late.content.decode()
        and 'value="New name"' in late.content.decode()
    )
    assert Pin.objects.get().name == "New name"


def test_a_pin_that_was_published_meanwhile_keeps_what_was_typed_on_the_page(client, author):
    pin = make_pin("Choir", author=author, status="submitted")
    actions.decide(Pin.objects.all(), "publish", by=make_moderator())
    path = f"/staff/pins/{pin.public_id}/edit/"

    late = client.post(path, answers_for(author, category=pin.category, name="New name", version=1))

    assert (late.status_code, client.get(path).status_code) == (409, 403)
    assert 'value="New name"' in late.content.decode()
    assert Pin.objects.get().name == "Choir"


def test_nobody_else_changes_a_pin(client, author, stranger):
    pin = make_pin(author=stranger, status="submitted")
    path = f"/staff/pins/{pin.public_id}/edit/"

    assert [client.get(path).status_code, client.post(path, answers_for(author)).status_code] == [403, 403]


# --- my team's connection ---


def test_a_colleague_adds_their_team_and_changes_it_later(client, author, stranger):
    pin, approach = make_pin(author=stranger), make_approach()
    path = f"/staff/pins/{pin.public_id}/connect/"

    missing = client.post(path, {"kind": "working"})
    added = client.post(path, {"kind": "working", "approaches": [approach.pk], "what_worked": "Tea"})
    form = client.get(path).context["form"]
    changed = client.post(path, {"kind": "know-of", "version": form["version"].value()})

    assert [response.status_code for response in (missing, added, changed)] == [422, 302, 302]
    connection = pin.connections.get(service=author.service)
    assert (connection.kind, list(connection.approaches.all()), list(connection.known_by.all())) == (
        "know-of",
        [],
        [author],
    )


def test_two_colleagues_of_one_team_do_not_overwrite_each_other(client, author):
    pin = make_pin()
    path = f"/staff/pins/{pin.public_id}/connect/"
    client.get(path)
    make_connection(pin, author.service, kind="would-like", what_worked="The other one’s words")

    late = client.post(path, {"kind": "know-of", "what_worked": "Mine", "version": ""})
    again = client.post(
        path, {"kind": "know-of", "what_worked": "Mine", "version": late.context["form"]["version"].value()}
    )

    assert (late.status_code, again.status_code) == (409, 302)
    assert pin.connections.get().what_worked == "Mine"


# --- reading ---


@pytest.mark.parametrize("name", ["pin", "sent", "edit", "connect"])
def test_a_pin_that_one_may_not_know_of_is_404(client, author, name):
    hidden = make_pin(visibility=Visibility.TEAM)

    for public_id in (hidden.public_id, uuid.uuid4()):
        path = reverse(f"staff:{name}", args=[public_id])
        assert [client.get(path).status_code] == [404]


def test_home_says_what_was_returned_and_why(client, author):
    pin = make_pin("Choir", author=author, status="submitted")
    actions.decide(Pin.objects.all(), "return", by=make_moderator(), reason="Which hall?")
    make_pin("Not mine")

    page = client.get("/staff/").content.decode()

    assert "Which hall?" in page and f'href="/staff/pins/{pin.public_id}/edit/"' in page
    assert "Not mine" not in page


def test_home_asks_as_often_for_twenty_pins_as_for_two(client, author, django_assert_num_queries):
    categories = [make_category() for _number in range(4)]

    def drop(count):
        for number in range(count):
            status = "returned" if number % 2 else "submitted"
            pin = make_pin(author=author, status=status, category=categories[number % 4])
            make_connection(pin, author.service)

    drop(2)
    # Session, user, groups, portal, pins, their decisions, my team's connections, my team's name.
    with django_assert_num_queries(8):
        client.get("/staff/")
    drop(18)
    with django_assert_num_queries(8):
        client.get("/staff/")


def test_a_pins_page_asks_as_often_for_ten_connections_as_for_one(client, author, django_assert_num_queries):
    pin = make_pin()

    def connect(count):
        for _number in range(count):
            make_connection(pin, None, [make_approach()]).known_by.add(author)

    connect(1)
    # Session, user, groups, portal, whether it was merged, pin, connections, approaches, known by, areas, offers, answers;
    # for the map the outline, the state of the boundaries, and the places around.
    with django_assert_num_queries(16):
        client.get(f"/staff/pins/{pin.public_id}/")
    connect(9)
    with django_assert_num_queries(16):
        page = client.get(f"/staff/pins/{pin.public_id}/").content.decode()
    assert page.count("app-connection") == 10


def test_names_are_text_wherever_they_stand(client, author):
    evil = '<b onclick="x">'
    pin = make_pin(evil, author=author, status="submitted", description=evil)

    for path in ("/staff/", f"/staff/pins/{pin.public_id}/", f"/staff/pins/{pin.public_id}/sent/"):
        assert evil not in client.get(path).content.decode()
    assert evil not in client.get(f"{NEW}?{urlencode({'category': evil})}").content.decode()
    assert evil not in client.post("/staff/pins/similar/", {"name": evil}).content.decode()
