from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.actions import COMMANDS, THEMES, Actions, shortcut_rows
from ui.shortcuts_dialog import MOST_COLUMNS, ShortcutsDialog
from ui.theme import palette


@pytest.fixture
def actions(qtbot: QtBot) -> Iterator[Actions]:
    window = QWidget()
    qtbot.addWidget(window)
    yield Actions(window)
    window.close()


def test_no_two_commands_share_a_shortcut() -> None:
    used = Counter(QKeySequence(keys).toString() for command in COMMANDS for keys in command.shortcuts)
    assert [keys for keys, times in used.items() if times > 1] == []
    assert "" not in used


def test_ids_are_unique() -> None:
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        ("new", "Ctrl+N"),
        ("open", "Ctrl+O"),
        ("settings", "Ctrl+,"),
        ("stop", "Esc"),
        ("shortcuts", "Ctrl+/"),
        ("quit", "Ctrl+Q"),
    ],
)
def test_the_known_shortcuts_are_bound(actions: Actions, command: str, keys: str) -> None:
    assert actions[command].shortcut() == QKeySequence(keys)


def test_enter_and_paste_stay_with_the_widget_that_has_the_keyboard(actions: Actions) -> None:
    for command in ("send", "newline", "paste", "top", "end", "caret", "select"):
        assert actions[command].shortcuts() == []


def test_every_action_says_what_it_does(actions: Actions) -> None:
    for command in actions:
        assert actions[command].text()
        assert actions[command].toolTip()
    assert actions["new"].toolTip() == "New conversation (Ctrl+N)"
    assert actions["open"].toolTip() == "Open pictures (Ctrl+O)"


def test_one_theme_is_checked_at_a_time(actions: Actions) -> None:
    assert actions["theme-system"].isChecked()
    actions.show_theme("dark")
    assert [name for name in THEMES if actions[f"theme-{name}"].isChecked()] == ["dark"]
    actions.show_theme("unknown")
    assert actions["theme-system"].isChecked()
    assert actions["theme"].menu() is not None


def test_the_list_of_shortcuts_names_each_with_its_keys() -> None:
    rows = dict(shortcut_rows())
    assert rows["New conversation"] == "Ctrl+N"
    assert rows["Send"] == "Return"
    assert rows["Start a new line"] == "Shift+Return"
    assert rows["Read a message by caret"] == "F7"
    assert rows["Message above, in the conversation"] == "Ctrl+Up"


def test_the_list_of_shortcuts_fits_its_window(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1500, 760)
    dialog = ShortcutsDialog(window)
    dialog.open()
    assert dialog.height() <= 760 and dialog.table.verticalScrollBar().maximum() == 0
    dialog.close()
    window.resize(640, 400)
    small = ShortcutsDialog(window)
    small.open()
    bar = small.table.verticalScrollBar()
    assert small.height() <= 400 and bar.maximum() > 0
    assert small.table.horizontalScrollBar().maximum() == 0 < small.table.columnCount() < 2 * MOST_COLUMNS
    qtbot.keyClick(small.table, Qt.Key.Key_Down)
    assert bar.value() > 0 and not small.table.currentIndex().isValid()
    qtbot.keyClick(small.table, Qt.Key.Key_Escape)
    assert small.isHidden()


def test_an_unknown_command_is_an_error(actions: Actions) -> None:
    with pytest.raises(KeyError):
        actions["fly"]


@pytest.mark.usefixtures("dressed")
def test_the_list_of_shortcuts_marks_no_cell_and_follows_the_theme(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = ShortcutsDialog(window)
    dialog.open()
    dialog.table.setFocus()
    assert not dialog.table.currentIndex().isValid()
    keys = dialog.table.item(0, 1)
    assert keys is not None and keys.text() == "Ctrl+N"
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    before = keys.foreground().color()
    palette.apply(application, "dark")
    after = keys.foreground().color()
    palette.apply(application, "light")
    assert (before, after) == (palette.load("light").text_muted, palette.load("dark").text_muted)
