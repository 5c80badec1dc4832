"""Where the window is narrow, the panels at its sides lie over the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.library.list_view import LibraryRow
from ui.main_window import MainWindow

OpenWindow = Callable[[int, int], MainWindow]
ROWS = [LibraryRow("1", "A cat", datetime.now(UTC))]


@pytest.fixture
def small(open_window: OpenWindow) -> MainWindow:
    window = open_window(640, 480)
    window.library.set_rows(ROWS)
    window.composer.focus_text()
    return window


def press(window: MainWindow, action: str) -> None:
    window.actions_table[action].trigger()


def shown(window: MainWindow) -> tuple[bool, bool]:
    return window.library.isVisible(), window.sidebar.isVisible()


@pytest.mark.parametrize(
    ("width", "expected"), [(640, (False, False)), (900, (True, False)), (1200, (True, True))]
)
def test_a_panel_is_a_column_where_there_is_room(
    open_window: OpenWindow, width: int, expected: tuple[bool, bool]
) -> None:
    assert shown(open_window(width, 700)) == expected


def test_a_drawer_takes_no_room_from_the_middle(small: MainWindow) -> None:
    before = small.pane.size()
    press(small, "library")
    assert shown(small) == (True, False)
    assert small.pane.size() == before
    assert small.library.backgroundRole() == QPalette.ColorRole.AlternateBase


def test_opening_one_drawer_closes_the_other(small: MainWindow) -> None:
    press(small, "library")
    press(small, "sidebar")
    assert shown(small) == (False, True)
    press(small, "library")
    assert shown(small) == (True, False)
    press(small, "library")
    assert shown(small) == (False, False)


def test_esc_closes_a_drawer_and_the_keyboard_goes_back_to_the_question(
    qtbot: QtBot, small: MainWindow
) -> None:
    press(small, "library")
    qtbot.waitUntil(small.library.list.hasFocus)
    with qtbot.assertNotEmitted(small.actions_table["stop"].triggered):
        qtbot.keyClick(small.library.list, Qt.Key.Key_Escape)
    assert shown(small) == (False, False)
    assert small.composer.edit.hasFocus()
    with qtbot.waitSignal(small.actions_table["stop"].triggered):
        qtbot.keyClick(small.composer.edit, Qt.Key.Key_Escape)


def test_a_click_beside_a_drawer_closes_it(qtbot: QtBot, small: MainWindow) -> None:
    press(small, "sidebar")
    outside = small.childAt(QPoint(20, 300))
    qtbot.mouseClick(outside, Qt.MouseButton.LeftButton)
    assert shown(small) == (False, False)


def test_a_choice_in_the_library_closes_its_drawer(qtbot: QtBot, small: MainWindow) -> None:
    press(small, "library")
    with qtbot.waitSignal(small.library.conversation_chosen):
        qtbot.keyClick(small.library.list, Qt.Key.Key_Return)
    assert shown(small) == (False, False)
    press(small, "library")
    press(small, "new")
    assert shown(small) == (False, False)


def test_walking_out_of_a_drawer_closes_it(qtbot: QtBot, small: MainWindow) -> None:
    press(small, "library")
    press(small, "write")
    assert small.composer.edit.hasFocus()
    assert shown(small) == (False, False)
    press(small, "sidebar")
    focused = QApplication.focusWidget()
    assert focused is not None and small.sidebar.isAncestorOf(focused)
    qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert shown(small) == (False, False)


def test_choosing_who_answers_opens_the_drawer(qtbot: QtBot, small: MainWindow) -> None:
    press(small, "model")
    assert shown(small) == (False, True)
    qtbot.waitUntil(small.sidebar.picker.endpoint_combo.hasFocus)


def test_a_drawer_becomes_a_column_when_the_window_grows(small: MainWindow) -> None:
    press(small, "sidebar")
    small.window().resize(1280, 800)
    assert shown(small) == (True, True)
    assert small.sidebar.backgroundRole() == QPalette.ColorRole.Window
    assert small.sidebar.width() < 400
    assert small.pane.geometry().right() < small.sidebar.mapTo(small, QPoint()).x()


def test_the_drawer_follows_the_size_of_the_window(small: MainWindow) -> None:
    press(small, "sidebar")
    small.window().resize(760, 600)
    right = small.sidebar.mapTo(small, QPoint(small.sidebar.width(), small.sidebar.height()))
    assert (right.x(), right.y()) == (small.width(), small.height())


def test_how_wide_the_columns_were_survives_a_drawer(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(1280, 700)
    window._columns.setSizes([300, 700, 280])
    before = window._columns.sizes()
    window.window().resize(700, 600)
    press(window, "library")
    window.window().resize(1280, 700)
    qtbot.waitUntil(lambda: window._columns.sizes()[0] == before[0])


def test_a_drawer_that_needs_more_width_stays_inside_the_window(small: MainWindow) -> None:
    small.sidebar.setMinimumWidth(400)
    press(small, "sidebar")
    placed = small.sidebar.geometry()
    assert placed.width() == 400 and placed.right() < small.width()
