from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.panes.view.picture_view import PictureView

NONE = Qt.KeyboardModifier.NoModifier
AT = QPointF(250, 170)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[PictureView]:
    around = QWidget()
    qtbot.addWidget(around)
    around.resize(600, 400)
    made = PictureView(around)
    made.resize(600, 400)
    around.show()
    image = QImage(4000, 3000, QImage.Format.Format_RGB32)
    image.fill(0)
    made.set_image(image)
    made.show_full()
    yield made


def scroll(
    view: PictureView,
    pixels: QPoint,
    angle: QPoint,
    phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
    modifiers: Qt.KeyboardModifier = NONE,
) -> None:
    none = Qt.MouseButton.NoButton
    place = view.mapToGlobal(AT)
    event = QWheelEvent(AT, place, pixels, angle, none, modifiers, phase, False)
    QApplication.sendEvent(view, event)
    assert event.isAccepted()


def pinch(view: PictureView, kind: Qt.NativeGestureType, value: float) -> None:
    device = QPointingDevice.primaryPointingDevice()
    place = view.mapToGlobal(AT)
    event = QNativeGestureEvent(kind, device, 2, AT, AT, place, value, QPointF())
    QApplication.sendEvent(view, event)


def near(a: QPointF, b: QPointF) -> bool:
    return (a - b).manhattanLength() < 0.05


def test_two_fingers_move_the_picture_and_zoom_it_with_control(view: PictureView) -> None:
    corner = view.picture_rect().topLeft()
    scroll(view, QPoint(-30, 12), QPoint(-60, 24), Qt.ScrollPhase.ScrollUpdate)
    assert view.zoom == 1.0 and near(view.picture_rect().topLeft(), corner + QPointF(-30, 12))
    under = view.to_picture(AT)
    control = Qt.KeyboardModifier.ControlModifier
    scroll(view, QPoint(0, 60), QPoint(0, 120), Qt.ScrollPhase.ScrollUpdate, control)
    assert view.zoom == 1.25 and near(view.to_picture(AT), under)


def test_a_mouse_wheel_that_tells_pixels_still_zooms(view: PictureView) -> None:
    scroll(view, QPoint(0, 120), QPoint(0, 120))
    assert view.zoom == 1.25


def test_pinching_on_a_touchpad_zooms_where_the_pointer_is(view: PictureView) -> None:
    under = view.to_picture(AT)
    pinch(view, Qt.NativeGestureType.ZoomNativeGesture, 0.5)
    assert view.zoom == 1.5 and near(view.to_picture(AT), under)
    pinch(view, Qt.NativeGestureType.SmartZoomNativeGesture, 0)
    assert view.fitted


def test_pinching_on_a_screen_zooms_between_the_fingers(qtbot: QtBot, view: PictureView) -> None:
    device = QTest.createTouchDevice()
    first, second = QPoint(200, 200), QPoint(400, 200)
    QTest.touchEvent(view, device).press(0, first, view).press(1, second, view).commit()
    for step in range(1, 11):
        way = QPoint(5 * step, 0)
        QTest.touchEvent(view, device).move(0, first - way, view).move(1, second + way, view).commit()
    QTest.touchEvent(view, device).release(0, first - way, view).release(1, second + way, view).commit()
    qtbot.waitUntil(lambda: view.zoom > 1.3)
    assert view.zoom == pytest.approx(1.5, rel=0.06)  # the first step is where it starts


def test_the_space_bar_lets_any_place_be_dragged(qtbot: QtBot, view: PictureView) -> None:
    QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, NONE, " "))
    assert view.cursor().shape() == Qt.CursorShape.OpenHandCursor
    corner = view.picture_rect().topLeft()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    qtbot.mouseMove(view, QPoint(280, 190))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(280, 190))
    assert near(view.picture_rect().topLeft(), corner + QPointF(-20, -10))
    QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_Space, NONE, " "))
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_middle_button_drags(qtbot: QtBot, view: PictureView) -> None:
    corner = view.picture_rect().topLeft()
    qtbot.mousePress(view, Qt.MouseButton.MiddleButton, pos=QPoint(300, 200))
    qtbot.mouseMove(view, QPoint(310, 220))
    qtbot.mouseRelease(view, Qt.MouseButton.MiddleButton, pos=QPoint(310, 220))
    assert near(view.picture_rect().topLeft(), corner + QPointF(10, 20))


def test_dragging_with_shift_takes_the_picture_out(qtbot: QtBot, view: PictureView) -> None:
    corner = view.picture_rect().topLeft()
    shift = Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(view.drag_requested):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, shift, QPoint(300, 200))
        qtbot.mouseMove(view, QPoint(340, 240))
    assert view.picture_rect().topLeft() == corner
