"""The page that merges a duplicate: find the pin that stays, see what moves and who could read it, confirm."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from community_map import personal_details
from community_map.text import clean_text
from pins import actions
from pins.admin.decisions import check_reason, number_of, reason_of
from pins.models import Pin

MOST_FOUND = 20


def merge_page(model_admin, request, pin: Pin):
    """Answer the merge page of a pin, which its moderator may change."""
    others = model_admin.get_queryset(request).filter(status__in=actions.ON_THE_MAP).exclude(pk=pin.pk)
    chosen = request.POST.get("into") or request.GET.get("into")
    into = others.filter(pk=number_of(chosen)).first()
    error, status = "", 200
    if request.method == "POST":
        error, status = _merge(request, pin, into)
        if not error:
            messages.success(request, _("“%(name)s” is now part of this pin.") % {"name": pin.name})
            return redirect("admin:pins_pin_change", into.pk)
    words = clean_text(request.GET.get("q", ""))[:100]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Merge with another pin"),
        "pin": pin,
        "q": words,
        "found": others.filter(name__icontains=words)[:MOST_FOUND] if words else [],
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
            raise ValidationError(_("Choose another pin that is on the map or waits to be checked."))
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
