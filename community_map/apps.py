from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class CommunityMapConfig(AppConfig):
    name = "community_map"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_login_failed

        from community_map import digest, housekeeping, outbox  # noqa: F401  (their jobs register themselves)
        from community_map.accounts import sessions
        from community_map.privacy import audit, person_data  # noqa: F401

        # Sign-ins by password, code and single sign-on have only this in common.
        user_logged_in.connect(sessions.begin, dispatch_uid="sessions.begin")
        user_logged_in.connect(audit.signed_in, dispatch_uid="audit.signed_in")
        user_login_failed.connect(audit.sign_in_failed, dispatch_uid="audit.sign_in_failed")


class AdminConfig(SimpleAdminConfig):
    """Django admin with our site, and with our own apps' pages only.

    Autodiscovery would import leaflet.admin, which needs GDAL.
    """

    default_site = "community_map.admin.site.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        for module in ("community_map.admin", "pins.admin", "toolkit.admin"):
            import_module(module)
