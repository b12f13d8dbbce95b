"""A community on a map that the server draws: for residents what is public of it, for staff where it is exactly."""

from django.utils.translation import gettext as _
from shapely.geometry import box

from community_map import geo
from community_map.geo import Position
from community_map.models import Portal
from community_map.places import areas, drawing
from community_map.places.drawing import Drawing, Ground, Mark
from pins import placing
from pins.models import Category, Pin, Precision, Visibility
from pins.public_pin import PublicPin

# From side to side, in metres: wide enough for a few known places around.
WIDE = {Precision.EXACT: 2_000, Precision.STREET: 1_700, Precision.NEIGHBOURHOOD: 3_600}


def public_drawing(pin: PublicPin) -> Drawing | None:
    """Return the map of a community's public page, from nothing but what is public; None where nothing could be drawn."""
    base = drawing.ground()
    if pin.longitude is None:
        return _across(base, pin.name, pin.category)
    position = Position(pin.longitude, pin.latitude)
    mark = _public_mark(base, position, pin.precision, pin.category)
    words = [_sentence(position, pin.precision)] if mark.area else []
    return drawing.draw(
        base,
        [mark],
        drawing.frame_around(position, WIDE[pin.precision]),
        title=_("Map of where %(name)s meets") % {"name": pin.name},
        description=mark.words,
        words=words,
        middle=position,
    )


def staff_drawing(pin: Pin) -> Drawing | None:
    """Return the map of a pin for those who may open it in the staff area or in admin, who may know its exact place."""
    base = drawing.ground()
    position, precision = pin.position, Precision(pin.precision)
    if position is None:
        return _across(base, pin.name, pin.category)
    spot = Mark(_("The exact place"), position, colour=pin.category.colour, icon=pin.category.shape)
    marks, words = [spot], []
    if pin.visibility == Visibility.PUBLIC and pin.public_longitude is None:
        words = [_("The public map does not show a place.")]
    elif pin.visibility == Visibility.PUBLIC and precision != Precision.EXACT:
        public = Position(pin.public_longitude, pin.public_latitude)
        area = _public_mark(base, public, precision, pin.category).area
        marks = [Mark(_("The area that the public map shows"), area=area, colour=pin.category.colour), spot]
    return drawing.draw(
        base,
        marks,
        drawing.frame_around(position, WIDE.get(precision, WIDE[Precision.STREET])),
        title=_("Map of where %(name)s meets") % {"name": pin.name},
        description=_("The exact place, which only staff can see."),
        words=words,
        middle=position,
    )


def _public_mark(base: Ground, position: Position, precision: Precision, category: Category) -> Mark:
    """Return what stands for a public position: a spot where it is exact, and otherwise the whole cell."""
    cell = placing.cell_of(position, precision, base.shapes)
    if cell is None:
        return Mark(_("They meet here"), position, colour=category.colour, icon=category.shape)
    return Mark(
        _("They meet somewhere in this area. We do not show the exact place."),
        area=box(*cell),
        colour=category.colour,
    )


def _sentence(position: Position, precision: Precision) -> str:
    """Return how large the area is that stands for a coarse position."""
    metres = (1 << precision.cell_bits) * 1000 / geo.mercator_units(1000, position.latitude)
    return _("The area is about %(distance)s across. Distances are from its middle.") % {
        "distance": areas.describe_distance(metres)
    }


def _across(base: Ground, name: str, category: Category) -> Drawing | None:
    """Return the map of a community without a single place: the whole outline, if there is one."""
    if base.outline is None:
        return None
    place = Portal.load().place_name
    words = _("They meet across %(place)s, with no single location.") % {"place": place}
    return drawing.draw(
        base,
        [Mark(words, area=base.outline, colour=category.colour)],
        drawing.frame_of(base.outline),
        title=_("Map of where %(name)s meets") % {"name": name},
        description=words,
    )
