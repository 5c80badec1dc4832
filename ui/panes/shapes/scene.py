"""The shapes of one picture, ready to be drawn and found. Any thread may make one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainterPath, QPolygonF, QTransform

from app.domain.shape import Shape, ShapeKind
from ui.panes.shapes.index import ShapeIndex
from ui.panes.shapes.mask import MaskGrid

COLOURS = 8
"""Colours that labels are told apart by; further labels begin anew."""

_SERIALS = count()
OUTLINED = (ShapeKind.POLYGON, ShapeKind.MASK)


def colours_of(shapes: Iterable[Shape]) -> dict[str, int]:
    """A colour (0 to 7) for each label, in the order in which they come."""
    labels = dict.fromkeys(shape.label for shape in shapes)
    return {label: number % COLOURS for number, label in enumerate(labels)}


class ShapeScene:
    """Shapes by their numbers among all that an answer has.

    Everything but those numbers counts the shapes of this scene from 0: their `places`.
    """

    def __init__(self, numbered: Sequence[tuple[int, Shape]], colours: Mapping[str, int]) -> None:
        self.serial = next(_SERIALS)
        """No other scene has it."""
        self.numbers = [number for number, _ in numbered]
        self.shapes = [shape for _, shape in numbered]
        self.colours = [colours[shape.label] for shape in self.shapes]
        boxes = [shape.pixels for shape in self.shapes]
        self.bounds = [(box.left, box.top, box.right, box.bottom) for box in boxes]
        self.areas = [_area(shape) for shape in self.shapes]
        largest_first = sorted(range(len(self.areas)), key=self.areas.__getitem__, reverse=True)
        self._largest_first = [(place, *self.bounds[place]) for place in largest_first]
        self._places = {number: place for place, number in enumerate(self.numbers)}
        self._index = ShapeIndex(self.bounds)
        self._grids = {
            place: MaskGrid(shape.mask) for place, shape in enumerate(self.shapes) if shape.mask is not None
        }
        self._outlines: dict[int, QPainterPath] = {}
        self._images: dict[int, tuple[QColor, QImage]] = {}

    def place_of(self, number: int) -> int | None:
        """Where a shape stands here that has a number among all; None where it is not here."""
        return self._places.get(number)

    def rect(self, place: int) -> QRectF:
        """The box of a shape. Made anew each time: ten thousand kept take half a frame to be freed."""
        left, top, right, bottom = self.bounds[place]
        return QRectF(left, top, right - left, bottom - top)

    def in_sight(self, area: QRectF, ranks: range) -> list[int]:
        """The places of the shapes that touch a part of the picture, the largest first, among those of
        some `ranks` by size."""
        left, top, right, bottom = area.left(), area.top(), area.right(), area.bottom()
        return [
            place
            for place, west, north, east, south in self._largest_first[ranks.start : ranks.stop]
            if east >= left and west <= right and south >= top and north <= bottom
        ]

    def at(self, point: QPointF, reach: float, hidden: frozenset[str] = frozenset()) -> int:
        """The place of the smallest shape under a point, else of one within `reach`; -1 for none."""
        x, y = point.x(), point.y()
        found = [
            (not self._holds(place, x, y, reach), self.areas[place], place)
            for place in self._index.near(x, y, reach)
            if self.shapes[place].label not in hidden and self._is_close(place, x, y)
        ]
        return min(found)[2] if found else -1

    def outline(self, place: int) -> QPainterPath | None:
        """The border of a shape that is no box, made when it is first asked for; None for a box, a
        point and a mask that is noise."""
        shape = self.shapes[place]
        if shape.kind not in OUTLINED:
            return None
        if place not in self._outlines:
            self._outlines[place] = _outline(shape, self._grids.get(place))
        path = self._outlines[place]
        return None if path.isEmpty() else path

    def frame(self, place: int) -> QRectF:
        """What is seen of a shape: of a mask, as far as it reaches and not its whole box."""
        outline = self.outline(place)
        return outline.boundingRect() if outline is not None else self.rect(place)

    def grid(self, place: int) -> MaskGrid | None:
        """The cells of a mask; None for any other shape."""
        return self._grids.get(place)

    def mask_image(self, place: int, color: QColor) -> QImage:
        """The cells of a mask in a colour, made when they are first asked for."""
        kept = self._images.get(place)
        if kept is None or kept[0] != color:
            kept = self._images[place] = QColor(color), self._grids[place].image(color)
        return kept[1]

    def _holds(self, place: int, x: float, y: float, reach: float) -> bool:
        """Whether a point is in a shape, or nearly in one that is too small to be hit."""
        left, top, right, bottom = self.bounds[place]
        if right - left < reach and bottom - top < reach:
            return True
        if not (left <= x <= right and top <= y <= bottom):
            return False
        grid = self._grids.get(place)
        if grid is not None:
            return grid.holds((x - left) / (right - left), (y - top) / (bottom - top))
        path = self.outline(place)
        return path is None or path.contains(QPointF(x, y))

    def _is_close(self, place: int, x: float, y: float) -> bool:
        """Whether a point that is near a shape's box may mean the shape."""
        left, top, right, bottom = self.bounds[place]
        if self.shapes[place].kind not in OUTLINED or not (left <= x <= right and top <= y <= bottom):
            return True
        return self._holds(place, x, y, 0.0)


def _area(shape: Shape) -> float:
    return 0.0 if shape.kind is ShapeKind.POINT else shape.pixels.width * shape.pixels.height


def _outline(shape: Shape, grid: MaskGrid | None) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    if grid is None:
        path.addPolygon(QPolygonF([QPointF(point.x, point.y) for point in shape.points]))
        path.closeSubpath()
        return path
    box = shape.pixels
    made = QTransform.fromTranslate(box.left, box.top)
    made.scale(box.width / max(grid.width, 1), box.height / max(grid.height, 1))
    return made.map(grid.outline())
