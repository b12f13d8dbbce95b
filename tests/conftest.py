"""Settings that only tests have."""

import pytest


def pytest_configure(config):
    from django.conf import settings

    # Fast on purpose: tests make hundreds of users, and none of their passwords guards anything.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Most tests of admin are not about how one got there; test_second_factor.py is.
    settings.SECOND_FACTOR = False
    # Tests ask for more in a second than any reader; test_limits.py is about how much is too much.
    settings.PUBLIC_REQUESTS_PER_MINUTE = 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def plain_static_names(settings):
    """Pages name their files as they are in the tree: tests need no collectstatic."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def fresh_process():
    """What a process keeps for a while must not reach the next test."""
    from community_map import limits
    from pins import vocabulary
    from toolkit import reading, shelf

    vocabulary.forget()
    shelf.forget()
    reading.forget()
    limits.forget()
