"""The staff map and list: the same as the public ones, with what staff may see and who is connected."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community_map.models import Area
from community_map.places import areas
from pins import actions, listing, tiles
from pins.filters import staff_filter
from pins.models import Connection, Pin
from pins.staff.guards import contributor_required


def staff_pins(request):
    """The pins that this person may know of; those that are on the map unless a status is chosen."""
    pins = Pin.objects.visible_to(request.user)
    return pins if request.GET.get("status") else pins.filter(status__in=actions.ON_THE_MAP)


@contributor_required
@require_safe
def map_page(request):
    found = staff_filter(request.user)(request.GET, queryset=staff_pins(request))
    context, status = listing.read_map(request.GET, found, longitude="longitude")
    frame = {**tiles.map_addresses("staff"), "layout": "staff/base.html", "heading": _("Staff map")}
    return render(request, "pins/map.html", context | frame, status=status)


def with_place_description(pin: Pin) -> Pin:
    """Give a pin `place_description`, from its exact position: for staff only."""
    near = pin.near.name if pin.near else None
    pin.place_description = areas.describe([area.name for area in pin.areas.all()], near)
    return pin


@contributor_required
@require_safe
def pin_list(request):
    pins = (
        staff_pins(request)
        .select_related("category", "near")
        .prefetch_related(
            Prefetch("areas", Area.objects.defer("geometry")),
            Prefetch(
                "connections",
                Connection.objects.known_to(request.user).select_related("service").order_by("service__name"),
            ),
        )
    )
    found = staff_filter(request.user)(request.GET, queryset=pins)
    context, status = listing.read_list(request.GET, found, row_of=with_place_description)
    frame = {
        "layout": "staff/base.html",
        "title": _("Staff list"),
        "heading": _("Communities that colleagues know"),
        "here": reverse("staff:list"),
        "map_url": reverse("staff:map"),
        "row": "components/staff_pin_row.html",
    }
    return render(request, "pins/list.html", context | frame, status=status)


@contributor_required
@require_safe
def tile(request, z: int, x: int, y: int):
    found = staff_filter(request.user)(request.GET, queryset=staff_pins(request))
    return tiles.filtered_tile(request.GET, found, tiles.StaffTiles, z, x, y, request.user)
