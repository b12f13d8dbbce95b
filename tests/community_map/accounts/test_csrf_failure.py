import pytest
from django.test import Client

from tests.factories import make_contributor, make_portal

pytestmark = pytest.mark.django_db


def test_a_form_from_before_the_sign_in_is_told_so_and_led_back():
    make_portal()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_contributor())

    response = client.post("/staff/pins/new/", {"name": "Choir"})

    page = response.content.decode()
    assert response.status_code == 403
    assert "Send your answers again" in page and 'href="/staff/pins/new/"' in page
