"""Many shapes are drawn in steps."""

from __future__ import annotations

import weakref

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.drawn_shapes import GREY, VIEW, colors_near, many, overlay, painted, placed, scene, shape
from ui.panes.shapes.layer import DIMMED, ShapeLayer
from ui.panes.shapes.sheet import FEW


def test_many_shapes_are_drawn_in_steps_until_all_are_there(layer: ShapeLayer, qtbot: QtBot) -> None:
    drawn = many(10_000)
    layer.set_scene(scene(*drawn))
    placement = placed(0, 1.0)
    first = QImage(VIEW, QImage.Format.Format_RGB32)
    painter = QPainter(first)
    layer.paint(painter, placement)
    painter.end()
    assert not layer.settled
    with qtbot.waitSignal(layer.changed):
        pass
    assert layer.settled
    image = painted(layer, placement)
    seen = placement.seen()
    checked = [s for s in drawn if seen.adjusted(20, 20, -20, -20).contains(s.pixels.left, s.pixels.top)][
        ::97
    ]
    assert len(checked) > 10
    for each in checked:
        at = placement.to_view(QPointF(each.pixels.right, each.pixels.bottom - 3))
        assert colors_near(image, at) != {GREY.name()}


def test_many_shapes_move_with_the_picture_and_are_drawn_anew_when_it_rests(
    layer: ShapeLayer, qtbot: QtBot
) -> None:
    layer.set_scene(scene(*(shape("", x, 700, x + 8, 708) for x in range(0, 1990, 10))))
    assert len(layer._scene.shapes) > FEW if layer._scene else False
    placement = placed(0, 1.0)
    painted(layer, placement)
    before = placement.to_view(QPointF(1000, 704))
    placement.move(QPointF(40, 30))
    image = QImage(VIEW, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    layer.paint(painter, placement)
    painter.end()
    assert overlay(0) in colors_near(image, before + QPointF(40, 30))
    assert not layer.settled
    qtbot.waitUntil(lambda: layer.settled)
    assert overlay(0) in colors_near(painted(layer, placement), before + QPointF(40, 30))


def test_others_stand_back_while_the_picture_is_zoomed(layer: ShapeLayer) -> None:
    layer.set_scene(scene(*many(200), shape("far", 300, 700, 1700, 1400)))
    placement = placed()
    painted(layer, placement)
    placement.zoom_to(placement.zoom * 1.5)
    edge = placement.to_view(QPointF(1000, 700)).toPoint()

    def on_the_edge() -> set[str]:
        image = QImage(VIEW, QImage.Format.Format_RGB32)
        image.fill(GREY)
        painter = QPainter(image)
        layer.paint(painter, placement)
        painter.end()
        return {image.pixelColor(edge + QPoint(0, dy)).name() for dy in range(-4, 5)}

    bright = on_the_edge()
    color = QColor(overlay(scene(*many(200), shape("far", 0, 0, 1, 1)).colours[-1]))
    assert color.name() in bright
    layer.highlight([0])
    mixed = [
        round(one + (other - one) * DIMMED)
        for one, other in zip(GREY.getRgb()[:3], color.getRgb()[:3], strict=True)
    ]
    dim = [QColor(name).getRgb()[:3] for name in on_the_edge()]
    assert any(all(abs(a - b) <= 3 for a, b in zip(rgb, mixed, strict=True)) for rgb in dim)


def test_the_name_of_what_is_meant_is_seen_once_and_the_others_stay(layer: ShapeLayer) -> None:
    both = (shape("face", 200, 300, 1400, 1200), shape("left eye", 200, 300, 900, 900))
    drawn, placement = scene(*both, shape("ear", 1500, 400, 1800, 700)), placed()
    layer.set_scene(drawn)
    before = painted(layer, placement)
    (name,) = layer._sheet.name_rects(drawn, [1], placement)
    inside = name.toRect().adjusted(2, 2, -2, -2)
    assert placement.transform().mapRect(drawn.rect(1)).contains(name)  # as the face has the place above

    def kinds(image: QImage) -> set[int]:
        part = image.copy(inside)
        return {part.pixel(x, y) for x in range(part.width()) for y in range(part.height())}

    assert len(kinds(before)) > 1
    layer.highlight([1])
    assert len(kinds(painted(layer, placement))) == 1
    layer.highlight([])
    assert painted(layer, placement) == before
    layer.highlight([0])
    assert len(kinds(painted(layer, placement))) > 1
    touched: list[QRect] = []
    layer.touched.connect(touched.append)
    for shown in (QPointF(1650, 550), QPointF(550, 600)):
        layer.hover(shown, 1.0)
    assert any(area.contains(name.toRect()) for area in touched)


@pytest.mark.parametrize("ratio", [1.25, 2.0])
def test_what_lies_below_a_name_is_as_it_was_once_the_name_is_left_out(
    layer: ShapeLayer, ratio: float
) -> None:
    placement = placed()
    placement.set_view(QRectF(0, 0, VIEW.width(), VIEW.height()), ratio)
    drawn = scene(shape("a", 200, 300, 900, 900), shape("b", 240, 340, 800, 800))
    layer.set_scene(drawn)
    painted(layer, placement)
    sheet = layer._sheet._done
    assert sheet is not None and len(sheet.names) == 2
    named = sheet.image.copy()
    for left_out in ([0], [0, 1], [1], []):
        layer.highlight(left_out)
        painted(layer, placement)
        for place, name in sheet.names.items():
            seen = sheet.image.copy(QRect(name.corner, name.below.size()))
            assert (seen == name.below) == (place in left_out)
    assert sheet.image == named


def test_frames_without_a_pause_do_not_put_off_the_shapes(layer: ShapeLayer, qapp: QApplication) -> None:
    layer.set_scene(scene(*many(400)))
    placement = placed(0, 1.0)
    painted(layer, placement)
    layer.set_scene(scene(*many(600)))
    image = QImage(VIEW, QImage.Format.Format_RGB32)
    for _ in range(200):
        painter = QPainter(image)
        layer.paint(painter, placement)
        painter.end()
        if layer.settled:
            break
        qapp.processEvents()
    assert layer.settled


def test_shapes_that_are_not_shown_any_more_are_let_go(layer: ShapeLayer, qtbot: QtBot) -> None:
    before = scene(*many(200))
    gone = weakref.ref(before)
    layer.set_scene(before)
    del before
    painted(layer, placed())
    layer.set_scene(scene(*many(100)))
    painted(layer, placed())
    qtbot.waitUntil(lambda: gone() is None)
