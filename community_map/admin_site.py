from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community_map import access


class PortalAdminSite(admin.AdminSite):
    """Django admin, signed in through allauth like everything else."""

    site_header = _("Community map administration")
    site_title = _("Administration")
    index_title = _("What would you like to do?")
    site_url = "/staff/"
    # The queue needs the width more than a second menu does.
    enable_nav_sidebar = False

    def login(self, request, extra_context=None):
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            return redirect("staff:home")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request, extra_context=None):
        return redirect("account_logout")


class PolicyAdmin:
    """Mixin: what a person may do in admin is asked of community_map.access, not of permission rows."""

    def has_view_permission(self, request, obj=None) -> bool:
        return access.may_in_admin(request.user, access.VIEW, self.model)

    def has_add_permission(self, request, obj=None) -> bool:
        return access.may_in_admin(request.user, access.ADD, self.model)

    def has_change_permission(self, request, obj=None) -> bool:
        return access.may_in_admin(request.user, access.CHANGE, self.model)

    def has_delete_permission(self, request, obj=None) -> bool:
        return access.may_in_admin(request.user, access.DELETE, self.model)

    def has_module_permission(self, request) -> bool:
        return self.has_view_permission(request)
