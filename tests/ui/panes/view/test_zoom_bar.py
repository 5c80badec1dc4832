from __future__ import annotations

from itertools import permutations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.panes.view.picture_marker import PictureMarker
from ui.panes.view.picture_view import PictureView
from ui.widgets.buttons import IconButton


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(900, 600)
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(0)
    made.set_image(image, "black.png")
    made.show()
    return made


@pytest.mark.parametrize("came", list(permutations(("draw", "sent", "shapes"))))
def test_groups_stand_and_are_walked_in_one_order_whichever_came_first(
    view: PictureView, came: tuple[str, ...]
) -> None:
    made = {name: IconButton("scan", name) for name in came}
    for name in came:
        view.bar.add_tools(name, [made[name]])
    stops = view.bar.stops
    assert [stop for stop in stops if stop in made.values()] == [made[n] for n in ("draw", "sent", "shapes")]
    lefts = [stop.mapTo(view.bar, QPoint()).x() for stop in stops]
    assert lefts == sorted(lefts)


def test_tab_reaches_the_tools_in_the_drawer_behind_the_bar(qtbot: QtBot, view: PictureView) -> None:
    qtbot.waitExposed(view)
    PictureMarker(view)
    view.bar.add_tools("sent", [IconButton("scan", "sent")])
    view.setFocus()
    QTest.keyClick(view, "b")
    walked = []
    for _ in range(20):
        QTest.keyClick(QApplication.focusWidget() or view, "\t")
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused is view:
            break
        walked.append(focused.accessibleName())
    assert walked == [
        "Mark what you mean",
        "Cover what nobody is to see",
        "Cover a rectangle",
        "Cover with a brush",
        "Width of the brush",
    ]


def test_tools_take_no_more_of_the_picture_than_the_bar_did_and_do_not_stay_over_it(
    qtbot: QtBot, view: PictureView
) -> None:
    PictureMarker(view)
    view.resize(760, 400)
    bar = view.bar
    bar.reveal()
    room, height, shown = bar.room, bar.height(), view.picture_rect()
    QTest.keyClick(view, "b")
    assert (bar.room, bar.height(), view.picture_rect()) == (room, height, shown)
    assert not shown.intersects(QRectF(bar.geometry()))
    bar.conceal()  # as when the pointer rests, or leaves
    assert bar.isVisible() and bar._fade.endValue() == 1.0
    view.zoom_to(8.0)
    bar.conceal()
    qtbot.waitUntil(bar.isHidden)
    QTest.mouseMove(view, QPoint(80, 50))
    assert bar.isVisible()


@pytest.mark.parametrize("size", [(640, 99), (320, 125), (700, 230)])
def test_in_a_low_view_the_bar_and_its_tools_stand_beside_the_picture(
    view: PictureView, size: tuple[int, int]
) -> None:
    PictureMarker(view)
    view.resize(*size)
    view.bar.reveal()
    assert not view.picture_rect().intersects(QRectF(view.bar.geometry()))
    for key in "rb":
        QTest.keyClick(view, key)
        assert not view.picture_rect().intersects(QRectF(view.bar.geometry()))
        assert view.rect().contains(view.bar.geometry())
        QTest.keyClick(view, Qt.Key.Key_Escape)
    view.resize(900, 600)
    assert view.bar.geometry().center().x() == pytest.approx(450, abs=1)
    assert view.picture_rect().center().x() == pytest.approx(450, abs=1)


def test_tools_that_lie_over_a_small_picture_do_not_come_back_with_the_pointer(
    qtbot: QtBot, view: PictureView
) -> None:
    PictureMarker(view)
    view.resize(150, 99)
    QTest.keyClick(view, "r")
    bar = view.bar
    assert bar.isVisible() and view.picture_rect().intersects(QRectF(bar.geometry()))
    assert next(stop.accessibleName() for stop in bar.stops if not stop.isHidden()) == "Draw a rectangle"
    QTest.mouseMove(view, QPoint(70, 10))
    bar.conceal()  # as when the pointer rests
    qtbot.waitUntil(bar.isHidden)
    QTest.mouseMove(view, QPoint(80, 50))
    assert bar.isHidden()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert bar.isVisible()
