"""What administrators configure: the portal's row, services, words, boundaries and places."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community_map.admin.site import NamedAdmin, PolicyAdmin
from community_map.admin.tasks import OffersTasks
from community_map.models import (
    Approach,
    Area,
    AuditEntry,
    BoundarySet,
    Initiative,
    Place,
    Portal,
    Service,
)
from community_map.places import drawing


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
        (_("Standard reasons"), {"fields": ("return_templates", "decline_templates")}),
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
class VocabularyAdmin(NamedAdmin, PolicyAdmin, admin.ModelAdmin):
    list_display = ("name", "order", "is_retired")
    list_filter = ("is_retired",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(BoundarySet)
class BoundarySetAdmin(OffersTasks, PolicyAdmin, admin.ModelAdmin):
    list_display = ("name", "kind", "valid_from", "valid_to", "is_illustrative")
    readonly_fields = ("kind",)


@admin.register(Area)
class AreaAdmin(NamedAdmin, PolicyAdmin, admin.ModelAdmin):
    list_display = ("name", "code", "boundary_set")
    list_filter = ("boundary_set",)
    list_select_related = ("boundary_set",)
    search_fields = ("name", "code")
    fields = ("name", "slug", "code", "boundary_set", "longitude", "latitude", "outline")
    readonly_fields = ("code", "boundary_set", "longitude", "latitude", "outline")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("geometry")

    @admin.display(description=_("where it is"))
    def outline(self, area: Area) -> str:
        others = Area.objects.choosable().filter(boundary_set=area.boundary_set).values_list("pk", flat=True)
        drawn = drawing.draw_areas(
            {**dict.fromkeys(others, 0), area.pk: 3},
            {0: gettext("Other areas in %(name)s") % {"name": area.boundary_set}, 3: gettext("This area")},
            title=gettext("Map of %(name)s") % {"name": area.name},
            description=gettext("The area among the others of its boundary set."),
        )
        if drawn is None:
            return gettext("Not drawn, because its boundary set is not in use today.")
        return render_to_string("components/drawing.html", {"drawing": drawn, "id": "area"})


@admin.register(Place)
class PlaceAdmin(NamedAdmin, PolicyAdmin, admin.ModelAdmin):
    list_display = ("name", "kind", "longitude", "latitude")
    list_filter = ("kind",)
    search_fields = ("name",)
    list_per_page = 50
    show_full_result_count = False


@admin.register(AuditEntry)
class AuditEntryAdmin(PolicyAdmin, admin.ModelAdmin):
    """For administrators to read; the database itself refuses changes."""

    list_display = ("at", "kind", "actor_id", "subject", "details")
    list_filter = ("kind", "at")
    search_fields = ("=actor_id", "subject")
    list_per_page = 100
    show_full_result_count = False
