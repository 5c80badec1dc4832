"""The commands of the panes, from the window's keys and menus."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.panes.area.arrangement import Tab
from ui.panes.view.picture_pane import PicturePane
from ui.widgets.offered import OfferDescription

OpenWindow = Callable[[int, int], MainWindow]
NAMES = {letter * 64: f"{letter}.png" for letter in "ab"}
A, B = NAMES


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    """Two pictures are open, each in its tab."""
    window = open_window(1280, 800)
    picture = QImage(600, 400, QImage.Format.Format_RGB32)
    picture.fill(0)

    def bring(pane: PicturePane, sha256: str) -> None:
        if sha256:
            pane.show_picture(picture, NAMES[sha256], None, sha256)
        else:
            pane.show_empty()

    window.panes.picture_wanted.connect(bring)
    window.panes.set_pictures(NAMES)
    window.panes.open_tab(Tab(A))
    window.panes.open_tab(Tab(B))
    return window


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, *, shift: bool = False) -> None:
    modifiers = Qt.KeyboardModifier.ControlModifier
    modifiers |= Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(window.composer.edit, key, modifiers)


def tabs(window: MainWindow) -> list[str]:
    return ["".join(tab.sha256[0] for tab in group.tabs) for group in window.panes.groups()]


def test_panes_are_made_filled_and_closed_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, Qt.Key.Key_Backslash)
    assert tabs(window) == ["ab", "b"]
    qtbot.keyClick(window.pane.view, Qt.Key.Key_F6)
    assert window.pane is window.panes.panes()[0] and window.pane.view.hasFocus()
    press(qtbot, window, Qt.Key.Key_PageDown)
    assert window.pane.sha256 == A
    press(qtbot, window, Qt.Key.Key_PageDown, shift=True)
    assert tabs(window) == ["b", "ba"]
    press(qtbot, window, Qt.Key.Key_W)
    press(qtbot, window, Qt.Key.Key_W)
    press(qtbot, window, Qt.Key.Key_W)
    assert tabs(window) == [""] and window.pane.state == "empty"


def test_the_commands_of_a_picture_are_for_the_active_pane(qtbot: QtBot, window: MainWindow) -> None:
    actions = window.actions_table
    actions["pane-right"].trigger()
    first, second = (pane.view for pane in window.panes.panes())
    actions["turn-right"].trigger()
    actions["zoom-full"].trigger()
    assert (first.placement.turn, second.placement.turn, second.zoom) == (0, 90, 1.0)
    window.panes.activate(window.panes.panes()[0])
    actions["turn-left"].trigger()
    assert (first.placement.turn, second.placement.turn) == (270, 90)
    actions["zoom-fill"].trigger()
    assert first.picture_rect().contains(first.rect().toRectF())


def test_a_switch_is_checked_in_the_menu_and_holds_for_panes_to_come(
    qtbot: QtBot, window: MainWindow
) -> None:
    actions = window.actions_table
    assert actions["grid"].isChecked() and not actions["readout"].isChecked()
    qtbot.keyClick(window.pane.view, Qt.Key.Key_I)
    assert actions["readout"].isChecked()
    actions["pane-right"].trigger()
    view = window.pane.view
    qtbot.mouseMove(view, view.placement.to_view(QPointF(300, 200)).toPoint())
    assert view.pointing.readout.words.startswith("#000000")
    actions["readout"].trigger()
    assert view.pointing.readout.words == ""


def test_the_bar_and_the_right_button_open_the_menu_of_the_picture(qtbot: QtBot, window: MainWindow) -> None:
    menu = window.actions_table.menus["panes"]
    assert window.actions_table["full-screen"] in menu.actions() and len(menu.actions()) < 16
    within = next(action.menu() for action in menu.actions() if action.menu() is not None)
    assert window.actions_table["pane-right"] in within.actions()
    window.pane.view.bar.reveal()
    qtbot.mouseClick(window.pane.view.bar.more, Qt.MouseButton.LeftButton)
    assert menu.isVisible()
    menu.close()
    window.pane.view.menu_requested.emit(window.mapToGlobal(window.rect().center()))
    assert menu.isVisible()
    menu.close()


def test_where_there_is_no_room_for_a_pane_the_window_says_so(qtbot: QtBot, window: MainWindow) -> None:
    for _ in range(12):
        window.actions_table["pane-right"].trigger()
    assert "There is no room for another pane." in window.notice.text()


def test_what_an_empty_pane_says_is_out_of_sight_while_a_drop_is_told_of(window: MainWindow) -> None:
    for _ in range(2):
        window.actions_table["pane-close"].trigger()
    overlay = window.drops.overlay
    overlay.show_offer(OfferDescription("Drop to add this picture", refused=False))
    assert window.pane.state == "empty" and not window.pane.empty.isVisible()
    overlay.hide()
    assert window.pane.empty.isVisible()
