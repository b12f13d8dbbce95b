"""Configuration in Django admin, by an administrator."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from community_map import access
from community_map.models import User
from tests.factories import make_administrator, make_contributor, make_partner, make_service, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = make_administrator("administrator@example.org")
    client.force_login(user)
    return user


def new_user(email: str, **changes) -> dict:
    return {
        "email": email,
        "name": "",
        "usable_password": "false",
        "password1": "",
        "password2": "",
        **changes,
    }


def test_a_person_is_added_without_a_password_and_may_ask_for_one(client, administrator):
    response = client.post(reverse("admin:community_map_user_add"), new_user("New.Person@Example.org"))

    assert response.status_code == 302
    person = User.objects.get(email="new.person@example.org")
    assert (person.has_usable_password(), person.is_superuser, person.is_active) == (False, False, True)
    assert list(person.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("new.person@example.org", True, True)
    ]


def test_an_address_that_differs_only_in_capitals_is_a_sentence_not_a_fault(client, administrator):
    make_user("someone@example.org")

    response = client.post(reverse("admin:community_map_user_add"), new_user("Someone@Example.org"))

    assert response.status_code == 200
    assert "already exists" in response.content.decode()
    assert "is violated" not in response.content.decode()
    assert User.objects.filter(email__iexact="someone@example.org").count() == 1


def test_a_person_keeps_an_address_and_may_be_made_inactive(client, administrator):
    person = make_user("someone@example.org")
    address = reverse("admin:community_map_user_change", args=[person.pk])

    assert client.post(address, {"email": "SOMEONE@example.org", "name": "Sam"}).status_code == 302
    taken = client.post(address, {"email": "ADMINISTRATOR@example.org", "name": "Sam"})

    person.refresh_from_db()
    assert (person.email, person.name, person.is_active) == ("someone@example.org", "Sam", False)
    assert "already exists" in taken.content.decode()


def test_nobody_is_deleted(client, administrator):
    person = make_user()

    response = client.post(reverse("admin:community_map_user_delete", args=[person.pk]), {"post": "yes"})

    assert (response.status_code, User.objects.filter(pk=person.pk).exists()) == (403, True)


@pytest.mark.parametrize(
    ("make_other", "group", "sentence"),
    [
        (make_contributor, access.PARTNERS, "This team has members of the council&#x27;s staff."),
        (make_partner, access.CONTRIBUTORS, "This organisation is a partner&#x27;s."),
    ],
    ids=["a partner into a council team", "a colleague into a partner"],
)
def test_partners_and_colleagues_share_no_team(client, administrator, make_other, group, sentence):
    team = make_service("Team")
    make_other("other@example.org", service=team)
    joining = make_user("joining@example.org", (group,))
    address = reverse("admin:community_map_user_change", args=[joining.pk])
    answers = {"email": joining.email, "is_active": "on", "groups": [Group.objects.get(name=group).pk]}

    refused = client.post(address, {**answers, "service": team.pk})
    joining.refresh_from_db()
    assert (refused.status_code, joining.service) == (200, None)
    assert sentence in refused.text

    assert client.post(address, {**answers, "service": make_service("Another").pk}).status_code == 302
    new = new_user("new@example.org", service=team.pk, groups=answers["groups"])
    assert sentence in client.post(reverse("admin:community_map_user_add"), new).text


@pytest.mark.parametrize(
    ("make_other", "group"), [(make_contributor, access.CONTRIBUTORS), (make_partner, access.PARTNERS)]
)
def test_people_of_one_kind_share_a_team(client, administrator, make_other, group):
    team = make_service("Team")
    make_other("other@example.org", service=team)
    make_user("left@example.org", (access.PARTNERS,), service=team, is_active=False)
    groups = [Group.objects.get(name=group).pk]

    new = new_user("new@example.org", service=team.pk, groups=groups)

    assert client.post(reverse("admin:community_map_user_add"), new).status_code == 302
    assert User.objects.get(email="new@example.org").service == team
