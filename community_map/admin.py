"""What administrators configure: the portal's row, people, services, words, boundaries and places."""

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community_map import access, audit, person_data
from community_map.admin_site import PolicyAdmin
from community_map.models import (
    Approach,
    Area,
    AuditEntry,
    BoundarySet,
    Initiative,
    OutboxMail,
    Place,
    Portal,
    Service,
    User,
)

# Roles are names that the policy knows: renaming one would lock its people out. A user's page gives them.
admin.site.unregister(Group)


@admin.register(Portal)
class PortalAdmin(PolicyAdmin, admin.ModelAdmin):
    """The one row: its list opens it."""

    raw_id_fields = ("outline",)
    fieldsets = (
        (None, {"fields": ("council_name", "portal_name", "place_name", "team_name", "mailbox", "is_demo")}),
        (_("Texts"), {"fields": ("introduction", "map_help", "privacy_text", "accessibility_text")}),
        (
            _("Policies"),
            {
                "fields": (
                    "moderators_decide_own_pins",
                    "sensitive_pins_need_two",
                    "shows_services",
                    "count_threshold",
                )
            },
        ),
        (_("Reasons to start from"), {"fields": ("return_templates", "decline_templates")}),
        (_("Map"), {"fields": ("outline", "west", "south", "east", "north")}),
    )

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        name = "change" if Portal.objects.exists() else "add"
        args = [Portal.ONLY_ID] if name == "change" else []
        return HttpResponseRedirect(reverse(f"admin:community_map_portal_{name}", args=args))

    def has_add_permission(self, request) -> bool:
        return super().has_add_permission(request) and not Portal.objects.exists()


@admin.register(Service, Approach, Initiative)
class WordAdmin(PolicyAdmin, admin.ModelAdmin):
    list_display = ("name", "order", "is_retired")
    list_filter = ("is_retired",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(BoundarySet)
class BoundarySetAdmin(PolicyAdmin, admin.ModelAdmin):
    list_display = ("name", "kind", "valid_from", "valid_to", "is_illustrative")
    readonly_fields = ("kind",)


@admin.register(Area)
class AreaAdmin(PolicyAdmin, admin.ModelAdmin):
    list_display = ("name", "code", "boundary_set")
    list_filter = ("boundary_set",)
    list_select_related = ("boundary_set",)
    search_fields = ("name", "code")
    fields = ("name", "slug", "code", "boundary_set", "longitude", "latitude")
    readonly_fields = ("code", "boundary_set", "longitude", "latitude")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("geometry")


@admin.register(Place)
class PlaceAdmin(PolicyAdmin, admin.ModelAdmin):
    list_display = ("name", "kind", "longitude", "latitude")
    list_filter = ("kind",)
    search_fields = ("name",)
    list_per_page = 50
    show_full_result_count = False


@admin.register(OutboxMail)
class OutboxMailAdmin(PolicyAdmin, admin.ModelAdmin):
    list_display = ("subject", "to", "created_at", "sent_at", "attempts", "last_error")
    list_filter = (("sent_at", admin.EmptyFieldListFilter),)


@admin.register(AuditEntry)
class AuditEntryAdmin(PolicyAdmin, admin.ModelAdmin):
    """For administrators to read; the database itself refuses changes."""

    list_display = ("at", "kind", "actor_id", "subject", "details")
    list_filter = ("kind", "at")
    search_fields = ("=actor_id", "subject")
    list_per_page = 100
    show_full_result_count = False


class OneAddressEach:
    """Form mixin: an e-mail address is one person's, whatever its capitals, and is stored in small letters."""

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Someone with this e-mail address already exists."))
        return email


class PartnersApart:
    """Form mixin: a team is the council's or a partner's. Partners see all of their team's pins and connections."""

    def clean(self) -> dict:
        cleaned = super().clean()
        service, groups = cleaned.get("service"), cleaned.get("groups")
        if service is None or groups is None:
            return cleaned
        partners = Q(groups__name=access.PARTNERS)
        is_partner = any(group.name == access.PARTNERS for group in groups)
        others = service.users.filter(is_active=True).exclude(pk=self.instance.pk)
        if is_partner and others.exclude(partners).exists():
            self.add_error(
                "service",
                _(
                    "This team has members of the council's staff. Give partners an organisation of their own."
                ),
            )
        if not is_partner and others.filter(partners).exists():
            self.add_error(
                "service", _("This organisation is a partner's. Choose one of the council's teams.")
            )
        return cleaned


class ChangeUserForm(PartnersApart, OneAddressEach, UserChangeForm):
    pass


class NewUserForm(PartnersApart, OneAddressEach, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)
        field_classes = {}


@admin.register(User)
class UserAdmin(PolicyAdmin, DjangoUserAdmin):
    """People who sign in. Someone who leaves is made inactive, never deleted: their pins keep their author."""

    form = ChangeUserForm
    add_form = NewUserForm
    list_display = ("email", "name", "service", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "groups", "service")
    list_select_related = ("service",)
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("other_services", "groups")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "service", "other_services")}),
        (_("May do"), {"fields": ("is_active", "is_staff", "groups", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "email",
                    "name",
                    "service",
                    "other_services",
                    "usable_password",
                    "password1",
                    "password2",
                    "is_staff",
                    "groups",
                )
            },
        ),
    )

    actions = ("take_second_factor_away", "export_person", "erase_person")

    @admin.action(description=_("Export everything held about a person"))
    def export_person(self, request, queryset):
        user = self._chosen(request, queryset)
        if user is None:
            return None
        found = person_data.export(person_data.Person(user.email, user), by=request.user)
        answer = JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})
        answer.headers["Content-Disposition"] = f'attachment; filename="person-{user.pk}.json"'
        return answer

    @admin.action(description=_("Erase everything held about a person …"))
    def erase_person(self, request, queryset):
        """Say what would be erased, and erase it once that has been confirmed."""
        user = self._chosen(request, queryset)
        if user is None:
            return None
        person, is_confirmed = person_data.Person(user.email, user), "confirmed" in request.POST
        try:
            counts = person_data.erase(person, by=request.user, dry_run=not is_confirmed)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return None
        if is_confirmed:
            self.message_user(request, _("Erased. What is left is a number."), messages.SUCCESS)
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
            self.message_user(request, _("Tick one person at a time."), messages.ERROR)
        elif people[0] == request.user and request.POST.get("action") == "erase_person":
            self.message_user(request, _("Nobody erases themselves: ask a colleague."), messages.ERROR)
        else:
            return people[0]
        return None

    @admin.action(description=_("Take the second step of signing in away (a lost phone)"))
    def take_second_factor_away(self, request, queryset) -> None:
        if not access.is_administrator(request.user):
            raise PermissionDenied
        count = queryset.filter(authenticator__isnull=False).distinct().count()
        Authenticator.objects.filter(user__in=queryset).delete()
        message = ngettext("%(count)d person has none now.", "%(count)d people have none now.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)

    def save_model(self, request, obj, form, change) -> None:
        known = User.objects.filter(pk=obj.pk).first()
        form.roles_before = audit.roles_of(known) if known else []
        super().save_model(request, obj, form, change)
        obj.vouch_for_email()

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        audit.record_roles(form.instance, form.roles_before, by=request.user)

    def user_change_password(self, request, id, form_url=""):
        # The parent's own check asks permission rows; the policy is asked here.
        if not access.is_administrator(request.user):
            return super().changelist_view(request)
        return super().user_change_password(request, id, form_url)
