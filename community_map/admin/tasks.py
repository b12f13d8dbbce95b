"""Long work that people start in admin: a button on the list that it is about, and a page that says how far it is."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from community_map import tasks
from community_map.admin.site import PolicyAdmin
from community_map.models import Task


class OffersTasks:
    """Mixin: buttons above the list start the tasks that are registered for its model. Stands before PolicyAdmin."""

    change_list_template = "admin/offers_tasks.html"

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_start"
        view = self.admin_site.admin_view(self.start_task)
        return [path("start/<slug:kind>/", view, name=name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        offered = tasks.offered_on(self.opts.label_lower) if self.has_change_permission(request) else []
        return super().changelist_view(request, {"tasks": offered, **(extra_context or {})})

    def start_task(self, request, kind: str):
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if kind not in {offered.name for offered in tasks.offered_on(self.opts.label_lower)}:
            raise Http404
        return redirect("admin:community_map_task_change", tasks.start(kind, by=request.user).pk)


@admin.register(Task)
class TaskAdmin(PolicyAdmin, admin.ModelAdmin):
    """What was started, who started it, and how far it is."""

    list_display = ("label", "by", "state", "created_at", "finished_at")
    list_filter = ("state",)
    list_select_related = ("by",)
    fields = ("label", "by", "state", "created_at", "started_at", "finished_at", "result", "error")
    readonly_fields = ("label",)

    @admin.display(description=_("task"), ordering="kind")
    def label(self, row) -> str:
        kind = tasks.registered.get(row.kind)
        return kind.label if kind else row.kind
