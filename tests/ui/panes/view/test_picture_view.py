from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QRegion, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.panes.view.picture_view import PictureView
from ui.panes.view.placement import MARGIN
from ui.theme import palette


def image(width: int, height: int, color: str = "#C03030") -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor(color))
    return made


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def wheel(view: PictureView, at: QPoint, steps: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def close(a: QPointF, b: QPointF) -> bool:
    return abs(a.x() - b.x()) < 0.01 and abs(a.y() - b.y()) < 0.01


def test_a_large_picture_is_fitted_whole_and_centred(view: PictureView) -> None:
    view.set_image(image(3000, 1000), "wide.png")
    rect = view.picture_rect()
    assert view.fitted
    assert rect.width() == pytest.approx(600 - 2 * MARGIN)
    assert rect.center().x() == pytest.approx(300, abs=1)
    assert rect.center().y() == pytest.approx(200, abs=1)
    assert view.accessibleDescription() == "wide.png, 3000 by 1000 pixels"


def test_a_small_picture_keeps_its_size(view: PictureView) -> None:
    view.set_image(image(64, 32))
    assert view.zoom == 1.0
    assert view.picture_rect().size().toSize() == QSize(64, 32)


def test_zoom_counts_in_pixels_of_the_original(view: PictureView) -> None:
    view.set_image(image(500, 250), "big.jpg", QSize(8000, 4000))
    view.show_full()
    assert view.zoom == 1.0
    assert view.picture_rect().width() == pytest.approx(8000)


def test_the_wheel_keeps_the_point_under_the_pointer(view: PictureView) -> None:
    view.set_image(image(2000, 1500))
    at = QPoint(250, 170)
    before = view.to_picture(QPointF(at))
    wheel(view, at, 3)
    assert not view.fitted
    assert close(view.to_picture(QPointF(at)), before)


def test_zoom_ends_somewhere(view: PictureView) -> None:
    view.set_image(image(200, 150))
    for _ in range(60):
        view.zoom_in()
    assert view.zoom == 32.0
    for _ in range(120):
        view.zoom_out()
    assert view.zoom >= 0.2


def test_dragging_moves_a_picture_that_is_larger_than_the_view(qtbot: QtBot, view: PictureView) -> None:
    view.set_image(image(2000, 1500))
    view.show_full()
    before = view.picture_rect().topLeft()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    qtbot.mouseMove(view, QPoint(260, 230))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(260, 230))
    assert close(view.picture_rect().topLeft(), before + QPointF(-40, 30))


def test_dragging_a_whole_picture_leaves_it_fitted(qtbot: QtBot, view: PictureView) -> None:
    view.set_image(image(2000, 1500))
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    qtbot.mouseMove(view, QPoint(260, 230))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(260, 230))
    assert view.fitted


def test_a_double_click_changes_between_fit_and_full(qtbot: QtBot, view: PictureView) -> None:
    view.set_image(image(2000, 1500))
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert view.zoom == 1.0 and not view.fitted
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert view.fitted


def test_keys_zoom_and_move(qtbot: QtBot, view: PictureView) -> None:
    view.set_image(image(2000, 1500))
    qtbot.keyClick(view, "1")
    assert view.zoom == 1.0
    qtbot.keyClick(view, "+")
    assert view.zoom == 1.25
    qtbot.keyClick(view, "-")
    assert view.zoom == 1.0
    left = view.picture_rect().left()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.picture_rect().left() == pytest.approx(left - 48)
    qtbot.keyClick(view, "0")
    assert view.fitted


def test_a_fitted_picture_follows_the_view(view: PictureView) -> None:
    view.set_image(image(2000, 1000))
    view.resize(900, 700)
    assert view.picture_rect().width() == pytest.approx(900 - 2 * MARGIN)


def test_a_picture_larger_than_the_screen_is_drawn_in_its_colour(qtbot: QtBot, view: PictureView) -> None:
    view.set_image(image(6000, 4000))
    first = view.grab().toImage().pixelColor(300, 200)
    qtbot.waitUntil(lambda: view._painter.levels.complete)
    assert first.name() == "#c03030"
    assert view.grab().toImage().pixelColor(300, 200).name() == "#c03030"
    assert view.grab().toImage().pixelColor(2, 2) == palette.current().mat


@pytest.mark.parametrize("turn", [0, 90])
@pytest.mark.parametrize("zoom", [None, 0.13, 0.77, 5.0])
def test_every_pixel_of_the_view_is_the_picture_or_the_mat(
    view: PictureView, zoom: float | None, turn: int
) -> None:
    for form in (QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied):
        view.set_image(image(1501, 1003).convertToFormat(form))
        view.turn_by(turn)
        if zoom is not None:
            view.zoom_to(zoom, QPointF(37.3, 111.7))
        shown = QImage(view.size(), QImage.Format.Format_RGB32)
        shown.fill(Qt.GlobalColor.magenta)
        view.render(shown, QPoint(), QRegion(), QWidget.RenderFlag(0))
        found = {shown.pixelColor(x, y).name() for x in range(600) for y in (0, 1, 57, 200, 398, 399)}
        assert "#c03030" in found
        assert "#ff00ff" not in found


def test_the_mat_is_seen_through_a_picture(view: PictureView) -> None:
    clear = QImage(900, 600, QImage.Format.Format_ARGB32_Premultiplied)
    clear.fill(Qt.GlobalColor.transparent)
    view.set_image(clear)
    assert view.grab().toImage().pixelColor(300, 120) == palette.current().mat


def test_repainting_a_large_picture_does_not_scale_it_again(qtbot: QtBot, view: PictureView) -> None:
    view.set_image(image(6000, 4000))
    qtbot.waitUntil(lambda: view._painter.levels.complete)
    view.grab()
    kept = view._painter._scaled
    view.grab()
    assert view._painter._scaled is kept
    assert view._painter.levels.at_least(552).width() < 1200


def test_without_a_picture_nothing_zooms(qtbot: QtBot, view: PictureView) -> None:
    view.set_image(QImage())
    view.zoom_in()
    wheel(view, QPoint(10, 10), 2)
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert view.accessibleDescription() == ""
    assert not view.bar.isVisible()


def test_the_bar_appears_for_pointer_and_keyboard_and_works(qtbot: QtBot, view: PictureView) -> None:
    view.set_image(image(2000, 1500))
    assert not view.bar.isVisible()
    qtbot.mouseMove(view, QPoint(100, 100))
    view.bar.reveal()
    assert view.bar.isVisible()
    qtbot.mouseClick(view.bar.percent, Qt.MouseButton.LeftButton)
    assert view.zoom == 1.0
    assert view.bar.percent.text() == "100 %"
    qtbot.mouseClick(view.bar.larger, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.bar.smaller, Qt.MouseButton.LeftButton)
    assert view.zoom == 1.0
    qtbot.mouseClick(view.bar.fit, Qt.MouseButton.LeftButton)
    assert view.fitted


def test_the_bar_stays_while_the_keyboard_is_in_it_and_goes_while_it_is_in_the_picture(
    qtbot: QtBot, view: PictureView
) -> None:
    view.set_image(image(2000, 1500))
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert view.bar.isVisible()
    view.activateWindow()
    view.bar.fit.setFocus()
    view.bar.conceal()
    assert view.bar.fit.hasFocus() and view.bar.isVisible()
    view.setFocus()
    view.bar.conceal()
    qtbot.waitUntil(lambda: not view.bar.isVisible())


def test_a_fitted_picture_leaves_the_bottom_to_the_bar(view: PictureView) -> None:
    view.set_image(image(1000, 1000))
    view.bar.reveal()
    assert view.picture_rect().bottom() < view.bar.geometry().top()
    view.resize(600, 300)
    assert view.picture_rect().bottom() < view.bar.geometry().top()
    view.set_image(image(40, 20))
    assert view.picture_rect().center().y() == pytest.approx(150, abs=1)


def test_a_narrow_view_has_the_buttons_that_the_menu_has_not(view: PictureView) -> None:
    view.set_image(image(1000, 1000))
    wide = view.bar.width()
    view.resize(300, 400)
    assert [stop for stop in view.bar.stops if not stop.isHidden()] == [view.bar.fit, view.bar.more]
    assert view.bar.width() < wide / 2
    view.resize(600, 400)
    assert view.bar.width() == wide and not view.bar.turn.isHidden()


def test_the_picture_stays_where_it_is_while_a_button_is_down(qtbot: QtBot, view: PictureView) -> None:
    view.set_image(image(2000, 1500))
    before = view.picture_rect()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    view.resize(600, 300)
    assert view.picture_rect() == before
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert view.fitted and view.picture_rect().bottom() < 300
