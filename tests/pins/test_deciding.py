"""What a decision leaves behind, whole: the mail as it is read, the decisions in their order, the audit log."""

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from community_map.models import AuditEntry, OutboxMail
from pins import actions
from pins.models import Decision, Pin, Visibility
from tests.factories import make_contributor, make_moderator, make_pin, make_portal

pytestmark = pytest.mark.django_db
SENTENCES = {
    "publish": ("Published: Choir", "Your pin “Choir” has been checked and published. Thank you."),
    "return": ("Changes needed: Choir", "Your pin “Choir” needs changes before we can publish it."),
    "decline": ("Not published: Choir", "Your pin “Choir” has not been published."),
    "archive": ("Removed from the map: Choir", "Your pin “Choir” has been removed from the map."),
}


def decide(pin, kind: str, **how) -> int:
    return actions.decide(
        Pin.objects.filter(pk=pin.pk), kind, by=how.pop("by", None) or make_moderator(), **how
    )


@pytest.mark.parametrize("kind", SENTENCES)
def test_the_author_reads_what_was_decided_why_and_where(kind):
    portal = make_portal()
    pin = make_pin("Choir", status="submitted", author=make_contributor("author@example.org"))

    assert decide(pin, kind, reason=" Choose the library. ") == 1

    [mail] = OutboxMail.objects.all()
    subject, sentence = SENTENCES[kind]
    reason = ["", "Reason: Choose the library."] if kind != "publish" else []
    address = f"{settings.SITE_URL}/staff/pins/{pin.public_id}/"
    team = f"{portal.team_name}, {portal.council_name}"
    assert (mail.to, mail.subject) == ("author@example.org", subject)
    assert mail.body.split("\n") == [sentence, *reason, "", address, "", team, portal.mailbox]


def test_an_author_who_may_not_open_the_pin_any_more_is_sent_no_address():
    author = make_contributor()
    pin = make_pin("Choir", status="submitted", author=author)
    author.groups.clear()

    decide(pin, "archive")

    [mail] = OutboxMail.objects.all()
    assert str(pin.public_id) not in mail.body


@pytest.mark.parametrize("kind", ["publish", "archive"])
def test_where_there_is_no_reason_none_is_told(kind):
    decide(make_pin(status="submitted"), kind)

    [mail] = OutboxMail.objects.all()
    assert "Reason" not in mail.body


@pytest.mark.parametrize(
    ("kind", "starts"),
    [
        ("publish", ["submitted"]),
        ("return", ["submitted"]),
        ("decline", ["submitted"]),
        ("archive", ["submitted", "published"]),
    ],
)
def test_each_decision_starts_from_its_own_states_and_leads_to_one(kind, starts):
    pins = [
        make_pin(status=status) for status in ("submitted", "published", "returned", "declined", "archived")
    ]
    before = [pin.status for pin in pins]
    leads_to = {"publish": "published", "return": "returned", "decline": "declined", "archive": "archived"}[
        kind
    ]

    assert actions.decide(Pin.objects.all(), kind, by=make_moderator(), reason="So.") == len(starts)

    for pin in pins:
        pin.refresh_from_db()
    assert [pin.status for pin in pins] == [leads_to if was in starts else was for was in before]


def test_many_are_decided_in_the_order_of_their_keys():
    """Two moderators who decide many at once lock them in one order, or each would wait for the other."""
    pins = [make_pin(status="submitted") for _number in range(4)]

    actions.decide(Pin.objects.order_by("?"), "publish", by=make_moderator())

    assert list(Decision.objects.order_by("pk").values_list("pin_id", flat=True)) == [pin.pk for pin in pins]


def test_a_decision_is_written_with_who_why_and_when_and_into_the_log():
    pin, moderator = make_pin(status="submitted"), make_moderator()
    before = timezone.now()

    decide(pin, "return", by=moderator, reason=f"Ring 01632 960001. {'x' * 200}")

    decision, entry, pin = Decision.objects.get(), AuditEntry.objects.get(), Pin.objects.get()
    assert (decision.kind, decision.by, decision.details_kept) == ("return", moderator, ["phone"])
    assert (entry.kind, entry.subject) == ("decision", f"pin {pin.public_id}")
    assert entry.details == {"decision": "return"}
    record = pin.history.first()
    assert (record.history_user, record.history_change_reason) == (moderator, decision.reason[:100])
    assert (pin.version, pin.published_at, pin.merged_into) == (2, None, None)
    decide(make_pin(status="submitted", pk=None), "publish")
    assert Pin.objects.get(status="published").published_at >= before


def test_a_stale_page_decides_nothing_and_the_right_one_does():
    pin = make_pin(status="submitted")

    with pytest.raises(actions.StaleVersion):
        decide(pin, "publish", version=pin.version + 1)
    assert decide(pin, "publish", version=pin.version) == 1


def test_a_reason_that_was_begun_before_publishing_is_kept_nowhere():
    decide(make_pin(status="submitted"), "publish", reason="I was going to return it.")

    assert Decision.objects.get().reason == ""


@pytest.mark.parametrize("kind", ["return", "decline"])
def test_these_need_a_reason_and_the_author_gets_no_mail_without_one(kind):
    with pytest.raises(ValidationError):
        decide(make_pin(status="submitted"), kind, reason=" ")

    assert not OutboxMail.objects.exists()


def test_one_that_may_not_be_decided_stops_all_the_others():
    moderator = make_moderator()
    make_pin(status="submitted")
    make_pin(status="submitted", author=moderator)

    with pytest.raises(PermissionDenied):
        actions.decide(Pin.objects.all(), "publish", by=moderator)

    assert set(Pin.objects.values_list("status", flat=True)) == {"submitted"}
    assert not Decision.objects.exists() and not OutboxMail.objects.exists()


@pytest.mark.parametrize(
    ("fields", "is_noted"),
    [
        ({"visibility": Visibility.TEAM}, True),
        ({"visibility": Visibility.STAFF}, False),
        ({"visibility": Visibility.PUBLIC}, False),
    ],
)
def test_who_opens_a_team_only_pin_of_somebody_else_is_noted(fields, is_noted):
    pin = make_pin(**fields)

    actions.note_view(pin, by=pin.created_by)
    assert not AuditEntry.objects.exists()
    actions.note_view(pin, by=make_moderator())
    assert AuditEntry.objects.filter(kind="view", subject=f"pin {pin.public_id}").exists() is is_noted
