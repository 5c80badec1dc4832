"""Draws shapes in steps, so that thousands of them hold up no frame."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from math import floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from app.domain.shape import ShapeKind
from ui.panes.shapes.scene import OUTLINED
from ui.theme import palette

if TYPE_CHECKING:
    from ui.panes.shapes.scene import ShapeScene

Step = Callable[[QPainter], None]
AT_ONCE = 25
"""Shapes that are drawn in one step."""
SIDES = 4
"""Numbers that say where a box lies: left, top, width, height."""
LINE = 2
HALO = 1
"""Logical pixels: of a line, and of what is dark at either side of it."""
DOT = 5
"""Radius of a point."""
MASK_SHARE, MEANT_MASK_SHARE = 0.4, 0.6
"""How much of its colour covers what belongs to a thing, and once that is meant."""
MEANT_SHARE = 0.15
"""How much of its colour covers a shape that is meant."""


def colors() -> list[QColor]:
    """The eight colours of labels."""
    shown = palette.current()
    return [shown.color(f"overlay_{number}") for number in range(1, 9)]


class _Sorted:
    """Shapes by how they are drawn and by colour: by their places, and boxes by where they lie in the view.

    Those are numbers alone: to free thousands of rectangles takes half a frame, to make one nothing.
    """

    def __init__(self, scene: ShapeScene, transform: QTransform) -> None:
        self.scene = scene
        self.transform = transform
        self.boxes: dict[int, array[int]] = {}
        self.curves: dict[int, list[int]] = {}
        self.dots: dict[int, list[int]] = {}
        self.outlined: list[int] = []

    def add(self, places: Iterable[int], _painter: QPainter) -> None:
        """Put shapes to others of their kind and colour."""
        scene, boxes = self.scene, []
        for place in places:
            kind = scene.shapes[place].kind
            if kind in OUTLINED:
                self.outlined.append(place)
            elif kind is ShapeKind.POINT:
                self.dots.setdefault(scene.colours[place], []).append(place)
            else:
                boxes.append(place)
        self._add_boxes(boxes)

    def trace(self, place: int, _painter: QPainter) -> None:
        """Put a border to others of its colour; a mask that is noise gets its box."""
        if self.scene.outline(place) is None:
            self._add_boxes((place,))
        else:
            self.curves.setdefault(self.scene.colours[place], []).append(place)

    def _add_boxes(self, places: Iterable[int]) -> None:
        """As QTransform.mapRect and QRectF.toRect would, which take three times as long from here; but half
        a pixel left of the view or above it is rounded towards the view, and not away from it."""
        scene, to = self.scene, self.transform
        xx, xy, yx, yy, dx, dy = to.m11(), to.m12(), to.m21(), to.m22(), to.dx(), to.dy()
        for place in places:
            left, top, right, bottom = scene.bounds[place]
            wide, high = right - left, bottom - top
            x, across = xx * left + yx * top + dx, xx * wide + yx * high
            y, down = xy * left + yy * top + dy, xy * wide + yy * high
            if across < 0:
                x, across = x + across, -across
            if down < 0:
                y, down = y + down, -down
            west, north = floor(x + 0.5), floor(y + 0.5)
            box = west, north, floor(across + (x - west) / 2 + 0.5), floor(down + (y - north) / 2 + 0.5)
            self.boxes.setdefault(scene.colours[place], array("i")).extend(box)

    def path(self, place: int) -> QPainterPath:
        """How a border runs in the view."""
        return self.transform.map(self.scene.outline(place) or QPainterPath())

    def centre(self, place: int) -> QPointF:
        """Where a point is in the view."""
        return self.transform.map(self.scene.rect(place).center())


def in_steps(scene: ShapeScene, places: Sequence[int], transform: QTransform) -> Iterator[Step]:
    """Steps that draw shapes, one after the other: every colour over what is dark round them all."""
    kinds, halo = colors(), _pen(palette.current().overlay_halo, LINE + 2 * HALO)
    drawn = _Sorted(scene, transform)
    for chunk in _chunks(places):
        yield partial(drawn.add, chunk)
    for place in drawn.outlined:
        yield partial(drawn.trace, place)
    for place in drawn.outlined:
        if scene.grid(place) is not None:
            yield partial(_fill_mask, scene, place, transform, kinds[scene.colours[place]], MASK_SHARE)
    for pens in ([halo] * len(kinds), [_pen(color, LINE) for color in kinds]):
        for colour, boxes in _coloured(drawn.boxes, SIDES):
            yield partial(_draw_boxes, boxes, pens[colour])
        for colour, of in drawn.curves.items():
            for place in of:
                yield partial(_draw_curve, drawn, place, pens[colour])
    for colour, some in _coloured(drawn.dots):
        yield partial(_draw_dots, drawn, some, kinds[colour])


def draw_meant(painter: QPainter, scene: ShapeScene, places: Iterable[int], transform: QTransform) -> None:
    """Draw the shapes that stand out: their grounds, what is dark round them, and over it their lines."""
    kinds = colors()
    halo = _pen(palette.current().overlay_halo, LINE + 1 + 2 * HALO)
    drawn = _Sorted(scene, transform)
    drawn.add(places, painter)
    rects = {colour: _rects(some) for colour, some in drawn.boxes.items()}
    painter.setPen(Qt.PenStyle.NoPen)
    for colour, boxes in rects.items():
        painter.setBrush(_faint(kinds[colour]))
        painter.drawRects(boxes)
    drawn.boxes.clear()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for place in drawn.outlined:
        drawn.trace(place, painter)
        _ground(drawn, place, kinds[scene.colours[place]], painter)
    for colour, some in drawn.boxes.items():
        rects.setdefault(colour, []).extend(_rects(some))
    used = {*rects, *drawn.curves}
    for pens in (dict.fromkeys(used, halo), {colour: _pen(kinds[colour], LINE + 1) for colour in used}):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for colour, boxes in rects.items():
            painter.setPen(pens[colour])
            painter.drawRects(boxes)
        for colour, curves in drawn.curves.items():
            for place in curves:
                _draw_curve(drawn, place, pens[colour], painter)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, dots in drawn.dots.items():
        for place in dots:
            _draw_dot(painter, drawn.centre(place), kinds[colour], DOT + 2)


def _ground(drawn: _Sorted, place: int, color: QColor, painter: QPainter) -> None:
    """Colour what belongs to a mask or lies in a polygon that is meant."""
    if drawn.scene.shapes[place].kind is ShapeKind.MASK:
        _fill_mask(drawn.scene, place, drawn.transform, color, MEANT_MASK_SHARE, painter)
    else:
        painter.fillPath(drawn.path(place), _faint(color))


def _faint(color: QColor) -> QColor:
    faint = QColor(color)
    faint.setAlphaF(MEANT_SHARE)
    return faint


def _chunks(what: Sequence[int], each: int = 1) -> Iterator[Sequence[int]]:
    size = AT_ONCE * each
    return (what[start : start + size] for start in range(0, len(what), size))


def _coloured(what: Mapping[int, Sequence[int]], each: int = 1) -> Iterator[tuple[int, Sequence[int]]]:
    """Some at a time, with their colour; a shape takes `each` numbers."""
    for colour, of in what.items():
        for chunk in _chunks(of, each):
            yield colour, chunk


def _rects(boxes: Sequence[int]) -> list[QRect]:
    return list(map(QRect, *(boxes[side::SIDES] for side in range(SIDES))))


def _draw_boxes(boxes: Sequence[int], pen: QPen, painter: QPainter) -> None:
    # In place of what is below, which is nothing or the same: blending takes three times as long.
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen)
    painter.drawRects(_rects(boxes))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def _draw_curve(drawn: _Sorted, place: int, pen: QPen, painter: QPainter) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(drawn.path(place), pen)


def _draw_dots(drawn: _Sorted, some: Iterable[int], color: QColor, painter: QPainter) -> None:
    stamp = _stamp(color, painter.device().devicePixelRatioF())
    middle = QPointF(stamp.width(), stamp.height()) / (2 * stamp.devicePixelRatio())
    for place in some:
        painter.drawImage(drawn.centre(place) - middle, stamp)


def _stamp(color: QColor, ratio: float) -> QImage:
    """A dot as a picture, which is drawn faster than a circle."""
    side = 2 * (DOT + HALO + 1)
    stamp = QImage(round(side * ratio), round(side * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    stamp.setDevicePixelRatio(ratio)
    stamp.fill(Qt.GlobalColor.transparent)
    painter = QPainter(stamp)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_dot(painter, QPointF(side / 2, side / 2), color, DOT)
    painter.end()
    return stamp


def _draw_dot(painter: QPainter, centre: QPointF, color: QColor, radius: float) -> None:
    painter.setPen(_pen(palette.current().overlay_halo, HALO + 0.5))
    painter.setBrush(color)
    painter.drawEllipse(centre, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _fill_mask(
    scene: ShapeScene, place: int, transform: QTransform, color: QColor, share: float, painter: QPainter
) -> None:
    painter.save()
    painter.setTransform(transform, combine=True)
    painter.setOpacity(painter.opacity() * share)
    painter.drawImage(scene.rect(place), scene.mask_image(place, color))
    painter.restore()


def _pen(color: QColor, width: float) -> QPen:
    style = Qt.PenStyle.SolidLine
    return QPen(QBrush(color), width, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
