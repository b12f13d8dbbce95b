from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community_map import access, names


class PortalAdminSite(admin.AdminSite):
    """Django admin, signed in through allauth like everything else."""

    site_header = _("Community map administration")
    site_title = _("Administration")
    index_title = _("What would you like to do?")
    site_url = "/staff/"
    # The queue needs the width more than a second menu does.
    enable_nav_sidebar = False

    def has_permission(self, request) -> bool:
        return access.may_open_admin(request.user)

    def get_urls(self) -> list:
        # Django's short cut to an object's own page asks nobody's leave, and tells the address of any row.
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]

    def login(self, request, extra_context=None):
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            return redirect("staff:home")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request, extra_context=None):
        return redirect("account_logout")


class NamedAdmin:
    """Mixin for rows whose names stand in the search text of others: see community_map.names."""

    def save_model(self, request, obj, form, change) -> None:
        with names.changing(*([obj] if change and "name" in form.changed_data else [])):
            super().save_model(request, obj, form, change)

    def delete_model(self, request, obj) -> None:
        with names.changing(obj):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset) -> None:
        with names.changing(*queryset):
            super().delete_queryset(request, queryset)


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

    def row_to_change(self, request, object_id: int):
        """Return a row. Whether there is one is told only to those who may change it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=object_id)

    def view_on_site(self, obj) -> str | None:
        """Return the address that "View on site" leads to, without Django's short cut."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def lookup_allowed(self, lookup, value, request) -> bool:
        """Allow what the list's own filters offer; any other column could be guessed letter by letter."""
        filters = self.get_list_filter(request)
        if lookup in {its.parameter_name for its in filters if hasattr(its, "parameter_name")}:
            return True
        columns = [its[0] if isinstance(its, tuple) else its for its in filters if not isinstance(its, type)]
        offered = [name for name in (self.date_hierarchy, *columns) if name]
        is_offered = any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        return is_offered and super().lookup_allowed(lookup, value, request)

    def history_view(self, request, object_id, extra_context=None):
        # Django looks the row up first, and answers otherwise where there is none.
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)
