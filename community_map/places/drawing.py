"""Maps that the server draws itself, as SVG: the outline, areas and places, and what somebody marks on them.

The ground is the same for everyone. What is marked is for whoever draws to decide: nothing here knows pins. A drawing
is plain values; components/drawing.html makes the elements, and the style gives the colours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _
from shapely import clip_by_rect, get_coordinates, get_parts, maximum_inscribed_circle, transform, union_all
from shapely.geometry.base import BaseGeometry

from community_map import geo
from community_map.cached import Cached
from community_map.geo import Position
from community_map.models import Place
from community_map.places import areas
from community_map.places.labels import Label, Labels

# Units of the drawing, about two to a pixel on a phone: fine enough for whole numbers.
WIDTH, HEIGHT = 640, 480
MOST_PLACES, MOST_NEARBY = 200, 3
FINE = 20  # grid units, about 2 m: what no drawing of ours could show
LONGEST_PATH = 2_000  # characters
METRES_PER_MILE = 1609.344
SCALES = ((0.25, "¼"), (0.5, "½"), (1, "1"), (2, "2"), (5, "5"), (10, "10"), (20, "20"), (50, "50"))
SMALL = 90  # an area of this width would hardly be seen under a name
INSET = 132  # the longer side of the small map in the corner


@dataclass(frozen=True)
class Frame:
    """The part of the earth that a drawing shows: its north-western corner, and grid units to a unit of the drawing."""

    west: float
    north: float
    units: float

    def point(self, x: float, y: float) -> tuple[int, int]:
        return round((x - self.west) / self.units), round((y - self.north) / self.units)

    def bounds(self, margin: float = 0) -> tuple[float, float, float, float]:
        """West, north, east and south in grid units, with a margin in units of the drawing."""
        extra = margin * self.units
        east, south = self.west + WIDTH * self.units, self.north + HEIGHT * self.units
        return self.west - extra, self.north - extra, east + extra, south + extra

    @property
    def metres(self) -> float:
        """How many metres a unit of the drawing is, in its middle."""
        _longitude, latitude = geo.from_mercator(self.west, self.north + HEIGHT * self.units / 2)
        return self.units * 1000 / geo.mercator_units(1000, latitude)


def frame_around(position: Position, metres: float) -> Frame:
    """Return the frame of so many metres from side to side around a point."""
    x, y = position.mercator
    units = geo.mercator_units(metres, position.latitude) / WIDTH
    return Frame(x - units * WIDTH / 2, y - units * HEIGHT / 2, units)


def frame_of(geometry: BaseGeometry, margin: float = 24) -> Frame:
    """Return the frame that holds a shape, given in grid units."""
    west, north, east, south = geometry.bounds
    units = max((east - west) / (WIDTH - 2 * margin), (south - north) / (HEIGHT - 2 * margin), 1)
    return Frame((west + east - units * WIDTH) / 2, (north + south - units * HEIGHT) / 2, units)


@dataclass(frozen=True)
class Ground:
    """The outline and the areas in grid units, which every drawing stands on, and the shapes they were made from."""

    shapes: areas.Shapes
    outline: BaseGeometry | None
    areas: dict[int, tuple[str, BaseGeometry]]


_ground: Cached[Ground] = Cached()


def ground() -> Ground:
    """Return today's ground, the same for public and staff: it has nothing on it that anyone put there."""
    shapes = areas.shapes()
    return _ground.get(shapes.version, lambda: _make_ground(shapes))


def _make_ground(shapes: areas.Shapes) -> Ground:
    named = zip(shapes.area_ids, shapes.names, shapes.polygons, strict=True)
    return Ground(
        shapes,
        outline=to_grid(shapes.outline).simplify(FINE) if shapes.outline else None,
        areas={pk: (name, to_grid(polygon).simplify(FINE)) for pk, name, polygon in named},
    )


def to_grid(geometry: BaseGeometry) -> BaseGeometry:
    """Return a shape in degrees as one in grid units, whose y grows to the south as a drawing's does."""

    def each(points):
        points = points.copy()
        for point in points:
            point[:] = geo.mercator(*point)
        return points

    return transform(geometry, each)


@dataclass(frozen=True)
class Mark:
    """Something that a drawing is about: a spot, or the area in which something is, and what its key says."""

    words: str
    spot: Position | None = None
    area: BaseGeometry | None = None  # in grid units
    colour: str = ""
    icon: str = ""  # a name of static/icons/shapes.svg
    step: int | None = None  # of a coloured map, 0 the least
    name: str = ""  # written on an area

    @property
    def classes(self) -> str:
        """The classes of an area, by which the style colours a step."""
        return (
            "app-drawing__area" if self.step is None else f"app-drawing__area app-drawing__step-{self.step}"
        )


@dataclass(frozen=True)
class Drawn:
    """A mark as it is drawn: a path, or the middle of a spot."""

    mark: Mark
    path: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Scale:
    words: str
    length: int


@dataclass(frozen=True)
class Inset:
    """The whole outline, small in a corner, and where the drawing is on it."""

    path: str
    x: int
    y: int
    width: int
    height: int
    here: tuple[int, int, int, int]


@dataclass(frozen=True)
class Drawing:
    """A map, ready for components/drawing.html, and the same in words."""

    title: str
    description: str
    words: Sequence[str]
    land: str
    borders: str
    marks: Sequence[Drawn]
    labels: Sequence[Label]
    scale: Scale
    inset: Inset | None
    key: Sequence[Mark] = field(default_factory=tuple)
    is_shaded: bool = False


def draw(
    base: Ground,
    marks: Sequence[Mark],
    frame: Frame,
    *,
    title: str,
    description: str,
    words: Iterable[str] = (),
    middle: Position | None = None,
) -> Drawing:
    """Return a drawing of these marks on today's ground; later marks lie over earlier ones.

    With a middle, places in the frame are drawn, and the words say how far the nearest are from it.
    """
    places = _places_in(frame) if middle else []
    drawn = [_drawn(mark, frame) for mark in marks]
    inset = _inset(base, frame)
    labels = Labels(WIDTH, HEIGHT)
    if inset:
        labels.keep_clear(inset.x, inset.y, inset.width, inset.height)
    scale = _scale(frame)
    labels.keep_clear(0, HEIGHT - 64, max(scale.length, len(scale.words) * 14) + 40, 64)
    for item in drawn:
        labels.keep_clear(*_small(item, frame))
    _label(labels, base, places, drawn, frame)
    is_shaded = any(mark.step is not None for mark in marks)
    borders = "" if is_shaded else path_of(frame, *(shape for _name, shape in base.areas.values()))
    # A colour has one line in the key, however many areas have it.
    return Drawing(
        title=title,
        description=description,
        words=tuple(filter(None, (*words, _nearby(middle, places) if middle else ""))),
        land=path_of(frame, base.outline) if base.outline else "",
        borders=borders,
        marks=drawn,
        labels=labels.placed,
        scale=scale,
        inset=inset,
        key=tuple({(mark.words, mark.step): mark for mark in marks}.values()),
        is_shaded=is_shaded,
    )


def draw_areas(
    steps: Mapping[int, int], legend: Mapping[int, str], *, title: str, description: str
) -> Drawing | None:
    """Return a coloured map: today's areas, by their ids, each in one of the steps 0 (least) to 4.

    The legend says what each step is; the words name the areas of each. None where none of the areas is of today.
    """
    base = ground()
    known = {pk: area for pk, area in base.areas.items() if pk in steps}
    if not known:
        return None
    marks = [
        Mark(legend[steps[pk]], area=shape, step=steps[pk], name=name) for pk, (name, shape) in known.items()
    ]
    # The step that says most comes first, in the key as in the words.
    marks.sort(key=lambda mark: (-mark.step, mark.name))
    words = [
        f"{legend[step]}: {', '.join(mark.name for mark in group)}."
        for step, group in groupby(marks, key=lambda mark: mark.step)
    ]
    whole = base.outline or union_all([shape for _name, shape in known.values()])
    return draw(base, marks, frame_of(whole), title=title, description=description, words=words)


def _small(item: Drawn, frame: Frame) -> tuple[float, float, float, float]:
    """Return what a mark covers, as left, top, width and height; nothing of an area in which there is room for names."""
    if item.mark.spot:
        return item.x - 26, item.y - 26, 52, 52
    left, top, right, bottom = scaled(item.mark.area, frame).bounds
    if item.mark.name or right - left > SMALL:
        return 0, 0, 0, 0
    return left, top, right - left, bottom - top


def _drawn(mark: Mark, frame: Frame) -> Drawn:
    if mark.spot:
        return Drawn(mark, "", *frame.point(*mark.spot.mercator))
    return Drawn(mark, path_of(frame, mark.area))


def path_of(frame: Frame, *shapes: BaseGeometry) -> str:
    """Return the parts of shapes inside the frame as SVG path data, in whole numbers and relative steps.

    A shape with more corners than there is room for is drawn more simply.
    """
    inside = [scaled(clip_by_rect(shape, *frame.bounds(margin=12)), frame) for shape in shapes]
    for tolerance in (1, 2, 4, 8, 16, 32):
        path = "".join(_path(shape.simplify(tolerance)) for shape in inside)
        if len(path) <= LONGEST_PATH:
            break
    return path


def _path(shape: BaseGeometry) -> str:
    polygons = (part for part in get_parts(shape) if part.geom_type == "Polygon" and part.area > 2)
    return "".join(_ring(ring.coords) for part in polygons for ring in (part.exterior, *part.interiors))


def scaled(shape: BaseGeometry, frame: Frame) -> BaseGeometry:
    """Return a shape in grid units as one in units of the drawing."""
    return transform(shape, lambda points: (points - (frame.west, frame.north)) / frame.units)


def _ring(coordinates) -> str:
    """Return a closed ring as path data; the last point, which is the first, is left to `z`."""
    (last_x, last_y), *others = [(round(x), round(y)) for x, y in coordinates][:-1]
    steps = []
    start = f"M{last_x} {last_y}"
    for x, y in others:
        if (x, y) != (last_x, last_y):
            steps.append(f"{x - last_x} {y - last_y}")
        last_x, last_y = x, y
    return f"{start}l{' '.join(steps)}z".replace(" -", "-")


def _inset(base: Ground, frame: Frame) -> Inset | None:
    """Return the small map, unless the drawing shows most of the outline itself."""
    if base.outline is None:
        return None
    west, north, east, south = base.outline.bounds
    if frame.units * WIDTH > (east - west) * 0.7:
        return None
    units = max(east - west, south - north) / INSET
    width, height = round((east - west) / units) + 16, round((south - north) / units) + 16
    small = Frame(west - 8 * units, north - 8 * units, units)
    left, top, right, bottom = frame.bounds()
    (x, y), (far_x, far_y) = small.point(left, top), small.point(right, bottom)
    return Inset(
        path=path_of(small, base.outline),
        x=WIDTH - width - 10,
        y=10,
        width=width,
        height=height,
        here=(x, y, max(far_x - x, 8), max(far_y - y, 8)),
    )


def _scale(frame: Frame) -> Scale:
    """Return the longest round distance that fits into a third of the drawing."""
    fitting = [row for row in SCALES if row[0] * METRES_PER_MILE / frame.metres <= WIDTH * 0.36]
    miles, number = max(fitting, default=SCALES[0])
    kilometres = f"{miles * METRES_PER_MILE / 1000:.1f}".removesuffix(".0")
    words = (
        _("1 mile (%(kilometres)s km)")
        if miles == 1
        else _("%(number)s mile (%(kilometres)s km)")
        if miles < 1
        else _("%(number)s miles (%(kilometres)s km)")
    )
    return Scale(
        words % {"number": number, "kilometres": kilometres}, round(miles * METRES_PER_MILE / frame.metres)
    )


def _label(
    labels: Labels, base: Ground, places: Sequence[Place], drawn: Sequence[Drawn], frame: Frame
) -> None:
    """Name what is in the frame as far as there is room: marked areas, or else the places and then the areas."""
    named = [(item.mark.name, item.mark.area) for item in drawn if item.mark.name]
    if not named:
        for place in places:
            labels.name_place(place.name, *frame.point(place.mercator_x, place.mercator_y))
        named = base.areas.values()
    for name, shape in named:
        inside = scaled(clip_by_rect(shape, *frame.bounds()), frame)
        if not inside.is_empty:
            middle = get_coordinates(maximum_inscribed_circle(inside, tolerance=4))[0]
            labels.name_area(name, round(middle[0]), round(middle[1]), inside)


def _places_in(frame: Frame) -> list[Place]:
    """Return the named places of the frame, those nearest to its middle first."""
    west, north, east, south = frame.bounds()
    inside = Place.objects.exclude(kind__in=Place.POSTCODE_KINDS).filter(
        mercator_x__range=(int(west), int(east)), mercator_y__range=(int(north), int(south))
    )
    x, y = (west + east) / 2, (north + south) / 2
    near = sorted(
        inside.order_by("pk")[:MOST_PLACES],
        key=lambda place: ((place.mercator_x - x) ** 2 + (place.mercator_y - y) ** 2, place.pk),
    )
    # One dot where the gazetteer has a park and a station of the same name.
    return list({place.name: place for place in reversed(near)}.values())[::-1]


def _nearby(position: Position, places: Sequence[Place]) -> str:
    """Return how far and in which direction the nearest of these places are from a point; empty where there is none."""
    parts = []
    for place in places[:MOST_NEARBY]:
        there = Position(place.longitude, place.latitude)
        metres = geo.distance_metres(position.longitude, position.latitude, there.longitude, there.latitude)
        words = {
            "place": place.name,
            "distance": describe_distance(metres),
            "direction": direction(position, there),
        }
        parts.append(_("%(place)s, %(distance)s %(direction)s") % words if metres >= 20 else place.name)
    return _("Nearby: %(places)s.") % {"places": "; ".join(parts)} if parts else ""


def describe_distance(metres: float) -> str:
    """Return a distance in miles with kilometres: 0.6 miles (0.9 km); a short one in metres."""
    if metres < METRES_PER_MILE / 4:
        return areas.describe_distance(metres)
    miles, kilometres = (f"{metres / unit:.1f}".removesuffix(".0") for unit in (METRES_PER_MILE, 1000))
    words = (
        _("%(miles)s mile (%(kilometres)s km)") if miles == "1" else _("%(miles)s miles (%(kilometres)s km)")
    )
    return words % {"miles": miles, "kilometres": kilometres}


def direction(start: Position, end: Position) -> str:
    """Return in which of eight directions the end is from the start."""
    (x, y), (to_x, to_y) = start.mercator, end.mercator
    east, south = to_x - x, to_y - y
    # An eighth of a turn is between these: tan 22.5° and its inverse.
    across = "" if abs(east) < 0.4142 * abs(south) else "east" if east > 0 else "west"
    along = "" if abs(south) < 0.4142 * abs(east) else "south" if south > 0 else "north"
    return {
        "north": _("north"),
        "north-east": _("north-east"),
        "east": _("east"),
        "south-east": _("south-east"),
        "south": _("south"),
        "south-west": _("south-west"),
        "west": _("west"),
        "north-west": _("north-west"),
    }.get("-".join(filter(None, (along, across))), "")
