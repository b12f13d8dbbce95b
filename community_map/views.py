from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community_map import limits


@require_safe
def accessibility_statement(request):
    return render(request, "pages/accessibility-statement.html")


@require_safe
def privacy(request):
    return render(request, "pages/privacy.html")


@require_safe
def cookies(request):
    return render(request, "pages/cookies.html")


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
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
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
    """Somebody signed in or out in another window while a form stood open: say so, and lead back to it."""
    return render(request, "errors/csrf.html", status=403)


def too_many_requests(request, exception=None):
    return limits.refuse(request, 60)


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def server_error(request):
    sentence = _(
        "What you sent has not been stored. Go back, your answers may still be there, and try again in a few minutes."
    )
    # Without the request: nothing that a page's frame asks the database for may fail here again.
    context = {"heading": _("Sorry, something went wrong"), "sentence": sentence}
    return HttpResponse(render_to_string("errors/plain.html", context), status=500)
