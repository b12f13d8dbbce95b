"""A wrong setting stops the start and is named; SITE_URL carries the rest."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KEY = "a-secret-key-for-tests-only-that-is-long-enough-for-the-check"


def run(code: str, **environment):
    plain = {
        name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}
    }
    return subprocess.run(  # noqa: S603 (our own interpreter, our own words)
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**plain, "SECRET_KEY": KEY, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "maybe", "DEBUG='maybe': use true or false"),
        ("HSTS_SECONDS", "soon", "HSTS_SECONDS='soon': use a whole number of 0 or more"),
        ("SITE_URL", "example.org", "SITE_URL='example.org': use an address such as"),
        ("SITE_URL", "https://example.org/map", "SITE_URL='https://example.org/map': use an address such as"),
        ("SECURITY_CONTACT", "us", "SECURITY_CONTACT='us': use mailto:"),
        ("EMBED_HOSTS", "https://a.example.org,*", "EMBED_HOSTS: '*' is not the address of a site"),
        (
            "EMBED_HOSTS",
            "https://a.example.org; script-src *",
            "EMBED_HOSTS: 'https://a.example.org; script-src *'",
        ),
        ("TILE_URL", "tiles", "TILE_URL='tiles': use an address with"),
        ("IDLE_MINUTES", "0", "IDLE_MINUTES='0': use a whole number of 1 or more"),
        ("SIGNUP_DOMAINS", "@example.org", "SIGNUP_DOMAINS: '@example.org' is not a domain"),
        ("SIGNUP_DOMAINS", "example.org,*", "SIGNUP_DOMAINS: '*' is not a domain"),
        (
            "OIDC_ISSUER",
            "http://login.example.org",
            "OIDC_ISSUER='http://login.example.org': use the provider's https address",
        ),
        (
            "OIDC_ISSUER",
            "login.example.org",
            "OIDC_ISSUER='login.example.org': use the provider's https address",
        ),
        ("OIDC_ISSUER", "https://login.example.org", "OIDC_CLIENT_ID: set it"),
        ("OIDC_GROUP_ROLES", "staff=Contributors", "OIDC_GROUP_ROLES: use {"),
        ("OIDC_GROUP_ROLES", '{"staff": "Kings"}', "OIDC_GROUP_ROLES: use {"),
        ("SECRET_KEY", "short", "SECRET_KEY: use at least 50 random characters"),
    ],
)
def test_a_wrong_value_stops_the_start_by_name(name, value, sentence):
    result = run(
        "import community_map.settings",
        **{
            name: value,
            **(
                {"HSTS_SECONDS": value, "SITE_URL": "https://a.example.org"} if name == "HSTS_SECONDS" else {}
            ),
        },
    )

    assert result.returncode != 0
    assert sentence in result.stderr


def settings(**environment) -> dict:
    names = [
        "DEBUG",
        "ALLOWED_HOSTS",
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_NAME",
        "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_SECURE",
    ]
    code = f"import json; from community_map import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names}}}))"
    result = run(code, **environment)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_by_default_it_serves_this_machine_with_plain_cookies_and_without_debugging():
    assert settings() == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["localhost", "localhost", "127.0.0.1", "[::1]"],
        "SECURE_SSL_REDIRECT": False,
        "SESSION_COOKIE_NAME": "sessionid",
        "SECURE_HSTS_SECONDS": 0,
        "SESSION_COOKIE_SECURE": False,
    }


def test_single_sign_on_is_settings_alone():
    code = """
import json
from community_map import settings as s
app = s.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
print(json.dumps([app, s.OIDC_GROUP_ROLES, s.OIDC_GROUPS_CLAIM, s.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"]]))
"""
    result = run(
        code,
        OIDC_ISSUER="https://login.example.org/tenant/v2.0",
        OIDC_CLIENT_ID="portal",
        OIDC_CLIENT_SECRET="secret",
        OIDC_NAME="Testshire account",
        OIDC_GROUPS_CLAIM="roles",
        OIDC_GROUP_ROLES='{"cn=map,dc=council": "Moderators"}',
    )

    assert json.loads(result.stdout) == [
        {
            "provider_id": "https://login.example.org/tenant/v2.0",
            "name": "Testshire account",
            "client_id": "portal",
            "secret": "secret",
            "settings": {"server_url": "https://login.example.org/tenant/v2.0"},
        },
        {"cn=map,dc=council": "Moderators"},
        "roles",
        ["'self'", "https://login.example.org"],
    ]


def test_an_https_address_brings_secure_cookies_a_redirect_and_hsts():
    assert settings(SITE_URL="https://map.example.org") == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["map.example.org"],
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_SECURE": True,
    }


def test_the_check_for_production_is_clean():
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": KEY, "SITE_URL": "https://map.example.org"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 0, result.stderr


def test_every_setting_of_the_environment_is_documented():
    source = (ROOT / "community_map" / "settings.py").read_text(encoding="utf-8")
    named = set(re.findall(r"""(?:env\.\w+|read_\w+)\(\s*"([A-Z_]+)\"""", source))
    guide = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    for_programs = {"WEB_PROCESS", "TEST_DATABASE"}  # set by wsgi.py and by those who run the tests

    assert "SITE_URL" in named
    assert {name for name in named - for_programs if f"`{name}`" not in guide} == set()
