import pytest

from pins import actions
from pins.models import Pin, Precision, Visibility
from tests.factories import (
    make_administrator,
    make_category,
    make_moderator,
    make_pin,
    make_portal,
    make_sensitive_category,
)

pytestmark = pytest.mark.django_db


def become_sensitive(category) -> int:
    category.is_sensitive = True
    category.default_visibility = Visibility.STAFF
    category.default_precision = category.finest_precision = Precision.NEIGHBOURHOOD
    category.save()
    return actions.apply_limits(category, by=make_administrator())


def test_public_pins_of_a_category_that_becomes_sensitive_are_staffs_from_then_on():
    category = make_category()
    pin = make_pin(category=category, precision=Precision.BOROUGH, position=None)

    assert become_sensitive(category) == 1

    pin.refresh_from_db()
    assert (pin.visibility, pin.is_sensitive, pin.version) == (Visibility.STAFF, True, 2)
    assert not Pin.objects.public().exists()
    assert pin.history.first().history_change_reason == "The category's limits were changed"


def test_one_whose_group_has_agreed_stays_public_but_is_shown_no_finer_than_the_neighbourhood():
    category = make_category()
    pin = make_pin(category=category, agreement="By letter", precision=Precision.EXACT)

    assert become_sensitive(category) == 1

    pin.refresh_from_db()
    assert (pin.visibility, pin.precision) == (Visibility.PUBLIC, Precision.NEIGHBOURHOOD)
    assert pin.public_longitude != pin.longitude


def test_what_is_hidden_or_coarse_already_is_not_counted_and_not_made_looser():
    category = make_category()
    pin = make_pin(category=category, visibility=Visibility.TEAM, precision=Precision.BOROUGH, position=None)
    other = make_pin(category=make_category())

    assert become_sensitive(category) == 0

    pin.refresh_from_db()
    other.refresh_from_db()
    assert (pin.visibility, pin.precision, pin.is_sensitive) == (Visibility.TEAM, Precision.BOROUGH, True)
    assert (other.visibility, other.is_sensitive, other.version) == (Visibility.PUBLIC, False, 1)


def test_limits_that_have_not_changed_change_no_pin():
    category = make_category()
    pin = make_pin(category=category)

    assert actions.apply_limits(category, by=make_administrator()) == 0

    pin.refresh_from_db()
    assert (pin.version, pin.history.count()) == (1, 1)


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("agreement", ["", "By letter"])
def test_a_moderators_change_leaves_a_published_pin_published_unless_it_opens_it_to_everyone(
    asked, agreement
):
    """What is public and sensitive already had its two moderators; what is not sensitive never needs them."""
    make_portal(sensitive_pins_need_two=asked)
    category = make_sensitive_category() if agreement else make_category()
    pin = make_pin(category=category, precision=Precision.BOROUGH, position=None, agreement=agreement)
    pin.name = "Another name"

    actions.change_pin(pin, None, by=make_moderator(), version=pin.version)

    pin.refresh_from_db()
    assert (pin.status, pin.name, pin.version) == ("published", "Another name", 2)
    assert list(Pin.objects.public()) == [pin]


def test_a_change_to_a_page_that_is_out_of_date_is_not_stored():
    pin = make_pin()
    pin.name = "Another name"

    with pytest.raises(actions.StaleVersion):
        actions.change_pin(pin, None, by=make_moderator(), version=pin.version + 1)

    pin.refresh_from_db()
    assert (pin.name == "Another name", pin.version) == (False, 1)
