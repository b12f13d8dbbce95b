"""Deciding a pin: publish, return, decline or archive it. Only this and merging.py move a pin."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community_map import access
from community_map.models import Portal, User
from community_map.privacy import audit, personal_details
from pins.actions.storing import StaleVersion
from pins.actions.telling import mail_author
from pins.models import Decision, Pin, Status

# A pin in one of these is on somebody's map.
ON_THE_MAP = (Status.SUBMITTED, Status.PUBLISHED)
# Which status may each decision start from, and where does it lead? A merge needs a second pin: see merging.py.
STARTS_FROM = {
    Decision.Kind.PUBLISH: (Status.SUBMITTED,),
    Decision.Kind.RETURN: (Status.SUBMITTED,),
    Decision.Kind.DECLINE: (Status.SUBMITTED,),
    Decision.Kind.ARCHIVE: ON_THE_MAP,
}
LEADS_TO = {
    Decision.Kind.PUBLISH: Status.PUBLISHED,
    Decision.Kind.RETURN: Status.RETURNED,
    Decision.Kind.DECLINE: Status.DECLINED,
    Decision.Kind.ARCHIVE: Status.ARCHIVED,
    Decision.Kind.MERGE: Status.ARCHIVED,
}


@transaction.atomic
def decide(pins, kind: str, *, by: User, reason: str = "", version: int | None = None) -> int:
    """Publish, return, decline or archive the pins among these that this can start from; return how many there were.

    One transaction, with decision, history and mail. Rows are locked in primary-key order, so two moderators
    cannot overwrite each other. Where two moderators have to publish, the first one's agreement is recorded, and
    the pin waits for another. Raises ValidationError where a reason is missing, PermissionDenied unless the policy
    lets `by` decide each of them, and StaleVersion when a `version` is given and a pin has another one: what was
    read is not what would be decided.
    """
    # Publishing takes no reason: one that was begun before thinking again is not sent.
    reason = "" if kind == Decision.Kind.PUBLISH else reason.strip()
    if kind in Decision.NEEDS_REASON and not reason:
        raise ValidationError(_("Enter a reason. We will send it to the author."))
    portal = Portal.load()
    chosen = pins.order_by("pk").values_list("pk", flat=True)
    locked = Pin.objects.filter(pk__in=list(chosen), status__in=STARTS_FROM[kind]).order_by("pk")
    decided = 0
    for pin in locked.select_for_update(of=("self",)).select_related("created_by"):
        check_may_decide(pin, by=by, portal=portal, version=version)
        if kind == Decision.Kind.PUBLISH and not _may_be_the_last(pin, by, portal):
            continue
        move(pin, kind, by=by, reason=reason)
        _tell_author(pin, kind, reason, portal)
        decided += 1
    return decided


def check_may_decide(pin: Pin, *, by: User, portal: Portal, version: int | None) -> None:
    """Raise StaleVersion or PermissionDenied where this moderator may not decide the locked pin as it is now."""
    if version is not None and pin.version != version:
        raise StaleVersion(
            _("Someone has changed “%(name)s” since you opened it. Check it again before you decide.")
            % {"name": pin.name}
        )
    if not access.may_decide(by, pin, portal):
        raise PermissionDenied(
            _("You sent “%(name)s” yourself, so another moderator has to check it.") % {"name": pin.name}
        )


def agreement_to(pin: Pin) -> Decision | None:
    """Return the first moderator's agreement to publish the pin as it is now, if there is one."""
    agreed = pin.decisions.filter(kind=Decision.Kind.AGREE, pin_version=pin.version)
    return agreed.select_related("by").first()


def _may_be_the_last(pin: Pin, by: User, portal: Portal) -> bool:
    """May this moderator publish the locked pin now? The first of two is noted; the same one again changes nothing."""
    if not access.needs_two(pin, portal):
        return True
    first = agreement_to(pin)
    if first is None:
        Decision.objects.create(pin=pin, kind=Decision.Kind.AGREE, by=by, pin_version=pin.version)
        audit.record(audit.Kind.DECISION, by=by, subject=f"pin {pin.public_id}", decision="agree")
        return False
    return first.by_id != by.pk


def move(pin: Pin, kind: str, *, by: User, reason: str, merged_into: Pin | None = None) -> Decision:
    """Give the locked pin the status that a decision leads to, with its history, decision and audit entry."""
    pin.status = LEADS_TO[kind]
    pin.merged_into = merged_into
    pin.version += 1
    if kind == Decision.Kind.PUBLISH:
        pin.published_at = timezone.now()
    pin._history_user = by
    pin._change_reason = reason[:100]
    pin.save()
    # Whoever wrote the reason was asked, and chose to keep them.
    kept = sorted({hit.kind for hit in personal_details.find(reason)})
    decision = Decision.objects.create(pin=pin, kind=kind, reason=reason, by=by, details_kept=kept)
    audit.record(audit.Kind.DECISION, by=by, subject=f"pin {pin.public_id}", decision=str(kind))
    return decision


def _tell_author(pin: Pin, kind: str, reason: str, portal: Portal) -> None:
    """Mail the decision to the author, with the pin's address if they can still open it."""
    sentence = {
        Decision.Kind.PUBLISH: _("Your pin “%(name)s” has been checked and published. Thank you."),
        Decision.Kind.RETURN: _("Your pin “%(name)s” needs changes before we can publish it."),
        Decision.Kind.DECLINE: _("Your pin “%(name)s” has not been published."),
        Decision.Kind.ARCHIVE: _("Your pin “%(name)s” has been removed from the map."),
    }[kind]
    subject = {
        Decision.Kind.PUBLISH: _("Published: %(name)s"),
        Decision.Kind.RETURN: _("Changes needed: %(name)s"),
        Decision.Kind.DECLINE: _("Not published: %(name)s"),
        Decision.Kind.ARCHIVE: _("Removed from the map: %(name)s"),
    }[kind]
    name = {"name": pin.name}
    knows = Pin.objects.visible_to(pin.created_by).filter(pk=pin.pk).exists()
    mail_author(pin, subject % name, sentence % name, reason, portal, leads_to=pin if knows else None)
