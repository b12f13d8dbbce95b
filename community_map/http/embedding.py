"""Which addresses may stand in a frame on another site: those that say so, and on the sites of EMBED_HOSTS only."""

from functools import wraps

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings


def embeddable(view):
    """Decorator: let the sites of EMBED_HOSTS show this page in a frame. Without any, nobody may."""

    @wraps(view)
    def shown(request, *args, **kwargs):
        hosts = settings.EMBED_HOSTS
        answer = csp_replace({"frame-ancestors": hosts or [NONE]})(view)
        response = answer(request, *args, **kwargs)
        # X-Frame-Options knows no list; browsers that know the policy's do not read it.
        response.xframe_options_exempt = bool(hosts)
        return response

    return shown
