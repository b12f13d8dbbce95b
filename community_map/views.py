from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community_map.accounts import form_recovery
from community_map.http import limits
from community_map.http.middleware import WITH_SESSION
from community_map.http.same_origin import is_from_our_page
from community_map.models import Portal

SECURITY_TXT_HOLDS = timedelta(days=300)


@require_safe
def accessibility_statement(request):
    return render(request, "pages/accessibility-statement.html")


@require_safe
def privacy(request):
    kept = {
        "inactive": settings.DEACTIVATE_ACCOUNT_DAYS,
        "erased": settings.ERASE_ACCOUNT_DAYS,
        "story": settings.KEEP_STORY_ADDRESS_DAYS,
    }
    return render(request, "pages/privacy.html", {"retention": kept})


@require_safe
def cookies(request):
    return render(request, "pages/cookies.html")


@require_safe
def security_txt(request):
    """Whom to tell of a weakness (RFC 9116). Its date is reckoned anew each day, so that it never runs out."""
    contact = settings.SECURITY_CONTACT or f"mailto:{Portal.load().mailbox}"
    expires = datetime.combine(timezone.now().date() + SECURITY_TXT_HOLDS, time(), tzinfo=UTC)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def robots_txt(request):
    """Search engines read what is public; a demonstration is not for them."""
    closed = ["/"] if Portal.load().is_demo else [*WITH_SESSION, "/map/tiles/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request):
    """The database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("the database is not responding\n", content_type="text/plain", status=503)
    if missing:
        return HttpResponse("migrations are missing\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        return limits.too_large(request)
    return render(request, "errors/400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "errors/403.html", {"reason": str(exception) if exception else ""}, status=403)


def csrf_failure(request, reason=""):
    """Somebody signed in or out in another window while a form stood open: say so, and lead back to it.

    A form that anybody may send has no owner to keep its answers for: its view shows them again (`show_again`).
    """
    show_again = getattr(request.resolver_match and request.resolver_match.func, "show_again", None)
    if show_again and is_from_our_page(request):
        return show_again(request)
    is_kept = not request.is_public and form_recovery.keep(request)
    return render(request, "errors/csrf.html", {"is_kept": is_kept}, status=403)


def too_many_requests(request, exception=None):
    return limits.refuse(request, 60)


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def server_error(request):
    sentence = _(
        "Your answers have not been saved. Go back and try again in a few minutes. Your answers may still be there."
    )
    # Without the request: nothing that a page's frame asks the database for may fail here again.
    context = {"heading": _("Sorry, something went wrong"), "sentence": sentence}
    return HttpResponse(render_to_string("errors/plain.html", context), status=500)
