"""One-click answers without a cookie: a post is taken from our own pages only, which the browser itself vouches for.

The one place in which Django's check by cookie is set aside. Browsers write Origin and Sec-Fetch-Site themselves;
a page elsewhere cannot choose them. A post with neither is refused.
"""

from functools import wraps
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt


def is_from_our_page(request) -> bool:
    """Does the browser say that one of our own pages has sent this?"""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is None and origin is None:
        return False
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return True
    parts = urlsplit(origin)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def same_origin_post(view):
    """Refuse a post that does not come from our own pages; other methods pass."""

    @csrf_exempt
    @wraps(view)
    def checked(request, *args, **kwargs):
        if request.method == "POST" and not is_from_our_page(request):
            raise PermissionDenied(_("This form was not sent from one of our pages. Go back and try again."))
        return view(request, *args, **kwargs)

    return checked
