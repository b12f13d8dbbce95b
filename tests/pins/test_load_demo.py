import re
import tomllib

import pytest
from django.core.management import call_command

from community_map.accounts import roles
from community_map.demonstration import PEOPLE
from community_map.models import Place, Portal, User
from pins.management.commands.load_demo import DATA, PASSWORD
from pins.models import Category, Connection, Pin, Question, Status, Visibility
from tests.mail import sent_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    call_command("load_demo")


def test_the_demo_has_every_kind_of_thing(demo):
    assert 55 <= Pin.objects.count() <= 75
    assert Pin.objects.public().count() >= 40
    assert set(Pin.objects.values_list("status", flat=True)) == set(Status.values)
    assert set(Pin.objects.values_list("visibility", flat=True)) == set(Visibility.values)
    assert set(Connection.objects.values_list("kind", flat=True)) == set(Connection.Kind.values)
    assert set(Question.objects.values_list("kind", flat=True)) == set(Question.Kind.values)
    for category in Category.objects.all():
        assert category.pins.exists()
    used = set(Connection.objects.values_list("approaches__slug", flat=True)) - {None}
    assert used == {"communicating", "consulting", "partnership", "community-leadership", "joining-in"}
    assert Place.objects.filter(kind="postcode-district").count() == 14
    assert Portal.load().is_demo
    choir = Pin.objects.get(name="Invented choir of the High Road")
    assert (choir.meeting, choir.web_page) == (
        "During the break at the Tuesday rehearsal",
        "https://choir.example.org/",
    )


def test_every_public_pin_that_is_placed_is_in_an_area(demo):
    for pin in Pin.objects.public().exclude(public_longitude=None):
        assert pin.public_areas.count() == 1, pin.name


def test_loading_twice_changes_nothing(demo):
    before = list(Pin.objects.order_by("pk").values_list("pk", "name", "version", "status"))

    call_command("load_demo")
    call_command("load_demo", "--if-empty")

    assert list(Pin.objects.order_by("pk").values_list("pk", "name", "version", "status")) == before
    assert User.objects.count() == 4


def test_every_account_with_the_printed_password_is_refused_elsewhere(demo):
    opened = [user for user in User.objects.all() if user.check_password(PASSWORD)]

    assert {user.email for user in opened} == set(PEOPLE)
    assert {user.email: roles.held_by(user) for user in opened} == {
        email: list(person.roles) for email, person in PEOPLE.items()
    }


@pytest.mark.parametrize("name", ["README.md", "scripts/run.py"])
def test_who_reads_how_to_sign_in_is_told_of_these_accounts(settings, name):
    text = (settings.BASE_DIR / name).read_text(encoding="utf-8")

    assert set(re.findall(r"[\w.]+@example\.org", text)) == set(PEOPLE)


def test_nobody_is_mailed_by_the_demo():
    call_command("load_demo")

    assert sent_mail() == []


def test_the_demos_communities_are_named_as_what_they_are():
    rows = tomllib.loads((DATA / "pins.toml").read_text(encoding="utf-8"))["pins"]

    assert len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        assert row["name"].startswith(("Demo", "Invented", "Example")), row["name"]
