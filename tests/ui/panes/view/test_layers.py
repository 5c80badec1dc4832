from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.panes.view.layer import PictureLayer
from ui.panes.view.picture_view import PictureView
from ui.panes.view.placement import Placement

LEFT = Qt.MouseButton.LeftButton
RED = "#ff0000"


class Sheet(PictureLayer):
    """Covers a rectangle of the picture, takes what happens there and notes it."""

    def __init__(self, box: QRectF, words: str = "") -> None:
        super().__init__()
        self.box = box
        self.words = words
        self.told: list[str] = []
        self.hovered: QPointF | None = None

    def paint(self, painter: QPainter, placement: Placement) -> None:
        painter.fillRect(placement.to_view_rect(self.box), QColor(RED))

    def press(self, at: QPointF, reach: float, modifiers: Qt.KeyboardModifier) -> bool:
        return self._take("press", at)

    def drag(self, at: QPointF, reach: float, modifiers: Qt.KeyboardModifier) -> None:
        self.told.append("drag")

    def release(self, at: QPointF, reach: float) -> bool:
        self.told.append("release")
        return True

    def hover(self, at: QPointF | None, reach: float) -> bool:
        self.hovered = at
        return at is not None and self.box.contains(at)

    def key(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_1 and self._take("key", self.box.center())

    def cursor(self) -> Qt.CursorShape | None:
        inside = self.hovered is not None and self.box.contains(self.hovered)
        return Qt.CursorShape.CrossCursor if inside else None

    def describe(self) -> str:
        return self.words

    def _take(self, what: str, at: QPointF) -> bool:
        if not self.box.contains(at):
            return False
        self.told.append(what)
        return True


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    picture = QImage(500, 300, QImage.Format.Format_RGB32)
    picture.fill(0)
    made.set_image(picture, "cat.png", QSize(5000, 3000))
    return made


def at(view: PictureView, x: float, y: float) -> QPoint:
    """Where a pixel of the original is on the screen."""
    return view.placement.to_view(QPointF(x, y)).toPoint()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_layer_is_drawn_and_pressed_at_the_pixels_of_the_original(
    qtbot: QtBot, view: PictureView, turn: int
) -> None:
    sheet = Sheet(QRectF(500, 300, 400, 400))
    view.add_layer(sheet)
    view.turn_by(turn)
    seen = view.grab().toImage()
    assert seen.pixelColor(at(view, 700, 500)).name() == RED
    assert seen.pixelColor(at(view, 1500, 500)).name() == "#000000"
    qtbot.mousePress(view, LEFT, pos=at(view, 700, 500))
    qtbot.mouseMove(view, at(view, 2000, 2000))
    qtbot.mouseRelease(view, LEFT, pos=at(view, 2000, 2000))
    assert sheet.told == ["press", "drag", "release"]


def test_the_uppermost_layer_takes_what_is_for_both(qtbot: QtBot, view: PictureView) -> None:
    below, above = Sheet(QRectF(0, 0, 5000, 3000)), Sheet(QRectF(0, 0, 1000, 3000))
    view.add_layer(below)
    view.add_layer(above)
    qtbot.mouseClick(view, LEFT, pos=at(view, 500, 500))
    assert (above.told, below.told) == (["press", "release"], [])
    qtbot.mouseClick(view, LEFT, pos=at(view, 3000, 500))
    assert below.told == ["press", "release"]


def test_only_the_layer_under_the_pointer_is_told_where_it_is(qtbot: QtBot, view: PictureView) -> None:
    below, above = Sheet(QRectF(0, 0, 5000, 3000)), Sheet(QRectF(0, 0, 1000, 3000))
    view.add_layer(below)
    view.add_layer(above)
    qtbot.mouseMove(view, at(view, 3000, 500))
    assert below.hovered is not None
    qtbot.mouseMove(view, at(view, 500, 500))
    assert above.hovered is not None and below.hovered is None
    assert view.cursor().shape() == Qt.CursorShape.CrossCursor
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert above.hovered is None
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_what_no_layer_takes_moves_and_zooms_the_picture(qtbot: QtBot, view: PictureView) -> None:
    sheet = Sheet(QRectF(0, 0, 10, 10))
    view.add_layer(sheet)
    qtbot.mouseDClick(view, LEFT, pos=at(view, 2500, 1500))
    assert view.zoom == 1.0
    before = view.picture_rect().topLeft()
    qtbot.mousePress(view, LEFT, pos=QPoint(300, 200))
    qtbot.mouseMove(view, QPoint(280, 190))
    qtbot.mouseRelease(view, LEFT, pos=QPoint(280, 190))
    assert view.picture_rect().topLeft() == before + QPointF(-20, -10)
    assert sheet.told == []


def test_a_click_that_moves_nothing_is_told_to_the_uppermost_layer_that_takes_it(
    qtbot: QtBot, view: PictureView
) -> None:
    class Clicked(Sheet):
        def press(self, at: QPointF, reach: float, modifiers: Qt.KeyboardModifier) -> bool:
            return False

        def click(self, at: QPointF, reach: float) -> bool:
            return self._take("click", at)

    below, above = Clicked(QRectF(0, 0, 5000, 3000)), Clicked(QRectF(0, 0, 1000, 3000))
    view.add_layer(below)
    view.add_layer(above)
    qtbot.mouseClick(view, LEFT, pos=at(view, 500, 500))
    assert (above.told, below.told) == (["click"], [])
    qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=at(view, 3000, 500))
    qtbot.mousePress(view, LEFT, pos=QPoint(300, 200))
    qtbot.mouseMove(view, QPoint(340, 200))
    qtbot.mouseRelease(view, LEFT, pos=QPoint(340, 200))
    assert below.told == []
    qtbot.mouseDClick(view, LEFT, pos=at(view, 3000, 500))
    assert not view.fitted and below.told == []


def test_keys_go_to_layers_first(qtbot: QtBot, view: PictureView) -> None:
    sheet = Sheet(QRectF(0, 0, 10, 10))
    view.add_layer(sheet)
    qtbot.keyClick(view, "1")
    assert sheet.told == ["key"] and view.fitted
    qtbot.keyClick(view, "+")
    assert not view.fitted


def test_a_layer_that_is_taken_away_is_asked_no_more(qtbot: QtBot, view: PictureView) -> None:
    sheet = Sheet(QRectF(0, 0, 5000, 3000), "3 signs.")
    view.add_layer(sheet)
    assert view.accessibleDescription() == "cat.png, 5000 by 3000 pixels. 3 signs."
    qtbot.mousePress(view, LEFT, pos=QPoint(300, 200))
    view.remove_layer(sheet)
    qtbot.mouseRelease(view, LEFT, pos=QPoint(300, 200))
    assert sheet.told == ["press"]
    assert view.accessibleDescription() == "cat.png, 5000 by 3000 pixels"
    assert view.grab().toImage().pixelColor(300, 200).name() == "#000000"


def test_a_layer_that_changes_is_drawn_and_said_anew(view: PictureView) -> None:
    sheet = Sheet(QRectF(0, 0, 5000, 3000), "1 sign.")
    view.add_layer(sheet)
    sheet.words = "2 signs."
    sheet.changed.emit()
    assert view.accessibleDescription().endswith("2 signs.")
