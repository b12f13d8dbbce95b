import socket

import pytest

from community_map import mail
from community_map.models import OutboxMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_mail_server(settings):
    """A mail server's address where nobody listens: a real refusal, not a pretended one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"


def test_a_mail_leaves_after_the_transaction_and_once(django_capture_on_commit_callbacks, mailoutbox):
    with django_capture_on_commit_callbacks(execute=True):
        row = mail.queue_mail("a@example.org", "Published:\r\nBcc: b@example.org", "Thank you")
        assert mailoutbox == []

    mail.send_outbox()

    assert [(sent.to, sent.subject) for sent in mailoutbox] == [
        (["a@example.org"], "Published: Bcc: b@example.org")
    ]
    row.refresh_from_db()
    assert (row.attempts, row.last_error, row.sent_at is None) == (1, "", False)


def test_what_could_not_be_sent_waits_and_goes_later(
    django_capture_on_commit_callbacks, no_mail_server, settings, mailoutbox
):
    with django_capture_on_commit_callbacks(execute=True):
        row = mail.queue_mail("a@example.org", "Published", "Thank you")
    row.refresh_from_db()
    assert (row.sent_at, row.attempts, "refused" in row.last_error) == (None, 1, True)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail.send_outbox() == (1, 0)

    assert len(mailoutbox) == 1


def test_a_mail_is_not_tried_for_ever(no_mail_server):
    OutboxMail.objects.create(to="a@example.org", subject="Published", body="", attempts=mail.MAX_ATTEMPTS)

    assert mail.send_outbox() == (0, 0)
