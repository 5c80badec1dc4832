from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.composer.attachment_chip import AttachmentChip
from ui.composer.composer import Composer
from ui.composer.task_row import TaskButton

CAPTION = TaskButton("Caption", "caption en")
DETECT = TaskButton("Detect", "detect {text}", "cat ; dog")
SEGMENT = TaskButton("Segment", "segment {text}", "cat ; dog")
QUOTE = TaskButton("Quote", "say {text} twice", "a word")


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    made = Composer()
    qtbot.addWidget(made)
    made.resize(600, made.sizeHint().height())
    made.show()
    made.focus_text()
    made.set_tasks([CAPTION, DETECT, SEGMENT, QUOTE])
    return made


def press(qtbot: QtBot, composer: Composer, task: TaskButton) -> str:
    (button,) = [one for one in composer.tasks.buttons if one.text() == task.name]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    return composer.text()


def test_there_is_no_row_before_a_model_has_tasks(qtbot: QtBot) -> None:
    composer = Composer()
    qtbot.addWidget(composer)
    composer.set_tasks([])
    assert "tasks" not in composer.__dict__
    composer.set_tasks([CAPTION])
    assert not composer.tasks.isHidden()
    composer.set_tasks([])
    assert composer.tasks.isHidden() and composer.tasks.buttons == []


def test_a_task_without_words_fills_the_question(qtbot: QtBot, composer: Composer) -> None:
    assert press(qtbot, composer, CAPTION) == "caption en"
    assert composer.edit.hasFocus()


def test_a_task_goes_before_what_was_typed_and_the_cursor_after_it(qtbot: QtBot, composer: Composer) -> None:
    composer.edit.setPlainText("cup ; spoon")
    assert press(qtbot, composer, DETECT) == "detect cup ; spoon"
    qtbot.keyClicks(composer.edit, " ; table")
    assert composer.text() == "detect cup ; spoon ; table"


def test_one_task_takes_the_place_of_another(qtbot: QtBot, composer: Composer) -> None:
    composer.edit.setPlainText("cup")
    press(qtbot, composer, DETECT)
    assert press(qtbot, composer, SEGMENT) == "segment cup"
    assert press(qtbot, composer, QUOTE) == "say cup twice"
    assert press(qtbot, composer, DETECT) == "detect cup"
    assert press(qtbot, composer, CAPTION) == "caption en"
    assert press(qtbot, composer, DETECT) == "detect "
    assert press(qtbot, composer, SEGMENT) == "segment "


def test_pressing_a_task_twice_changes_nothing(qtbot: QtBot, composer: Composer) -> None:
    composer.edit.setPlainText("cup")
    assert press(qtbot, composer, DETECT) == press(qtbot, composer, DETECT)


def test_a_task_can_be_undone(qtbot: QtBot, composer: Composer) -> None:
    qtbot.keyClicks(composer.edit, "cup")
    press(qtbot, composer, CAPTION)
    composer.edit.undo()
    assert composer.text() == "cup"


def test_the_hint_stands_behind_the_task_until_something_is_typed(qtbot: QtBot, composer: Composer) -> None:
    def ink() -> int:
        edit = composer.edit
        drawn = edit.viewport().grab().toImage()
        place = edit.cursorRect().right() + 4
        ground = drawn.pixelColor(drawn.width() - 1, 0)
        return sum(
            drawn.pixelColor(x, y) != ground for x in range(place, place + 60) for y in range(drawn.height())
        )

    press(qtbot, composer, DETECT)
    assert ink() > 20
    assert composer.edit.accessibleDescription().startswith("cat ; dog. ")
    qtbot.keyClicks(composer.edit, "cup")
    assert ink() == 0
    composer.set_tasks([])
    assert composer.edit.accessibleDescription() == "Enter sends, Shift+Enter starts a new line"


def test_tab_comes_through_pictures_and_tasks_to_the_text(qtbot: QtBot, composer: Composer) -> None:
    composer.set_attachments([AttachmentChip("1", "cat.png", "ready", "", "a" * 64)])
    composer.set_tasks([CAPTION, DETECT])
    composer.activateWindow()
    qtbot.waitUntil(composer.tasks.isVisible)
    names: list[str] = []
    composer.strip.widget().findChildren(type(composer.attach))[0].setFocus()
    while not composer.edit.hasFocus():
        focused = QApplication.focusWidget()
        assert focused is not None and len(names) < 9, names
        names.append(focused.accessibleName() or focused.property("text"))
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert names == ["Remove cat.png", "Caption", "Detect", "Add pictures"]
