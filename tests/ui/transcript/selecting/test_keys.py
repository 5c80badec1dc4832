"""Shift and an arrow select; what is selected can be copied as Markdown, too."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, settled
from ui.transcript.entry import Entry
from ui.transcript.markdown.splitter import MarkdownSplitter
from ui.transcript.selecting.markdown_copy import markdown
from ui.transcript.selecting.selection import Position, Selection
from ui.transcript.view import TranscriptView

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
LINE = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
QUESTION = Entry("q", "user", "Who is it?")
ANSWER = Entry(
    "a", "assistant", f"First words.\n\n{LINE * 3}\n\n```py\nx = 1\ny = 2\n```\n\nLast.", notice="Cut off"
)


def press(view: TranscriptView, *keys: Qt.Key, wide: bool = False) -> str:
    for key in keys:
        QTest.keyClick(view, key, SHIFT | CONTROL if wide else SHIFT)
    return view.selected_text()


def test_by_character_and_word_and_back(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([QUESTION, ANSWER])
    right, left = Qt.Key.Key_Right, Qt.Key.Key_Left
    assert press(view, right, right, right, right) == "Who "
    assert press(view, left) == "Who"
    assert press(view, right, wide=True) == "Who is"
    assert press(view, left, wide=True) == "Who "
    assert press(view, Qt.Key.Key_End) == "Who is it?"
    assert press(view, right, right) == "Who is it?\n\nF"
    assert press(view, Qt.Key.Key_Home) == "Who is it?"


def test_by_line_goes_through_wrapped_lines_blocks_and_messages(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([QUESTION, ANSWER], height=900)
    settled(view, qtbot)
    known = [press(view, Qt.Key.Key_Down) for _ in range(16)]
    assert all(len(after) > len(before) for before, after in itertools.pairwise(known[:8]))
    assert known[0] == "Who is it?\n\nFirst words."  # as far right as the question stands
    assert known[-1].endswith("Cut off")
    assert len({len(text) for text in known if "First" in text and "x = 1" not in text}) >= 3
    back = [press(view, Qt.Key.Key_Up) for _ in range(18)]
    assert back[-1] == ""


def test_by_message_and_to_the_ends(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([QUESTION, replace(ANSWER, notice=""), replace(QUESTION, id="q2", text="And?")])
    assert press(view, Qt.Key.Key_Down, wide=True) == "Who is it?"
    assert press(view, Qt.Key.Key_Down, wide=True).endswith("Last.")
    assert press(view, Qt.Key.Key_End, wide=True).endswith("And?")
    assert press(view, Qt.Key.Key_Home, wide=True) == ""


def test_selecting_by_keyboard_scrolls_along(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([replace(ANSWER, id=f"a{n}") for n in range(6)], height=300)
    view.verticalScrollBar().setValue(0)
    for _ in range(60):
        press(view, Qt.Key.Key_Down)
    assert view.verticalScrollBar().value() > 300
    end = view._pointer.selection
    assert end is not None
    assert end.caret.message in [placed.index for placed in view._arrangement.visible]


def test_everything_selected_backwards_from_its_end(make_view: MakeView) -> None:
    view = make_view([QUESTION, ANSWER])
    view.select_all()
    whole = view.selected_text()
    assert press(view, Qt.Key.Key_Left) == whole[:-1]


def test_a_third_click_selects_the_line(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([ANSWER], height=900)
    settled(view, qtbot)
    message, arrangement = view._arrangement.messages[0], view._arrangement
    box = message.box(2)
    x, y = box.spot(7)
    at = view.viewport().rect().topLeft()
    at.setX(round(arrangement.left + x + 2))
    at.setY(round(message.tops[2] + y - arrangement.offset))
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.selected_text() == "y = 2"


def blocks_of(text: str) -> list[object]:
    splitter = MarkdownSplitter()
    splitter.feed(text)
    splitter.finish()
    return [
        (
            block.kind,
            block.level,
            block.info,
            [line.strip() for line in block.lines if block.kind.name != "RULE"],
            [(each.quote, each.marker, each.task) for each in block.containers],
        )
        for block in splitter.blocks
    ]


MORE = """> quote
> > deeper
>
> 1. in it
>    - [x] done
>    - [ ] not

3. three
4. four

   still four

````text
```
````

| a | b |
|:--|--:|
| 1 | 2 |

***

- a

- loose
"""


def selected_markdown(view: TranscriptView) -> str:
    """The selection as it is copied as Markdown."""
    assert view._pointer.selection is not None
    return markdown(view._pointer.selection, view._arrangement.messages)


@pytest.mark.parametrize("extra", ["", MORE])
def test_markdown_that_is_copied_reads_as_it_did(make_view: MakeView, rich: str, extra: str) -> None:
    text = extra or rich
    view = make_view([Entry("a", "assistant", text)])
    view.select_all()
    assert blocks_of(selected_markdown(view)) == blocks_of(text)


@pytest.mark.parametrize(
    ("start", "end", "copied"),
    [
        ((1, 6), (1, 11), "words"),
        ((2, 0), (3, 5), "- **one** a\n- two b"),
        ((2, 2), (3, 3), "- e a\n- two"),
        ((4, 6), (5, 3), "```py\ny = 2\n```\n\n| a | b |\n|---|---|"),
        ((5, 4), (5, 7), "| a | b |\n|---|---|\n| 1 | 2 |"),
    ],
)
def test_a_part_is_copied_with_the_marks_of_what_it_stands_in(
    make_view: MakeView, start: tuple[int, int], end: tuple[int, int], copied: str
) -> None:
    text = (
        "## Head\n\nFirst words.\n\n- **one** a\n- two b\n\n```py\nx = 1\ny = 2\n```\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"
    )
    view = make_view([Entry("a", "assistant", text)])
    view._pointer.select(Selection(Position(0, *start), Position(0, *end)))
    assert selected_markdown(view) == copied


def test_questions_and_notices_are_copied_as_they_are(make_view: MakeView) -> None:
    view = make_view([replace(QUESTION, text="A *b*\n\n- c"), ANSWER])
    view.select_all()
    copied = selected_markdown(view)
    assert copied.startswith("A *b*\n\n- c\n\nFirst words.")
    assert copied.endswith("Last.\n\nCut off")


def test_the_shortcut_copies_markdown_where_something_is_selected(make_view: MakeView) -> None:
    view = make_view([ANSWER])
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_C, SHIFT | CONTROL)
    override.ignore()
    QApplication.sendEvent(view, override)
    assert not override.isAccepted()
    view.select_all()
    QApplication.sendEvent(view, override)
    assert override.isAccepted()
    QTest.keyClick(view, Qt.Key.Key_C, SHIFT | CONTROL)
    assert "```py" in QGuiApplication.clipboard().text()
