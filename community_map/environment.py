"""How settings are read from the environment or .env: a wrong value stops the start, by name."""

import json
import re
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import get_random_string

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    environ.Env.read_env(BASE_DIR / ".env")


def read_flag(name: str, default: bool) -> bool:
    """Return a yes-or-no setting; django-environ would read 'maybe' as no."""
    value = env.str(name, default="true" if default else "false").strip().lower()
    if value in {"true", "1", "yes", "on"}:
        return True
    if value in {"false", "0", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: use true or false")


def read_number(name: str, default: int, lowest: int = 0) -> int:
    value = env.str(name, default=str(default)).strip()
    if not value.isdecimal() or int(value) < lowest:
        raise ImproperlyConfigured(f"{name}={value!r}: use a whole number of {lowest} or more")
    return int(value)


def read_domains(name: str) -> list[str]:
    """Return a list of email domains, in small letters."""
    domains = [domain.strip().lower() for domain in env.list(name, default=[]) if domain.strip()]
    for domain in domains:
        if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", domain):
            raise ImproperlyConfigured(
                f"{name}: {domain!r} is not a domain; use example.gov.uk,schools.example.gov.uk"
            )
    return domains


def read_issuer(name: str) -> str:
    """Return the address of the OpenID provider, exactly as it writes it itself; empty without single sign-on."""
    issuer = env.str(name, default="")
    parts = urlsplit(issuer)
    is_safe = parts.scheme == "https" or parts.hostname in LOOPBACK_HOSTS
    if issuer and (not is_safe or not parts.hostname or parts.query or parts.fragment):
        raise ImproperlyConfigured(
            f"{name}={issuer!r}: use the provider's https address, exactly as the provider writes it"
        )
    return issuer


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def read_group_roles(name: str) -> dict[str, str]:
    """Return which of the provider's groups stands for which role here."""
    roles = ("Contributors", "Partners", "Moderators", "Editors", "Administrators")
    try:
        mapping = json.loads(env.str(name, default="") or "{}")
    except ValueError:
        mapping = None
    if not isinstance(mapping, dict) or not all(role in roles for role in mapping.values()):
        raise ImproperlyConfigured(
            f'{name}: use {{"name of the group at the provider": "one of {", ".join(roles)}"}}'
        )
    return mapping


def read_origins(name: str) -> list[str]:
    """Return a list of the sites that a policy names, each as https://www.example.gov.uk."""
    origins = [origin.strip().rstrip("/") for origin in env.list(name, default=[]) if origin.strip()]
    for origin in origins:
        if not re.fullmatch(
            r"https://(?:\*\.)?[\w.-]+(?::\d+)?|http://(?:localhost|127\.0\.0\.1)(?::\d+)?", origin
        ):
            raise ImproperlyConfigured(
                f"{name}: {origin!r} is not the address of a site; use https://www.example.gov.uk"
            )
    return origins


def read_contact(name: str) -> str:
    """Return an address to write to, as mailto:… or https://…, or nothing."""
    contact = env.str(name, default="").strip()
    if contact and not re.fullmatch(r"(?:mailto:[^\s@]+@[^\s@]+|https://\S+)", contact):
        raise ImproperlyConfigured(f"{name}={contact!r}: use mailto:security@example.gov.uk or https://…")
    return contact


def read_secret_key(name: str) -> str:
    """Return the key, or the one that was generated on the first start."""
    key = env.str(name, default="")
    if key:
        if len(key) < 50:
            raise ImproperlyConfigured(f"{name}: use at least 50 random characters")
        return key
    path = BASE_DIR / ".secret-key"
    if not path.is_file():
        path.touch(mode=0o600)
        path.write_text(get_random_string(64), encoding="ascii")
        print(f"{name} is not set: generated one in {path.name}, which git ignores.", file=sys.stderr)
    return path.read_text(encoding="ascii").strip()


def keep_private(folder: Path, database: Path) -> None:
    """Make this folder and SQLite's files the owner's alone, whatever the umask says, and before anything is in them."""
    # A folder or file that is somebody else's is theirs to close.
    with suppress(PermissionError):
        folder.mkdir(mode=0o700, exist_ok=True)
        if database.parent.is_dir() and not database.exists():
            # SQLite gives the files that it makes beside this one the same permissions.
            database.touch(mode=0o600)
    beside = [database.with_name(database.name + ending) for ending in ("-wal", "-shm", "-journal")]
    for path in (folder, database, *beside):
        with suppress(PermissionError, FileNotFoundError):
            if path.stat().st_mode & 0o077:
                path.chmod(0o700 if path == folder else 0o600)
