"""What runs in the background, for administrators to see."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community_map import access, jobs, outbox
from community_map.admin.site import PolicyAdmin
from community_map.models import Job, OutboxMail


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


class StateFilter(admin.SimpleListFilter):
    """Emails by what has become of them."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request, model_admin) -> list:
        return [("waiting", _("Waiting")), ("sent", _("Sent")), ("given-up", _("Given up"))]

    def queryset(self, request, queryset):
        if self.value() == "waiting":
            return queryset.unsent()
        if self.value() == "sent":
            return queryset.exclude(sent_at=None)
        return queryset.exclude(given_up_at=None) if self.value() == "given-up" else queryset


@admin.register(OutboxMail)
class OutboxMailAdmin(PolicyAdmin, admin.ModelAdmin):
    """The outbox: what has gone, what waits and why, and what was given up."""

    list_display = ("subject", "to", "created_at", "state", "attempts", "last_error")
    list_filter = (StateFilter,)
    fields = (
        *("subject", "to", "created_at", "state", "text"),
        *("send_after", "sent_at", "given_up_at", "try_until", "attempts", "last_error"),
    )
    readonly_fields = ("state", "text")
    actions = ("send_again",)

    @admin.display(description=_("status"))
    def state(self, mail) -> str:
        if mail.sent_at:
            return _("Sent")
        if mail.given_up_at:
            return _("Given up")
        if mail.send_after <= timezone.now():
            return _("Waiting")
        until = date_format(timezone.localtime(mail.send_after), "j F Y, H:i")
        return _("Waiting until %(time)s") % {"time": until}

    @admin.display(description=_("text"))
    def text(self, mail) -> str:
        if mail.is_secret:
            return _("Not shown. It contains a code or link for signing in, and is deleted once it is sent.")
        return mail.body

    @admin.action(description=_("Send again"))
    def send_again(self, request, queryset) -> None:
        if not access.is_administrator(request.user):
            raise PermissionDenied
        count = outbox.send_again(queryset)
        message = ngettext(
            "%(count)d email will be sent again in the next few seconds.",
            "%(count)d emails will be sent again in the next few seconds.",
            count,
        )
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
        if left := queryset.count() - count:
            sentence = ngettext(
                "%(count)d email was left as it is. You can only send again what was given up, and not codes "
                "or links for signing in.",
                "%(count)d emails were left as they are. You can only send again what was given up, and not "
                "codes or links for signing in.",
                left,
            )
            self.message_user(request, sentence % {"count": left}, messages.WARNING)
