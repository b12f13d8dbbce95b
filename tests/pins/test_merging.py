"""Merging a duplicate loses nothing, shows nothing to anyone new, and tells nobody what they may not know."""

import json
import threading
import uuid
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from community_map.models import OutboxMail
from community_map.privacy import person_data
from pins import actions
from pins.models import Answer, Connection, Merge, Pin, Question, Reach, Visibility
from tests.factories import (
    make_approach,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_portal,
    make_service,
    make_user,
)
from tests.mail import sent_mail
from tests.pins.test_admin import merge_form

pytestmark = pytest.mark.django_db


def merge(pin, into, **fields) -> Merge:
    return actions.merge(pin, into, **{"by": fields.pop("by", None) or make_moderator(), **fields})


def words_on(pin) -> set[str]:
    return {word for note in pin.connections.values_list("what_worked", flat=True) for word in note.split()}


def test_what_both_teams_wrote_is_on_the_pin_that_stays():
    stays, duplicate, libraries = make_pin("Choir"), make_pin("The choir"), make_service("Libraries")
    make_connection(stays, libraries, what_worked="Tea first")
    make_connection(duplicate, libraries, what_worked="Bring large print songbooks")

    merge(duplicate, stays)

    lost = {"Tea", "first", "Bring", "large", "print", "songbooks"} - words_on(stays)
    assert lost == set()


def test_a_team_only_note_does_not_become_all_staffs(client):
    make_portal()
    stays = make_pin("Choir", visibility=Visibility.STAFF)
    duplicate = make_pin("Refuge choir", visibility=Visibility.TEAM)
    make_connection(duplicate, make_service("Refuge"), what_worked="SECRETNOTE")
    client.force_login(make_contributor(service=make_service("Parks")))

    merge(duplicate, stays)

    seen = client.get(reverse("staff:pin", args=[stays.public_id])).content.decode().count("SECRETNOTE")
    assert seen == 0


def test_a_hidden_pins_team_does_not_become_public(client):
    make_portal()
    stays, duplicate = (
        make_pin("Choir"),
        make_pin("Refuge choir", visibility=Visibility.TEAM, description="SECRETTEXT"),
    )
    make_connection(duplicate, make_service("Refuge"), [make_approach("SECRETAPPROACH")])

    merge(duplicate, stays)

    page = client.get(reverse("pins:pin", args=[stays.public_id])).content.decode()
    seen = [word for word in ("Refuge", "SECRETAPPROACH", "SECRETTEXT") if word in page]
    assert seen == []


def test_the_author_of_a_duplicate_gets_no_link_to_a_pin_they_may_not_know_of():
    make_portal()
    author = make_contributor("author@example.org", service=make_service("Parks"))
    stays = make_pin("Hidden refuge", visibility=Visibility.TEAM)
    duplicate = make_pin("The house", visibility=Visibility.STAFF, author=author)

    merge(duplicate, stays)

    text = sent_mail()[0].subject + sent_mail()[0].body
    told = [word for word in (str(stays.public_id), "Hidden refuge", "/staff/pins/") if word in text]
    assert told == []


def test_a_merged_pins_public_address_leads_on_where_both_were_public(client):
    make_portal()
    stays, duplicate = make_pin("Choir"), make_pin("The choir")
    merge(duplicate, stays)

    answer = client.get(reverse("pins:pin", args=[duplicate.public_id]))

    assert (answer.status_code, answer.headers.get("Location")) == (
        301,
        reverse("pins:pin", args=[stays.public_id]),
    )


# --- both have a connection of one service ---


def test_two_connections_of_one_service_are_joined_in_every_part():
    stays, duplicate, libraries = make_pin("Choir"), make_pin("The choir"), make_service("Libraries")
    consulting, partnership = make_approach("Consulting"), make_approach("Partnership")
    ann, ben = make_contributor("ann@example.org"), make_contributor("ben@example.org")
    kept = make_connection(
        stays,
        libraries,
        kind="would-like",
        what_worked="Tea first",
        last_worked="longer",
        details_kept={"what_worked": ["name"]},
    )
    kept.known_by.add(ann)
    gone = make_connection(
        duplicate,
        libraries,
        [consulting, partnership],
        what_worked="Large print",
        last_worked="six-months",
        details_kept={"what_worked": ["phone"]},
    )
    gone.known_by.add(ben)
    Connection.objects.filter(pk=kept.pk).update(updated_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    Connection.objects.filter(pk=gone.pk).update(updated_at=datetime(2026, 4, 2, 12, tzinfo=UTC))

    merge(duplicate, stays)

    row = Connection.objects.get()
    assert (row.pk, row.pin, row.kind, row.last_worked) == (kept.pk, stays, "working", "six-months")
    assert row.what_worked == "1 March 2026:\nTea first\n\n2 April 2026:\nLarge print"
    assert (set(row.approaches.all()), set(row.known_by.all())) == ({consulting, partnership}, {ann, ben})
    assert row.details_kept == {"what_worked": ["name", "phone"]}


@pytest.mark.parametrize(("first", "second", "kind"), [
    ("working", "know-of", "working"), ("know-of", "would-like", "would-like"), ("would-like", "working", "working"),
])  # fmt: skip
def test_the_stronger_kind_of_connection_stays(first, second, kind):
    stays, duplicate, libraries = make_pin(), make_pin(), make_service("Libraries")
    make_connection(stays, libraries, kind=first), make_connection(duplicate, libraries, kind=second)

    merge(duplicate, stays)

    assert Connection.objects.get().kind == kind


def test_three_notes_are_joined_without_dating_one_of_them_twice():
    pins, libraries = [make_pin(name) for name in ("One", "Two", "Three")], make_service("Libraries")
    for pin in pins:
        make_connection(pin, libraries, what_worked=f"Note {pin.name}")

    merge(pins[1], pins[0]), merge(pins[2], pins[0])

    day = date_format(timezone.localdate(), "j F Y")
    assert Connection.objects.get().what_worked == "\n\n".join(f"{day}:\nNote {pin.name}" for pin in pins)


def test_notes_too_long_to_join_refuse_the_merge_and_cut_nothing_off():
    stays, duplicate, libraries = make_pin(), make_pin(), make_service("Libraries")
    make_connection(stays, libraries, what_worked="a" * 3_900)
    make_connection(duplicate, libraries, what_worked="b" * 100)

    with pytest.raises(ValidationError, match="longer than 4000 characters"):
        merge(duplicate, stays)

    duplicate.refresh_from_db()
    assert (duplicate.status, Merge.objects.count()) == ("published", 0)
    assert sorted(map(len, Connection.objects.values_list("what_worked", flat=True))) == [100, 3_900]


def test_a_joined_note_can_be_kept_when_its_team_changes_another_answer(client):
    make_portal()
    pin, user = make_pin(), make_contributor()
    connection = make_connection(pin, user.service, kind="know-of", what_worked="a" * 900)
    client.force_login(user)
    address = reverse("staff:connect", args=[pin.public_id])
    answers = {"kind": "would-like", "version": connection.version, "what_worked": "a" * 900}

    assert client.post(address, answers | {"what_worked": "a" * 901}).status_code == 422
    assert client.post(address, answers).status_code == 302

    connection.refresh_from_db()
    assert (connection.kind, len(connection.what_worked)) == ("would-like", 900)


# --- the page ---


def test_the_page_shows_what_moves_and_asks_line_by_line(client):
    stays = make_pin("Choir", description="Singing")
    duplicate = make_pin(
        "The choir",
        visibility=Visibility.STAFF,
        description="Songs",
        web_page="https://songs.example.org",
        meeting="The hall",
    )
    note = make_connection(duplicate, make_service("Parks"), kind="know-of", what_worked="Tea")
    client.force_login(make_moderator())
    address = reverse("admin:pins_pin_merge", args=[duplicate.pk])
    assert "No pin on the map has that name." in client.get(address, {"q": "xyz"}).content.decode()
    assert f"?into={stays.pk}" in client.get(address, {"q": "choir"}).content.decode()

    page = client.get(address, {"into": stays.pk})
    plan, text = page.context["plan"], page.content.decode()

    assert [line.key for line in plan.moves] == ["meeting", f"connection-{note.pk}", f"note-{note.pk}"]
    assert [(line.key, line.readers) for line in plan.asks] == [("web_page", "Everyone")]
    assert [line.key for line in plan.stays] == ["description"]
    assert "Who would be able to read it: Everyone." in text and 'value="web_page"' in text


def test_what_is_ticked_moves_and_what_is_not_stays(client):
    stays, duplicate = (
        make_pin("Choir"),
        make_pin(
            "The choir",
            visibility=Visibility.STAFF,
            description="Songs",
            web_page="https://songs.example.org",
        ),
    )
    moderator = make_moderator()
    client.force_login(moderator)
    form = merge_form(client, duplicate, stays)

    client.post(reverse("admin:pins_pin_merge", args=[duplicate.pk]), form | {"move": ["web_page"]})

    stays.refresh_from_db()
    record = Merge.objects.get()
    assert (stays.description, stays.web_page) == ("", "https://songs.example.org")
    assert (record.left, record.reach, record.decision.by) == (["description"], Reach.STAFF, moderator)
    assert record.moved["fields"] == {"web_page": ["", "https://songs.example.org"]}
    assert stays.history.first().history_user == moderator
    assert "The choir" in client.get(reverse("admin:pins_pin_change", args=[stays.pk])).content.decode()


@pytest.mark.parametrize("change", ["note", "pin", "other", "answer"])
def test_a_page_that_is_no_longer_true_merges_nothing_and_keeps_the_ticks(client, change):
    stays, duplicate = (
        make_pin("Choir"),
        make_pin("The choir", visibility=Visibility.STAFF, description="Songs"),
    )
    row = make_connection(duplicate, make_service("Parks"), what_worked="Tea")
    client.force_login(make_moderator())
    form = merge_form(client, duplicate, stays) | {"move": ["description"], "reason": "The same group"}
    match change:
        case "note":
            actions.save_connection(
                duplicate,
                actions.ConnectionAnswers(row.service, "know-of"),
                by=make_contributor(),
                what_worked="No",
            )
        case "pin":
            Pin.objects.filter(pk=duplicate.pk).update(version=7)
        case "other":
            Pin.objects.filter(pk=stays.pk).update(version=7)
        case "answer":
            asked = Question.objects.create(label="How many?", kind="number")
            Answer.objects.create(pin=duplicate, question=asked, asked_as=asked.label, value=4)

    answer = client.post(reverse("admin:pins_pin_merge", args=[duplicate.pk]), form)

    text = answer.content.decode()
    assert (answer.status_code, Merge.objects.count()) == (409, 0)
    assert "Someone has changed one of the two pins" in text
    assert 'value="description" checked' in text and "The same group" in text
    assert (
        client.post(reverse("admin:pins_pin_merge", args=[duplicate.pk]), {"into": stays.pk}).status_code
        == 409
    )


# --- the author's mail ---


def test_an_author_who_may_see_the_pin_that_stays_gets_its_name_and_address():
    stays, duplicate = make_pin("Choir"), make_pin("The choir")

    merge(duplicate, stays)

    assert "We have merged it with “Choir”." in sent_mail()[0].body
    assert f"/staff/pins/{stays.public_id}/" in sent_mail()[0].body


def test_a_reason_does_not_name_to_the_author_what_they_may_not_know_of():
    stays, duplicate = (
        make_pin("Hidden refuge", visibility=Visibility.TEAM),
        make_pin("The house", visibility=Visibility.STAFF),
    )

    with pytest.raises(ValidationError, match="leave its name out"):
        merge(duplicate, stays, reason="The same as HIDDEN REFUGE.")

    assert not OutboxMail.objects.exists()
    merge(duplicate, stays, reason="We know them already.")


def test_an_author_without_a_role_gets_no_address_that_they_cannot_open():
    author = make_user("author@example.org")
    make_pin("Choir", status="submitted", author=author)

    actions.decide(Pin.objects.all(), "publish", by=make_moderator())

    assert (sent_mail()[0].to, "/staff/" in sent_mail()[0].body) == ([author.email], False)


# --- addresses ---


# Each address of a pin in the staff area, and the one of the pin that stays to which it leads.
ADDRESSES = {"pin": "pin", "connect": "connect", "edit": "pin", "sent": "pin", "withdraw": "pin"}


def get(client, name, pin, user=None):
    client.logout()
    if user:
        client.force_login(user)
    return client.get(reverse(name, args=[pin.public_id]))


@pytest.mark.parametrize(
    ("was", "stays"), [({"visibility": 1}, {}), ({"status": "submitted"}, {}), ({}, {"visibility": 1})]
)
def test_a_merged_pins_public_address_is_unknown_unless_both_were_public(client, was, stays):
    make_portal()
    duplicate, into = make_pin(**was), make_pin(**stays)
    merge(duplicate, into)
    unknown = client.get(reverse("pins:pin", args=[uuid.uuid4()]))

    answer = get(client, "pins:pin", duplicate)

    assert (answer.status_code, answer.content) == (404, unknown.content)
    assert dict(answer.headers) == dict(unknown.headers)


def test_the_public_address_is_unknown_once_the_duplicate_or_the_pin_that_stays_is_hidden(client):
    make_portal()
    for hidden in ("duplicate", "stays"):
        pins = {"duplicate": make_pin(), "stays": make_pin()}
        merge(pins["duplicate"], pins["stays"])
        assert get(client, "pins:pin", pins["duplicate"]).status_code == 301
        Pin.objects.filter(pk=pins[hidden].pk).update(visibility=1)

        assert get(client, "pins:pin", pins["duplicate"]).status_code == 404


def test_a_chain_of_merges_leads_to_its_end(client):
    make_portal()
    first, second, last = make_pin("One"), make_pin("Two", visibility=Visibility.STAFF), make_pin("Three")
    merge(first, second), merge(second, last)

    assert get(client, "pins:pin", first).headers["Location"] == reverse("pins:pin", args=[last.public_id])
    assert get(client, "pins:pin", second).status_code == 404
    staff = get(client, "staff:pin", second, make_contributor())
    assert staff.headers["Location"] == reverse("staff:pin", args=[last.public_id])


def test_a_merged_pins_staff_addresses_lead_on_for_those_who_could_see_both(client):
    make_portal()
    libraries = make_service("Libraries")
    duplicate, stays = make_pin(visibility=Visibility.TEAM), make_pin(visibility=Visibility.STAFF)
    make_connection(duplicate, libraries)
    merge(duplicate, stays)
    knows, stranger = make_contributor(service=libraries), make_contributor(service=make_service())

    for user in (knows, make_moderator(), duplicate.created_by):
        for name, to in ADDRESSES.items():
            answer = get(client, f"staff:{name}", duplicate, user)
            assert (answer.status_code, answer.headers["Location"]) == (
                301,
                reverse(f"staff:{to}", args=[stays.public_id]),
            )
    client.force_login(stranger)
    unknown = client.get(reverse("staff:pin", args=[uuid.uuid4()]))
    for name in ADDRESSES:
        answer = get(client, f"staff:{name}", duplicate, stranger)
        assert (answer.status_code, answer.content) == (404, unknown.content)


def test_an_author_who_may_not_see_the_pin_that_stays_still_opens_their_own(client):
    make_portal()
    duplicate, stays = (
        make_pin("The house", visibility=Visibility.STAFF),
        make_pin("Refuge", visibility=Visibility.TEAM),
    )
    merge(duplicate, stays)

    page = get(client, "staff:pin", duplicate, duplicate.created_by)

    assert page.status_code == 200
    assert "Refuge" not in page.content.decode() and str(stays.public_id) not in page.content.decode()


def test_answers_for_a_pin_that_was_merged_meanwhile_reach_the_pin_that_stays(client):
    make_portal()
    duplicate, stays, user = make_pin(), make_pin(), make_contributor(service=make_service("Parks"))
    client.force_login(user)
    merge(duplicate, stays)

    address = reverse("staff:connect", args=[duplicate.public_id])
    answer = client.post(address, {"kind": "know-of", "what_worked": "Tea"}, follow=True)

    assert answer.redirect_chain[0] == (reverse("staff:connect", args=[stays.public_id]), 308)
    assert list(stays.connections.values_list("service__name", "what_worked")) == [("Parks", "Tea")]


# --- people, and two at once ---


def test_a_merge_is_exported_with_its_moderator_and_forgets_who_is_erased():
    stays, duplicate, libraries = make_pin("Choir"), make_pin("The choir"), make_service("Libraries")
    leaver = make_contributor("leaver@example.org", name="Zelda Quill")
    for pin in (stays, duplicate):
        make_connection(pin, libraries, what_worked=f"Ask zelda quill about {pin.name}").known_by.add(leaver)
    moderator = make_moderator()
    record = merge(duplicate, stays, by=moderator)
    assert "zelda quill" in json.dumps(record.moved)
    found = person_data.export(person_data.find(moderator.email), by=None)["map"]["merges"]
    assert [(row["pin__name"], row["into__name"]) for row in found] == [("The choir", "Choir")]

    counts = person_data.erase(person_data.find(leaver.email), by=None)

    record.refresh_from_db()
    assert counts["records of merges"] == 1
    assert "zelda" not in json.dumps(record.moved).lower()
    assert [row["deleted"]["known_by"] for row in record.moved["connections"]] == [[]]
    assert [row["before"]["known_by"] for row in record.moved["connections"]] == [[]]


def test_nobody_merges_their_own_pin_and_no_pin_into_itself():
    moderator, stays = make_moderator(), make_pin()

    with pytest.raises(PermissionDenied):
        merge(make_pin(author=moderator), stays, by=moderator)
    with pytest.raises(ValidationError):
        merge(stays, stays)
    assert not Merge.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_moderators_who_merge_two_pins_into_each_other_at_once_make_no_circle():
    for name in ("Moderators", "Contributors"):
        Group.objects.get_or_create(name=name)
    make_portal()
    pins, people = [make_pin("One"), make_pin("Two")], [make_moderator(), make_moderator()]
    start, results = threading.Barrier(2), []

    def merge_at_once(pin, into, by):
        start.wait(10)
        try:
            results.append(str(merge(pin, into, by=by).into))
        except ValidationError as refused:
            results.append(" ".join(refused.messages))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=merge_at_once, args=(*order, by))
        for order, by in zip((pins, pins[::-1]), people, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert Pin.objects.exclude(merged_into=None).count() == Merge.objects.count() == 1
    assert sorted(text in ("One", "Two") for text in results) == [False, True], results
