"""The policy that two moderators publish what is sensitive and public; off unless a portal turns it on."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.urls import reverse

from pins import actions
from pins.models import Pin, Visibility
from tests.factories import make_moderator, make_pin, make_portal, make_sensitive_category

pytestmark = pytest.mark.django_db


def waiting_pin(**fields) -> Pin:
    fields = {"visibility": Visibility.PUBLIC, "agreement": "At our visit in May", **fields}
    return make_pin(
        status="submitted", category=make_sensitive_category(), precision=3, position=None, **fields
    )


def decisions_of(pin) -> list[tuple]:
    return list(pin.decisions.order_by("pk").values_list("kind", "by_id"))


def publish(pin, by) -> int:
    return actions.decide(Pin.objects.filter(pk=pin.pk), "publish", by=by)


def test_the_first_agreement_is_recorded_and_waits_for_another_moderator():
    make_portal(sensitive_pins_need_two=True)
    pin, first, second = waiting_pin(), make_moderator(), make_moderator()

    assert [publish(pin, first), publish(pin, first), publish(pin, second)] == [0, 0, 1]

    pin.refresh_from_db()
    assert pin.status == "published"
    assert decisions_of(pin) == [("agree", first.pk), ("publish", second.pk)]


def test_one_moderator_is_enough_unless_the_portal_says_otherwise():
    make_portal()
    pin = waiting_pin()

    assert publish(pin, make_moderator()) == 1


@pytest.mark.parametrize("fields", [{"visibility": Visibility.STAFF}, {"visibility": Visibility.TEAM}])
def test_one_moderator_is_enough_for_what_is_not_public(fields):
    make_portal(sensitive_pins_need_two=True)

    assert publish(waiting_pin(**fields), make_moderator()) == 1


def test_a_pin_that_changed_after_the_first_agreement_needs_two_again():
    make_portal(sensitive_pins_need_two=True)
    pin, first, second = waiting_pin(), make_moderator(), make_moderator()
    publish(pin, first)
    pin.name = "Something else"
    actions.change_pin(pin, None, by=second, version=pin.version)

    assert publish(pin, second) == 0
    assert publish(pin, first) == 1
    assert decisions_of(pin) == [("agree", first.pk), ("agree", second.pk), ("publish", first.pk)]


def test_the_author_is_neither_of_the_two_even_where_moderators_decide_their_own():
    make_portal(sensitive_pins_need_two=True, moderators_decide_own_pins=True)
    author = make_moderator()
    pin = waiting_pin(author=author)

    with pytest.raises(PermissionDenied):
        publish(pin, author)

    assert decisions_of(pin) == []


def test_a_published_pin_that_a_moderator_opens_to_everyone_waits_for_two():
    make_portal(sensitive_pins_need_two=True)
    pin = waiting_pin(visibility=Visibility.STAFF)
    moderator = make_moderator()
    publish(pin, moderator)
    pin.refresh_from_db()
    pin.visibility = Visibility.PUBLIC

    actions.change_pin(pin, None, by=moderator, version=pin.version)

    pin.refresh_from_db()
    assert (pin.status, list(Pin.objects.public())) == ("submitted", [])


def test_admin_says_what_it_waits_for(client):
    make_portal(sensitive_pins_need_two=True)
    pin, first = waiting_pin(), make_moderator("first@example.org")
    client.force_login(first)
    address = reverse("admin:pins_pin_change", args=[pin.pk])
    assert "Agree to publish" in client.get(address).content.decode()

    answer = client.post(
        reverse("admin:pins_pin_decide", args=[pin.pk]),
        {"decision": "publish", "version": pin.version},
        follow=True,
    ).content.decode()

    assert "A second moderator can now publish it" in answer
    assert "first@example.org agreed on" in answer
    ticked = {"action": "publish", "_selected_action": [pin.pk]}
    many = client.post(reverse("admin:pins_pin_changelist"), ticked, follow=True).content.decode()
    assert "1 pin needs a second moderator." in many


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_moderators_at_once_are_two_and_one_moderator_twice_at_once_is_one():
    from django.contrib.auth.models import Group

    for name in ("Moderators", "Contributors"):
        Group.objects.get_or_create(name=name)
    make_portal(sensitive_pins_need_two=True)
    first, second = make_moderator(), make_moderator()

    assert at_once(waiting_pin(), first, second) == ["agree", "publish"]
    assert at_once(waiting_pin(), first, first) == ["agree"]


def at_once(pin, *people) -> list[str]:
    start = threading.Barrier(len(people))

    def decide(person):
        start.wait()
        try:
            publish(pin, person)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [kind for kind, _by in decisions_of(pin)]
