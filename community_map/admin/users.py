"""Users in admin: their roles, their invitation, and what is held about them."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community_map import access
from community_map.accounts import invitations, roles
from community_map.admin.site import PolicyAdmin
from community_map.admin.user_forms import ROLES, ChangeUserForm, NewUserForm
from community_map.models import User
from community_map.privacy import audit, person_data

# Roles are names that the policy knows: renaming one would lock its people out. A user's page gives them.
admin.site.unregister(Group)


class RoleFilter(admin.SimpleListFilter):
    """Users by role, and those whom nobody has given one."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request, model_admin) -> list:
        return [("none", _("No role")), *((name, label) for name, (label, _what) in ROLES.items())]

    def queryset(self, request, queryset):
        value = self.value()
        if value == "none":
            return queryset.filter(is_superuser=False).exclude(groups__name__in=access.GROUPS)
        if value == access.ADMINISTRATORS:
            return queryset.filter(is_superuser=True)
        return queryset.filter(groups__name=value) if value in access.GROUPS else queryset


@admin.register(User)
class UserAdmin(PolicyAdmin, DjangoUserAdmin):
    """People who sign in. Someone who leaves is made inactive, never deleted: their pins keep their author."""

    form = ChangeUserForm
    add_form = NewUserForm
    add_form_template = None
    list_display = ("email", "name", "service", "role_names", "is_active", "last_login")
    list_filter = (RoleFilter, "is_active", "service")
    list_select_related = ("service",)
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("other_services",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "service", "other_services")}),
        (_("Access"), {"fields": ("roles", "is_active")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "service", "other_services", "roles")}),)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def role_names(self, user) -> str:
        held = [str(ROLES[name][0]) for name in roles.held_by(user)]
        return ", ".join(held) if held else format_html("<strong>{}</strong>", _("No role"))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        return form

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj or not settings.OIDC_ISSUER:
            return fieldsets
        description = _(
            "Only add people who do not have a council account. Anyone with a council account is added the first "
            "time they sign in."
        )
        return ((None, {**fieldsets[0][1], "description": description}),)

    def get_urls(self) -> list:
        invite = self.admin_site.admin_view(self.invite)
        return [
            path("<int:object_id>/invite/", invite, name="community_map_user_invite"),
            *super().get_urls(),
        ]

    def invite(self, request, object_id: int):
        """Send the invitation again."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        user = get_object_or_404(User, pk=object_id, is_active=True)
        invitations.invite(user)
        self.log_change(request, user, _("Sent the invitation again."))
        self._say_invited(request, user)
        return redirect("admin:community_map_user_change", user.pk)

    def _say_invited(self, request, user) -> None:
        sentence = _("We have emailed sign-in instructions to %(email)s.") % {"email": user.email}
        messages.success(request, sentence)

    actions = ("turn_off_second_factor", "export_person", "erase_person")

    @admin.action(description=_("Export everything held about a person"))
    def export_person(self, request, queryset):
        user = self._chosen(request, queryset)
        if user is None:
            return None
        found = person_data.export(person_data.Person(user.email, user), by=request.user)
        answer = JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})
        answer.headers["Content-Disposition"] = f'attachment; filename="person-{user.pk}.json"'
        return answer

    @admin.action(description=_("Erase everything held about a person"))
    def erase_person(self, request, queryset):
        """Say what would be erased, and erase it once that has been confirmed."""
        user = self._chosen(request, queryset)
        if user is None:
            return None
        person, is_confirmed = person_data.Person(user.email, user), "confirmed" in request.POST
        try:
            counts = person_data.erase(person, by=request.user, dry_run=not is_confirmed)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return None
        if is_confirmed:
            sentence = _("Everything held about this person has been erased, except their account number.")
            messages.success(request, sentence)
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Erase everything held about a person"),
            "person": user,
            "counts": counts,
        }
        return TemplateResponse(request, "admin/community_map/erase_person.html", context)

    def _chosen(self, request, queryset) -> User | None:
        """Return the one person that was ticked; nobody, with a sentence, where it is more, or oneself."""
        if not access.is_administrator(request.user):
            raise PermissionDenied
        people = list(queryset[:2])
        if len(people) != 1:
            messages.error(request, _("Select one person."))
        elif people[0] == request.user and request.POST.get("action") == "erase_person":
            messages.error(request, _("You cannot erase your own account. Ask another administrator."))
        else:
            return people[0]
        return None

    @admin.action(description=_("Turn off two-step verification (for a lost phone)"))
    def turn_off_second_factor(self, request, queryset) -> None:
        if not access.is_administrator(request.user):
            raise PermissionDenied
        count = queryset.filter(authenticator__isnull=False).distinct().count()
        Authenticator.objects.filter(user__in=queryset).delete()
        message = ngettext(
            "Two-step verification is off for %(count)d person.",
            "Two-step verification is off for %(count)d people.",
            count,
        )
        messages.success(request, message % {"count": count})

    def save_model(self, request, obj, form, change) -> None:
        known = User.objects.filter(pk=obj.pk).first()
        form.roles_before = audit.roles_of(known) if known else []
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        obj.vouch_for_email()

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        user, names = form.instance, form.cleaned_data["roles"]
        roles.give(user, names, by=request.user, before=form.roles_before)
        if not change:
            invitations.invite(user)
            self._say_invited(request, user)
        if not names:
            sentence = _(
                "%(user)s has no role, so they cannot use the staff area yet. Select at least one role."
            )
            messages.warning(request, sentence % {"user": user})

    def user_change_password(self, request, id, form_url=""):
        # The parent's own check asks permission rows; the policy is asked here.
        if not access.is_administrator(request.user):
            return super().changelist_view(request)
        return super().user_change_password(request, id, form_url)
