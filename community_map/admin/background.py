"""What runs in the background, for administrators to see."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community_map import access, jobs
from community_map.admin.site import PolicyAdmin
from community_map.models import Job


@admin.register(Job)
class JobAdmin(PolicyAdmin, admin.ModelAdmin):
    """Regular jobs: how each last ran, and when it is next due."""

    list_display = ("label", "finished_at", "seconds", "outcome", "due_at")
    fields = ("label", "name", "started_at", "finished_at", "seconds", "result", "error", "due_at")
    readonly_fields = ("label",)
    actions = ("run_now",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(name__in=jobs.registered)

    @admin.display(description=_("job"), ordering="name")
    def label(self, row) -> str:
        return jobs.registered[row.name].label

    @admin.display(description=_("result"))
    def outcome(self, row) -> str:
        return _("Failed: %(error)s") % {"error": row.error} if row.error else row.result

    @admin.action(description=_("Run now"))
    def run_now(self, request, queryset) -> None:
        if not access.is_administrator(request.user):
            raise PermissionDenied
        count = queryset.update(due_at=timezone.now())
        message = ngettext(
            "%(count)d job will run in the next few seconds.",
            "%(count)d jobs will run in the next few seconds.",
            count,
        )
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
