"""Categories, questions and the other words of the pin form, and connections."""

from django import forms
from django.contrib import admin, messages
from django.utils.translation import ngettext

from community_map.admin.site import NamedAdmin, PolicyAdmin
from pins import actions, search
from pins.admin.forms import ConnectionAdminForm
from pins.models import Category, Connection, LessHeardGroup, Offer, Question


@admin.register(Category)
class CategoryAdmin(NamedAdmin, PolicyAdmin, admin.ModelAdmin):
    list_display = (
        "name",
        "shape",
        "colour",
        "default_visibility",
        "default_precision",
        "is_sensitive",
        "is_retired",
    )
    prepopulated_fields = {"slug": ("name",)}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "colour":
            kwargs["widget"] = forms.TextInput(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change) -> None:
        super().save_model(request, obj, form, change)
        if change and (tightened := actions.apply_limits(obj, by=request.user)):
            messages.warning(
                request,
                ngettext(
                    "%(number)d pin was made less public to match the new limits.",
                    "%(number)d pins were made less public to match the new limits.",
                    tightened,
                )
                % {"number": tightened},
            )


@admin.register(Question)
class QuestionAdmin(PolicyAdmin, admin.ModelAdmin):
    list_display = ("label", "kind", "category", "is_required", "is_public", "is_retired", "order")
    list_filter = ("is_retired", "category", "kind")
    list_select_related = ("category",)


@admin.register(Offer, LessHeardGroup)
class VocabularyAdmin(PolicyAdmin, admin.ModelAdmin):
    list_display = ("name", "order", "is_retired")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Connection)
class ConnectionAdmin(PolicyAdmin, admin.ModelAdmin):
    form = ConnectionAdminForm
    list_display = ("pin", "service", "kind", "last_worked", "updated_at")
    list_filter = ("kind", "service")
    search_fields = ("pin__name",)
    list_select_related = ("pin", "service")
    fields = (
        "pin",
        "service",
        "kind",
        "approaches",
        "what_worked",
        "last_worked",
        "known_by",
        "keep_details",
    )
    readonly_fields = ("pin", "service")
    filter_horizontal = ("approaches", "known_by")

    def save_model(self, request, obj, form, change) -> None:
        super().save_model(request, obj, form, change)
        search.write([obj.pin_id])

    def has_add_permission(self, request, obj=None) -> bool:
        # A connection belongs to a service and a pin that stay as they are: it is added in the staff area.
        return False
