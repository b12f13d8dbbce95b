"""Moderation in Django admin, as a moderator and as everyone else."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community_map.models import Portal
from pins import actions
from pins.models import Category, Connection, Decision, Pin, Precision, Visibility
from tests.factories import (
    make_administrator,
    make_approach,
    make_category,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_portal,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db
QUEUE = "/admin/pins/pin/"


@pytest.fixture
def moderator(client):
    user = make_moderator("moderator@example.net")
    client.force_login(user)
    return user


def page(pin) -> str:
    return reverse("admin:pins_pin_change", args=[pin.pk])


def decide(client, pin, decision, **fields):
    data = {"decision": decision, "version": pin.version, **fields}
    return client.post(reverse("admin:pins_pin_decide", args=[pin.pk]), data)


def answers_of(pin, **changes) -> dict:
    return {
        "name": pin.name,
        "category": pin.category_id,
        "description": pin.description,
        "about": pin.about,
        "longitude": "" if pin.longitude is None else pin.longitude,
        "latitude": "" if pin.latitude is None else pin.latitude,
        "visibility": pin.visibility,
        "precision": pin.precision,
        "is_home": "false",
        "read_version": pin.version,
        **changes,
    }


def test_the_queue_opens_on_what_waits_oldest_first(client, moderator):
    make_pin("First", status="submitted"), make_pin("Second", status="submitted")
    make_pin("Elsewhere", position=None, precision=Precision.BOROUGH)

    text = client.get(QUEUE).content.decode()

    assert "Elsewhere" not in text
    assert text.index("First") < text.index("Second")
    assert "2 pins to check" in text


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "Pins to check"),
        ("?status=submitted", "Pins to check"),
        ("?status=all", "Pins"),
        ("?status=archived", "Pins"),
    ],
)
def test_the_list_is_titled_by_what_it_shows(client, moderator, query, title):
    text = client.get(QUEUE + query).content.decode()

    assert f"<h1>{title}</h1>" in text and f"<title>{title} | " in text
    assert "to change</h1>" not in text


def test_the_queue_takes_the_same_queries_however_many_wait(client, moderator, django_assert_num_queries):
    for _number in range(3):
        make_connection(make_pin(status="submitted"))
    with django_assert_num_queries(13) as few:
        client.get(QUEUE)
    for _number in range(9):
        make_connection(make_pin(status="submitted"))

    with django_assert_num_queries(len(few.captured_queries)):
        client.get(QUEUE)


def test_likely_duplicates_are_named_in_the_queue_and_on_the_pins_page(client, moderator):
    team_only = make_pin(
        "Hendon walkers group", position=None, precision=Precision.BOROUGH, visibility=Visibility.TEAM
    )
    pin = make_pin("Hendon walking group", status="submitted")
    link = f'<a href="{page(team_only)}"><bdi>Hendon walkers group</bdi></a>'

    assert link in client.get(QUEUE).content.decode()
    assert link in client.get(page(pin)).content.decode()
    assert "Possible duplicates" not in client.get(page(team_only)).content.decode()


def test_a_pins_page_shows_what_is_needed_to_decide(client, moderator):
    pin = make_pin("Walking group", status="submitted", description="They walk.")
    make_connection(pin, make_service("Libraries"), [make_approach("Consulting")], what_worked="Going there")

    text = client.get(page(pin)).content.decode()

    for words in (
        "What residents would see",
        "Libraries",
        "Consulting",
        "Going there",
        "They walk.",
        "History",
    ):
        assert words in text


def test_publish_and_next_opens_the_next_that_waits(client, moderator):
    pin, following = make_pin(status="submitted"), make_pin(status="submitted")

    response = decide(client, pin, "publish", and_next="1")

    pin.refresh_from_db()
    assert (pin.status, response.headers["Location"]) == ("published", page(following))


@pytest.mark.parametrize("decision", ["return", "decline"])
def test_returning_and_declining_need_a_reason_and_keep_what_was_typed(client, moderator, decision):
    pin = make_pin(status="submitted")

    response = decide(client, pin, decision, reason=" ")

    pin.refresh_from_db()
    assert (response.status_code, pin.status) == (422, "submitted")
    assert "Enter a reason" in response.content.decode()


def test_a_reason_may_start_from_a_template(client, moderator):
    make_portal(return_templates="Please choose a landmark.\nPlease shorten it.")
    pin = make_pin(status="submitted")
    assert "Please choose a landmark." in client.get(page(pin)).content.decode()

    decide(client, pin, "return", template="Please choose a landmark.", reason="The library would do.")

    assert Decision.objects.get().reason == "Please choose a landmark.\nThe library would do."


def test_what_was_decided_meanwhile_is_said_and_nothing_changes(client, moderator):
    pin = make_pin("Choir", status="submitted")
    actions.decide(Pin.objects.all(), "decline", by=make_moderator(), reason="A household")

    response = client.post(
        reverse("admin:pins_pin_decide", args=[pin.pk]), {"decision": "publish", "version": 2}, follow=True
    )

    pin.refresh_from_db()
    assert pin.status == "declined"
    assert (
        "Someone else has already made a decision about “Choir”. Its status is now: Declined."
        in response.content.decode()
    )


def test_a_page_that_is_out_of_date_decides_nothing(client, moderator):
    pin = make_pin(status="submitted", version=4)

    response = decide(client, Pin(pk=pin.pk, version=3), "publish")

    pin.refresh_from_db()
    assert (response.status_code, pin.status) == (422, "submitted")
    assert "since you opened it. Check it again before you decide." in response.content.decode()


def test_nobody_decides_their_own_pin_and_the_page_says_why(client, moderator):
    pin = make_pin(status="submitted", author=moderator)
    assert "another moderator has to check it" in client.get(page(pin)).content.decode()

    assert decide(client, pin, "publish").status_code == 403

    make_portal(moderators_decide_own_pins=True)
    decide(client, pin, "publish")
    pin.refresh_from_db()
    assert pin.status == "published"


def act(client, action, *pins, **fields):
    return client.post(
        f"{QUEUE}?status=all",
        {"action": action, "_selected_action": [pin.pk for pin in pins], **fields},
        follow=True,
    )


def test_many_are_published_at_once_but_for_ones_own(client, moderator):
    own = make_pin("Mine", status="submitted", author=moderator)
    pins = [make_pin(status="submitted") for _number in range(3)]

    text = act(client, "publish", own, *pins).content.decode()

    assert Pin.objects.filter(status="published").count() == 3
    assert "3 pins: Published." in text
    assert "Mine" in text


@pytest.mark.parametrize("key", ["x", "", "-1", "9" * 30, "1 OR 1=1"])
def test_a_forged_key_decides_nothing(client, moderator, key):
    pin = make_pin(status="submitted")

    response = client.post(QUEUE, {"action": "publish", "_selected_action": [key]}, follow=True)

    pin.refresh_from_db()
    assert (response.status_code, pin.status) == (200, "submitted")


def test_the_wish_to_go_on_survives_a_forgotten_reason(client, moderator):
    pin, following = make_pin(status="submitted"), make_pin(status="submitted")

    asked = decide(client, pin, "return", and_next="1").content.decode()
    assert 'name="and_next" value="1"' in asked

    assert decide(client, pin, "return", reason="Please say more.", and_next="1").headers["Location"] == page(
        following
    )


def test_many_are_returned_after_a_reason_was_given(client, moderator):
    pins = [make_pin(status="submitted") for _number in range(2)]
    assert "Reason (sent to the author)" in act(client, "return_to_author", *pins).content.decode()
    assert act(client, "return_to_author", *pins, reason="").status_code == 422

    act(client, "return_to_author", *pins, reason="Please say more.")

    assert set(Decision.objects.values_list("kind", "reason")) == {("return", "Please say more.")}
    assert Pin.objects.filter(status="returned").count() == 2


def test_published_pins_may_be_taken_off_the_map_but_not_published_again(client, moderator):
    pin = make_pin()
    act(client, "publish", pin)
    assert Decision.objects.count() == 0

    act(client, "archive", pin, reason="")

    pin.refresh_from_db()
    assert pin.status == "archived"


@pytest.mark.parametrize("action", ["publish", "return_to_author", "decline", "archive"])
@pytest.mark.parametrize("person", ["visitor", "contributor", "editor", "no group"])
def test_nobody_else_decides_anything(client, person, action):
    pin = make_pin(status="submitted")
    user = {
        "contributor": lambda: make_contributor(is_staff=True),
        "editor": lambda: make_user(groups=("Editors",), is_staff=True),
        "no group": lambda: make_user(is_staff=True),
    }.get(person, lambda: None)()
    if user:
        client.force_login(user)

    assert client.post(
        QUEUE, {"action": action, "_selected_action": [pin.pk], "reason": "x"}
    ).status_code in {302, 403}
    assert decide(client, pin, "publish").status_code in {302, 403, 404}

    pin.refresh_from_db()
    assert pin.status == "submitted"


def test_a_moderators_change_is_stored_with_its_history_and_place(client, moderator):
    make_portal()
    pin = make_pin("Old name", status="submitted")

    response = client.post(page(pin), answers_of(pin, name="New name", longitude="-0.25", latitude="51.55"))

    assert response.status_code == 302
    pin.refresh_from_db()
    assert (pin.name, pin.longitude, pin.public_longitude, pin.version) == ("New name", -0.25, -0.25, 2)
    text = client.get(page(pin)).content.decode()
    assert "Old name" in text and "New name" in text and "moderator@example.net" in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"longitude": "nan"}, "plain numbers"),
        ({"longitude": "1e200", "latitude": "51"}, "between"),
        ({"longitude": "0.5"}, "outside"),
        ({"longitude": "51.6", "latitude": "-0.2"}, "swapped"),
        ({"name": " \u200b "}, "Enter what they are called"),
        ({"web_page": "http://example.org"}, "valid URL"),
        ({"read_version": 7}, "Someone has changed this pin since you opened it"),
        ({"read_version": "x"}, "whole number"),
    ],
)
def test_a_bad_change_gets_a_sentence_and_is_not_stored(client, moderator, changes, sentence):
    make_portal()
    pin = make_pin("Kept", status="submitted")

    response = client.post(page(pin), answers_of(pin, **changes))

    assert sentence in response.content.decode()
    pin.refresh_from_db()
    assert (pin.name, pin.longitude, pin.version) == ("Kept", -0.2, 1)


def test_a_moderators_own_words_are_read_for_personal_details_too(client, moderator):
    pin = make_pin(status="submitted")
    text = "Ask Mrs Green"

    response = client.post(page(pin), answers_of(pin, meeting=text))
    assert "a person’s name (Mrs Green)" in response.content.decode()
    client.post(page(pin), answers_of(pin, meeting=text, keep_details="on"))

    pin.refresh_from_db()
    assert (pin.meeting, pin.details_kept) == (text, {"meeting": ["name"]})


def test_a_moderators_change_of_a_teams_words_is_read_for_personal_details(client, moderator):
    connection = make_connection(make_pin())
    address = reverse("admin:pins_connection_change", args=[connection.pk])
    answers = {"kind": "know-of", "what_worked": "Ring 07700 900123"}

    assert "a phone number" in client.post(address, answers).content.decode()
    client.post(address, answers | {"keep_details": "on"})

    connection.refresh_from_db()
    assert connection.details_kept == {"what_worked": ["phone"]}


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("true", "We never show the exact place of a home"), ("unknown", "Select yes if this exact")],
)
def test_a_moderator_cannot_show_a_home_exactly(client, moderator, answer, sentence):
    pin = make_pin(status="submitted", precision=1)

    response = client.post(page(pin), answers_of(pin, precision=0, is_home=answer))

    assert sentence in response.content.decode()
    pin.refresh_from_db()
    assert (pin.precision, pin.is_home) == (1, None)


def test_forged_fields_change_nothing(client, moderator):
    make_portal()
    pin = make_pin(status="submitted")
    author = pin.created_by

    client.post(
        page(pin),
        answers_of(pin, status="published", created_by=moderator.pk, is_sensitive="on", mercator_x=1),
    )

    pin.refresh_from_db()
    assert (pin.status, pin.created_by, pin.is_sensitive) == ("submitted", author, False)


def test_limits_of_the_category_are_a_sentence_not_a_fault(client, moderator):
    strict = make_category(
        loosest_visibility=1, default_visibility=1, finest_precision=2, default_precision=2
    )
    pin = make_pin(status="submitted", category=make_category())

    text = client.post(page(pin), answers_of(pin, category=strict.pk)).content.decode()

    assert text.count("or an answer below it") == 2


def merge_form(client, pin, into) -> dict:
    """What the merge page sends when its moderator has read it and ticks nothing."""
    plan = client.get(reverse("admin:pins_pin_merge", args=[pin.pk]), {"into": into.pk}).context["plan"]
    return {"into": into.pk, "state": plan.state}


def test_a_duplicate_is_merged_with_the_pin_that_stays(client, moderator):
    stays, duplicate = make_pin("Choir"), make_pin("The choir", status="submitted")
    shared, other = make_service("Libraries"), make_service("Parks")
    make_connection(stays, shared), make_connection(duplicate, shared), make_connection(duplicate, other)
    address = reverse("admin:pins_pin_merge", args=[duplicate.pk])
    assert "Choir" in client.get(address, {"q": "choir"}).content.decode()

    client.post(
        address,
        {
            **merge_form(client, duplicate, stays),
            "move": [f"connection-{row.pk}" for row in duplicate.connections.all()],
        },
    )

    duplicate.refresh_from_db()
    assert (duplicate.status, duplicate.merged_into) == ("archived", stays)
    assert sorted(stays.connections.values_list("service__name", flat=True)) == ["Libraries", "Parks"]
    assert (
        client.post(reverse("admin:pins_pin_merge", args=[stays.pk]), {"into": stays.pk}).status_code == 422
    )


def test_tighter_limits_reach_the_pins_of_the_category(client):
    client.force_login(make_administrator())
    category = make_category("Places")
    pin = make_pin(category=category)
    data = {
        "name": "Places", "slug": "places", "colour": "#1d70b8", "shape": "star", "order": 0, "review_months": 12,
        "default_visibility": 1, "loosest_visibility": 1, "default_precision": 2, "finest_precision": 2,
    }  # fmt: skip

    client.post(reverse("admin:pins_category_change", args=[category.pk]), data)

    pin.refresh_from_db()
    assert (pin.visibility, pin.precision, pin.public_longitude == pin.longitude) == (1, 2, False)
    assert not Pin.objects.public().exists()


def category_answers(name: str, **changes) -> dict:
    return {
        "name": name, "slug": name.lower(), "colour": "#1d70b8", "shape": "star", "order": 0, "review_months": 12,
        "default_visibility": 0, "loosest_visibility": 0, "default_precision": 1, "finest_precision": 0, **changes,
    }  # fmt: skip


@pytest.mark.parametrize("colour", ["#ffdd00", "#ffffff", "#b1b4b6", "#f47738", "#969696"])
def test_a_colour_on_which_white_cannot_be_seen_is_refused_with_a_sentence(client, colour):
    client.force_login(make_administrator())

    refused = client.post(reverse("admin:pins_category_add"), category_answers("Faint", colour=colour))

    assert "This colour does not show up well against white. Choose a darker one." in refused.text
    assert not Category.objects.exists()


@pytest.mark.parametrize("colour", ["#1d70b8", "#000000", "#949494", "#d4351c"])
def test_a_colour_with_a_contrast_of_three_is_taken(client, colour):
    client.force_login(make_administrator())

    client.post(reverse("admin:pins_category_add"), category_answers("Plain", colour=colour))

    assert Category.objects.get().colour == colour


def test_a_shape_in_use_is_refused_with_a_sentence_until_its_category_is_retired(client):
    client.force_login(make_administrator())
    other, sentence = make_category(shape="star"), "Another category already uses this shape."

    refused = client.post(reverse("admin:pins_category_add"), category_answers("Second"))
    assert (refused.status_code, sentence in refused.text, Category.objects.count()) == (200, True, 1)

    Category.objects.filter(pk=other.pk).update(is_retired=True)
    client.post(reverse("admin:pins_category_add"), category_answers("Second"))
    assert Category.objects.filter(shape="star").count() == 2
    back = client.post(
        reverse("admin:pins_category_change", args=[other.pk]), category_answers(other.name, slug=other.slug)
    )
    assert sentence in back.text


def test_a_category_is_retired_never_deleted(client):
    client.force_login(make_administrator())
    category = make_category()

    assert (
        client.post(reverse("admin:pins_category_delete", args=[category.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert Category.objects.filter(pk=category.pk).exists()


MODELS = {
    "pins_pin": "ma", "pins_connection": "ma", "pins_category": "a", "pins_question": "a", "pins_offer": "a",
    "pins_lessheardgroup": "a", "community_map_user": "a", "community_map_service": "a", "community_map_approach": "a",
    "community_map_initiative": "a", "community_map_portal": "a", "community_map_boundaryset": "a",
    "community_map_area": "a", "community_map_place": "a", "community_map_outboxmail": "a",
    "community_map_auditentry": "a",
}  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_who_may_open_which_list(client, model):
    make_portal()
    address = reverse(f"admin:{model}_changelist")
    people = {
        "m": make_moderator(),
        "a": make_administrator(),
        "e": make_user(groups=("Editors",), is_staff=True),
    }

    for key, person in people.items():
        client.force_login(person)
        opens = client.get(address, follow=True).status_code == 200
        assert opens == (key in MODELS[model]), (key, model)


@pytest.mark.parametrize(
    "model",
    [
        name
        for name in MODELS
        if name
        not in {
            "pins_pin",
            "pins_connection",
            "community_map_outboxmail",
            "community_map_auditentry",
            "community_map_boundaryset",
            "community_map_area",
            "community_map_portal",
        }
    ],
)
def test_an_administrator_may_open_the_page_that_adds(client, model):
    client.force_login(make_administrator())

    assert client.get(reverse(f"admin:{model}_add")).status_code == 200


def test_an_administrator_renames_the_council_and_every_page_follows(client):
    make_portal(outline=None)
    client.force_login(make_administrator())
    assert client.get(reverse("admin:community_map_portal_changelist")).status_code == 302
    form = client.get(reverse("admin:community_map_portal_change", args=[1])).context["adminform"].form
    data = {
        name: "" if value is None else value for name, value in form.initial.items() if value is not False
    }

    client.post(
        reverse("admin:community_map_portal_change", args=[1]), {**data, "council_name": "Newtown Council"}
    )

    assert Portal.load().council_name == "Newtown Council"
    text = client.get("/").content.decode()
    assert text.count("Newtown Council") >= 3
    assert "Testing Council" not in text


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_moderators_decide_one_pin_and_exactly_one_of_them_wins():
    from django.contrib.auth.models import Group

    Group.objects.get_or_create(name="Moderators")
    Group.objects.get_or_create(name="Contributors")
    pin = make_pin(status="submitted")
    moderators = [make_moderator(), make_moderator()]
    start, results = threading.Barrier(2), []

    def decide_at_once(kind, by, **fields):
        try:
            start.wait(10)
            results.append(actions.decide(Pin.objects.filter(pk=pin.pk), kind, by=by, **fields))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=decide_at_once, args=("publish", moderators[0])),
        threading.Thread(target=decide_at_once, args=("decline", moderators[1]), kwargs={"reason": "No"}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(results) == [0, 1], connection.vendor
    assert Decision.objects.count() == 1
    pin.refresh_from_db()
    assert pin.status == {"publish": "published", "decline": "declined"}[Decision.objects.get().kind]


def test_own_pins_in_a_mixed_lot_stop_the_whole_lot_in_the_action_itself():
    moderator = make_moderator()
    make_pin(status="submitted"), make_pin(status="submitted", author=moderator)

    with pytest.raises(PermissionDenied):
        actions.decide(Pin.objects.all(), "publish", by=moderator)

    assert Pin.objects.filter(status="submitted").count() == 2
    assert Connection.objects.count() == 0


@pytest.mark.parametrize("field", ["reason", "template"])
def test_a_reason_is_stored_as_clean_text(client, moderator, field):
    pin = make_pin(status="submitted")

    response = decide(client, pin, "return", **{field: "Too\x00 long\u200b.\r\nShorten it."})

    assert response.status_code == 302
    assert Decision.objects.get().reason == "Too long.\nShorten it."


def test_a_reason_of_many_is_clean_text_too(client, moderator):
    act(client, "decline", make_pin(status="submitted"), reason="A\x00 household")

    assert Decision.objects.get().reason == "A household"


def test_a_merge_searches_and_explains_itself_in_clean_text(client, moderator):
    stays, duplicate = make_pin("Choir"), make_pin("The choir", status="submitted")
    address = reverse("admin:pins_pin_merge", args=[duplicate.pk])

    assert list(client.get(address, {"q": "cho\x00ir"}).context["found"]) == [stays]
    client.post(address, {**merge_form(client, duplicate, stays), "reason": "The same\x00 group"})

    assert Decision.objects.get().reason == "The same group"


@pytest.mark.parametrize("version", ["9" * 5000, "-1", "", "x"])
def test_a_version_that_is_no_version_decides_nothing(client, moderator, version):
    pin = make_pin(status="submitted")

    response = client.post(
        reverse("admin:pins_pin_decide", args=[pin.pk]), {"decision": "publish", "version": version}
    )

    pin.refresh_from_db()
    assert (response.status_code, pin.status) == (422, "submitted")


def test_a_moderators_change_locks_the_pin_before_its_version_is_compared(client, moderator):
    make_portal()
    pin = make_pin("Old name", status="submitted")
    with CaptureQueriesContext(connection) as captured:
        client.post(page(pin), answers_of(pin, name="New name"))

    statements = [query["sql"] for query in captured.captured_queries]
    compared = next(
        number for number, sql in enumerate(statements) if sql.startswith('SELECT "pins_pin"."version" ')
    )
    assert any(sql.startswith(("BEGIN", "SAVEPOINT")) for sql in statements[:compared])
    assert ("FOR UPDATE" in statements[compared]) == connection.features.has_select_for_update


def test_a_merge_into_a_pin_that_was_taken_off_the_map_meanwhile_changes_nothing():
    stays, duplicate = make_pin("Choir"), make_pin("The choir", status="submitted")
    make_connection(duplicate)
    actions.decide(Pin.objects.filter(pk=stays.pk), "archive", by=make_moderator())
    assert stays.status == "published"

    with pytest.raises(ValidationError):
        actions.merge(duplicate, stays, by=make_moderator())

    duplicate.refresh_from_db()
    assert (duplicate.status, duplicate.connections.count()) == ("submitted", 1)


def test_the_list_names_the_status_of_each_pin_only_where_it_holds_more_than_one(client, moderator):
    make_pin("Waiting", status="submitted")
    client.force_login(moderator)

    assert b"column-status" not in client.get("/admin/pins/pin/").content
    assert b"column-status" in client.get("/admin/pins/pin/?status=all").content
