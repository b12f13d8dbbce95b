"""The map's data, one tile at a time: at most 64 features, two queries, whatever the number of pins."""

from uuid import UUID

from django.db.models import Avg, Count, F, Max, Min, Prefetch, Q, QuerySet
from django.http import JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from community_map import geo
from pins import vocabulary
from pins.models import Connection
from pins.public_pin import PublicPoint, point_of

CELLS = 3  # 2**3 by 2**3 cells in a tile
CLOSE = 18  # from this zoom on a small cluster names its members, wherever in the cell they stand
MOST_MEMBERS = 12


class TileSource:
    """Where a tile's features come from: which columns place a pin in a cell, and what is told of a pin."""

    x, y = "mercator_x", "mercator_y"

    def __init__(self, pins: QuerySet, user=None) -> None:
        self.pins = pins
        self.user = user  # whose tile it is; nobody's in public

    def properties(self, pin) -> dict:
        category = vocabulary.current().category_of(pin.category_id)
        return {"id": str(pin.public_id), "name": pin.name, "category": category.slug}

    def position(self, pin) -> list[float]:
        return [pin.longitude, pin.latitude]

    def load(self, pins: QuerySet) -> QuerySet:
        return pins


class PublicTiles(TileSource):
    """Public tiles know public columns only."""

    x, y = "public_mercator_x", "public_mercator_y"

    def properties(self, pin) -> dict:
        point = self._point(pin)
        return {
            "id": str(point.public_id),
            "name": point.name,
            "category": point.category.slug,
            "precision": point.precision.name.lower(),
        }

    def position(self, pin) -> list[float]:
        point = self._point(pin)
        return [point.longitude, point.latitude]

    @staticmethod
    def _point(pin) -> PublicPoint:
        return point_of(pin, vocabulary.current().category_of(pin.category_id))


class StaffTiles(TileSource):
    """Staff tiles show exact positions, status, and who is connected."""

    def properties(self, pin) -> dict:
        return super().properties(pin) | {
            "precision": "exact",
            "status": pin.status,
            "status_words": pin.get_status_display(),
            "services": [connection.service.name for connection in pin.connections.all()],
        }

    def load(self, pins: QuerySet) -> QuerySet:
        known = Connection.objects.known_to(self.user).select_related("service")
        return pins.prefetch_related(Prefetch("connections", known))


def tile_features(source: TileSource, z: int, x: int, y: int) -> list[dict]:
    """Return the GeoJSON features of a tile: pins, and clusters of those that share one of its 64 cells."""
    west, north, east, south = geo.tile_range(z, x, y)
    shift = max(0, geo.GRID_BITS - z - CELLS)
    inside = source.pins.filter(
        **{
            f"{source.x}__gte": west,
            f"{source.x}__lt": east,
            f"{source.y}__gte": north,
            f"{source.y}__lt": south,
        }
    )
    cells = list(
        inside.order_by()
        .annotate(cell_x=F(source.x).bitrightshift(shift), cell_y=F(source.y).bitrightshift(shift))
        .values("cell_x", "cell_y")
        .annotate(
            count=Count("pk"),
            one=Min("pk"),
            mean_x=Avg(source.x),
            mean_y=Avg(source.y),
            spread=Max(source.x) - Min(source.x) + Max(source.y) - Min(source.y),
        )
        .order_by("cell_x", "cell_y")
    )
    named = [cell for cell in cells if cell["count"] > 1 and _names_members(cell, z)]
    wanted = [cell["one"] for cell in cells if cell["count"] == 1]
    pins = _load(source, inside, wanted, named, shift)
    return [_feature(source, cell, pins) for cell in cells]


def _names_members(cell: dict, z: int) -> bool:
    return cell["count"] <= MOST_MEMBERS and (cell["spread"] == 0 or z >= CLOSE)


def _load(source: TileSource, inside: QuerySet, singles: list, named: list, shift: int) -> dict:
    """Return the pins that are drawn or named, by their cell; one query."""
    wanted = Q(pk__in=singles)
    for cell in named:
        west, north = cell["cell_x"] << shift, cell["cell_y"] << shift
        size = 1 << shift
        wanted |= Q(
            **{
                f"{source.x}__range": (west, west + size - 1),
                f"{source.y}__range": (north, north + size - 1),
            }
        )
    if not singles and not named:
        return {}
    found: dict[tuple[int, int], list] = {}
    for pin in source.load(inside.filter(wanted).order_by("name", "pk")):
        cell = (getattr(pin, source.x) >> shift, getattr(pin, source.y) >> shift)
        found.setdefault(cell, []).append(pin)
    return found


def _feature(source: TileSource, cell: dict, pins: dict) -> dict:
    members = pins.get((cell["cell_x"], cell["cell_y"]), [])
    if cell["count"] == 1 and members:
        pin = members[0]
        point, properties = source.position(pin), source.properties(pin)
    else:
        longitude, latitude = geo.from_mercator(float(cell["mean_x"]), float(cell["mean_y"]))
        point = [round(longitude, 6), round(latitude, 6)]
        properties = {"count": cell["count"]}
        if members:
            properties["members"] = [source.properties(pin) for pin in members]
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": point}, "properties": properties}


def filtered_tile(
    data: QueryDict, found, source: type[TileSource], z: int, x: int, y: int, user=None
) -> JsonResponse:
    """Answer with the tile of what a filter finds, as GeoJSON; an unknown tile, name or value is a 400."""
    unknown = set(data) - set(found.filters)
    if unknown:
        return refuse(_("There is no filter called: %(names)s") % {"names": ", ".join(sorted(unknown))[:200]})
    if not found.is_valid():
        return refuse(
            _("These filters have a value that is not valid: %(names)s") % {"names": ", ".join(found.errors)}
        )
    try:
        features = tile_features(source(found.qs, user), z, x, y)
    except ValueError:
        return refuse(_("There is no tile %(tile)s.") % {"tile": f"{z}/{x}/{y}"})
    return JsonResponse(
        {"type": "FeatureCollection", "features": features},
        content_type="application/geo+json",
        json_dumps_params={"separators": (",", ":")},
    )


def map_addresses(namespace: str) -> dict[str, str]:
    """Return the addresses of a map and of its script, where {z}, {x}, {y} and {id} are left to fill in.

    `namespace` is "pins" for the public map and "staff" for the staff map.
    """
    nobody = UUID(int=0)
    return {
        "here": reverse(f"{namespace}:map"),
        "list_url": reverse(f"{namespace}:list"),
        "tile_url": reverse(f"{namespace}:tile", args=(1, 2, 3)).replace("1/2/3", "{z}/{x}/{y}"),
        "pin_url": reverse(f"{namespace}:pin", args=(nobody,)).replace(str(nobody), "{id}"),
    }


def refuse(sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=400)
