from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, painted, settled
from ui.transcript.entry import Entry, EntryAction, EntryTool
from ui.transcript.selecting.selection import Position, Selection, word_at
from ui.transcript.view import TranscriptView

ANSWER = """First *line* of text.

- one
- two
  1. inner

```py
code = 1
    more
```

| a | b |
|---|---|
| 1 | 2 |

Last line 🐈 here."""
PLAIN = """First line of text.

• one
• two
  1. inner

code = 1
    more

a\tb
1\t2

Last line 🐈 here."""


def whole(view: TranscriptView) -> str:
    view.select_all()
    return view.selected_text()


def mouse(view: TranscriptView, kind: QEvent.Type, at: QPoint) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    moving = kind == QEvent.Type.MouseMove
    viewport = view.viewport()
    event = QMouseEvent(
        kind,
        QPointF(at),
        QPointF(viewport.mapToGlobal(at)),
        none if moving else left,
        none if kind == QEvent.Type.MouseButtonRelease else left,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def place(view: TranscriptView, needle: str, *, after: bool = False) -> QPoint:
    """Where a word stands in the viewport."""
    for y in range(0, view.viewport().height(), 4):
        for x in range(0, view.viewport().width(), 3):
            position = view._pointer.position_at(QPointF(x, y))
            assert position is not None
            text = view._arrangement.messages[position.message].text_of(position.block)
            wanted = text.find(needle) + (len(needle) if after else 0)
            if needle in text and position.offset == wanted:
                return QPoint(x, y)
    raise AssertionError(f"{needle!r} is not in sight")


def test_everything_is_copied_as_plain_text_without_fences(make_view: MakeView) -> None:
    entries = [
        Entry("q", "user", "What?"),
        Entry("1", "assistant", ANSWER, notice="Cut off", metrics="9 tokens"),
    ]
    view = make_view(entries)
    assert whole(view) == f"What?\n\n{PLAIN}\n\nCut off"
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert copied == f"Question:\nWhat?\n\nAnswer:\n{PLAIN}\n\nCut off"


def test_copying_does_not_need_a_message_to_have_been_seen(make_view: MakeView) -> None:
    view = make_view([Entry(str(n), "assistant", ANSWER) for n in range(100)])
    assert whole(view) == "\n\n".join([PLAIN] * 100)


def test_a_drag_selects_across_blocks_and_messages(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([Entry("q", "user", "What is it?"), Entry("1", "assistant", ANSWER)], height=700)
    settled(view, qtbot)
    before = painted(view)
    mouse(view, QEvent.Type.MouseButtonPress, place(view, "is it?"))
    mouse(view, QEvent.Type.MouseMove, place(view, "more"))
    mouse(view, QEvent.Type.MouseButtonRelease, place(view, "more"))
    expected = "is it?\n\nFirst line of text.\n\n• one\n• two\n  1. inner\n\ncode = 1\n    "
    assert view.selected_text() == expected
    assert painted(view) != before
    mouse(view, QEvent.Type.MouseButtonPress, QPoint(4, 4))
    mouse(view, QEvent.Type.MouseButtonRelease, QPoint(4, 4))
    assert view.selected_text() == ""


def test_a_selection_stays_while_more_streams_in(make_view: MakeView, qtbot: QtBot) -> None:
    answer = Entry("1", "assistant", ANSWER, status="streaming")
    view = make_view([answer], height=700)
    settled(view, qtbot)
    mouse(view, QEvent.Type.MouseButtonPress, place(view, "line of"))
    mouse(view, QEvent.Type.MouseMove, place(view, "two", after=True))
    for count in range(1, 80):
        view.update_entry(replace(answer, text=ANSWER + "\n\nMore words." * count))
    assert view.selected_text() == "line of text.\n\n• one\n• two"


def test_a_double_click_selects_a_word(make_view: MakeView) -> None:
    view = make_view([Entry("1", "assistant", "It's a naïve 🐈 **bold-faced** word_two.")])
    mouse(view, QEvent.Type.MouseButtonDblClick, place(view, "naïve", after=False) + QPoint(3, 0))
    assert view.selected_text() == "naïve"


@pytest.mark.parametrize(
    ("text", "offset", "word"), [("a bcd e", 3, "bcd"), ("a  b", 2, ""), ("don't", 1, "don't"), ("", 0, "")]
)
def test_words_end_where_people_think(text: str, offset: int, word: str) -> None:
    start, end = word_at(text, offset)
    assert text[start:end] == word


def test_the_part_of_a_selection_in_a_block() -> None:
    selection = Selection(Position(2, 1, 4), Position(1, 0, 2))
    assert selection.within(0, 5, 10) is None
    assert selection.within(1, 0, 10) == (2, 10)
    assert selection.within(1, 7, 10) == (0, 10)
    assert selection.within(2, 1, 10) == (0, 4)
    assert selection.within(2, 2, 10) is None


def test_the_menu_copies_the_selection_and_offers_what_the_message_does(
    make_view: MakeView, qtbot: QtBot
) -> None:
    copy = EntryAction("copy", "Copy the answer", keys="Ctrl+Shift+C")
    view = make_view([Entry("1", "assistant", ANSWER, actions=(copy,))])
    view.select_all()
    at = QPoint(200, 40)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)
    menu = view.findChild(QMenu)
    assert menu is not None
    actions = {action.text().partition("\t")[0]: action for action in menu.actions()}
    keys = [action.text().partition("\t")[2] for action in menu.actions()]
    assert keys.count("Ctrl+Shift+C") == 1
    actions["Copy the selection"].trigger()
    assert QGuiApplication.clipboard().text() == PLAIN
    with qtbot.waitSignal(view.action_requested) as asked:
        actions["Copy the answer"].trigger()
    assert asked.args == ["1", "copy"]
    view.deselect()
    actions["Select all"].trigger()
    assert view.selected_text() == PLAIN
    menu.close()
    qtbot.waitUntil(lambda: not view.findChildren(QMenu))


def test_dragging_below_the_view_scrolls(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view([Entry(str(n), "assistant", ANSWER) for n in range(9)])
    view.verticalScrollBar().setValue(0)
    mouse(view, QEvent.Type.MouseButtonPress, QPoint(300, 100))
    mouse(view, QEvent.Type.MouseMove, QPoint(300, view.viewport().height() + 80))
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() > 300)
    mouse(view, QEvent.Type.MouseButtonRelease, QPoint(300, 100))
    assert not view._pointer._scroller.isActive()


def test_a_copy_of_several_messages_says_who_spoke(make_view: MakeView) -> None:
    look = EntryTool("look\u202e", "{}")
    view = make_view([
        Entry("q", "user", "Who?", pictures=(("a" * 64, "cat.png"),)),
        Entry("a", "assistant", "A **cat**.", heading="Model", tools=(look,)),
        Entry("r", "user", "", pictures=(("a" * 64, "b\n.png"),)),
        Entry("s", "assistant", "Yes."),
    ])  # fmt: skip
    view.select_all()
    view.copy()
    assert QApplication.clipboard().text() == (
        "Question:\n[Picture: cat.png]\nWho?\n\nModel:\nA cat.\n\nAsks for the tool look\u202e\n{}\n\n"
        "Question:\n[Picture: b .png]\n\nAnswer:\nYes."
    ).replace("\u202e", "\ufffd")
    view.copy_markdown()
    copied = QApplication.clipboard().text()
    assert "Model:\n\nA **cat**.\n\nAsks for the tool look\ufffd\n\n```json\n{}\n```" in copied
    assert copied.startswith("Question:\n\n[Picture: cat.png]\n\nWho?")


def test_a_copy_of_one_message_is_its_words_alone(make_view: MakeView) -> None:
    view = make_view([Entry("a", "assistant", "A **cat**.", heading="Model")])
    view.select_all()
    view.copy()
    assert QApplication.clipboard().text() == "A cat."
