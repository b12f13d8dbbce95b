"""Names on a drawing, put where they cover nothing; a name for which there is no room is left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

SIZE = 26  # of the letters, as in static/scss/_drawing.scss
LETTER = SIZE * 0.58  # an average letter's width in the widest font that a reader may have
NAME = 22  # of the letters of an area's name, which are bold
BOLD = NAME * 0.62
MOST = 0.55  # of an area's name is inside the area
GAP = 14  # from a dot to its name
LONG = 12  # letters: a longer name of an area is written in two lines


@dataclass(frozen=True)
class Label:
    """A name in one line or two, where they begin, end or have their middle (`anchor`), and the dot beside a place."""

    lines: tuple[tuple[str, int], ...]
    x: int
    anchor: str
    kind: str
    dot: tuple[int, int] | None = None


@dataclass
class Labels:
    """The names of one drawing so far, and what none of them may cover."""

    width: int
    height: int
    placed: list[Label] = field(default_factory=list)
    _taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def keep_clear(self, x: float, y: float, width: float, height: float) -> None:
        self._taken.append((x, y, x + width, y + height))

    def name_place(self, name: str, x: int, y: int) -> None:
        """Draw a dot with its name beside it, above or below."""
        if not self._is_free((x - 8, y - 8, x + 8, y + 8)):
            return
        length = len(name) * LETTER
        for anchor, at, base in _beside(x, y):
            left = at - {"start": 0, "middle": length / 2, "end": length}[anchor]
            around = (left, base - SIZE, left + length, base + SIZE * 0.3)
            if self._is_free(around):
                self._taken += [around, (x - 8, y - 8, x + 8, y + 8)]
                self.placed.append(Label(((name, base),), at, anchor, "place", (x, y)))
                return

    def name_area(self, name: str, x: int, y: int, inside: BaseGeometry) -> None:
        """Write a name at, above or below a point of an area, most of it inside."""
        lines = in_two_lines(name)
        length, height = max(map(len, lines)) * BOLD, len(lines) * NAME * 1.1 + 6
        for moved in (0, -45, 45, -90, 90):
            top = y + moved - height / 2
            around = (x - length / 2, top, x + length / 2, top + height)
            if self._is_free(around) and inside.intersection(box(*around)).area > MOST * length * height:
                self._taken.append(around)
                rows = [
                    (line, round(top + NAME * (0.85 + 1.1 * number))) for number, line in enumerate(lines)
                ]
                self.placed.append(Label(tuple(rows), x, "middle", "name"))
                return

    def _is_free(self, around: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = around
        if left < 4 or top < 4 or right > self.width - 4 or bottom > self.height - 4:
            return False
        return not any(
            left < other_right and other_left < right and top < other_bottom and other_top < bottom
            for other_left, other_top, other_right, other_bottom in self._taken
        )


def _beside(x: int, y: int) -> Iterator[tuple[str, int, int]]:
    low = y + round(SIZE * 0.35)
    yield from (("start", x + GAP, low), ("end", x - GAP, low))
    yield from (("middle", x, y - GAP), ("middle", x, y + GAP + round(SIZE * 0.7)))


def in_two_lines(name: str) -> list[str]:
    """Return a name as it is, or, where it is long, broken at the space nearest to its middle."""
    spaces = [index for index, letter in enumerate(name) if letter == " "]
    if len(name) <= LONG or not spaces:
        return [name]
    space = min(spaces, key=lambda index: abs(index - len(name) / 2))
    return [name[:space], name[space + 1 :]]
