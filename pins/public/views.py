"""Public pages of the map. Pins come from Pin.objects.public() and from nowhere else."""

from django.conf import settings
from django.db.models import Max
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely.geometry import mapping, shape

from community_map.http.embedding import embeddable
from community_map.http.limits import PLACES_TIMES, limited_search
from community_map.models import Area, Portal
from pins import listing, public_pin, tiles
from pins.drawing import public_drawing
from pins.filters import PublicPinFilter
from pins.models import Merge, Pin

LATEST = 6
SIMPLER = 0.0004  # degrees by which an outline may differ from the true one: about 40 m


@require_safe
def home(request):
    latest = public_pin.with_rows(Pin.objects.public()).order_by("-published_at", "-pk")[:LATEST]
    return render(request, "home.html", {"latest": [public_pin.row_of(pin) for pin in latest]})


def _show_map(request, **page):
    """Answer with the map; `page` is what differs in the map for other sites."""
    found = PublicPinFilter(request.GET, queryset=Pin.objects.public())
    context, status = listing.read_map(request.GET, found, longitude="public_longitude")
    if status == 200:
        context["changed"] = Pin.objects.public().aggregate(last=Max("published_at"))["last"]
    frame = {**tiles.map_addresses("pins"), "layout": "base.html", "heading": _("Map of communities")}
    return render(request, "pins/map.html", context | frame | page, status=status)


def _show_list(request, **page):
    """Answer with the list; `page` is what differs in the list for other sites."""
    found = PublicPinFilter(request.GET, queryset=public_pin.with_rows(Pin.objects.public()))
    context, status = listing.read_list(request.GET, found, row_of=public_pin.row_of)
    frame = {
        "layout": "base.html",
        "title": _("List of communities"),
        "heading": _("Communities"),
        "here": reverse("pins:list"),
        "map_url": reverse("pins:map"),
        "row": "components/pin_row.html",
    }
    return render(request, "pins/list.html", context | frame | page, status=status)


@limited_search("map")
@require_safe
def map_page(request):
    return _show_map(request)


@limited_search("list")
@require_safe
def pin_list(request):
    return _show_list(request)


def _embedded(shows: str, **addresses: str) -> dict:
    """What differs in a page for a frame on another site: its layout, and that its own links stay in the frame."""
    names = {key: reverse(f"pins:{name}") for key, name in addresses.items()}
    return {"layout": "pins/embed.html", "canonical": settings.SITE_URL + reverse(f"pins:{shows}"), **names}


@embeddable
@limited_search("map")
@require_safe
def map_embed(request):
    """The map for a frame on another site: nothing to sign in to, nothing to send."""
    return _show_map(request, **_embedded("map", here="embed", list_url="embed-list"))


@embeddable
@limited_search("list")
@require_safe
def list_embed(request):
    return _show_list(request, **_embedded("list", here="embed-list", map_url="embed"))


@require_safe
def pin_detail(request, public_id):
    pin = public_pin.public_pin(public_id)
    if pin is None:
        target = Merge.objects.public_target(public_id)
        if target is None:
            raise Http404
        return redirect(target, permanent=True)
    return render(request, "pins/pin.html", {"pin": pin, "drawing": public_drawing(pin)})


@require_safe
def tile(request, z: int, x: int, y: int):
    found = PublicPinFilter(request.GET, queryset=Pin.objects.public())
    return tiles.filtered_tile(request.GET, found, tiles.PublicTiles, z, x, y)


@limited_search("places", times=PLACES_TIMES)
@require_safe
def places(request):
    """The gazetteer search of the public map."""
    return listing.answer_places(request)


@require_safe
def area_outlines(request):
    """The outlines of one kind of area as GeoJSON, a little simpler than they are: ?set=outline, ?set=ward."""
    kind = request.GET.get("set", "outline")[:40]
    rows = Area.objects.current().filter(boundary_set__kind=kind)
    if kind == "outline":
        rows = Area.objects.filter(pk=Portal.load().outline_id)
    features = [
        {
            "type": "Feature",
            "properties": {"name": row.name, "slug": row.slug},
            "geometry": mapping(shape(row.geometry).simplify(SIMPLER)),
        }
        for row in rows
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )
