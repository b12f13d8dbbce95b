"""The audit log: what is written into it, that nobody changes it, and who may read it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from community_map.accounts import roles
from community_map.models import AuditEntry
from community_map.privacy import audit
from pins import actions
from pins.models import Pin, Visibility
from tests.factories import (
    make_administrator,
    make_category,
    make_contributor,
    make_moderator,
    make_pin,
    make_sensitive_category,
)

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def entries(kind: str) -> list[tuple]:
    found = AuditEntry.objects.filter(kind=kind).order_by("pk")
    return list(found.values_list("actor_id", "subject", "details"))


def make_entry(days_ago: int = 0) -> AuditEntry:
    return AuditEntry.objects.create(kind="view", at=timezone.now() - timedelta(days=days_ago))


def refused(act) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value)


def test_the_database_refuses_to_change_an_entry():
    entry = make_entry(days_ago=800)

    assert "never changed" in refused(lambda: AuditEntry.objects.update(actor_id=7))
    entry.subject = "another"
    assert "never changed" in refused(entry.save)


def test_the_database_keeps_an_entry_for_twelve_months():
    young, old = make_entry(days_ago=364), make_entry(days_ago=367)

    assert "twelve months" in refused(young.delete)
    assert "twelve months" in refused(AuditEntry.objects.all().delete)
    old.delete()

    assert list(AuditEntry.objects.all()) == [young]


def test_signing_in_and_failing_to_are_noted_without_an_address(client):
    person = make_contributor("someone@example.org")
    for password in ("wrong", PASSWORD):
        client.post(reverse("account_login"), {"login": person.email, "password": password})

    assert entries("sign-in") == [(person.pk, "", {})]
    [(actor, subject, details)] = entries("sign-in-failed")
    assert (actor, subject, len(details["address_mark"])) == (None, "", 16)
    assert "someone" not in str(list(AuditEntry.objects.values()))


def test_a_decision_is_noted_by_number():
    pin, moderator = make_pin(status="submitted"), make_moderator()

    actions.decide(Pin.objects.all(), "publish", by=moderator)

    assert entries("decision") == [(moderator.pk, f"pin {pin.public_id}", {"decision": "publish"})]


@pytest.mark.parametrize("route", ["staff:pin", "admin"])
def test_opening_a_restricted_pin_is_noted_and_an_open_one_is_not(client, route):
    moderator = make_moderator()
    client.force_login(moderator)
    team = make_pin(category=make_category("Sport"), visibility=Visibility.TEAM)
    sensitive = make_pin(category=make_sensitive_category(), visibility=Visibility.STAFF, precision=2)
    for pin in (
        team,
        sensitive,
        make_pin(category=team.category),
        make_pin(category=team.category, author=moderator, visibility=Visibility.TEAM),
    ):
        admin = reverse("admin:pins_pin_change", args=[pin.pk])
        address = admin if route == "admin" else reverse(route, args=[pin.public_id])
        assert client.get(address).status_code == 200

    assert entries("view") == [(moderator.pk, f"pin {pin.public_id}", {}) for pin in (team, sensitive)]


def test_a_role_change_in_admin_is_noted_with_who_did_it(client):
    administrator, person = make_administrator(), make_contributor("someone@example.org")
    client.force_login(administrator)
    answers = {"email": person.email, "name": "", "is_active": "on", "roles": ["Editors"]}

    response = client.post(reverse("admin:community_map_user_change", args=[person.pk]), answers)

    assert response.status_code == 302
    before, after = ["is_active", "Contributors"], ["is_active", "is_staff", "Editors"]
    assert entries("roles") == [(administrator.pk, f"user {person.pk}", {"before": before, "after": after})]


def test_roles_that_the_provider_changes_are_noted_and_the_same_ones_are_not():
    person = make_contributor()

    roles.give(person, {"Moderators"}, by=None)
    roles.give(person, {"Moderators"}, by=None)

    after = ["is_active", "is_staff", "Moderators"]
    assert entries("roles") == [
        (None, f"user {person.pk}", {"before": ["is_active", "Contributors"], "after": after})
    ]


def test_administrators_read_the_log_and_nobody_writes_in_it(client):
    entry = audit.record("export", by=make_moderator(), subject="user 1")
    page = reverse("admin:community_map_auditentry_change", args=[entry.pk])
    client.force_login(make_moderator())
    assert client.get(page).status_code == 403
    client.force_login(make_administrator())

    assert client.get(page).status_code == 200
    assert client.post(page, {"subject": "another"}).status_code == 403
    assert client.post(reverse("admin:community_map_auditentry_delete", args=[entry.pk])).status_code == 403
    assert client.get(reverse("admin:community_map_auditentry_add")).status_code == 403
