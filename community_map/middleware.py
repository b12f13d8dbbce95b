"""What is public and what is staff's is told by the address, and nothing else."""

from django.conf import settings
from django.utils.cache import patch_cache_control

# Every address under these needs the session (sending a story, for its form's token); all others are public and
# never see a cookie.
WITH_SESSION = ("/staff/", "/accounts/", "/admin/", "/api/v1/staff/", "/toolkit/stories/new/")


def has_session(path: str) -> bool:
    """Does this address belong to signed-in people? All other addresses are public."""
    return path.startswith(WITH_SESSION)


class PublicOrStaffMiddleware:
    """Public requests lose their cookies before anything can read them; staff answers are never stored.

    So a page that residents share cannot depend on who asks, and cannot set a cookie either.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.is_public = not has_session(request.path_info)
        if request.is_public:
            request.COOKIES = {}
            request.META.pop("HTTP_COOKIE", None)
            request.META.pop("HTTP_AUTHORIZATION", None)
        response = self.get_response(request)
        if not request.is_public:
            response.headers["Cache-Control"] = "private, no-store"
        elif "Cache-Control" not in response.headers:
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
