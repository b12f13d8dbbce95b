"""Configuration in Django admin, by an administrator."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from community_map import access
from community_map.accounts import roles
from community_map.admin.user_forms import ROLES, ChangeUserForm
from community_map.models import AuditEntry, OutboxMail, User
from tests.factories import (
    make_administrator,
    make_contributor,
    make_editor,
    make_partner,
    make_portal,
    make_service,
    make_user,
)
from tests.mail import sent_mail

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
    assert "There is already a user" in response.content.decode()
    assert "is violated" not in response.content.decode()
    assert User.objects.filter(email__iexact="someone@example.org").count() == 1


def test_a_person_keeps_an_address_and_may_be_made_inactive(client, administrator):
    person = make_user("someone@example.org")
    address = reverse("admin:community_map_user_change", args=[person.pk])

    assert client.post(address, {"email": "SOMEONE@example.org", "name": "Sam"}).status_code == 302
    taken = client.post(address, {"email": "ADMINISTRATOR@example.org", "name": "Sam"})

    person.refresh_from_db()
    assert (person.email, person.name, person.is_active) == ("someone@example.org", "Sam", False)
    assert "There is already a user" in taken.content.decode()


def test_nobody_is_deleted(client, administrator):
    person = make_user()

    response = client.post(reverse("admin:community_map_user_delete", args=[person.pk]), {"post": "yes"})

    assert (response.status_code, User.objects.filter(pk=person.pk).exists()) == (403, True)


@pytest.mark.parametrize(
    ("make_other", "group", "sentence"),
    [
        (make_contributor, access.PARTNERS, "This team has council staff in it."),
        (make_partner, access.CONTRIBUTORS, "This is a partner organisation."),
    ],
    ids=["a partner into a council team", "a colleague into a partner"],
)
def test_partners_and_colleagues_share_no_team(client, administrator, make_other, group, sentence):
    team = make_service("Team")
    make_other("other@example.org", service=team)
    joining = make_user("joining@example.org", (group,))
    address = reverse("admin:community_map_user_change", args=[joining.pk])
    answers = {"email": joining.email, "is_active": "on", "roles": [group]}

    refused = client.post(address, {**answers, "service": team.pk})
    joining.refresh_from_db()
    assert (refused.status_code, joining.service) == (200, None)
    assert sentence in refused.text

    assert client.post(address, {**answers, "service": make_service("Another").pk}).status_code == 302
    new = new_user("new@example.org", service=team.pk, roles=[group])
    assert sentence in client.post(reverse("admin:community_map_user_add"), new).text


@pytest.mark.parametrize(
    ("make_other", "group"), [(make_contributor, access.CONTRIBUTORS), (make_partner, access.PARTNERS)]
)
def test_people_of_one_kind_share_a_team(client, administrator, make_other, group):
    team = make_service("Team")
    make_other("other@example.org", service=team)
    make_user("left@example.org", (access.PARTNERS,), service=team, is_active=False)
    new = new_user("new@example.org", service=team.pk, roles=[group])

    assert client.post(reverse("admin:community_map_user_add"), new).status_code == 302
    assert User.objects.get(email="new@example.org").service == team


# --- roles ---

CHANGE = "admin:community_map_user_change"
LIST = "/admin/community_map/user/"


def change(client, person, **answers):
    answers = {"email": person.email, "name": person.name, "is_active": "on", **answers}
    return client.post(reverse(CHANGE, args=[person.pk]), answers)


def test_roles_are_tick_boxes_that_say_what_each_may_do(client, administrator):
    text = client.get(reverse("admin:community_map_user_add")).text

    for name, (label, sentence) in ROLES.items():
        box = re.search(
            rf'<input type="checkbox" name="roles" value="{name}"[^>]*>\s*(.*?)</label>', text, re.S
        )
        assert box[1].strip() == f"<strong>{label}</strong>: {sentence}", name
    assert set(ROLES) == {*access.GROUPS, access.ADMINISTRATORS}
    for page in (text, client.get(reverse(CHANGE, args=[administrator.pk])).text):
        assert not re.search(r'name="(is_staff|is_superuser|groups|user_permissions|password1)"', page)


@pytest.mark.parametrize(
    ("names", "is_staff", "is_superuser"),
    [
        (["Contributors"], False, False),
        (["Partners"], False, False),
        (["Moderators"], True, False),
        (["Contributors", "Editors"], True, False),
        (["Administrators"], True, True),
        ([], False, False),
    ],
)
def test_what_a_person_may_open_follows_from_their_roles(
    client, administrator, names, is_staff, is_superuser
):
    person = make_editor("person@example.net")

    assert change(client, person, roles=names).status_code == 302

    person = User.objects.get(pk=person.pk)
    assert roles.held_by(person) == names
    assert (person.is_staff, person.is_superuser) == (is_staff, is_superuser)
    client.force_login(person)
    assert (client.get("/admin/").status_code == 200) is is_staff


def test_a_role_whose_group_has_gone_missing_is_given_all_the_same(client, administrator):
    person = make_user("person@example.net")
    Group.objects.all().delete()

    change(client, person, roles=["Contributors"])

    assert roles.held_by(User.objects.get(pk=person.pk)) == ["Contributors"]


def test_becoming_an_administrator_is_one_entry_in_the_audit_log(client, administrator):
    person = make_contributor("person@example.net")

    change(client, person, roles=["Administrators"])

    [entry] = AuditEntry.objects.filter(kind="roles")
    assert (entry.actor_id, entry.subject) == (administrator.pk, f"user {person.pk}")
    assert entry.details == {
        "before": ["is_active", "Contributors"],
        "after": ["is_active", "is_staff", "is_superuser"],
    }


@pytest.mark.parametrize(
    "answers", [{"roles": ["Moderators"]}, {"roles": ["Administrators"], "is_active": ""}]
)
def test_nobody_takes_the_administrators_role_from_themselves(client, administrator, answers):
    make_administrator("other@example.net")

    refused = change(client, administrator, **answers)

    administrator.refresh_from_db()
    assert (refused.status_code, administrator.is_superuser, administrator.is_active) == (200, True, True)
    assert "You cannot remove your own administrator role. Ask another administrator." in refused.text


def test_the_only_active_administrator_keeps_the_role(client, administrator):
    """As when two take it from each other at the same moment: the second finds that the first has gone."""
    other = make_administrator("other@example.net")
    form = type("Form", (ChangeUserForm,), {"by": User(pk=0)})
    User.objects.filter(pk=administrator.pk).update(is_superuser=False)

    filled = form({"email": other.email, "is_active": "on", "roles": ["Editors"]}, instance=other)

    assert "This is the only administrator. Make someone else an administrator first." in str(
        filled.errors["roles"]
    )


def test_a_person_without_a_role_is_warned_about_and_marked_in_the_list(client, administrator):
    person = make_contributor("person@example.net", name="Sam Smith")

    saved = change(client, person, roles=[])

    assert "Sam Smith has no role" in client.get(saved.headers["Location"]).text
    assert "<strong>No role</strong>" in client.get(LIST, {"role": "none"}).text
    listed = {
        value: re.findall(r"[\w.]+@example[.]\w+(?=</a>)", client.get(LIST, {"role": value}).text)
        for value in ("none", *ROLES)
    }
    assert listed == {
        **{key: [] for key in ROLES},
        "none": ["person@example.net"],
        "Administrators": ["administrator@example.org"],
    }


def test_the_roles_of_a_council_account_come_from_the_council(client, administrator, settings):
    settings.OIDC_ISSUER = "https://sso.example.org"
    person = make_contributor("person@example.net")
    SocialAccount.objects.create(user=person, provider=settings.OIDC_ISSUER, uid="1")

    change(client, person, roles=["Administrators"])

    assert roles.held_by(User.objects.get(pk=person.pk)) == ["Contributors"]


# --- invitations ---


@pytest.fixture
def sent():
    """Return a function that does something and gives the mails that it sent."""

    def do(step):
        sent_mail().clear()
        step()
        return list(sent_mail())

    return do


def test_a_new_person_is_invited_and_comes_in_by_the_way_that_the_mail_says(client, administrator, sent):
    make_portal(portal_name="Testshire together")
    new = new_user("new@example.net", roles=["Contributors"])

    [mail] = sent(
        lambda: client.post(reverse("admin:community_map_user_add"), new, HTTP_HOST="localhost:9999")
    )

    assert mail.to == ["new@example.net"] and "Testshire together" in mail.subject
    links = re.findall(r"https?://\S+", mail.body)
    assert links == [
        "http://localhost:8000/accounts/login/code/",
        "http://localhost:8000/accounts/password/reset/",
    ]
    assert "The code works for 3 minutes." in mail.body and "once, for 1 hour." in mail.body
    # What lies in the outbox opens nothing by itself.
    assert not re.search(r"/key/|[A-Z0-9]{6,}", OutboxMail.objects.get().body)

    person = Client()
    [code] = sent(lambda: person.post(urlsplit(links[0]).path, {"email": "new@example.net"}))
    person.post("/accounts/login/code/confirm/", {"code": re.search(r"^[A-Z0-9-]{6,}$", code.body, re.M)[0]})
    assert person.get("/staff/").status_code == 200

    [reset] = sent(lambda: Client().post(urlsplit(links[1]).path, {"email": "new@example.net"}))
    assert "http://localhost:8000/accounts/password/reset/key/" in reset.body


def test_an_administrator_makes_up_no_password(client, administrator):
    new = new_user("new@example.net", roles=["Contributors"], password1="a long enough password")
    new |= {"password2": "a long enough password", "usable_password": "true"}

    client.post(reverse("admin:community_map_user_add"), new)

    assert not User.objects.get(email="new@example.net").has_usable_password()


def test_an_invitation_is_sent_again_from_the_persons_page(client, administrator, sent):
    person = make_user("person@example.net", ("Editors",))
    address = reverse("admin:community_map_user_invite", args=[person.pk])
    assert f'action="{address}"' in client.get(reverse(CHANGE, args=[person.pk])).text

    [mail] = sent(lambda: client.post(address))

    assert mail.to == ["person@example.net"]
    assert client.get(address).status_code == 405
    assert "Sent the invitation again." in client.get(f"{LIST}{person.pk}/history/").text


def test_who_has_left_is_not_invited_and_nobody_else_invites(client, administrator, sent):
    left = make_user("left@example.net", is_active=False)
    address = reverse("admin:community_map_user_invite", args=[left.pk])

    assert sent(lambda: client.post(address)) == []
    assert "Send invitation again" not in client.get(reverse(CHANGE, args=[left.pk])).text
    client.force_login(make_editor())
    assert (sent(lambda: client.post(address)), client.post(address).status_code) == ([], 403)


def test_whoever_has_a_council_account_is_told_to_sign_in_with_it(client, administrator, settings, sent):
    settings.OIDC_ISSUER, settings.OIDC_NAME = "https://sso.example.org", "Testshire account"
    person = make_contributor("person@example.net")
    SocialAccount.objects.create(user=person, provider=settings.OIDC_ISSUER, uid="1")

    [mail] = sent(lambda: client.post(reverse("admin:community_map_user_invite", args=[person.pk])))

    assert "Sign in with your Testshire account:\nhttp://localhost:8000/accounts/login/" in mail.body
    assert "password" not in mail.body
    assert (
        "people who do not have a council account" in client.get(reverse("admin:community_map_user_add")).text
    )
