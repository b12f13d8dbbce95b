"""The rules of who may see a pin and how closely: forms ask them, and the database keeps them."""

import itertools
import uuid
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone

from community_map.geo import Position
from pins.actions import copy_limits
from pins.admin.forms import PinAdminForm
from pins.forms import PinForm
from pins.forms.rules import Sharing, asks_agreement, faults, with_defaults
from pins.models import Category, Pin, Precision, Visibility
from tests.factories import make_category, make_contributor, make_portal, make_sensitive_category

pytestmark = pytest.mark.django_db
PLACE = Position(-0.2, 51.6)
EXACT, STREET, NEIGHBOURHOOD, BOROUGH = Precision
PUBLIC, STAFF, TEAM = Visibility


def categories() -> list[Category]:
    """A category for each set of limits that the database allows one."""
    limits = itertools.product(Visibility, Precision, [False, True])
    return [
        make_category(
            is_retired=True,
            loosest_visibility=loosest,
            default_visibility=max(loosest, STAFF if is_sensitive else PUBLIC),
            finest_precision=finest,
            default_precision=finest,
            is_sensitive=is_sensitive,
        )
        for loosest, finest, is_sensitive in limits
        if not is_sensitive or finest >= NEIGHBOURHOOD
    ]


def all_answers() -> list[Sharing]:
    """Every answer to every question, and none."""
    product = itertools.product(
        [None, *Visibility],
        [None, *Precision],
        ["", "Agreed at our visit in May"],
        [False, True],
        [None, False, True],
    )
    return [Sharing(*answers) for answers in product]


def is_stored(pin: Pin) -> bool:
    """Does the database take the row? It is not kept."""
    try:
        with transaction.atomic():
            # Without save(), whose history would only make it slow.
            Pin.objects.bulk_create([pin])
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


def pin_of(category: Category, answers: Sharing, author, *, is_placed: bool) -> Pin:
    pin = Pin(
        name="Walking group",
        category=category,
        created_by=author,
        submitted_at=timezone.now(),
        visibility=answers.visibility,
        precision=answers.precision,
        agreement=answers.agreement,
        services_agreed=answers.services_agreed,
        is_home=answers.is_home,
    )
    if answers.agreement:
        pin.agreement_by, pin.agreement_at = author, timezone.now()
    if is_placed:
        pin.longitude, pin.latitude = PLACE.longitude, PLACE.latitude
        pin.mercator_x, pin.mercator_y = PLACE.mercator
    copy_limits(pin)
    return pin


def test_the_rule_says_yes_exactly_where_the_database_stores_it():
    author = make_contributor()
    asked, stored, differ = 0, 0, []
    for category, given, is_placed in itertools.product(categories(), all_answers(), [True, False]):
        answers = with_defaults(category, given, is_placed=is_placed)
        found = faults(category, answers)
        takes = is_stored(pin_of(category, answers, author, is_placed=is_placed))
        asked, stored = asked + 1, stored + takes
        # Older pins were not asked whether they are a home, so only forms want the answer.
        is_unasked = answers.precision == EXACT and answers.is_home is None and "precision" not in found
        if takes != (not found.keys() - ({"is_home"} if is_unasked else set())):
            differ.append((category, answers, found, takes))
        assert ("is_home" in found) == is_unasked
    assert differ == []
    assert (asked, stored) == (18 * 240 * 2, stored)
    assert asked == 18 * 240 * 2
    assert 0 < stored < asked


@pytest.mark.parametrize(
    ("limits", "answers", "expected"),
    [
        ({}, {}, {}),
        (
            {"loosest_visibility": STAFF, "default_visibility": STAFF},
            {"visibility": PUBLIC},
            {"visibility": "For “Things”, choose “Council staff” or an answer below it"},
        ),
        (
            {"finest_precision": BOROUGH, "default_precision": BOROUGH},
            {"precision": EXACT},
            {"precision": "For “Things”, choose “Across the borough”"},
        ),
        (
            {},
            {"precision": EXACT, "is_home": True},
            {
                "precision": "We never show the exact place of a home. "
                "Choose “This street” or an answer below it"
            },
        ),
        ({}, {"precision": EXACT}, {"is_home": "Select yes if this exact place is somebody’s home"}),
        (
            {
                "is_sensitive": True,
                "default_visibility": STAFF,
                "finest_precision": NEIGHBOURHOOD,
                "default_precision": NEIGHBOURHOOD,
            },
            {"visibility": PUBLIC, "services_agreed": True},
            {"agreement": "Enter how the group agreed to be shown to everyone, or choose “Council staff”"},
        ),
        (
            {},
            {"services_agreed": True},
            {"services_agreed": "Enter how the group agreed to be shown to everyone"},
        ),
    ],
)
def test_each_fault_is_one_sentence_beside_its_field(limits, answers, expected):
    category = make_category("Things", **limits)
    complete = with_defaults(
        category, Sharing(**{"visibility": None, "precision": None, **answers}), is_placed=True
    )

    assert faults(category, complete) == expected


@pytest.mark.parametrize(
    "answers",
    [
        {"visibility": PUBLIC, "precision": EXACT},
        {"visibility": PUBLIC, "precision": NEIGHBOURHOOD, "services_agreed": "on"},
        {"visibility": PUBLIC, "precision": NEIGHBOURHOOD, "agreement": "At a visit"},
        {"visibility": STAFF, "precision": STREET},
        {"visibility": TEAM, "precision": EXACT, "is_home": True},
        {"visibility": TEAM, "precision": BOROUGH, "is_home": True},
    ],
)
@pytest.mark.parametrize("is_sensitive", [True, False])
def test_both_forms_say_what_the_rule_says(answers, is_sensitive):
    make_portal()
    category = make_sensitive_category() if is_sensitive else make_category()
    author = make_contributor()
    shared = {**answers, "name": "Choir", "category": category.pk, "longitude": "-0.2", "latitude": "51.6"}
    is_home = answers.get("is_home")
    staff = {"kind": "know-of", "service": author.service_id, "idempotency_key": uuid.uuid4()}
    pin_form = PinForm(
        QueryDict(urlencode({**shared, **staff, "is_home": {True: "yes", None: ""}[is_home]})), user=author
    )
    admin_form = PinAdminForm(
        {**shared, "about": "community", "read_version": 1, "is_home": {True: "true", None: ""}[is_home]},
        instance=Pin(created_by=author),
    )
    given = Sharing.of({**answers, "is_home": is_home})
    # The staff form hides the questions about agreement where they are not asked, and drops what they hold.
    asked = given if asks_agreement(category, given.visibility) else replace(given, services_agreed=False)

    for form, read in ((pin_form, asked), (admin_form, given)):
        assert dict(form.errors) == {name: [sentence] for name, sentence in faults(category, read).items()}


def test_what_has_no_place_is_across_the_borough_whatever_was_chosen():
    category = make_category()

    assert with_defaults(category, Sharing(PUBLIC, EXACT), is_placed=False).precision == BOROUGH
    assert with_defaults(category, Sharing(TEAM, EXACT), is_placed=True) == Sharing(TEAM, EXACT)


def test_only_a_sensitive_category_asks_for_an_agreement_and_only_for_everyone():
    plain, sensitive = Category(is_sensitive=False), Category(is_sensitive=True)

    assert [asks_agreement(sensitive, value) for value in Visibility] == [True, False, False]
    assert [asks_agreement(plain, value) for value in Visibility] == [False, False, False]
