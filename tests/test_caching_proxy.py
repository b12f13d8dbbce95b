"""Staff answers and a caching proxy: a real nginx in front of the real server, colleagues and residents in turn."""

import random
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.test import Client

from pins.models import Visibility
from tests.factories import make_connection, make_contributor, make_pin, make_place, make_portal
from tests.nginx import needs_nginx, nginx
from tests.routes import all_routes
from tests.serving import serve_tests, spare_port
from tests.toolkit_factories import make_case_study, make_page

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    needs_nginx,
]
INTERLEAVINGS = 200
SECRETS = ("Hidden-7f3a", "Colleague-91bc", "colleague-91bc", "Worked-55d0", "csrfmiddlewaretoken")
# As somebody might set it up who wants to be fast: it keeps everything that it is not told to keep out, and keeps
# public addresses for a minute whatever they say. Neither knows cookies.
CONFIGURATION = """
    proxy_cache_path {folder}/cache keys_zone=portal:1m;
    proxy_set_header Host localhost;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_cache portal;
    proxy_cache_key $request_method$request_uri;
    proxy_cache_valid any 1m;
    add_header X-Cache $upstream_cache_status always;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass {upstream}; }}
        location ~ ^/(map/|toolkit/(?!stories/new)|$) {{
            proxy_ignore_headers Cache-Control Expires Vary;
            proxy_pass {upstream};
        }}
    }}
"""


@contextmanager
def caching_proxy(folder: Path, upstream: str):
    port = spare_port()
    inside = CONFIGURATION.format(folder=folder, port=port, upstream=upstream)
    with nginx(folder, inside, f"http://127.0.0.1:{port}") as address:
        yield address


def make_world():
    make_portal()
    make_place("Oak Hill Park")
    colleague = make_contributor("colleague-91bc@example.org", name="Colleague-91bc")
    public = make_pin("Chess club", author=colleague)
    make_connection(public, colleague.service, what_worked="Worked-55d0")
    make_pin("Hidden-7f3a", author=colleague, visibility=Visibility.STAFF)
    make_pin("Hidden-7f3a waiting", author=colleague, status="submitted")
    make_page(slug="example")
    make_case_study(slug="example")
    return colleague, public


def test_a_staff_answer_never_reaches_a_resident(tmp_path_factory, capsys):
    colleague, public = make_world()
    client = Client()
    client.force_login(colleague)
    signed_in = {"sessionid": client.cookies["sessionid"].value}
    paths = [
        route.path
        for route in all_routes(public_id=public.public_id)
        if not route.path.startswith(("/admin/", "/accounts/logout/"))
    ]
    chance = random.Random(4)
    folder = tmp_path_factory.mktemp("nginx")
    seen, states = Counter(), Counter()
    with serve_tests(PUBLIC_REQUESTS_PER_MINUTE="0") as upstream, caching_proxy(folder, upstream) as proxy:
        for number in range(INTERLEAVINGS):
            path = paths[number] if number < len(paths) else chance.choice(paths)
            staff, resident, again = (
                requests.get(proxy + path, cookies=cookies, timeout=30, allow_redirects=False)
                for cookies in (signed_in, None, signed_in)
            )
            is_form = path.startswith(("/accounts/", "/toolkit/stories/new/"))
            for answer in (staff, again):
                seen["staff, with a secret"] += any(secret in answer.text for secret in SECRETS)
            found = [
                secret for secret in SECRETS if secret in resident.text and not (is_form and "csrf" in secret)
            ]
            assert found == [], (path, found)
            # A visitor's cookie is their own: a form page sets one, and is not kept.
            assert is_form or "Set-Cookie" not in resident.headers, path
            if path.startswith("/staff/"):
                assert resident.status_code in {302, 405} and resident.headers.get("X-Cache") != "HIT", path
            if is_form:
                assert "HIT" not in {answer.headers.get("X-Cache") for answer in (staff, resident, again)}, (
                    path
                )
            states[resident.headers.get("X-Cache")] += 1
    with capsys.disabled():
        print(
            f"\ncaching proxy: {INTERLEAVINGS} interleavings, {dict(states)}, {dict(seen)}, 0 secrets to residents"
        )
    # It does cache, and colleagues do see what residents must not: else this would prove nothing.
    assert states["HIT"] > 50
    assert seen["staff, with a secret"] > 20
