"""Shapes are drawn where they are, whatever the zoom and the turn."""

from __future__ import annotations

import itertools
import random

import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from app.domain.geometry import Point
from app.domain.shape import Mask, ShapeKind
from app.grounding.dialects import shapes_in
from tests.drawn_shapes import GREY, TURNS, VIEW, colors_near, overlay, painted, placed, scene, shape
from tests.grounded_answers import GROUNDED, Expected, Grounded
from ui.controllers.shapes.pointing_answers import may_point
from ui.panes.shapes.layer import ShapeLayer
from ui.panes.shapes.painting import DOT, HALO, LINE, in_steps
from ui.panes.view.placement import Placement
from ui.theme import palette

ROWS = pytest.mark.parametrize("row", GROUNDED.values(), ids=GROUNDED.keys())


def corners(expected: Expected) -> list[QPointF]:
    """The corners of a box or of a polygon, or a point."""
    numbers = expected.numbers
    if expected.kind in (ShapeKind.BOX, ShapeKind.MASK):
        left, top, right, bottom = numbers
        numbers = (left, top, right, top, right, bottom, left, bottom)
    return [QPointF(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def outline(expected: Expected) -> list[QLineF]:
    """The sides of what is expected, in pixels of the original; of a mask, of its inner half."""
    found = corners(expected)
    if expected.kind is ShapeKind.MASK:
        middle = (found[0].x() + found[1].x()) / 2
        found = [found[0], QPointF(middle, found[1].y()), QPointF(middle, found[2].y()), found[3]]
    return [QLineF(one, other) for one, other in zip(found, [*found[1:], found[0]], strict=True)]


@ROWS
def test_each_dialect_is_drawn_where_it_points(layer: ShapeLayer, row: Grounded) -> None:
    found = shapes_in(row.message)
    drawn = scene(*found)
    layer.set_scene(drawn)
    for number, (each, expected) in enumerate(zip(found, row.expected, strict=True)):
        color = overlay(drawn.colours[number])
        middle = QRectF(each.pixels.left, each.pixels.top, each.pixels.width, each.pixels.height).center()
        for turn, zoom in itertools.product(TURNS, (None, 0.9)):
            placement = placed(turn, zoom, middle)
            image = painted(layer, placement)
            if expected.kind is ShapeKind.POINT:
                at = placement.to_view(corners(expected)[0])
                assert image.pixelColor(at.toPoint()).name() == color
                assert GREY.name() in colors_near(image, at + QPointF(0, 3 * DOT), 0)
            else:
                others = [side for other in row.expected if other is not expected for side in outline(other)]
                check_outline(image, placement, expected, color, others)


def is_on(place: QPointF, side: QLineF) -> bool:
    """Whether a place lies on a line, to a pixel of the original."""
    return QLineF(side.p1(), place).length() + QLineF(place, side.p2()).length() < side.length() + 1


def check_outline(
    image: QImage, placement: Placement, expected: Expected, color: str, others: list[QLineF]
) -> None:
    """Every side in sight has its colour, and neither side of it has."""
    seen = 0
    for side in outline(expected):
        if any(is_on(side.pointAt(0.7), other) for other in others):
            continue  # the smaller one's line is on top
        on = placement.to_view(side.pointAt(0.7))
        away = QLineF(on, placement.to_view(side.p1())).normalVector().unitVector()
        away.setLength(7)
        if not QRectF(image.rect()).adjusted(8, 8, -8, -8).contains(on):
            continue
        assert color in colors_near(image, on), side
        length = QLineF(placement.to_view(side.p1()), on).length()
        if length > 40:
            beyond = QPointF(away.dx(), away.dy())
            assert color not in colors_near(image, on + beyond) & colors_near(image, on - beyond)
        seen += 1
    assert seen or placement.zoom > 0.3


@ROWS
def test_no_dialect_is_passed_over_by_the_first_look(row: Grounded) -> None:
    assert may_point(row.message)


def test_a_line_is_as_wide_at_every_zoom(layer: ShapeLayer) -> None:
    layer.set_scene(scene(shape("", 400, 300, 1600, 1200)))
    widths = set()
    for zoom in (0.25, 0.5, 1.0, 4.0):
        placement = placed(0, zoom, QPointF(400, 700))
        image = painted(layer, placement)
        row = [image.pixelColor(x, 240).name() for x in range(300, 340)]
        widths.add((row.count(overlay(0)), sum(color not in (overlay(0), GREY.name()) for color in row)))
    assert widths == {(2, 2)}


@pytest.mark.parametrize("turn", TURNS)
def test_boxes_lie_where_qt_would_put_them(turn: int) -> None:
    chance = random.Random(turn)
    corners_of = [(chance.uniform(0, 1900), chance.uniform(0, 1400)) for _ in range(60)]
    boxes = [(x, y, x + chance.uniform(0, 90), y + chance.uniform(0, 90)) for x, y in corners_of]
    drawn, transform = scene(*(shape("one", *box) for box in boxes)), placed(turn, 0.37).transform()
    stepped, whole = (QImage(VIEW, QImage.Format.Format_ARGB32_Premultiplied) for _ in range(2))
    for image in (stepped, whole):
        image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(stepped)
    for step in in_steps(drawn, range(len(boxes)), transform):
        step(painter)
    painter.end()
    painter = QPainter(whole)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    for color, width in ((palette.current().overlay_halo, LINE + 2 * HALO), (QColor(overlay(0)), LINE)):
        join = Qt.PenJoinStyle.MiterJoin
        painter.setPen(QPen(QBrush(color), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, join))
        painter.drawRects([transform.mapRect(drawn.rect(place)).toRect() for place in range(len(boxes))])
    painter.end()
    assert stepped == whole


def test_a_mask_covers_what_is_inside_and_nothing_else(layer: ShapeLayer) -> None:
    ring = (0, 9, 1, 1, 1, 1, 1, 9)  # of 5 by 5 cells: all but a cross of holes
    cells = Mask(5, 5, ring)
    layer.set_scene(scene(shape("cat", 500, 375, 1500, 1125, kind=ShapeKind.MASK, mask=cells)))
    inside = [True] * 9 + [False, True, False, True, False] + [True] * 9 + [False] * 2
    for turn in TURNS:
        placement = placed(turn)
        image = painted(layer, placement)
        for cell, covered in enumerate(inside):
            at = QPointF(600 + 200 * (cell % 5), 450 + 150 * (cell // 5))
            color = image.pixelColor(placement.to_view(at).toPoint())
            assert (color != GREY) == covered, (turn, cell)


def test_a_polygon_is_not_its_box(layer: ShapeLayer) -> None:
    roof = shape("roof", 400, 300, 1600, 1200, kind=ShapeKind.POLYGON)
    drawn = scene(roof.replace(points=(Point(400, 1200), Point(1000, 300), Point(1600, 1200))))
    assert drawn.at(QPointF(1000, 900), 1.0) == 0
    assert drawn.at(QPointF(450, 350), 1.0) == -1
    layer.set_scene(drawn)
    image, placement = painted(layer, placed()), placed()
    assert overlay(0) in colors_near(image, placement.to_view(QPointF(700, 750)))
    assert overlay(0) not in colors_near(image, placement.to_view(QPointF(400, 700)), 3)
