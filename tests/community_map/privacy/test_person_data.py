"""What is held about a person can be exported and erased, everywhere; and nothing is kept longer than it may."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from community_map.digest import add_to_digest
from community_map.mail import queue_mail, queue_secret_mail
from community_map.models import AuditEntry, OutboxMail, User
from community_map.privacy import person_data
from pins import actions
from pins.models import Connection, Pin
from tests.factories import (
    make_administrator,
    make_connection,
    make_contributor,
    make_moderator,
    make_pin,
    make_portal,
    make_service,
)
from tests.mail import sent_mail
from toolkit.models import Story

pytestmark = pytest.mark.django_db
ADDRESS, NAME = "zelda.marker@example.org", "Zelda Marker"


@pytest.fixture
def zelda(client) -> User:
    """A colleague who has left something in every place that may hold a person."""
    make_administrator()
    user = make_moderator(ADDRESS, name=NAME)
    pin = make_pin("Choir of zelda marker", author=user, description=f"Ask {ADDRESS}", meeting=f"At {NAME}'s")
    pin.description = f"Write to {NAME}"
    pin._change_reason = f"{NAME} asked"
    pin.save()
    waits = make_pin("Other", status="submitted")
    actions.decide(Pin.objects.filter(pk=waits.pk), "return", by=user, reason=f"Ring {NAME}")
    connection_of = make_connection(pin, what_worked=f"{NAME} knows them")
    connection_of.known_by.add(user)
    connection_of.save()
    Story.objects.create(
        idempotency_key="5cbb0c6c-9a8b-4a6e-9e5a-111111111111", title="A story", text=f"I am {NAME}",
        name=NAME, email=ADDRESS,
    )  # fmt: skip
    queue_mail(ADDRESS, "Published", f"Dear {NAME}")
    add_to_digest([user], "pins-to-check", str(pin.public_id))
    client.force_login(user)
    return user


def whole_database() -> str:
    """Every value of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found).lower()


def test_an_export_has_the_mails_but_no_code_that_has_not_gone(zelda):
    queue_secret_mail(ADDRESS, "Your sign-in code", "ABC-123")

    found = person_data.export(person_data.Person(ADDRESS, zelda), by=None)["portal"]["mail"]

    assert [(row["subject"], row["text"]) for row in found] == [
        ("Your sign-in code", ""),
        ("Published", f"Dear {NAME}"),
    ]


def erase(*arguments) -> str:
    out = StringIO()
    call_command("erase_person", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_after_erasure_no_table_holds_name_or_address(zelda):
    assert whole_database().count("zelda") > 10

    erase(ADDRESS)

    assert [line for line in whole_database().splitlines() if "zelda" in line] == []


def test_an_erased_account_is_a_number_that_opens_nothing_and_pins_stay(zelda, client):
    erase(ADDRESS)

    zelda.refresh_from_db()
    assert (zelda.email, zelda.name, zelda.is_active, zelda.is_staff) == (
        f"erased-{zelda.pk}@erased.invalid", "", False, False,
    )  # fmt: skip
    assert Session.objects.count() == EmailAddress.objects.filter(user=zelda).count() == 0
    assert list(zelda.pins.values_list("name", flat=True)) == ["Choir of [erased]"]
    assert Connection.objects.filter(known_by=zelda).count() == zelda.digest_items.count() == 0
    assert apps.get_model("pins", "HistoricalConnection_known_by").objects.filter(user=zelda).count() == 0
    assert client.get("/staff/").status_code == 302
    [entry] = AuditEntry.objects.filter(kind="erasure")
    assert entry.subject == f"user {zelda.pk}"


def test_a_dry_run_counts_the_same_and_changes_nothing(zelda):
    before = whole_database()

    counted = erase(ADDRESS, "--dry-run")

    assert whole_database() == before
    assert counted == erase(ADDRESS)


def test_a_dry_run_leaves_the_person_in_hand_as_they_are(zelda):
    before = dict(vars(zelda))

    person_data.erase(person_data.Person(ADDRESS, zelda), by=None, dry_run=True)

    assert dict(vars(zelda)) == before


def test_an_export_holds_what_was_planted_and_is_noted(zelda):
    out = StringIO()
    call_command("export_person", ADDRESS.upper(), stdout=out)
    found = json.loads(out.getvalue())

    assert found["portal"]["account"]["name"] == NAME
    assert found["portal"]["mail"][0]["subject"] == "Published"
    assert found["portal"]["account"]["gets_digest"] is True
    assert [item["kind"] for item in found["portal"]["daily_email_items"]] == ["pins-to-check"]
    assert len(found["portal"]["sessions_end"]) == 1
    assert [pin["name"] for pin in found["map"]["pins"]] == ["Choir of zelda marker"]
    assert found["map"]["decisions"][0]["reason"] == f"Ring {NAME}"
    assert found["map"]["known_by"][0]["what_worked"] == f"{NAME} knows them"
    assert found["toolkit"]["stories"][0]["email"] == ADDRESS
    assert AuditEntry.objects.get(kind="export").subject == f"user {zelda.pk}"


def test_the_other_teams_of_a_person_are_exported_and_erased():
    person = make_contributor("two@example.org")
    person.other_services.add(make_service("Parks"))

    found = person_data.export(person_data.Person("two@example.org", person), by=None)
    erase("two@example.org")

    assert found["portal"]["account"]["other_services"] == ["Parks"]
    assert list(person.other_services.all()) == []


def test_somebody_without_an_account_is_found_by_their_story():
    make_administrator()
    Story.objects.create(
        idempotency_key="5cbb0c6c-9a8b-4a6e-9e5a-111111111111",
        title="A",
        text=f"I, {NAME}",
        name=NAME,
        email=ADDRESS,
    )

    erase(ADDRESS)

    assert "zelda" not in whole_database()
    with pytest.raises(CommandError, match="We do not hold any data"):
        erase(ADDRESS)


def test_the_last_administrator_is_not_erased():
    last = make_administrator("last@example.org")

    with pytest.raises(CommandError, match="only administrator"):
        erase(last.email)


def ticked(action: str, *people, **fields) -> dict:
    return {"action": action, "_selected_action": [person.pk for person in people], **fields}


def test_an_administrator_exports_and_erases_after_confirming(zelda, client):
    administrator = make_administrator()
    client.force_login(administrator)
    users = reverse("admin:community_map_user_changelist")

    exported = client.post(users, ticked("export_person", zelda))
    asked = client.post(users, ticked("erase_person", zelda))
    zelda.refresh_from_db()
    assert (exported.json()["email"], exported.headers["Content-Disposition"]) == (
        ADDRESS, f'attachment; filename="person-{zelda.pk}.json"',
    )  # fmt: skip
    assert "You cannot undo this" in asked.content.decode() and zelda.email == ADDRESS
    # The dry run that counts must leave the person as they are, on the page as in the database.
    assert f"<bdi>{ADDRESS}</bdi>" in asked.text and f"<bdi>{zelda.name}</bdi>" in asked.text
    assert "erased.invalid" not in asked.text and "<li>account: 1</li>" in asked.text
    client.post(users, ticked("erase_person", zelda, confirmed="1"))

    assert "zelda" not in whole_database()
    assert AuditEntry.objects.get(kind="erasure").actor_id == administrator.pk


def test_nobody_erases_themselves_or_two_at_once(client):
    administrator, other = make_administrator(), make_administrator()
    client.force_login(administrator)
    users = reverse("admin:community_map_user_changelist")

    for people in ([administrator], [administrator, other]):
        client.post(users, ticked("erase_person", *people, confirmed="1"))

    assert User.objects.filter(email__endswith="@erased.invalid").count() == 0


def test_a_moderator_has_no_way_to_these_actions(zelda, client):
    client.force_login(make_moderator())

    answer = client.post(
        reverse("admin:community_map_user_changelist"), ticked("erase_person", zelda, confirmed="1")
    )

    assert answer.status_code == 403 and "zelda" in whole_database()


def apply_retention(*arguments) -> dict:
    out = StringIO()
    call_command("apply_retention", *arguments, stdout=out, stderr=StringIO())
    return {name: int(number) for number, name in (line.split("\t") for line in out.getvalue().splitlines())}


def test_what_was_kept_long_enough_goes_and_the_rest_stays():
    now = timezone.now()

    def ago(days: int):
        return now - timedelta(days=days)

    moderator = make_moderator(last_login=now)
    for name, days in (("old", 400), ("quiet", 100), ("busy", 10)):
        make_contributor(f"{name}@example.org", last_login=ago(days))
    User.objects.filter(email="quiet@example.org").update(warned_at=ago(14))
    administrator = make_administrator(last_login=ago(900))
    User.objects.filter(email="old@example.org").update(is_active=False)
    author = User.objects.get(email="busy@example.org")
    for name, days in (("Long declined", 181), ("Just declined", 179)):
        pin = make_pin(name, status="submitted", author=author)
        make_connection(pin)
        actions.decide(Pin.objects.filter(pk=pin.pk), "decline", by=moderator, reason="A home")
        pin.decisions.update(at=ago(days))
    for number, days in ((1, 31), (2, 29)):
        Story.objects.create(
            idempotency_key=f"5cbb0c6c-9a8b-4a6e-9e5a-11111111111{number}", title="A", text="B", name=NAME,
            email=ADDRESS, status="declined", decided_by=moderator, decided_at=ago(days),
        )  # fmt: skip
    OutboxMail.objects.update(created_at=ago(31))
    queue_mail(ADDRESS, "New", "text")
    for days in (0, 2):
        # Anybody may have typed this address: such a row stays for a day.
        code = queue_secret_mail(ADDRESS, "Your sign-in code", "ABC-123")
        OutboxMail.objects.filter(pk=code.pk).update(created_at=ago(days))
    AuditEntry.objects.create(kind="view", at=ago(401))
    Session.objects.create(session_key="ended", session_data="", expire_date=ago(1))
    expected = {
        "old emails": 3, "old audit log entries": 1, "accounts deactivated": 1,
        "accounts erased": 1, "declined pins": 1, "names and email addresses on stories": 1,
    }  # fmt: skip
    before = whole_database()

    assert apply_retention("--dry-run") == expected and whole_database() == before
    assert apply_retention() == expected
    assert apply_retention() == {}

    assert list(Pin.objects.values_list("name", flat=True)) == ["Just declined"]
    assert "long declined" not in whole_database()
    administrator.refresh_from_db()
    assert administrator.is_active
    assert User.objects.filter(email="quiet@example.org", is_active=False).exists()


def retire_people(days_from_now: int = 0) -> dict[str, int]:
    """What the nightly command does to accounts, on a day to come."""
    counts = person_data.apply_retention(now=timezone.now() + timedelta(days=days_from_now))
    return {name: number for name, number in counts.items() if name.startswith("accounts")}


def test_nobodys_account_ends_without_a_notice_two_weeks_before():
    make_portal(portal_name="Testshire together", mailbox="team@example.org")
    now = timezone.now()
    user = make_contributor("quiet@example.org", last_login=now - timedelta(days=75))

    assert retire_people() == {}
    assert retire_people(days_from_now=2) == {"accounts warned": 1}

    (mail,) = sent_mail()
    day = date_format(now + timedelta(days=16), "j F Y")
    assert mail.to == ["quiet@example.org"] and "Testshire together" in mail.body
    assert f"sign in before {day}" in mail.body and "/accounts/login/" in mail.body
    assert mail.body.endswith("team@example.org")

    assert retire_people(days_from_now=3) == {} == retire_people(days_from_now=15)
    assert retire_people(days_from_now=17) == {"accounts deactivated": 1}
    user.refresh_from_db()
    assert not user.is_active


def test_after_months_without_the_nightly_command_people_still_have_two_weeks():
    user = make_contributor("quiet@example.org", last_login=timezone.now() - timedelta(days=300))

    assert retire_people() == {"accounts warned": 1}
    assert retire_people(days_from_now=13) == {}
    assert retire_people(days_from_now=14) == {"accounts deactivated": 1}
    user.refresh_from_db()
    assert not user.is_active


def test_whoever_signs_in_after_the_notice_is_warned_anew_the_next_time():
    now = timezone.now()
    user = make_contributor("back@example.org", last_login=now - timedelta(days=80))
    assert retire_people() == {"accounts warned": 1}
    User.objects.filter(pk=user.pk).update(last_login=now + timedelta(days=5))

    assert retire_people(days_from_now=20) == {}
    assert retire_people(days_from_now=5 + 77) == {"accounts warned": 1}


def test_each_app_has_registered_what_it_holds():
    assert [holder.name for holder in person_data.holders] == ["portal", "map", "toolkit"]
