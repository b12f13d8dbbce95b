from django.conf import settings
from django.utils.functional import SimpleLazyObject

from community_map import access
from community_map.http.storage import is_style_built
from community_map.models import Portal


def portal(request) -> dict:
    """Give every template the portal's row, and staff templates what the signed-in person may do."""
    context = {
        "portal": SimpleLazyObject(Portal.load),
        "style_is_built": is_style_built(),
        "site_url": settings.SITE_URL,
        "signup_is_open": bool(settings.SIGNUP_DOMAINS),
        "single_sign_on": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "is_public": getattr(request, "is_public", True),
    }
    if not context["is_public"]:
        context["is_contributor"] = SimpleLazyObject(lambda: access.is_contributor(request.user))
        context["may_open_admin"] = SimpleLazyObject(lambda: access.may_open_admin(request.user))
        context["is_moderator"] = SimpleLazyObject(lambda: access.is_moderator(request.user))
    return context
