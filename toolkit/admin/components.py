from django.contrib import admin, messages
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toolkit import actions
from toolkit.admin.publishing import PublishableAdmin, ReviewFilter
from toolkit.models import Prompt, Term, Tool, Voice


class ComponentAdmin(PublishableAdmin):
    """A small thing that pages place by its short name, which therefore stays as it is."""

    list_filter = ("status", ReviewFilter)

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *(("slug",) if obj else ()))

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)


@admin.register(Prompt)
class PromptAdmin(ComponentAdmin):
    list_display = ("question", "kind", "state", "last_updated")
    search_fields = ("question", "slug")
    fieldsets = (
        (None, {"fields": ("question", "slug", "help", "kind", "scale_low", "scale_high")}),
        PublishableAdmin.publishing,
    )


@admin.register(Tool)
class ToolAdmin(ComponentAdmin):
    list_display = ("name", "url", "last_checked", "state")
    search_fields = ("name", "what_for", "url")
    prepopulated_fields = {"slug": ("name",)}
    filter_horizontal = ("approaches",)
    actions = (*PublishableAdmin.actions, "checked_today")
    fieldsets = (
        (None, {"fields": ("name", "slug", "url", "what_for", "last_checked", "approaches")}),
        PublishableAdmin.publishing,
    )

    @admin.action(description=gettext_lazy("Mark links as checked today"), permissions=["change"])
    def checked_today(self, request, queryset):
        number = actions.record_check(queryset, timezone.localdate())
        messages.success(request, _("Links marked as checked: %d.") % number)


@admin.register(Term)
class TermAdmin(ComponentAdmin):
    list_display = ("name", "state", "last_updated")
    search_fields = ("name", "other_names", "definition")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "other_names", "definition")}),
        PublishableAdmin.publishing,
    )


@admin.register(Voice)
class VoiceAdmin(ComponentAdmin):
    change_form_template = "admin/toolkit/voice.html"
    list_display = ("title", "medium", "state", "consent_given_on", "consent_withdrawn_on", "is_illustrative")
    list_filter = ("status", "medium", "is_illustrative")
    search_fields = ("title", "words", "said_by")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("consent_recorded_by",)
    fieldsets = (
        (None, {"fields": ("title", "slug", "words", "said_by", "medium", "media_url", "transcript")}),
        (
            gettext_lazy("Consent"),
            {
                "fields": (
                    "is_illustrative",
                    "consent_given_on",
                    "consent_how",
                    "consent_recorded_by",
                    "consent_withdrawn_on",
                )
            },
        ),
        PublishableAdmin.publishing,
    )

    def save_model(self, request, obj, form, change) -> None:
        if {"consent_given_on", "consent_how"} & set(form.changed_data):
            obj.consent_recorded_by = request.user if obj.consent_given_on else None
        super().save_model(request, obj, form, change)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:object_id>/withdraw/", wrap(self.withdraw_view), name="toolkit_voice_withdraw"),
            *super().get_urls(),
        ]

    def withdraw_view(self, request, object_id: int):
        """Take a voice off at once, because the person does not want it shown any more."""
        voice = self.row_to_change(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        actions.withdraw_consent(voice, by=request.user)
        messages.success(request, _("Consent withdrawn. This voice is no longer published."))
        return redirect("admin:toolkit_voice_change", voice.pk)
