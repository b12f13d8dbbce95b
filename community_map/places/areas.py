"""Which areas is a point in, how far is it outside the outline: asked of Shapely at write time only.

Shapes are read from the database once and kept in the process until a boundary changes.
"""

import math
from dataclasses import dataclass

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely import STRtree
from shapely.geometry import MultiPolygon, Point, shape
from shapely.ops import nearest_points

from community_map import geo
from community_map.cached import Cached
from community_map.geo import Position, PositionError
from community_map.models import Area, Place, Portal

NEAREST_PLACE_METRES = 1_500


@dataclass(frozen=True)
class Shapes:
    """The current areas and the outline, ready to be asked."""

    area_ids: tuple[int, ...]
    set_ids: tuple[int, ...]
    polygons: tuple
    tree: STRtree
    outline: MultiPolygon | None

    def ids_at(self, position: Position) -> list[int]:
        """Return the ids of the areas that hold the point, at most one a boundary set.

        Areas are in order of their code, so a point on a shared edge goes to the lowest code.
        """
        point = Point(position.longitude, position.latitude)
        found: dict[int, int] = {}
        for index in sorted(self.tree.query(point, predicate="intersects")):
            found.setdefault(self.set_ids[index], self.area_ids[index])
        return list(found.values())


_cached: Cached[Shapes] = Cached()


def shapes() -> Shapes:
    """Return today's shapes, read again only after a boundary or the outline has changed."""
    portal = Portal.load()
    state = Area.objects.current().aggregate(Count("pk"), Max("pk"), Max("updated_at"))
    version = (portal.outline_id, *state.values(), timezone.localdate())
    return _cached.get(version, lambda: _read_shapes(portal.outline_id))


def _read_shapes(outline_id: int | None) -> Shapes:
    inner = list(
        Area.objects.current()
        .exclude(pk=outline_id)
        .exclude(boundary_set__kind="outline")
        .order_by("code", "pk")
    )
    polygons = tuple(shape(row.geometry) for row in inner)
    outline_row = Area.objects.filter(pk=outline_id).first() if outline_id else None
    return Shapes(
        area_ids=tuple(row.pk for row in inner),
        set_ids=tuple(row.boundary_set_id for row in inner),
        polygons=polygons,
        tree=STRtree(polygons),
        outline=shape(outline_row.geometry) if outline_row else None,
    )


def metres_outside(position: Position) -> int:
    """Return how many metres the point lies outside the portal's outline; 0 inside it, or where there is none."""
    outline = shapes().outline
    point = Point(position.longitude, position.latitude)
    if outline is None or outline.intersects(point):
        return 0
    edge, _point = nearest_points(outline, point)
    return max(1, math.ceil(geo.distance_metres(edge.x, edge.y, point.x, point.y)))


class OutsideError(PositionError):
    """The position is outside the portal's outline. `swapped` is set when longitude and latitude look exchanged."""

    def __init__(self, sentence: str, metres: int, swapped: Position | None) -> None:
        super().__init__(sentence)
        self.metres = metres
        self.swapped = swapped


def check_inside(position: Position) -> None:
    """Raise OutsideError, with a sentence saying how far, unless the point is inside the outline."""
    metres = metres_outside(position)
    if metres == 0:
        return
    swapped = None
    if -90 <= position.longitude <= 90:
        other = Position(position.latitude, position.longitude)
        swapped = other if metres_outside(other) == 0 else None
    shown = {"far": describe_distance(metres), "place": Portal.load().place_name}
    sentence = _("That is %(far)s outside %(place)s. Choose a place inside it.") % shown
    if swapped:
        sentence += " " + _("You may have swapped longitude and latitude.")
    raise OutsideError(sentence, metres, swapped)


def describe_distance(metres: float) -> str:
    """Return a distance as people say it: 80 metres, 1.2 km, 340 km."""
    if metres < 1000:
        rounded = max(1, round(metres)) if metres < 10 else round(metres / 10) * 10
        if rounded == 1:
            return _("1 metre")
        if rounded < 1000:
            return _("%(number)d metres") % {"number": rounded}
    km = metres / 1000
    number = f"{km:.1f}".removesuffix(".0") if km < 10 else f"{km:,.0f}"
    return _("%(number)s km") % {"number": number}


def move_inside(position: Position) -> Position:
    """Return the point itself if it is inside the outline, else the nearest point of the outline, a little inside."""
    outline = shapes().outline
    point = Point(position.longitude, position.latitude)
    if outline is None or outline.intersects(point):
        return position
    edge, _point = nearest_points(outline, point)
    inner = outline.buffer(-0.0001)
    if not inner.is_empty:
        edge, _point = nearest_points(inner, point)
    return Position(round(edge.x, geo.DECIMALS), round(edge.y, geo.DECIMALS))


def nearest_place(position: Position, within_metres: float = NEAREST_PLACE_METRES) -> Place | None:
    """Return the nearest place of the gazetteer that is not a postcode, or None when none is that close."""
    x, y = position.mercator
    reach = geo.mercator_units(within_metres, position.latitude)
    around = Place.objects.exclude(kind__in=Place.POSTCODE_KINDS).filter(
        mercator_x__range=(x - reach, x + reach), mercator_y__range=(y - reach, y + reach)
    )
    measured = [
        (geo.distance_metres(position.longitude, position.latitude, p.longitude, p.latitude), p.pk, p)
        for p in around
    ]
    closest = min(measured, default=None, key=lambda item: item[:2])
    return closest[2] if closest and closest[0] <= within_metres else None


def describe(area_names: list[str], near: str | None) -> str:
    """Return where something is, as far as it is known: 'in Hendon, near Hendon Central'. Never invented."""
    parts = []
    if area_names:
        parts.append(_("in %(areas)s") % {"areas": ", ".join(area_names)})
    if near:
        parts.append(_("near %(place)s") % {"place": near})
    return ", ".join(parts)


def describe_position(position: Position) -> str:
    """Return where a point is, in words, as far as the boundaries and the gazetteer know."""
    names = Area.objects.filter(pk__in=shapes().ids_at(position)).values_list("name", flat=True)
    near = nearest_place(position)
    return describe(list(names), near.name if near else None)
