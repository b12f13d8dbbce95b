"""Admin tells nobody more than the policy: not by a short cut, an error, a filter or a page of Django's own."""

import re
import uuid

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from community_map.admin.site import PolicyAdmin
from pins.models import Pin, Status, Visibility
from tests.factories import make_administrator, make_editor, make_moderator, make_pin, make_portal
from tests.toolkit_factories import make_case_study, make_page, make_story

pytestmark = pytest.mark.django_db
MAKERS = {"editor": make_editor, "moderator": make_moderator, "administrator": make_administrator}


@pytest.fixture(autouse=True)
def portal():
    make_portal()


def registered() -> list:
    return sorted(admin.site._registry.items(), key=lambda pair: pair[0]._meta.label)


def test_every_model_in_admin_asks_the_policy():
    strangers = [model._meta.label for model, its in registered() if not isinstance(its, PolicyAdmin)]

    assert strangers == []


@pytest.mark.parametrize("path", ["", "add/", "1/change/", "1/delete/", "1/history/", "autocomplete/"])
def test_groups_are_names_that_nobody_edits(client, path):
    client.force_login(make_administrator())

    assert client.get(f"/admin/auth/group/{path}").status_code == 404


def test_an_editor_finds_no_public_id_of_a_hidden_pin(client):
    """The attack: every content type and row number at the short cut that admin calls "View on site"."""
    pins = [
        make_pin(f"Hidden {number}", visibility=Visibility.TEAM, status=status)
        for number, status in enumerate((Status.SUBMITTED, Status.PUBLISHED, Status.ARCHIVED) * 4)
    ]
    client.force_login(make_editor())
    ids, found, asked = {str(pin.public_id) for pin in pins}, set(), 0
    # PostgreSQL counts on across tests: counting up from 1 to the pins' own numbers may take an hour.
    rows = {*range(1, len(pins) + 1), *(pin.pk for pin in pins)}

    for content_type in ContentType.objects.values_list("pk", flat=True):
        for row in sorted(rows):
            response = client.get(f"/admin/r/{content_type}/{row}/")
            told = str(response.headers) + response.content.decode()
            found |= ids & set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", told))
            asked += 1
            assert response.status_code in {302, 404}

    print(f"\n{len(found)} of {len(ids)} public ids of hidden pins, in {asked} requests")
    assert found == set()


PAGES = ("change", "history", "delete")


@pytest.mark.parametrize("role", MAKERS)
def test_a_row_that_is_there_and_one_that_is_not_are_refused_alike(client, role):
    pin, story, page = make_pin(), make_story(), make_page()
    client.force_login(user := MAKERS[role]())
    rows = {Pin: pin.pk, type(story): story.pk, type(page): page.pk, type(user): user.pk}
    rows |= {type(pin.category): pin.category_id, type(pin.created_by.service): pin.created_by.service_id}
    unlike = []
    for model, its in registered():
        if its.has_view_permission(client_request(client, user)) or model not in rows:
            continue
        for name in PAGES:
            address = f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}"
            there, nowhere = (client.get(reverse(address, args=[pk])) for pk in (rows[model], 987654))
            if (there.status_code, there.content) != (nowhere.status_code, nowhere.content):
                unlike.append(f"{address}: {there.status_code}, {nowhere.status_code} where there is nothing")

    print(f"\n{role}: {len(unlike)} pages tell which rows there are")
    assert unlike == []


def client_request(client, user):
    request = client.get("/admin/").wsgi_request
    request.user = user
    return request


@pytest.mark.parametrize("role", MAKERS)
def test_a_list_is_filtered_by_what_it_offers_and_by_no_other_column(client, role):
    """The attack: guess a column's text letter by letter, by whether the row stays in the list."""
    make_pin(), make_story(), make_page(), make_case_study()
    client.force_login(user := MAKERS[role]())
    taken = []
    for model, its in registered():
        request = client_request(client, user)
        if not its.has_view_permission(request) or model._meta.model_name == "portal":
            continue
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        offered = {item[0] if isinstance(item, tuple) else item for item in its.get_list_filter(request)}
        offered.add(its.date_hierarchy)
        hops = [f"{field.name}__pk" for field in model._meta.get_fields() if field.is_relation]
        for name in [field.name for field in model._meta.fields if not field.is_relation] + hops:
            first = name.removesuffix("__pk")
            if first in offered:
                continue
            lookups = ["isnull"] if name.endswith("__pk") else ["startswith", "gte", "regex"]
            taken += [
                f"{address}?{name}__{lookup}"
                for lookup in lookups
                if client.get(address, {f"{name}__{lookup}": "1"}).status_code != 400
            ]

    print(f"\n{role}: {len(taken)} filters that no list offers")
    assert taken == []


@pytest.mark.parametrize(
    "lookup",
    [
        "created_by__email__startswith",
        "created_by__password__startswith",
        "connections__what_worked__startswith",
    ],
)
def test_a_moderator_guesses_nothing_across_a_relation(client, lookup):
    make_pin()
    client.force_login(make_moderator())

    assert client.get("/admin/pins/pin/", {lookup: "a"}).status_code == 400


@pytest.mark.parametrize("role", ["editor", "moderator"])
def test_pages_of_djangos_own_name_no_row(client, role):
    pin = make_pin("PIN-NAME-SECRET", visibility=Visibility.TEAM)
    client.force_login(MAKERS[role]())
    model = {"editor": "pins/pin", "moderator": "toolkit/story"}[role]
    make_story("PIN-NAME-SECRET")
    named = {"editor": ("pins", "connection", "pin"), "moderator": ("pins", "pin", "created_by")}[role]
    field = dict(zip(("app_label", "model_name", "field_name"), named, strict=True)) | {"term": "SECRET"}

    for address, query in {
        "/admin/autocomplete/": field,
        "/admin/jsi18n/": {},
        "/admin/": {},
        f"/admin/{model}/": {"e": "1"},
        f"/admin/{model}/?_to_field=public_id&_popup=1": {},
        f"/admin/{model}/{pin.pk}/change/": {"_to_field": "id"},
        f"/admin/{model}/{pin.public_id}/change/": {"_to_field": "public_id"},
        f"/admin/{model}/{uuid.uuid4()}/change/": {"_to_field": "public_id"},
    }.items():
        response = client.get(address, query)
        assert "SECRET" not in response.content.decode() + str(response.headers), address
        assert response.status_code in {200, 302, 400, 403, 404}, address
