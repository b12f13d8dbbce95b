"""What is public and what is staff's is told by the address, and nothing else; and every answer has its headers."""

from django.conf import settings
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin

# Every address under these needs the session (sending a story, for its form's token); all others are public and
# never see a cookie.
WITH_SESSION = ("/staff/", "/accounts/", "/admin/", "/api/v1/staff/", "/toolkit/stories/new/")
# Of those, what opens to people with a role and their second step: not signing in, one's account or public forms.
WITH_ROLE = ("/staff/", "/admin/", "/api/v1/staff/")
# What other people's pages and programs may read from a browser: whole public data sets, never one with a session.
OPEN_DATA = ("/api/v1/", "/map/export.", "/map/feed/", "/map/areas.json", "/toolkit/case-studies.geojson")


def has_session(path: str) -> bool:
    """Does this address belong to signed-in people? All other addresses are public."""
    return path.startswith(WITH_SESSION)


def needs_role(path: str) -> bool:
    """Is this address for people with a role, and not for everybody who is signed in?"""
    return path.startswith(WITH_ROLE)


def is_open_data(path: str) -> bool:
    """May pages of other sites read this address?"""
    return path.startswith(OPEN_DATA) and not has_session(path)


class PublicOrStaffMiddleware(MiddlewareMixin):
    """Public requests lose their cookies before anything can read them; staff answers are never stored.

    So a page that residents share cannot depend on who asks, and cannot set a cookie either. It stands first, so
    that redirects to HTTPS, static files and refusals have the same headers as pages.
    """

    def process_request(self, request) -> None:
        request.is_public = not has_session(request.path_info)
        if request.is_public:
            request.COOKIES = {}
            request.META.pop("HTTP_COOKIE", None)
            request.META.pop("HTTP_AUTHORIZATION", None)

    def process_response(self, request, response):
        if not request.is_public:
            response.headers["Cache-Control"] = "private, no-store"
        elif "Cache-Control" not in response.headers:
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        add_headers(response, is_open=is_open_data(request.path_info))
        return response


def add_headers(response, *, is_open: bool) -> None:
    """Give an answer what Django's own middleware has not given it."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
    headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
    headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
    headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_open else "same-origin")
    if is_open:
        headers.setdefault("Access-Control-Allow-Origin", "*")
