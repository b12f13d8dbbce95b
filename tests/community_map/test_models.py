"""Every constraint of community_map's tables has a test that breaks it."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from community_map.models import Area, BoundarySet, DigestItem, Job, OutboxMail, Place, Portal, Task, User
from community_map.models.place import search_key
from tests.factories import make_area, make_boundary_set, make_place, make_portal, make_user

pytestmark = pytest.mark.django_db


def second_address_in_capitals():
    make_user("same@example.org")
    User.objects.bulk_create([User(email="SAME@example.org")])


def set_that_ends_before_it_begins():
    make_boundary_set(valid_from=date(2022, 5, 5), valid_to=date(2022, 5, 5))


def area_code_twice_in_a_set():
    area = make_area()
    make_area(boundary_set=area.boundary_set, code=area.code)


def area_beyond_the_earth():
    Area.objects.filter(pk=make_area().pk).update(latitude=91)


def place_twice_in_a_kind():
    Place.objects.bulk_create(
        [
            make_place("Park"),
            Place(name="Park", kind="park", longitude=0, latitude=0, mercator_x=0, mercator_y=0),
        ][1:]
    )


def place_beyond_the_earth():
    make_place()
    Place.objects.update(longitude=-180.5)


def second_portal():
    make_portal()
    Portal.objects.bulk_create([Portal(pk=2)])


def portal_turned_inside_out():
    make_portal()
    Portal.objects.update(west=1, east=0)


def portal_beyond_the_earth():
    make_portal()
    Portal.objects.update(north=86)


def task(**fields) -> Task:
    return Task.objects.create(kind="areas", by=make_user(), **fields)


def mail(**fields) -> OutboxMail:
    return OutboxMail.objects.create(to="reader@example.org", subject="Hello", **fields)


def the_same_thing_asked_twice():
    user = make_user()
    for _ in range(2):
        DigestItem.objects.create(user=user, kind="pins", about="1")


NOW = timezone.now()
BREAKERS = {
    "job_has_a_lease_with_an_end_or_none": lambda: Job.objects.create(name="x", due_at=NOW, leased_until=NOW),
    "mail_has_a_lease_with_an_end_or_none": lambda: mail(leased_until=NOW),
    "mail_is_sent_or_given_up_but_not_both": lambda: mail(sent_at=NOW, given_up_at=NOW),
    "mail_for_signing_in_keeps_no_text_once_it_has_gone": lambda: mail(
        is_secret=True, body="123456", sent_at=NOW
    ),
    "digest_item_asks_a_person_for_one_thing_once": the_same_thing_asked_twice,
    "task_is_finished_when_it_is_done_or_has_failed": lambda: task(state="done"),
    "task_has_not_done_more_than_there_is": lambda: task(done=2, total=1),
    "user_email_is_one_persons_whatever_its_case": second_address_in_capitals,
    "boundary_set_ends_after_it_begins": set_that_ends_before_it_begins,
    "area_code_is_used_once_in_a_set": area_code_twice_in_a_set,
    "area_middle_is_on_earth": area_beyond_the_earth,
    "place_name_is_used_once_in_a_kind": place_twice_in_a_kind,
    "place_is_on_earth": place_beyond_the_earth,
    "portal_is_one_row": second_portal,
    "portal_extent_has_an_inside": portal_turned_inside_out,
    "portal_extent_is_on_earth": portal_beyond_the_earth,
}


@pytest.mark.parametrize("name", BREAKERS)
def test_the_database_refuses_what_breaks(name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKERS[name]()

    message = str(refused.value)
    assert name in message or "UNIQUE constraint failed" in message


def test_a_task_is_in_no_other_state_than_the_four():
    with pytest.raises(IntegrityError), transaction.atomic():
        task(state="asleep", finished_at=NOW)


def test_every_constraint_has_a_test_that_breaks_it():
    names = {
        c.name for model in apps.get_app_config("community_map").get_models() for c in model._meta.constraints
    }

    assert names == set(BREAKERS)


@pytest.mark.parametrize(
    ("text", "key"), [("NW4 4BT", "nw44bt"), ("St. John’s", "stjohns"), ("Café", "cafe"), ("公园", "")]
)
def test_the_gazetteer_compares_letters_and_digits_only(text, key):
    assert search_key(text) == key


def test_a_portal_that_nobody_filled_in_has_defaults():
    assert Portal.load().council_name == "Your council"


def test_current_sets_are_those_valid_today():
    now = make_boundary_set()
    make_boundary_set(valid_to=date(2023, 1, 1))

    assert list(BoundarySet.objects.current()) == [now]
