"""What stands out of the shapes on a picture, and what is under the pointer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.drawn_shapes import GREY, VIEW, colors_near, many, overlay, painted, placed, point, scene, shape
from tests.grounded_answers import HEIGHT, WIDTH
from ui.panes.shapes.layer import ShapeLayer
from ui.panes.view.picture_view import PictureView
from ui.theme import palette


def test_the_smallest_shape_under_the_pointer_is_meant() -> None:
    drawn = scene(
        shape("car", 200, 200, 1800, 1400),
        shape("wheel", 300, 900, 600, 1200),
        point("hub", 450, 1050),
        shape("speck", 1000, 1000, 1002, 1002),
    )
    places = QPointF(1500, 500), QPointF(320, 920), QPointF(455, 1045), QPointF(1008, 995)
    assert [drawn.at(place, 10.0) for place in places] == [0, 1, 2, 3]
    assert drawn.at(QPointF(195, 700), 10.0) == 0
    assert drawn.at(QPointF(150, 700), 10.0) == -1
    assert drawn.at(QPointF(320, 920), 10.0, frozenset(["wheel"])) == 0


def test_what_is_meant_stands_out_and_the_others_stand_back(layer: ShapeLayer) -> None:
    layer.set_scene(scene(shape("a", 200, 300, 800, 1200), shape("b", 1200, 300, 1800, 1200)))
    placement = placed()
    left, right = (placement.to_view(QPointF(x, 750)) for x in (200, 1200))
    plain = painted(layer, placement)
    layer.highlight([1])
    image = painted(layer, placement)
    assert image.pixelColor(right.toPoint()).name() == overlay(1)
    assert overlay(0) in colors_near(plain, left) and overlay(0) not in colors_near(image, left)
    layer.highlight(())
    assert painted(layer, placement) == plain


def test_a_label_can_be_hidden(layer: ShapeLayer) -> None:
    layer.set_scene(scene(shape("a", 200, 300, 800, 1200), shape("b", 1200, 300, 1800, 1200)))
    layer.hide_labels(frozenset(["a"]))
    placement = placed()
    image = painted(layer, placement)
    assert colors_near(image, placement.to_view(QPointF(200, 750)), 3) == {GREY.name()}
    assert overlay(1) in colors_near(image, placement.to_view(QPointF(1200, 750)))


def test_another_theme_is_worn_at_once(layer: ShapeLayer, qapp: QApplication, qtbot: QtBot) -> None:
    palette.apply(qapp, "light")
    layer.set_scene(scene(shape("a", 200, 300, 800, 1200)))
    painted(layer, placed())
    with qtbot.waitSignal(layer.changed):
        palette.apply(qapp, "dark")
    painted(layer, placed())
    palette.apply(qapp, "light")


@pytest.fixture
def view(qtbot: QtBot, layer: ShapeLayer) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(VIEW)
    made.show()
    picture = QImage(WIDTH // 4, HEIGHT // 4, QImage.Format.Format_RGB32)
    picture.fill(GREY)
    made.set_image(picture, "cat.png", QSize(WIDTH, HEIGHT))
    made.add_layer(layer)
    layer.set_scene(scene(shape("a", 200, 300, 800, 1200), shape("b", 1200, 300, 1800, 1200)), "2 things.")
    return made


def at(view: PictureView, x: float, y: float) -> QPoint:
    return view.placement.to_view(QPointF(x, y)).toPoint()


def test_the_pointer_tells_the_shape_it_is_on_and_a_click_means_it(
    qtbot: QtBot, view: PictureView, layer: ShapeLayer
) -> None:
    told: list[int] = []
    layer.pointed.connect(told.append)
    for x in (500, 1000, 1500):
        qtbot.mouseMove(view, at(view, x, 700))
    assert told == [0, -1, 1]
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    with qtbot.waitSignal(layer.chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, 1500, 700))
    assert chosen.args == [1]
    assert view.accessibleDescription().endswith("2 things.")


def test_only_the_shape_that_was_pointed_at_and_the_one_that_is_now_are_drawn_again(
    qtbot: QtBot, view: PictureView, layer: ShapeLayer
) -> None:
    shapes = [shape("a", 200, 300, 500, 600), shape("b", 1200, 300, 1500, 600), point("c", 1700, 1300)]
    layer.set_scene(scene(*shapes))
    parts: list[QRect] = []

    class Watch(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                parts.extend(event.region())
            return False

    def shows_what_is_drawn() -> bool:
        shown = view.window().screen().grabWindow(view.winId()).toImage()
        drawn = view.grab().toImage()
        assert not shown.isNull() and shown.size() == drawn.size()
        return shown.convertToFormat(drawn.format()) == drawn

    qtbot.mouseMove(view, at(view, 300, 400))
    qtbot.waitUntil(lambda: layer.settled)
    view.repaint()
    around = QRect(at(view, 100, 200), at(view, 600, 700))  # the bar comes and goes elsewhere
    painted = view.grab(around).toImage()
    watch = Watch()
    view.installEventFilter(watch)
    for x, y in ((1300, 400), (1700, 1300), (300, 400)):
        parts.clear()
        place = at(view, x, y)
        qtbot.mouseMove(view, place)
        qtbot.waitUntil(lambda place=place: any(part.contains(place) for part in parts))
        assert sum(part.width() * part.height() for part in parts) < VIEW.width() * VIEW.height() / 4
        qtbot.waitUntil(shows_what_is_drawn)  # the rest of it may be drawn later
    qtbot.waitUntil(lambda: view.grab(around).toImage() == painted)


def test_shapes_do_not_keep_the_picture_from_being_moved(qtbot: QtBot, view: PictureView) -> None:
    view.zoom_to(2.0)
    before = view.picture_rect().topLeft()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    qtbot.mouseMove(view, QPoint(260, 180))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(260, 180))
    assert view.picture_rect().topLeft() != before


def test_a_shape_that_is_still_there_stays_meant_while_an_answer_grows(
    qtbot: QtBot, view: PictureView, layer: ShapeLayer
) -> None:
    qtbot.mouseMove(view, at(view, 500, 700))
    told: list[int] = []
    layer.pointed.connect(told.append)
    layer.set_scene(scene(shape("a", 200, 300, 800, 1200), *many(5)))
    assert told == []
    layer.set_scene(None)
    assert told == [-1]
