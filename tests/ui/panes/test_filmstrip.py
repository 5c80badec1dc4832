from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.panes.filmstrip import Filmstrip
from ui.panes.filmstrip_model import SHA_ROLE, FilmstripModel

PICTURES = [(letter * 64, f"{letter}.png") for letter in "abc"]


@pytest.fixture
def strip(qtbot: QtBot) -> Filmstrip:
    made = Filmstrip()
    qtbot.addWidget(made)
    made.resize(600, 80)
    return made


def red() -> QImage:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill("#FF0000")
    return image


def test_the_model_keeps_to_qts_rules(qtmodeltester: Any) -> None:
    model = FilmstripModel()
    model.set_pictures(PICTURES)
    qtmodeltester.check(model)
    model.set_pictures([])
    qtmodeltester.check(model)


def test_rows_are_spoken_with_their_place(strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    spoken = strip.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "b.png, picture 2 of 3"


def test_in_a_low_window_it_stays_away_while_all_pictures_are_open(strip: Filmstrip) -> None:
    every = {sha256 for sha256, _ in PICTURES}
    strip.set_pictures(PICTURES)
    strip.set_open(every)
    assert strip.isVisible(), "there is room for it"
    strip.set_low(True)
    assert not strip.isVisible()
    strip.set_open(every - {PICTURES[1][0]})
    assert strip.isVisible(), "else nothing leads to that one"
    strip.set_open(every)
    strip.set_low(False)
    assert strip.isVisible()


def test_it_tells_before_it_goes_away_with_the_keyboard(strip: Filmstrip) -> None:
    told: list[bool] = []
    strip.keyboard_left.connect(lambda: told.append(strip.isVisible()))
    strip.set_pictures(PICTURES)
    strip.set_pictures(PICTURES[:1])
    assert not told, "the keyboard is elsewhere"
    strip.set_pictures(PICTURES)
    strip.list.setFocus()
    strip.set_pictures(PICTURES[:1])
    assert told == [True]


def test_it_stays_away_below_two_pictures(strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES[:1])
    assert not strip.isVisible()
    strip.set_pictures(PICTURES)
    assert strip.isVisible()


def test_each_missing_thumbnail_is_wanted_once(strip: Filmstrip) -> None:
    wanted: list[str] = []
    strip.thumbnail_wanted.connect(wanted.append)
    strip.set_pictures(PICTURES)
    strip.grab()
    strip.grab()
    assert wanted == [sha256 for sha256, _ in PICTURES]
    strip.set_thumbnail("a" * 64, red())
    image = strip.grab().toImage()
    place = strip.list.visualRect(strip.model.index(0)).center()
    at = strip.list.viewport().mapTo(strip, place)
    assert image.pixelColor(at).name() == "#ff0000"
    assert len(wanted) == 3


def test_a_thumbnail_of_another_conversation_is_ignored(strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    strip.set_thumbnail("f" * 64, red())
    assert strip.thumbnails.image("f" * 64) is None


def test_a_click_chooses(qtbot: QtBot, strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    place = strip.list.visualRect(strip.model.index(2)).center()
    with qtbot.waitSignal(strip.picture_chosen) as chosen:
        qtbot.mouseClick(strip.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["c" * 64]


def test_arrow_keys_choose(qtbot: QtBot, strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    strip.set_current("a" * 64)
    with qtbot.waitSignal(strip.picture_chosen) as chosen:
        qtbot.keyClick(strip.list, Qt.Key.Key_Right)
    assert chosen.args == ["b" * 64]


def test_marking_a_picture_does_not_choose_it(qtbot: QtBot, strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    with qtbot.assertNotEmitted(strip.picture_chosen):
        strip.set_current("b" * 64)
    assert strip.list.currentIndex().data(SHA_ROLE) == "b" * 64


def test_the_current_picture_stays_when_one_is_added(strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    strip.set_current("b" * 64)
    strip.set_pictures([*PICTURES, ("d" * 64, "d.png")])
    assert strip.list.currentIndex().data(SHA_ROLE) == "b" * 64


def place(strip: Filmstrip, row: int) -> QPoint:
    return strip.list.visualRect(strip.model.index(row)).center()


def test_control_opens_beside_and_the_middle_button_in_a_tab(qtbot: QtBot, strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    strip.set_current("a" * 64)
    viewport, control = strip.list.viewport(), Qt.KeyboardModifier.ControlModifier
    with qtbot.assertNotEmitted(strip.picture_chosen):
        with qtbot.waitSignal(strip.beside_requested) as beside:
            qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, control, place(strip, 1))
        with qtbot.waitSignal(strip.tab_requested) as tab:
            qtbot.mouseClick(viewport, Qt.MouseButton.MiddleButton, pos=place(strip, 2))
        with qtbot.waitSignal(strip.beside_requested) as by_key:
            qtbot.keyClick(strip.list, Qt.Key.Key_Return, control)
        with qtbot.waitSignal(strip.tab_requested) as tab_by_key:
            shift = Qt.KeyboardModifier.ShiftModifier
            qtbot.keyClick(strip.list, Qt.Key.Key_Return, control | shift)
    assert (beside.args, tab.args) == (["b" * 64], ["c" * 64])
    assert by_key.args == tab_by_key.args == ["a" * 64]
    with qtbot.waitSignal(strip.picture_chosen):
        qtbot.keyClick(strip.list, Qt.Key.Key_Return)


def test_dragging_a_tile_takes_its_picture_and_chooses_nothing(qtbot: QtBot, strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    viewport, left = strip.list.viewport(), Qt.MouseButton.LeftButton
    with qtbot.assertNotEmitted(strip.picture_chosen), qtbot.waitSignal(strip.drag_requested) as dragged:
        qtbot.mousePress(viewport, left, pos=place(strip, 1))
        qtbot.mouseMove(viewport, place(strip, 1) + QPoint(4, -30))
        qtbot.mouseRelease(viewport, left, pos=place(strip, 1))
    assert dragged.args == ["b" * 64]
    assert not strip.tile("b" * 64).isNull()


@pytest.mark.parametrize("by_key", [False, True])
def test_the_menu_is_asked_for_where_the_picture_is(qtbot: QtBot, strip: Filmstrip, by_key: bool) -> None:
    strip.set_pictures(PICTURES)
    strip.set_current("b" * 64)
    row = 1 if by_key else 2
    at = strip.list.viewport().mapToGlobal(place(strip, row))
    reason = QContextMenuEvent.Reason.Keyboard if by_key else QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, QPoint(1, 1) if by_key else place(strip, row), at)
    with qtbot.waitSignal(strip.menu_requested) as asked:
        QApplication.sendEvent(strip.list.viewport(), event)
    assert asked.args == ["bc"[row - 1] * 64, at]


def test_marks_are_drawn_and_said(strip: Filmstrip) -> None:
    strip.set_pictures(PICTURES)
    before = strip.grab().toImage()
    strip.set_marks({"b" * 64: "dropped"})
    after = strip.grab().toImage()
    assert before != after
    corner = strip.list.viewport().mapTo(strip, place(strip, 0)) + QPoint(24, -24)
    assert before.pixelColor(corner) == after.pixelColor(corner)
    spoken = strip.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "b.png, picture 2 of 3, does not go along"
    assert strip.model.index(1).data(Qt.ItemDataRole.ToolTipRole) == "b.png (does not go along)"
    strip.set_marks({})
    assert strip.grab().toImage() == before


def test_names_from_outside_stay_on_one_line(strip: Filmstrip) -> None:
    strip.set_pictures([("a" * 64, "two\nlines\u202e.png")])
    assert strip.model.index(0).data() == "two lines\ufffd.png"
