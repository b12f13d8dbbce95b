"""Personal details in a decision's reason are pointed out to the moderator, who changes or keeps them."""

import pytest

from pins.models import Decision, Pin
from tests.factories import make_moderator, make_pin, make_portal

pytestmark = pytest.mark.django_db

PERSONAL = "Ring them on 020 7946 0123 first."


@pytest.fixture
def pin(client):
    make_portal()
    client.force_login(make_moderator())
    return make_pin("Walking group", status="submitted")


def decide(client, pin, **fields):
    answers = {"decision": "return", "reason": PERSONAL, "version": pin.version, **fields}
    return client.post(f"/admin/pins/pin/{pin.pk}/decide/", answers)


def decide_many(client, pin, **fields):
    answers = {"action": "decline", "_selected_action": pin.pk, "reason": PERSONAL, **fields}
    return client.post("/admin/pins/pin/?status=submitted", answers)


@pytest.mark.parametrize("decide", [decide, decide_many])
def test_a_reason_that_looks_personal_comes_back_with_what_was_typed(client, pin, decide):
    response = decide(client, pin)

    text = response.content.decode()
    assert response.status_code == 422
    assert "This looks like a phone number (020 7946 0123)" in text
    assert PERSONAL in text
    assert "Keep it: this is not about one particular person" in text
    assert Pin.objects.get().status == "submitted"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("decide", [decide, decide_many])
def test_what_the_moderator_keeps_is_recorded(client, pin, decide):
    decide(client, pin, keep_details="1")

    assert Decision.objects.get().details_kept == ["phone"]


def test_an_ordinary_reason_keeps_nothing(client, pin):
    decide(client, pin, reason="Please choose a landmark.")

    assert Decision.objects.get().details_kept == []


def test_a_reason_for_merging_is_asked_too(client, pin):
    other = make_pin("Walking group, Hendon")
    address = f"/admin/pins/pin/{pin.pk}/merge/?into={other.pk}"
    state = client.get(address).context["plan"].state
    answers = {"into": other.pk, "state": state, "reason": PERSONAL}

    refused = client.post(address, answers)
    assert refused.status_code == 422
    assert PERSONAL in refused.content.decode()

    client.post(address, {**answers, "keep_details": "1"})
    assert Decision.objects.get().details_kept == ["phone"]
