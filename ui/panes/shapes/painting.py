"""Draws shapes in steps, so that thousands of them hold up no frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from app.domain.shape import ShapeKind
from ui.panes.shapes.scene import OUTLINED
from ui.theme import palette

if TYPE_CHECKING:
    from ui.panes.shapes.scene import ShapeScene

T = TypeVar("T")
Step = Callable[[QPainter], None]
AT_ONCE = 50
"""Shapes that are drawn in one step."""
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


def in_steps(scene: ShapeScene, places: Sequence[int], transform: QTransform) -> Iterator[Step]:
    """Steps that draw shapes, one after the other: every colour over what is dark round them all."""
    kinds, halo = colors(), _pen(palette.current().overlay_halo, LINE + 2 * HALO)
    boxes: dict[int, list[QRect]] = {}
    curves: dict[int, list[QPainterPath]] = {}
    dots: dict[int, list[QPointF]] = {}
    outlined: list[int] = []
    for chunk in _chunks(places):
        yield partial(_sort, scene, chunk, transform, boxes, dots, outlined)
    for place in outlined:
        yield partial(_trace, scene, place, transform, boxes, curves)
    for place in outlined:
        if scene.grid(place) is not None:
            yield partial(_fill_mask, scene, place, transform, kinds[scene.colours[place]], MASK_SHARE)
    for some in chain.from_iterable(map(_chunks, boxes.values())):
        yield partial(_draw_boxes, some, halo)
    for path in chain.from_iterable(curves.values()):
        yield partial(_draw_curve, path, halo)
    for colour, rects in boxes.items():
        for some in _let_go(rects):
            yield partial(_draw_boxes, some, _pen(kinds[colour], LINE))
    for colour, paths in curves.items():
        for path in paths:
            yield partial(_draw_curve, path, _pen(kinds[colour], LINE))
    for colour, points in dots.items():
        for each in _let_go(points):
            yield partial(_draw_dots, each, kinds[colour])


def draw_meant(painter: QPainter, scene: ShapeScene, places: Iterable[int], transform: QTransform) -> None:
    """Draw the shapes that stand out: their grounds, what is dark round them, and over it their lines."""
    kinds = colors()
    halo = _pen(palette.current().overlay_halo, LINE + 1 + 2 * HALO)
    boxes: dict[int, list[QRect]] = {}
    curves: dict[int, list[QPainterPath]] = {}
    dots: dict[int, list[QPointF]] = {}
    outlined: list[int] = []
    _sort(scene, places, transform, boxes, dots, outlined, painter)
    painter.setPen(Qt.PenStyle.NoPen)
    for colour, rects in boxes.items():
        painter.setBrush(_faint(kinds[colour]))
        painter.drawRects(rects)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for place in outlined:
        _ground(scene, place, transform, kinds[scene.colours[place]], painter)
        _trace(scene, place, transform, boxes, curves, painter)
    for pens in ([halo] * len(kinds), [_pen(color, LINE + 1) for color in kinds]):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for colour, rects in boxes.items():
            painter.setPen(pens[colour])
            painter.drawRects(rects)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, paths in curves.items():
            for path in paths:
                painter.strokePath(path, pens[colour])
    for colour, points in dots.items():
        for point in points:
            _draw_dot(painter, point, kinds[colour], DOT + 2)


def _ground(scene: ShapeScene, place: int, transform: QTransform, color: QColor, painter: QPainter) -> None:
    """Colour what belongs to a mask or lies in a polygon that is meant."""
    outline = scene.outline(place)
    if scene.shapes[place].kind is ShapeKind.MASK:
        _fill_mask(scene, place, transform, color, MEANT_MASK_SHARE, painter)
    elif outline is not None:
        painter.fillPath(transform.map(outline), _faint(color))


def _faint(color: QColor) -> QColor:
    faint = QColor(color)
    faint.setAlphaF(MEANT_SHARE)
    return faint


def _chunks(what: Sequence[T]) -> Iterator[Sequence[T]]:
    return (what[start : start + AT_ONCE] for start in range(0, len(what), AT_ONCE))


def _let_go(what: list[T]) -> Iterator[Sequence[T]]:
    """From the end, and without them afterwards: to free thousands at once takes half a frame."""
    while what:
        some = what[-AT_ONCE:]
        del what[-AT_ONCE:]
        yield some


def _sort(
    scene: ShapeScene,
    places: Iterable[int],
    transform: QTransform,
    boxes: dict[int, list[QRect]],
    dots: dict[int, list[QPointF]],
    outlined: list[int],
    _painter: QPainter,
) -> None:
    """Put shapes to others of their kind and colour, as they lie in the view."""
    for place in places:
        colour, kind = scene.colours[place], scene.shapes[place].kind
        if kind is ShapeKind.POINT:
            dots.setdefault(colour, []).append(transform.map(scene.rect(place).center()))
        elif kind in OUTLINED:
            outlined.append(place)
        else:
            boxes.setdefault(colour, []).append(transform.mapRect(scene.rect(place)).toRect())


def _trace(
    scene: ShapeScene,
    place: int,
    transform: QTransform,
    boxes: dict[int, list[QRect]],
    curves: dict[int, list[QPainterPath]],
    _painter: QPainter,
) -> None:
    """Put a border to others of its colour; a mask that is noise gets its box."""
    outline, colour = scene.outline(place), scene.colours[place]
    if outline is not None:
        curves.setdefault(colour, []).append(transform.map(outline))
    else:
        boxes.setdefault(colour, []).append(transform.mapRect(scene.rect(place)).toRect())


def _draw_boxes(rects: Sequence[QRect], pen: QPen, painter: QPainter) -> None:
    # In place of what is below, which is nothing or the same: blending takes three times as long.
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen)
    painter.drawRects(rects)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def _draw_curve(path: QPainterPath, pen: QPen, painter: QPainter) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, pen)


def _draw_dots(points: Sequence[QPointF], color: QColor, painter: QPainter) -> None:
    stamp = _stamp(color, painter.device().devicePixelRatioF())
    middle = QPointF(stamp.width(), stamp.height()) / (2 * stamp.devicePixelRatio())
    for point in points:
        painter.drawImage(point - middle, stamp)


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
