"""Every form that stores, sent with a value for every column that is not its own: the row is as without them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.test import Client

from community_map.models import User
from pins.models import Connection, Decision, Pin, Precision
from tests.factories import (
    make_approach,
    make_category,
    make_connection,
    make_contributor,
    make_editor,
    make_moderator,
    make_pin,
    make_portal,
    make_service,
)
from tests.toolkit_factories import make_page
from toolkit.models import Feedback, Page, Story

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
# What differs between two rows that were made in the same way.
OWN = {"id", "public_id", "idempotency_key", "fingerprint", "password", "email", "slug", "pin_id"}


@pytest.fixture(autouse=True)
def one_moment(time_machine):
    time_machine.move_to("2026-05-01T12:00:00Z", tick=False)


@dataclass
class World:
    author: User
    other: User

    def returned(self, **fields) -> Pin:
        pin = make_pin("Choir", author=self.author, status="returned", **fields)
        make_connection(pin, self.author.service, kind=Connection.Kind.KNOW_OF, what_worked="")
        return pin


@pytest.fixture
def world():
    make_portal()
    make_approach("Consulting")
    make_category("Clubs")
    return World(
        make_contributor("author@example.org"),
        make_contributor("other@example.org", service=make_service("Else")),
    )


def columns(*models_) -> dict[str, str]:
    """A hostile value for every column of these models, and for each as forms with prefixes write it."""
    values = {}
    for model in models_:
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            values[field.name] = values[field.attname] = _hostile(field)
    return values


def _hostile(field) -> str:
    if field.choices:
        return str([choice for choice, _label in field.flatchoices][-1 if field.name != "status" else 1])
    if isinstance(field, models.BooleanField):
        return "true"
    if isinstance(field, models.ForeignKey | models.ManyToManyField):
        return str(
            field.related_model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 1
        )
    if isinstance(field, models.DateTimeField | models.DateField):
        return "2030-01-01"
    if isinstance(field, models.UUIDField):
        return str(uuid.uuid4())
    return "7" if isinstance(field, models.IntegerField | models.FloatField) else "forged"


def row_of(thing) -> dict:
    """Every column of a row, and its connections' and decisions' where it is a pin."""
    thing = type(thing)._base_manager.get(pk=thing.pk)
    row = {
        field.attname: getattr(thing, field.attname)
        for field in thing._meta.concrete_fields
        if field.attname not in OWN
    }
    for field in thing._meta.many_to_many:
        row[field.name] = sorted(getattr(thing, field.name).values_list("pk", flat=True))
    if isinstance(thing, Pin):
        row["connections"] = [
            row_of(connection) for connection in Connection.objects.filter(pin=thing).order_by("service")
        ]
        row["decisions"] = [
            row_of(decision) for decision in Decision.objects.filter(pin=thing).order_by("pk")
        ]
    return row


def fields_of(client: Client, address: str) -> dict:
    """What a browser would send of a form as it stands, admin's included."""
    context = client.get(address).context
    form = context["adminform"].form if "adminform" in context else context["form"]
    answers = {}
    for bound in form:
        value = bound.value()
        if value is not None and value is not False:
            answers[bound.html_name] = (
                [str(getattr(one, "pk", one)) for one in value] if isinstance(value, list) else value
            )
    return answers, set(form.fields)


def signed_in(user) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def send_pin(world: World, extra: dict):
    key, category = str(uuid.uuid4()), world_category()
    client = signed_in(world.author)
    _answers, own = fields_of(client, "/staff/pins/new/")
    answers = {
        "category": category,
        "longitude": "-0.2",
        "latitude": "51.6",
        "name": "Choir",
        "kind": "know-of",
        "service": world.author.service_id,
        "idempotency_key": key,
        "visibility": "1",
        "precision": "2",
        "send": "1",
    }
    answer = client.post("/staff/pins/new/", without(extra, own) | answers)
    return answer, Pin.objects.get(idempotency_key=key)


def world_category() -> int:
    return Pin._meta.get_field("category").related_model.objects.get(name="Clubs").pk


def without(extra: dict, own: set[str]) -> dict:
    return {name: value for name, value in extra.items() if name not in own}


def change(world: World, extra: dict, address: str, user: User, pin: Pin, answers: dict):
    client = signed_in(user)
    here, own = fields_of(client, address)
    return client.post(address, without(extra, own) | here | answers), pin


def edit_pin(world, extra):
    pin = world.returned(precision=Precision.STREET)
    answers = {"name": "Choir", "kind": "know-of", "send": "1", "placed_by": "coordinates"}
    return change(world, extra, f"/staff/pins/{pin.public_id}/edit/", world.author, pin, answers)


def add_details(world, extra):
    pin = make_pin("Choir", author=world.author, status="submitted")
    make_connection(pin, world.author.service, kind=Connection.Kind.KNOW_OF)
    return change(
        world, extra, f"/staff/pins/{pin.public_id}/sent/", world.author, pin, {"description": "They sing."}
    )


def connect(world, extra):
    pin = make_pin("Choir", author=world.other)
    return change(
        world, extra, f"/staff/pins/{pin.public_id}/connect/", world.author, pin, {"kind": "know-of"}
    )


def admin_change(world, extra):
    pin = make_pin("Choir", author=world.author, status="submitted", precision=Precision.STREET)
    return change(
        world,
        extra,
        f"/admin/pins/pin/{pin.pk}/change/",
        make_moderator(),
        pin,
        {"description": "They sing."},
    )


def send_story(world, extra):
    key = str(uuid.uuid4())
    _answers, own = fields_of(Client(), "/toolkit/stories/new/")
    answers = {
        "title": "Walking",
        "text": "We walk.",
        "place": "Hendon",
        "agree": "on",
        "idempotency_key": key,
    }
    answer = Client().post("/toolkit/stories/new/", without(extra, own) | answers)
    return answer, Story.objects.get(idempotency_key=key)


def send_feedback(world, extra):
    page = make_page(slug=f"page-{uuid.uuid4().hex[:6]}")
    answers = {"page": f"/toolkit/{page.slug}/", "useful": "yes"}
    answer = Client().post("/toolkit/useful/", extra | answers, headers=OURS)
    stored = Feedback.objects.latest("pk")
    Feedback.objects.filter(pk=stored.pk).update(address="/toolkit/")
    return answer, stored


def send_sentence(world, extra):
    stored = Feedback.objects.create(address="/toolkit/", is_useful=False)
    answer = Client().post(
        f"/toolkit/useful/{stored.public_id}/",
        without(extra, {"sentence"}) | {"sentence": "Yes."},
        headers=OURS,
    )
    return answer, stored


def sign_up(world, extra):
    email = f"{uuid.uuid4().hex}@example.net"
    answers = {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    answer = Client().post("/accounts/signup/", without(extra, {"email"}) | answers)
    return answer, User.objects.get(email=email)


def change_password(world, extra):
    user = make_contributor()
    answers = {"oldpassword": PASSWORD, "password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    answer = signed_in(user).post("/accounts/password/change/", extra | answers)
    return answer, user


def edit_toolkit_page(world, extra):
    page = make_page("Title", slug=f"page-{uuid.uuid4().hex[:6]}", status="draft")
    return change(
        world, extra, f"/admin/toolkit/page/{page.pk}/change/", make_editor(), page, {"title": "Another"}
    )


WRITABLE: dict[Callable, tuple] = {
    send_pin: (Pin, Connection, Decision),
    edit_pin: (Pin, Connection, Decision),
    add_details: (Pin, Connection, Decision),
    connect: (Pin, Connection, Decision),
    admin_change: (Pin, Connection, Decision),
    send_story: (Story,),
    send_feedback: (Feedback,),
    send_sentence: (Feedback,),
    sign_up: (User,),
    change_password: (User,),
    edit_toolkit_page: (Page,),
}


def errors_of(answer) -> str:
    form = answer.context.get("form") or answer.context["adminform"].form
    return f"{answer.status_code} {form.errors.as_json()}"


@pytest.mark.parametrize("write", WRITABLE, ids=lambda write: write.__name__)
def test_a_value_for_a_column_that_the_form_does_not_have_changes_nothing(world, settings, write, capsys):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
    settings.SIGNUP_DOMAINS = ["example.net"]
    settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()
    answer, plain = write(world, {})
    assert answer.status_code == 302, errors_of(answer)
    forged = columns(*WRITABLE[write])
    forged |= {
        f"{prefix}{name}": value
        for name, value in forged.items()
        for prefix in ("form-0-", "pin-", "pin.", "_")
    }

    answer, thing = write(world, forged)

    assert answer.status_code == 302, errors_of(answer)
    assert row_of(thing) == row_of(plain)
    with capsys.disabled():
        print(f"\nmass assignment, {write.__name__}: {len(forged)} forged values, 0 stored")


def test_every_form_of_the_portal_that_stores_is_tried():
    """The models that forms outside admin write; one that is new must get a line in WRITABLE."""
    tried = {model for models_ in WRITABLE.values() for model in models_}
    stored = {
        model
        for app in ("pins", "toolkit")
        for model in apps.get_app_config(app).get_models()
        if hasattr(model, "idempotency_key") or hasattr(model, "status")
    }

    assert {model for model in stored if not model.__name__.startswith("Historical")} - tried == {
        apps.get_model("toolkit", name) for name in ("CaseStudy", "Prompt", "Tool", "Voice", "Term")
    }
