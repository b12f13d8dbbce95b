"""The staff map and list: the same as the public ones, with what staff may see and who is connected."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community_map import areas
from community_map.models import Area
from pins import listing, tiles, vocabulary
from pins.filters import StaffPinFilter, filter_address, filter_names
from pins.models import Connection, Pin, Status
from pins.staff_views import contributor_required

SHOWN = (Status.SUBMITTED, Status.PUBLISHED)


def staff_pins(request):
    """The pins that this person may know of; those that are on the map unless a status is chosen."""
    pins = Pin.objects.visible_to(request.user)
    return pins if request.GET.get("status") else pins.filter(status__in=SHOWN)


@contributor_required
@require_safe
def map_page(request):
    found = StaffPinFilter(request.GET, queryset=staff_pins(request))
    context = {
        "filter": found,
        "tile_url": "/staff/tiles/{z}/{x}/{y}.json",
        "filters": filter_address(request.GET, StaffPinFilter),
        "categories": vocabulary.current().categories,
    }
    if not found.is_valid():
        return render(request, "pins/staff/map.html", context, status=400)
    context["count"] = found.qs.count()
    context["not_drawn"] = found.qs.filter(longitude=None).count()
    return render(request, "pins/staff/map.html", context)


def with_place_in_words(pins) -> list:
    """Give each pin `place_in_words`, from its exact position: for staff only."""
    pins = list(pins)
    for pin in pins:
        near = pin.near.name if pin.near else None
        pin.place_in_words = areas.in_words([area.name for area in pin.areas.all()], near)
    return pins


@contributor_required
@require_safe
def pin_list(request):
    pins = (
        staff_pins(request)
        .select_related("category", "near")
        .prefetch_related(
            Prefetch("areas", Area.objects.defer("geometry")),
            Prefetch("connections", Connection.objects.select_related("service").order_by("service__name")),
        )
    )
    found = StaffPinFilter(request.GET, queryset=pins)
    near = request.GET.get("near", "").strip()[:100]
    context = {"filter": found, "filters": filter_address(request.GET, StaffPinFilter), "near": near}
    if not found.is_valid():
        return render(request, "pins/staff/list.html", {**context, "pins": []}, status=400)
    context["count"] = found.qs.count()
    if near:
        place = listing.place_named(near)
        rows = listing.near_place(found.qs, place, x="mercator_x", y="mercator_y") if place else []
        context |= {"place": place, "searched": True, "pins": with_place_in_words(rows)}
        return render(request, "pins/staff/list.html", context)
    try:
        page = listing.page_after(found.qs, request.GET.get("after", ""))
    except listing.BadKey:
        context |= {
            "pins": [],
            "error": _("That page of the list does not exist. Start again at the first one."),
        }
        return render(request, "pins/staff/list.html", context, status=400)
    context |= {
        "pins": with_place_in_words(page.pins),
        "next_key": page.next_key,
        "is_first": "after" not in request.GET,
    }
    return render(request, "pins/staff/list.html", context)


@contributor_required
@require_safe
def tile(request, z: int, x: int, y: int):
    unknown = set(request.GET) - filter_names(StaffPinFilter)
    if unknown:
        return tiles.refuse(_("Unknown: %(names)s") % {"names": ", ".join(sorted(unknown))[:200]})
    found = StaffPinFilter(request.GET, queryset=staff_pins(request))
    if not found.is_valid():
        return tiles.refuse(
            _("A filter has a value that does not exist: %(names)s") % {"names": ", ".join(found.errors)}
        )
    return tiles.tile_response(tiles.StaffTiles(found.qs), z, x, y)
