"""A person without a role is told what is missing and who knows of it, and can leave; an administrator is told once."""

import re

import pytest
from django.urls import reverse

from community_map.models import OutboxMail, User
from tests.factories import make_administrator, make_contributor, make_pin, make_portal, make_user

pytestmark = pytest.mark.django_db
ADDRESSES = ("/staff/", "/staff/map/", "/staff/pins/new/", "/admin/", "/admin/pins/pin/", "/staff/nowhere/")


@pytest.fixture
def person(client) -> User:
    make_portal(mailbox="team@example.org")
    person = make_user("new@example.net")
    client.force_login(person)
    return person


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_staff_and_admin_address_says_what_is_missing_and_offers_the_way_out(
    client, person, address, method
):
    make_administrator()

    response = getattr(client, method)(address)

    text = " ".join(response.text.split())
    assert response.status_code == 403
    assert "You do not have a role yet" in text and "new@example.net" in text
    assert "We emailed this site’s administrators about your account on" in text
    assert 'href="mailto:team@example.org"' in text and 'href="/accounts/"' in text
    assert re.search(r'<form method="post" action="/accounts/logout/"[^>]*>.*?Sign out', text)
    assert response.headers["Cache-Control"] == "private, no-store"


def test_the_way_out_works(client, person):
    assert client.get("/accounts/").status_code == 200

    client.post("/accounts/logout/")

    assert client.get("/staff/").status_code == 302


def test_each_administrator_is_told_once_of_each_person(client, person):
    administrators = [make_administrator(f"boss{number}@example.net") for number in range(2)]
    make_administrator("left@example.net", is_active=False)

    for address in (*ADDRESSES, *ADDRESSES):
        client.get(address)
    client.force_login(make_user("second@example.net"))
    client.get("/staff/")

    mails = list(OutboxMail.objects.order_by("pk").values_list("to", "body"))
    assert [to for to, _body in mails] == ["boss0@example.net", "boss1@example.net"] * 2
    address = reverse("admin:community_map_user_change", args=[person.pk])
    assert f"http://localhost:8000{address}" in mails[0][1] and "new@example.net" in mails[0][1]
    assert "second@example.net" in mails[2][1]
    client.force_login(administrators[0])
    assert client.get(address).status_code == 200


def test_without_an_administrator_the_teams_mailbox_is_told(client, person):
    client.get("/staff/")

    assert list(OutboxMail.objects.values_list("to", flat=True)) == ["team@example.org"]


def test_whoever_has_a_role_and_whoever_is_not_signed_in_is_nobodys_news(client):
    make_portal()
    assert client.get("/staff/").status_code == 302
    client.force_login(make_contributor())
    assert client.get("/staff/").status_code == 200
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/staff/"

    assert not OutboxMail.objects.exists()


def test_django_s_mark_for_staff_alone_opens_nothing(client):
    make_portal()
    pin = make_pin("PIN-NAME")
    client.force_login(make_user("marked@example.net", is_staff=True))

    answers = [client.get(address) for address in ("/admin/", "/staff/", f"/staff/pins/{pin.public_id}/")]

    assert {answer.status_code for answer in answers} == {403}
    assert "PIN-NAME" not in "".join(answer.text for answer in answers)
