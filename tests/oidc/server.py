"""The real OpenID provider of tests/oidc/provider.js, for tests of single sign-on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.serving import spare_port

ROOT = Path(__file__).resolve().parents[2]
CLIENT_ID, CLIENT_SECRET = "portal", "a secret between the two"


@dataclass
class OpenIDProvider:
    issuer: str

    def control(self, **wanted) -> None:
        """account: the claims of whoever signs in next; tamper, rotate, down: see provider.js."""
        requests.post(f"{self.issuer}/control", data=json.dumps(wanted), timeout=10).raise_for_status()

    def settings(self, settings, redirect_uri: str) -> None:
        """Fill in the settings as OIDC_* would."""
        settings.OIDC_ISSUER = self.issuer
        settings.OIDC_NAME = "council account"
        settings.OIDC_GROUPS_CLAIM = "groups"
        settings.OIDC_GROUP_ROLES = {
            "map-staff": "Contributors",
            "map-team": "Moderators",
            "map-writers": "Editors",
            "map-admins": "Administrators",
        }
        parts = urlsplit(redirect_uri)
        settings.SITE_URL = f"{parts.scheme}://{parts.netloc}"
        app = {
            "provider_id": self.issuer,
            "name": "council account",
            "client_id": CLIENT_ID,
            "secret": CLIENT_SECRET,
            "settings": {"server_url": self.issuer},
        }
        council = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**council, "APPS": [app]}}


@contextmanager
def serve_provider(redirect_uri: str) -> Iterator[OpenIDProvider]:
    """Start the provider for a client with this redirect address, and stop it afterwards."""
    port = spare_port()
    command = [sys.executable, "scripts/node.py", "node", "tests/oidc/provider.js", str(port), redirect_uri]
    process = subprocess.Popen(  # noqa: S603 (our own script, our own words)
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said = ""
        for line in process.stdout:
            said += line
            if line == "ready\n":
                break
        assert said.endswith("ready\n"), said
        yield OpenIDProvider(f"http://127.0.0.1:{port}")
    finally:
        # It ends with its standard input: the program between us and it would not hand a signal on.
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()
