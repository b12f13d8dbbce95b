"""The admin page of everything that is drafted, previewed, published and retired."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map.admin.site import PolicyAdmin
from community_map.privacy.history import history_of
from toolkit import actions
from toolkit.admin.forms import PublishableForm
from toolkit.admin.markdown import MarkdownField
from toolkit.models import CaseStudy, Page, PublicationStatus

NOT_TOLD = frozenset({"version", "last_updated"})
MOST_REMARKS_TOLD = 5


class ReviewFilter(admin.SimpleListFilter):
    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("due", _("Due"))]

    def queryset(self, request, queryset):
        if self.value() == "due":
            return queryset.filter(status=PublicationStatus.PUBLISHED, review_due__lte=timezone.localdate())
        return queryset


class PublishableAdmin(PolicyAdmin, admin.ModelAdmin):
    """What all of them share: status in words, preview, history with restore, publish and retire."""

    form = PublishableForm
    change_form_template = "admin/toolkit/change_form.html"
    actions = ("publish", "retire")
    list_per_page = 50
    save_on_top = True
    publishing = (
        gettext_lazy("Publishing"),
        {"fields": ("status", "publish_at", "review_due", "read_version")},
    )
    # The Markdown of the thing, and whether the page has a heading above each text.
    markdown: dict[str, bool] = {}

    # --- list ---

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, thing) -> str:
        return thing.state

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        self._change_status(request, queryset, PublicationStatus.PUBLISHED, _("Published: %d."))

    @admin.action(description=gettext_lazy("Retire (hide from readers)"), permissions=["change"])
    def retire(self, request, queryset):
        self._change_status(request, queryset, PublicationStatus.RETIRED, _("Retired: %d."))

    def _change_status(self, request, queryset, status: PublicationStatus, sentence: str) -> None:
        try:
            number = actions.change_status(queryset, status, by=request.user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, sentence % number)

    def response_action(self, request, queryset):
        # Django asks the database for what was ticked, whatever that is; a forged key would be a server error.
        ticked = [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if is_key(key)]
        request.POST = request.POST.copy()
        request.POST.setlist(ACTION_CHECKBOX_NAME, ticked)
        return super().response_action(request, queryset)

    # --- writing and saving ---

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.markdown:
            is_under_heading = self.markdown[db_field.name]
            return db_field.formfield(form_class=MarkdownField, is_under_heading=is_under_heading)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change) -> None:
        actions.prepare(obj, changed=set(form.changed_data))
        super().save_model(request, obj, form, change)
        if isinstance(obj, Page | CaseStudy):
            actions.keep_address(obj, was=form.slug_was)
        for remark in form.remarks[:MOST_REMARKS_TOLD]:
            messages.warning(request, remark)

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        actions.publish_edition()

    # --- one thing ---

    def get_urls(self):
        wrap, name = self.admin_site.admin_view, self.opts.model_name
        return [
            path("<int:object_id>/preview/", wrap(self.preview_view), name=f"toolkit_{name}_preview"),
            path(
                "<int:object_id>/restore/<int:history_id>/",
                wrap(self.restore_view),
                name=f"toolkit_{name}_restore",
            ),
            *super().get_urls(),
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        thing = self.get_object(request, object_id) if object_id else None
        if thing:
            extra_context = {
                **(extra_context or {}),
                "thing": thing,
                "entries": history_of(thing, left_out=NOT_TOLD),
                "restore_name": f"admin:toolkit_{self.opts.model_name}_restore",
                **self.context_of(thing),
            }
        return super().changeform_view(request, object_id, form_url, extra_context)

    def context_of(self, thing) -> dict:
        """What else the page of one thing shows."""
        return {}

    def preview_view(self, request, object_id: int):
        """What has no public page of its own has no preview either."""
        thing = self.row_to_change(request, object_id)
        return redirect(f"admin:toolkit_{self.opts.model_name}_change", thing.pk)

    def restore_view(self, request, object_id: int, history_id: int):
        """Bring back the texts of an earlier version; where and whether it is shown stays as it is."""
        thing = self.row_to_change(request, object_id)
        record = get_object_or_404(thing.history, history_id=history_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with transaction.atomic():
            restore(thing, record)
        messages.success(
            request,
            _("The version from %(when)s has been restored.")
            % {"when": describe_moment(record.history_date)},
        )
        return redirect(f"admin:toolkit_{self.opts.model_name}_change", thing.pk)

    def history_view(self, request, object_id, extra_context=None):
        return redirect(f"admin:toolkit_{self.opts.model_name}_change", object_id)


def restore(thing, record) -> None:
    """Give a thing the texts that this record of its history has, as a change of its own."""
    many = {field.name for field in thing._meta.many_to_many}
    for name in set(thing.TEXTS) - many:
        field = thing._meta.get_field(name)
        setattr(thing, field.attname, getattr(record, field.attname))
    actions.prepare(thing, changed=set(thing.TEXTS))
    thing._change_reason = _("Restored from %(when)s") % {"when": describe_moment(record.history_date)}
    for name in set(thing.TEXTS) & many:
        related = thing._meta.get_field(name).related_model
        target = thing._meta.get_field(name).m2m_reverse_field_name()
        keys = getattr(record, name).values_list(f"{target}_id", flat=True)
        getattr(thing, name).set(related.objects.filter(pk__in=list(keys)))
    thing.save()
    actions.publish_edition()


def describe_moment(moment) -> str:
    """Return a date and time as people write it: 3 May 2026, 14:05."""
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def is_key(text: str) -> bool:
    """May this be the key of a row? No database has one of twenty digits."""
    return text.isascii() and text.isdecimal() and len(text) < 19
