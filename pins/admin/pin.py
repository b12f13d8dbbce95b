"""The moderation queue and a pin's page in admin."""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community_map import access
from community_map.admin.site import PolicyAdmin
from community_map.models import Area, Portal
from community_map.places import areas
from community_map.privacy.history import history_of
from pins import actions, public_pin, search
from pins.admin.forms import PinAdminForm
from pins.admin.moderation import decide_many, decide_one, merge_page, reasons_for
from pins.drawing import staff_drawing
from pins.forms.fields import number_of
from pins.models import Connection, Decision, Pin, SearchWord, Status, Visibility
from pins.similar import likely_duplicates

# Columns of the history that follow from others, or that mean nothing to a reader.
NOT_TOLD = frozenset(
    {
        "version",
        "updated_at",
        "mercator_x",
        "mercator_y",
        "public_longitude",
        "public_latitude",
        "public_mercator_x",
        "public_mercator_y",
        "near",
        "public_near",
        "loosest_visibility",
        "finest_precision",
        "idempotency_key",
        "details_kept",
        "agreement_at",
        "agreement_by",
    }
)


class StatusFilter(admin.SimpleListFilter):
    """The list opens on what waits."""

    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [*Status.choices, ("all", _("All"))]

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            chosen = self.value() == value or (self.value() is None and value == Status.SUBMITTED)
            yield {
                "selected": chosen,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(status=self.value() or Status.SUBMITTED)


@admin.register(Pin)
class PinAdmin(PolicyAdmin, admin.ModelAdmin):
    form = PinAdminForm
    change_form_template = "admin/pins/pin/change_form.html"
    list_display = (
        "name",
        "category",
        "where",
        "visibility_word",
        "services",
        "created_by",
        "waiting_since",
        "possible_duplicates",
        "status",
    )
    list_display_links = ("name",)
    list_filter = (StatusFilter, "category", "visibility", "areas", "connections__service")
    search_fields = ("created_by__name", "created_by__email")  # and its words: see get_search_results
    ordering = ("submitted_at", "pk")
    list_per_page = 50
    show_full_result_count = False
    actions = ("publish", "return_to_author", "decline", "archive")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "category",
                    "description",
                    "about",
                    "meeting",
                    "web_page",
                    "initiative",
                    "offers",
                )
            },
        ),
        (gettext_lazy("Where"), {"fields": ("longitude", "latitude", "precision", "is_home")}),
        (gettext_lazy("Who can see it"), {"fields": ("visibility", "agreement", "services_agreed")}),
        (
            gettext_lazy("Review"),
            {"fields": ("last_confirmed_at", "review_due", "keep_details", "read_version")},
        ),
    )

    def get_list_display(self, request):
        # Chosen beside the list; only a list of all has more than one of them.
        columns = super().get_list_display(request)
        return columns if request.GET.get(StatusFilter.parameter_name) == "all" else columns[:-1]

    def get_queryset(self, request):
        return (
            Pin.objects.visible_to(request.user)
            .select_related("category", "created_by", "near", "public_near")
            .prefetch_related(
                Prefetch("areas", Area.objects.defer("geometry")),
                Prefetch("connections", Connection.objects.select_related("service")),
            )
        )

    def get_search_results(self, request, queryset, search_term):
        """Find by the words of the pin, or by who sent it."""
        by_author, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return by_author, may_have_duplicates
        found = search.matching(
            queryset, search_term, among=self.get_queryset(request), part=SearchWord.Part.STAFF
        )
        either = Q(pk__in=found.order_by().values("pk")) | Q(pk__in=by_author.order_by().values("pk"))
        return queryset.filter(either), False

    # --- columns of the queue ---

    @admin.display(description=gettext_lazy("area"))
    def where(self, pin: Pin) -> str:
        names = [area.name for area in pin.areas.all()]
        return ", ".join(names) or (_("No single place") if not pin.is_placed else _("No area"))

    @admin.display(description=gettext_lazy("who can see it"), ordering="visibility")
    def visibility_word(self, pin: Pin) -> str:
        return {Visibility.PUBLIC: _("Everyone"), Visibility.STAFF: _("Staff"), Visibility.TEAM: _("Team")}[
            pin.visibility
        ]

    @admin.display(description=gettext_lazy("teams"))
    def services(self, pin: Pin) -> str:
        return ", ".join(connection.service.name for connection in pin.connections.all())

    @admin.display(description=gettext_lazy("sent"), ordering="submitted_at")
    def waiting_since(self, pin: Pin) -> str:
        return _("%(time)s ago") % {"time": timesince(pin.submitted_at)}

    @admin.display(description=gettext_lazy("possible duplicates"))
    def possible_duplicates(self, pin: Pin) -> str:
        links = [
            (reverse("admin:pins_pin_change", args=[match.pin.pk]), match.pin.name)
            for match in pin.duplicates
        ]
        return format_html_join(", ", '<a href="{}"><bdi>{}</bdi></a>', links)

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        shown = request.GET.get(StatusFilter.parameter_name, Status.SUBMITTED)
        changelist.title = _("Pins to check") if shown == Status.SUBMITTED else _("Pins")
        # All rows of the page at once, and only those that wait: each for itself would be a query a row.
        found = likely_duplicates(
            request.user, [p for p in changelist.result_list if p.status == Status.SUBMITTED]
        )
        for pin in changelist.result_list:
            pin.duplicates = found.get(pin.pk, [])
        return changelist

    # --- decisions ---

    def response_action(self, request, queryset):
        # Django asks the database for what was ticked, whatever that is; a forged key would be a server error.
        ticked = [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if number_of(key)]
        request.POST = request.POST.copy()
        request.POST.setlist(ACTION_CHECKBOX_NAME, ticked)
        return super().response_action(request, queryset)

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        return decide_many(self, request, queryset, Decision.Kind.PUBLISH)

    @admin.action(description=gettext_lazy("Return to the author…"), permissions=["change"])
    def return_to_author(self, request, queryset):
        return decide_many(self, request, queryset, Decision.Kind.RETURN)

    @admin.action(description=gettext_lazy("Decline…"), permissions=["change"])
    def decline(self, request, queryset):
        return decide_many(self, request, queryset, Decision.Kind.DECLINE)

    @admin.action(description=gettext_lazy("Archive…"), permissions=["change"])
    def archive(self, request, queryset):
        return decide_many(self, request, queryset, Decision.Kind.ARCHIVE)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:object_id>/decide/", wrap(self.decide_view), name="pins_pin_decide"),
            path("<int:object_id>/merge/", wrap(self.merge_view), name="pins_pin_merge"),
            *super().get_urls(),
        ]

    def _pin_to_change(self, request, object_id: int) -> Pin:
        # Asked first: whether there is such a pin is told only to those who may change it.
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=object_id)

    def decide_view(self, request, object_id: int):
        pin = self._pin_to_change(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return decide_one(self, request, pin)

    def merge_view(self, request, object_id: int):
        return merge_page(self, request, self._pin_to_change(request, object_id))

    # --- one pin ---

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        pin = self.get_object(request, object_id) if object_id else None
        if pin:
            actions.note_view(pin, by=request.user)
            extra_context = {**(extra_context or {}), **self.context_of(request, pin)}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def context_of(self, request, pin: Pin) -> dict:
        portal = Portal.load()
        may_decide = access.may_decide(request.user, pin, portal)
        return {
            "pin": pin,
            "drawing": staff_drawing(pin),
            "where": areas.describe([a.name for a in pin.areas.all()], pin.near.name if pin.near else None),
            "connections": list(
                pin.connections.select_related("service").prefetch_related("approaches", "known_by")
            ),
            "answers": list(pin.answers.all()),
            "decisions": list(pin.decisions.select_related("by")),
            "merged_pins": list(pin.merged_pins.order_by("pk")),
            "public_view": public_pin.preview(pin),
            "duplicates": likely_duplicates(request.user, [pin])[pin.pk]
            if pin.status == Status.SUBMITTED
            else [],
            "entries": history_of(pin, left_out=NOT_TOLD),
            "may_decide": may_decide,
            "why_not": ""
            if may_decide
            else _("You sent this pin yourself, so another moderator has to check it."),
            "waits": pin.status == Status.SUBMITTED,
            "needs_two": access.needs_two(pin, portal),
            "agreed": actions.agreement_to(pin) if access.needs_two(pin, portal) else None,
            "on_the_map": pin.status in actions.ON_THE_MAP,
            "return_reasons": reasons_for(Decision.Kind.RETURN, portal),
            "decline_reasons": reasons_for(Decision.Kind.DECLINE, portal),
        }

    def save_model(self, request, obj, form, change) -> None:
        # A stale version has been refused by the form, which holds the lock that the action takes again.
        actions.change_pin(obj, form.position, by=request.user, version=form.cleaned_data["read_version"])

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:pins_pin_change", object_id)
