"""The list beside a picture: what it lists stays in sight."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.geometry import Box
from app.domain.shape import Shape
from ui.panes.shapes.list_view import ShapeList
from ui.panes.shapes.row_delegate import ROW
from ui.panes.shapes.scene import colours_of
from ui.panes.view.picture_view import PictureView

BOX, PIXELS = Box(0.1, 0.1, 0.2, 0.2), Box(40, 30, 80, 60)
SHAPES = tuple(Shape(label=f"thing {n}", box=BOX, pixels=PIXELS) for n in range(30))
GROUPS = {each.label: (number,) for number, each in enumerate(SHAPES)}
SIZES = ((900, 700), (640, 300), (640, 130), (560, 160), (378, 257), (320, 125), (280, 157), (250, 500))
PICTURES = ((400, 300), (300, 400), (1000, 200))


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.set_image(QImage(400, 300, QImage.Format.Format_RGB32))
    return made


@pytest.fixture
def panel(view: PictureView) -> ShapeList:
    made = ShapeList(view)
    made.set_shapes(SHAPES, GROUPS, colours_of(SHAPES), {})
    return made


def test_the_list_lies_on_neither_the_picture_nor_the_bar(view: PictureView, panel: ShapeList) -> None:
    panel.open_over(view)
    for size, picture in itertools.product(SIZES, PICTURES):
        view.resize(*size)
        view.set_image(QImage(*picture, QImage.Format.Format_RGB32))
        view.bar.reveal()
        where = size, picture
        assert not panel.geometry().intersects(view.bar.geometry()), where
        assert not view.picture_rect().intersects(QRectF(panel.geometry())), where
        assert QRectF(view.rect()).contains(view.picture_rect()), where
        assert view.rect().contains(panel.geometry()) and view.rect().contains(view.bar.geometry()), where
        assert panel.list.height() >= 2 * ROW and panel.list.verticalScrollBar().maximum() > 0, where
        assert max(view.picture_rect().width(), view.picture_rect().height()) > 90, where


def test_the_current_row_stays_in_sight_when_the_view_gets_low(view: PictureView, panel: ShapeList) -> None:
    panel.open_over(view)
    panel.list.setCurrentIndex(panel.rows.index(9))
    for height in (257, 160, 125):
        view.resize(378, height)
        assert panel.list.viewport().rect().contains(panel.list.visualRect(panel.rows.index(9)))


def test_the_picture_and_the_bar_come_back_when_the_list_goes(view: PictureView, panel: ShapeList) -> None:
    for size in SIZES:
        view.resize(*size)
        before = view.picture_rect(), view.bar.geometry()
        panel.open_over(view)
        assert view.picture_rect() != before[0]
        panel.close_list()
        assert (view.picture_rect(), view.bar.geometry()) == before


def test_in_a_narrow_view_the_list_stands_where_it_leaves_more_of_the_picture(
    view: PictureView, panel: ShapeList
) -> None:
    view.resize(260, 500)
    view.set_image(QImage(1000, 200, QImage.Format.Format_RGB32))
    panel.open_over(view)
    assert panel.y() > view.picture_rect().bottom() and panel.width() == 260 - 24
    view.turn_by(90)  # a high picture is larger beside it
    assert panel.x() > view.picture_rect().right()


def test_in_the_narrowest_high_view_the_list_stands_below_the_picture(
    view: PictureView, panel: ShapeList
) -> None:
    view.resize(190, 420)
    panel.open_over(view)
    assert not panel.over_picture and panel.y() > view.picture_rect().bottom()


def test_where_there_is_no_room_beside_the_picture_the_list_goes_with_the_keyboard(
    qtbot: QtBot, view: PictureView, panel: ShapeList
) -> None:
    view.activateWindow()
    view.resize(190, 140)
    chosen: list[int] = []
    panel.chosen.connect(chosen.append)
    for leave in (view.setFocus, lambda: panel._choose(panel.rows.index_of(0))):
        panel.open_over(view)
        qtbot.waitUntil(panel.list.hasFocus)
        assert panel.over_picture and panel.width() > 170
        view.bar.reveal(by_pointer=True)
        assert view.bar._fade.endValue() == 0.0 or not view.bar.isVisible(), "it would hide the list"
        leave()
        assert not panel.isVisible()
    assert len(chosen) == 1


def test_a_list_over_the_picture_stays_while_a_dialog_has_the_keyboard(
    qtbot: QtBot, view: PictureView, panel: ShapeList
) -> None:
    view.activateWindow()
    view.resize(190, 140)
    panel.open_over(view)
    qtbot.waitUntil(panel.list.hasFocus)
    widgets: tuple[QWidget, QWidget] = panel.list, view
    for gives_back in widgets:
        dialog = QDialog(view)
        line = QLineEdit(dialog)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(line.hasFocus)
        assert panel.isVisible() and panel.over_picture
        view.resize(190, 141)
        dialog.close()
        view.activateWindow()
        gives_back.setFocus()
        qtbot.waitUntil(gives_back.hasFocus)
        assert panel.isVisible() is (gives_back is panel.list)


def test_there_is_room_for_the_list_where_a_row_of_it_can_be_read(
    qtbot: QtBot, view: PictureView, panel: ShapeList
) -> None:
    sizes = [QSize(width, height) for width in range(140, 170) for height in range(60, 100)]
    roomy = [size for size in sizes if panel.has_room(_of(view, size))]
    assert 0 < len(roomy) < len(sizes)
    least = roomy[0]
    assert roomy == [size for size in sizes if size.expandedTo(least) == size]
    view.resize(least)
    panel.open_over(view)
    row = panel.list.visualRect(panel.rows.index(0))
    assert panel.list.viewport().rect().contains(row) and row.height() == ROW
    assert panel.rect().contains(panel.head.geometry())
    assert all(panel.head.rect().contains(part.geometry()) for part in panel.head.stops())


def _of(view: PictureView, size: QSize) -> PictureView:
    view.resize(size)
    return view


def test_a_list_that_nobody_uses_goes_when_its_view_gets_too_small_for_it(
    qtbot: QtBot, view: PictureView, panel: ShapeList
) -> None:
    view.activateWindow()
    panel.open_over(view)
    qtbot.waitUntil(panel.list.hasFocus)
    view.resize(190, 140)
    assert panel.isVisible(), "it is being used"
    view.resize(190, 60)
    assert not panel.isVisible() and view.hasFocus(), "nobody could read it"
    view.resize(640, 300)
    panel.open_over(view)
    qtbot.waitUntil(panel.list.hasFocus)
    view.setFocus()
    assert panel.isVisible(), "there is room for both"
    view.resize(190, 140)
    assert not panel.isVisible()


def test_a_list_does_not_come_back_in_a_view_where_it_could_not_be_read(
    qtbot: QtBot, view: PictureView, panel: ShapeList
) -> None:
    panel.open_over(view)
    view.hide()
    view.resize(190, 60)
    view.show()
    assert panel.over_picture
    qtbot.waitUntil(lambda: not panel.isVisible())


def test_a_picture_that_is_zoomed_stays_and_a_place_of_it_comes_to_where_it_can_be_seen(
    view: PictureView, panel: ShapeList
) -> None:
    view.zoom_to(6.0)
    before = view.picture_rect()
    panel.open_over(view)
    assert view.picture_rect() == before
    box = QRectF(view.to_picture(QRectF(panel.geometry()).center()), QSize(20, 20))
    view.reveal_box(box)
    assert not view.placement.to_view_rect(box).intersects(QRectF(panel.geometry()))


def test_a_list_in_another_view_gives_the_first_its_room_back(
    qtbot: QtBot, view: PictureView, panel: ShapeList
) -> None:
    before = view.picture_rect()
    panel.open_over(view)
    other = PictureView()
    qtbot.addWidget(other)
    other.resize(500, 300)
    other.set_image(QImage(400, 300, QImage.Format.Format_RGB32))
    other.show()
    panel.open_over(other)
    assert view.picture_rect() == before
    assert not other.picture_rect().intersects(QRectF(panel.geometry()))
    panel.close_list()
