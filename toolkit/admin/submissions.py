"""What readers send: stories, which wait for an editor, and whether pages were useful."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from community_map.admin.site import PolicyAdmin
from toolkit import actions
from toolkit.models import Feedback, Story


@admin.register(Story)
class StoryAdmin(PolicyAdmin, admin.ModelAdmin):
    """Nothing of a story is edited: it is declined, or becomes a draft case study that is."""

    change_form_template = "admin/toolkit/story.html"
    list_display = ("title", "place_in_words", "status", "sent_at", "sent_by")
    list_filter = ("status",)
    list_select_related = ("sent_by",)
    search_fields = ("title", "text", "place_in_words")
    fields = (
        "title",
        "text",
        "place_in_words",
        "name",
        "email",
        "sent_by",
        "sent_at",
        "status",
        "case_study",
    )
    readonly_fields = fields
    actions = None

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:object_id>/decide/", wrap(self.decide_view), name="toolkit_story_decide"),
            *super().get_urls(),
        ]

    def decide_view(self, request, object_id: int):
        """Make a draft case study of the story, or put it aside."""
        story = self.row_to_change(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            if request.POST.get("decision") == "use":
                case_study = actions.make_case_study(story, by=request.user)
                messages.success(
                    request, _("We have created this draft case study. The story has not changed.")
                )
                return redirect("admin:toolkit_casestudy_change", case_study.pk)
            if request.POST.get("decision") == "decline":
                actions.decline_story(story, by=request.user)
                messages.success(request, _("The story is marked as not used."))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        return redirect("admin:toolkit_story_change", story.pk)

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:toolkit_story_change", object_id)


@admin.register(Feedback)
class FeedbackAdmin(PolicyAdmin, admin.ModelAdmin):
    list_display = ("address", "is_useful", "sentence", "sent_at")
    list_filter = ("is_useful", ("sentence", admin.EmptyFieldListFilter))
    search_fields = ("address", "sentence")
    date_hierarchy = "sent_at"
    show_full_result_count = False

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:toolkit_feedback_change", object_id)
