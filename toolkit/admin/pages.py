from django.contrib import admin
from django.db.models import Count, Q
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from toolkit import published, views
from toolkit.admin import markdown
from toolkit.admin.forms import CaseStudyForm
from toolkit.admin.publishing import PublishableAdmin, ReviewFilter
from toolkit.models import CaseStudy, Feedback, Page
from toolkit.page_cache import take_snapshot


class ReadablePageAdmin(PublishableAdmin):
    """What has a public page of its own, and so a preview and feedback."""

    prepopulated_fields = {"slug": ("title",)}
    search_fields = ("title", "summary", "slug")

    def context_of(self, thing) -> dict:
        found = Feedback.objects.filter(address=thing.get_absolute_url())
        return {
            "preview_address": reverse(f"admin:toolkit_{self.opts.model_name}_preview", args=[thing.pk]),
            "feedback_counts": found.aggregate(useful=Count("pk", filter=Q(is_useful=True)), all=Count("pk")),
            "feedback_sentences": found.exclude(sentence="")[:20],
        }

    def preview_view(self, request, object_id: int):
        """Show an unpublished page as readers would see it."""
        thing = self.row_to_change(request, object_id)
        return views.item_response(request, take_snapshot(), published.public_view(thing), preview=thing)


@admin.register(Page)
class PageAdmin(ReadablePageAdmin):
    list_display = ("title", "kind", "level", "state", "last_updated", "review_due")
    list_filter = ("status", ReviewFilter, "kind", "level", "approaches")
    filter_horizontal = ("approaches", "related")
    markdown = {"body": False, "further_reading": True}
    fieldsets = (
        (None, {"fields": ("kind", "title", "slug", "level", "summary", "body", "further_reading")}),
        (_("Related"), {"fields": ("approaches", "related")}),
        PublishableAdmin.publishing,
    )

    def get_urls(self):
        # The preview beside a text; case studies use it too.
        view = self.admin_site.admin_view(markdown.preview)
        return [path("writing/", view, name="toolkit_markdown_preview"), *super().get_urls()]


@admin.register(CaseStudy)
class CaseStudyAdmin(ReadablePageAdmin):
    form = CaseStudyForm
    list_display = ("title", "origin", "place_in_words", "state", "last_updated", "review_due")
    list_filter = ("status", ReviewFilter, "origin", "approaches", "initiative")
    filter_horizontal = ("approaches",)
    markdown = dict.fromkeys(("what_was_done", "what_changed", "what_we_learned", "further_reading"), True)
    fieldsets = (
        (None, {"fields": ("title", "slug", "origin", "period", "summary")}),
        (_("Where"), {"fields": ("place_in_words", "longitude", "latitude")}),
        (_("Text"), {"fields": ("what_was_done", "what_changed", "what_we_learned", "further_reading")}),
        (_("Related"), {"fields": ("approaches", "initiative")}),
        PublishableAdmin.publishing,
    )
