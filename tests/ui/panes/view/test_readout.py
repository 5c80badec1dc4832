from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.panes.view.picture_view import PictureView


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    picture = QImage(100, 80, QImage.Format.Format_RGB32)
    picture.fill(QColor("#102030"))
    picture.setPixelColor(40, 30, QColor("#c08040"))
    made.set_image(picture, "cat.png")
    return made


def over(view: PictureView, x: float, y: float) -> QPoint:
    return view.placement.to_view(QPointF(x, y)).toPoint()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_it_tells_of_the_pixel_under_the_pointer(qtbot: QtBot, view: PictureView, turn: int) -> None:
    view.turn_by(turn)
    view.zoom_to(8.0)
    view.pointing.switch(True)
    qtbot.mouseMove(view, over(view, 40.5, 30.5))
    assert view.pointing.readout.words == "#C08040  rgb 192 128 64  x 40  y 30"


def test_it_stays_away_from_the_pixel_that_it_tells_of(qtbot: QtBot, view: PictureView) -> None:
    view.pointing.switch(True)
    for size in ((600, 400), (320, 125)):
        view.resize(*size)
        view.zoom_to(16.0)
        for x in range(8, size[0], 40):
            for y in range(8, size[1], 25):
                qtbot.mouseMove(view, QPoint(x, y))
                readout = view.pointing.readout
                assert not readout.isVisible() or not readout.geometry().contains(x, y), (size, x, y)
                assert view.rect().contains(readout.geometry())


def test_in_a_small_view_it_covers_less_of_the_picture(qtbot: QtBot, view: PictureView) -> None:
    view.pointing.switch(True)
    whole = view.pointing.readout.width()
    view.resize(640, 130)
    qtbot.mouseMove(view, over(view, 50, 40))
    readout = view.pointing.readout
    assert readout.width() < whole * 0.6 and "rgb" in readout.words
    assert not view.picture_rect().intersects(QRectF(readout.geometry()))


def test_it_says_nothing_beside_the_picture_and_when_it_is_off(qtbot: QtBot, view: PictureView) -> None:
    view.pointing.switch(True)
    qtbot.mouseMove(view, over(view, 50, 40))
    assert view.pointing.readout.isVisible()
    qtbot.mouseMove(view, QPoint(5, 5))
    assert not view.pointing.readout.isVisible()
    qtbot.mouseMove(view, over(view, 50, 40))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert not view.pointing.readout.isVisible()
    view.pointing.switch(False)
    qtbot.mouseMove(view, over(view, 50, 40))
    assert not view.pointing.readout.isVisible()


def test_the_colour_can_be_copied(qtbot: QtBot, view: PictureView) -> None:
    view.zoom_to(8.0)
    view.pointing.switch(True)
    QGuiApplication.clipboard().setText("before")
    view.pointing.copy()
    assert QGuiApplication.clipboard().text() == "before"
    qtbot.mouseMove(view, over(view, 40.5, 30.5))
    view.pointing.copy()
    assert QGuiApplication.clipboard().text() == "#C08040"


def test_lines_divide_large_pixels_only_and_can_be_switched_off(qtbot: QtBot, view: PictureView) -> None:
    def colours(zoom: float) -> set[str]:
        view.zoom_to(zoom)
        seen = view.grab().toImage()
        middle = over(view, 60, 40)
        return {seen.pixelColor(middle.x() + x, middle.y() + y).name() for x in range(16) for y in range(16)}

    assert colours(7.0) == {"#102030"}
    assert len(colours(8.0)) in (2, 3)  # where lines cross, they are a little stronger
    view.show_grid(False)
    assert colours(8.0) == {"#102030"}


def test_the_keys_of_the_view_ask_the_window_for_its_commands(qtbot: QtBot, view: PictureView) -> None:
    asked: list[str] = []
    view.command_requested.connect(asked.append)
    for key in (Qt.Key.Key_G, Qt.Key.Key_I, Qt.Key.Key_K, Qt.Key.Key_F11):
        qtbot.keyClick(view, key)
    assert asked == ["grid", "readout", "copy-colour", "full-screen"]
    qtbot.keyClick(view, "]")
    assert view.placement.turn == 90
    qtbot.keyClick(view, "2")
    assert view.picture_rect().contains(view.rect().toRectF())
