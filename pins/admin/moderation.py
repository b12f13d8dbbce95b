"""Moderating in admin: deciding one pin from its page or many from the list, and merging a duplicate."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community_map import access
from community_map.models import Portal
from community_map.privacy import personal_details
from community_map.text import clean_text
from pins import actions, search
from pins.forms.fields import number_of
from pins.models import Decision, Pin, SearchWord, Status

MOST_FOUND = 20
NAMES = {
    Decision.Kind.PUBLISH: gettext_lazy("Publish"),
    Decision.Kind.RETURN: gettext_lazy("Return to the author"),
    Decision.Kind.DECLINE: gettext_lazy("Decline"),
    Decision.Kind.ARCHIVE: gettext_lazy("Archive"),
}


def reasons_for(kind: str, portal: Portal) -> list[str]:
    """Return the portal's sentences to start a reason from."""
    text = {
        Decision.Kind.RETURN: portal.return_templates,
        Decision.Kind.DECLINE: portal.decline_templates,
    }.get(kind, "")
    return [line.strip() for line in text.splitlines() if line.strip()]


def reason_of(request) -> str:
    """Return the chosen template and what was typed below it, as clean text of 1,000 characters at most."""
    parts = (clean_text(request.POST.get(name, ""), keep_lines=True) for name in ("template", "reason"))
    return "\n".join(part for part in parts if part)[:1000]


def check_reason(request, reason: str) -> None:
    """Raise ValidationError where the reason looks personal, unless the moderator chose to keep it."""
    hits = personal_details.find(reason)
    if hits and "keep_details" not in request.POST:
        what = ", ".join(f"{personal_details.NAMES[hit.kind]} ({hit.text})" for hit in hits)
        raise ValidationError(
            _("This looks like %(what)s. Change it, or tick the box below to keep it.") % {"what": what}
        )


def decide_one(model_admin, request, pin: Pin):
    """Answer the decide form of a pin's page."""
    kind = request.POST.get("decision", "")
    if kind not in NAMES:
        raise PermissionDenied(_("You cannot make that decision."))
    reason = reason_of(request)
    try:
        check_reason(request, reason)
        number = actions.decide(
            Pin.objects.visible_to(request.user).filter(pk=pin.pk),
            kind,
            by=request.user,
            reason=reason,
            version=number_of(request.POST.get("version")),
        )
    except ValidationError as error:
        return _ask_again(model_admin, request, [pin], kind, " ".join(error.messages), reason)
    except PermissionDenied as error:
        return _ask_again(model_admin, request, [pin], kind, str(error), reason, status=403)
    if number == 0 and _agreed_by(request.user, [pin]):
        messages.success(
            request,
            _("You agreed to publish “%(name)s”. A second moderator can now publish it.")
            % {"name": pin.name},
        )
    elif number == 0:
        pin.refresh_from_db()
        messages.warning(
            request,
            _("Someone else has already made a decision about “%(name)s”. Its status is now: %(status)s.")
            % {"name": pin.name, "status": pin.get_status_display()},
        )
    else:
        messages.success(
            request,
            _("%(decision)s: “%(name)s”.") % {"decision": Decision.Kind(kind).label, "name": pin.name},
        )
    if "and_next" in request.POST:
        following = Pin.objects.visible_to(request.user).waiting().exclude(pk=pin.pk).first()
        if following:
            return redirect("admin:pins_pin_change", following.pk)
        messages.info(request, _("No more pins to check."))
        return redirect("admin:pins_pin_changelist")
    return redirect("admin:pins_pin_change", pin.pk)


def decide_many(model_admin, request, queryset, kind: str):
    """Admin action: decide the chosen pins, asking for a reason first where one is needed."""
    portal = Portal.load()
    rows = list(queryset.select_related("created_by"))
    own = [pin for pin in rows if not access.may_decide(request.user, pin, portal)]
    chosen = queryset.exclude(pk__in=[pin.pk for pin in own])
    if own:
        names = ", ".join(pin.name for pin in own[:5])
        messages.warning(
            request,
            _(
                "You cannot make decisions about pins that you sent yourself. "
                "Another moderator has to check: %(names)s."
            )
            % {"names": names},
        )
    asks = kind != Decision.Kind.PUBLISH
    if asks and "reason" not in request.POST:
        return _ask_again(model_admin, request, rows, kind, "", "", status=200)
    reason = reason_of(request)
    try:
        check_reason(request, reason)
        number = actions.decide(chosen, kind, by=request.user, reason=reason)
    except ValidationError as error:
        return _ask_again(model_admin, request, rows, kind, " ".join(error.messages), reason)
    done = ngettext("%(number)d pin: %(decision)s.", "%(number)d pins: %(decision)s.", number)
    messages.success(request, done % {"number": number, "decision": Decision.Kind(kind).label})
    agreed = _agreed_by(request.user, rows) if kind == Decision.Kind.PUBLISH else 0
    if agreed:
        words = ngettext(
            "%(number)d pin needs a second moderator.", "%(number)d pins need a second moderator.", agreed
        )
        messages.info(request, words % {"number": agreed})
    left = len(rows) - len(own) - number - agreed
    if left:
        messages.info(
            request,
            ngettext(
                "%(number)d pin was not changed, because its status does not allow this.",
                "%(number)d pins were not changed, because their status does not allow this.",
                left,
            )
            % {"number": left},
        )
    return HttpResponseRedirect(request.get_full_path())


def _agreed_by(user, pins: list[Pin]) -> int:
    """Return how many of these wait for a second moderator after this one's agreement."""
    agreed = Decision.objects.filter(kind=Decision.Kind.AGREE, by=user, pin_version=F("pin__version"))
    return agreed.filter(pin__in=pins, pin__status=Status.SUBMITTED).count()


def _ask_again(model_admin, request, pins: list[Pin], kind: str, error: str, reason: str, status: int = 422):
    """Show the page that asks for the reason, with what was typed."""
    single = "decision" in request.POST
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": NAMES[kind],
        "pins": pins,
        "kind": kind,
        "error": error,
        "reason": reason,
        "templates": reasons_for(kind, Portal.load()),
        "looks_personal": bool(personal_details.find(reason)),
        "needs_reason": kind in Decision.NEEDS_REASON,
        "single": single,
        "version": request.POST.get("version", ""),
        "back": reverse("admin:pins_pin_change", args=[pins[0].pk]) if single else request.get_full_path(),
        "action_name": request.POST.get("action", ""),
        "and_next": "and_next" in request.POST,
    }
    return TemplateResponse(request, "admin/pins/pin/reason.html", context, status=status)


def merge_page(model_admin, request, pin: Pin):
    """Answer the merge page of a pin, which its moderator may change."""
    others = model_admin.get_queryset(request).filter(status__in=actions.ON_THE_MAP).exclude(pk=pin.pk)
    chosen = request.POST.get("into") or request.GET.get("into")
    into = others.filter(pk=number_of(chosen)).first()
    error, status = "", 200
    if request.method == "POST":
        error, status = _merge(request, pin, into)
        if not error:
            messages.success(request, _("“%(name)s” has been merged with this pin.") % {"name": pin.name})
            return redirect("admin:pins_pin_change", into.pk)
    words = clean_text(request.GET.get("q", ""))[:100]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Merge with another pin"),
        "pin": pin,
        "q": words,
        "found": search.matching(others, words, among=others, part=SearchWord.Part.NAME)[:MOST_FOUND],
        "into": into,
        "plan": actions.plan_merge(pin, into) if into else None,
        "ticked": request.POST.getlist("move"),
        "author_knows": into and Pin.objects.visible_to(pin.created_by).filter(pk=into.pk).exists(),
        "reason": reason_of(request),
        "looks_personal": bool(personal_details.find(reason_of(request))),
        "error": error,
    }
    return TemplateResponse(request, "admin/pins/pin/merge.html", context, status=status)


def _merge(request, pin: Pin, into: Pin | None) -> tuple[str, int]:
    """Carry the merge out; return what is wrong with it, and the status that says so."""
    reason = reason_of(request)
    try:
        if into is None:
            raise ValidationError(_("Choose another pin that is on the map or waiting to be checked."))
        check_reason(request, reason)
        actions.merge(
            pin,
            into,
            by=request.user,
            reason=reason,
            state=request.POST.get("state", ""),
            ticked=frozenset(request.POST.getlist("move")),
        )
    except actions.StaleVersion as stale:
        return " ".join(stale.messages), 409
    except ValidationError as refused:
        return " ".join(refused.messages), 422
    except PermissionDenied as refused:
        return str(refused), 403
    return "", 200
