import pytest
from allauth.account.models import EmailAddress

from tests.factories import make_contributor, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def test_a_colleague_signs_in_with_e_mail_and_password(client):
    make_contributor("colleague@example.org")

    response = sign_in(client, "Colleague@Example.org")

    assert (response.status_code, response.headers["Location"]) == (302, "/staff/")
    assert client.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"), [("colleague@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("", "")]
)
def test_a_wrong_sign_in_gets_a_sentence_and_stays_out(client, email, password):
    make_contributor("colleague@example.org")

    response = sign_in(client, email, password)

    assert response.status_code == 200
    assert "govuk-error-summary" in response.content.decode()
    assert client.get("/staff/").status_code == 302


def test_somebody_without_a_role_is_told_whom_to_ask(client):
    make_user("new@example.org")
    sign_in(client, "new@example.org")

    response = client.get("/staff/")

    assert response.status_code == 403
    assert "Ask the team that runs it" in response.content.decode()


def test_the_demos_sign_ins_work_only_from_this_machine(client):
    make_contributor("contributor@example.org")

    assert (
        sign_in(client, "contributor@example.org", REMOTE_ADDR="192.0.2.7", HTTP_HOST="localhost").status_code
        == 403
    )
    assert client.get("/staff/").status_code == 302
    assert (
        sign_in(client, "contributor@example.org", REMOTE_ADDR="127.0.0.1", HTTP_HOST="localhost").status_code
        == 302
    )


def test_signing_out_takes_a_post_and_ends_the_session(client):
    client.force_login(make_contributor())
    client.get("/accounts/logout/")
    assert client.get("/staff/").status_code == 200

    client.post("/accounts/logout/")

    assert client.get("/staff/").status_code == 302


def test_sign_up_is_closed(client):
    response = client.post(
        "/accounts/signup/", {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert "Sign-up is closed" in response.content.decode()
    assert not EmailAddress.objects.exists()


def test_a_deactivated_colleague_is_out_at_the_next_request(client):
    user = make_contributor()
    client.force_login(user)
    user.is_active = False
    user.save()

    assert client.get("/staff/").status_code == 302


@pytest.mark.parametrize("address", ["login", "password/reset", "signup", "password/reset/done", "inactive"])
def test_every_account_page_has_one_heading(client, address):
    text = client.get(f"/accounts/{address}/").content.decode()

    assert text.count("<h1") == 1


def test_admin_is_entered_through_the_same_sign_in(client):
    response = client.get("/admin/")
    assert response.status_code == 302

    follow = client.get("/admin/login/?next=/admin/pins/pin/")

    assert follow.headers["Location"].startswith("/accounts/login/?next=/admin/pins/pin/")
