"""Text that only this installation can read again: kept in the database or handed out, but never in clear."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def encrypt(text: str, purpose: str) -> str:
    """Encrypt and sign a text under SECRET_KEY; `purpose` keeps one use's tokens out of another's."""
    return _box(purpose).encrypt(text.encode("utf-8")).decode("ascii")


def decrypt(token: str, purpose: str, max_age: int | None = None) -> str | None:
    """Return the text; None if it was not sealed here for this purpose, or more than `max_age` seconds ago."""
    try:
        return _box(purpose).decrypt(token.encode("utf-8"), ttl=max_age).decode("utf-8")
    except InvalidToken:
        return None


def _box(purpose: str) -> MultiFernet:
    # Keys that SECRET_KEY replaced can still be read, so that changing it locks nobody out.
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (salted_hmac(purpose, "sealing", secret=key, algorithm="sha256").digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
