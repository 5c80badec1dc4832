"""The message that is read is a real text widget in the place of the painted one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, painted, settled
from ui.transcript.entry import Badge, Entry, EntryAction
from ui.transcript.reading.reader_row import ReaderRow
from ui.transcript.view import TranscriptView

CONTROL = Qt.KeyboardModifier.ControlModifier
AGAIN = EntryAction("again", "Try again")
ENTRIES = [
    Entry("q", "user", "What is it?"),
    Entry("a", "assistant", "A **cat**.\n\n- grey", heading="Model", metrics="9 tokens", actions=(AGAIN,)),
    Entry("b", "assistant", "Half", "failed", notice="It broke.", badges=(Badge("failed", "danger"),)),
]


@pytest.fixture
def listening(qapp: object) -> Iterator[None]:
    """Assistive technology asks for events."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


def focus(view: TranscriptView, qtbot: QtBot) -> None:
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)


def row_of(view: TranscriptView) -> ReaderRow:
    (row,) = view.findChildren(ReaderRow)
    return row


def test_there_is_none_while_nobody_reads(make_view: MakeView) -> None:
    view = make_view(ENTRIES)
    QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
    assert not view.findChildren(ReaderRow)


def test_the_text_read_by_caret_is_where_it_was_painted(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(ENTRIES)
    focus(view, qtbot)
    QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
    QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
    settled(view, qtbot)
    before = painted(view)
    QTest.keyClick(view, Qt.Key.Key_F7)
    row = row_of(view)
    placed = view._arrangement.visible[1]
    left, width = view._arrangement.left, view._arrangement.width
    assert row.geometry() == QRect(left, placed.top, width, placed.message.height)
    assert row.toPlainText() == "Model\n\nA cat.\n\n• grey\n\n9 tokens"
    assert row.hasFocus()
    assert row.isReadOnly()
    QTest.keyClick(row, Qt.Key.Key_Escape)
    assert not row.isVisible()
    assert view.hasFocus()
    settled(view, qtbot)
    assert painted(view) == before


@pytest.mark.usefixtures("listening")
def test_who_listens_gets_the_text_with_each_message(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(ENTRIES)
    focus(view, qtbot)
    QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
    row = row_of(view)
    assert row.accessibleName() == "Answer, message 3 of 3"
    assert row.toPlainText() == "Half\n\nIt broke.\n\nfailed"
    assert view.accessibleDescription() == "Answer, message 3 of 3. It broke. Half"
    QTest.keyClick(row, Qt.Key.Key_Up, CONTROL)
    QTest.keyClick(row, Qt.Key.Key_Up, CONTROL)
    assert row.accessibleName() == "Question, message 1 of 3"
    assert row.toPlainText() == "What is it?"


def test_it_scrolls_with_the_conversation_and_goes_when_out_of_sight(
    make_view: MakeView, qtbot: QtBot
) -> None:
    view = make_view([replace(ENTRIES[1], id=f"m{n}", text="Words. " * 90) for n in range(9)])
    focus(view, qtbot)
    QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
    QTest.keyClick(view, Qt.Key.Key_F7)
    row, top = row_of(view), row_of(view).y()
    bar = view.verticalScrollBar()
    bar.setValue(bar.value() - 40)
    assert row.y() == top + 40
    bar.setValue(0)
    assert not row.isVisible()


def test_words_that_stream_in_are_added_and_the_caret_stays(make_view: MakeView) -> None:
    answer = Entry("a", "assistant", "One two", "streaming")
    view = make_view([answer])
    QTest.keyClick(view, Qt.Key.Key_F7)
    row = row_of(view)
    QTest.keyClick(row, Qt.Key.Key_Right)
    caret = row.textCursor().position()
    view.update_entry(replace(answer, text="One two three"))
    assert row.toPlainText() == "One two three"
    assert row.textCursor().position() == caret == 1


def test_tab_leads_to_what_can_be_pressed_in_the_message(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(ENTRIES[:2])
    focus(view, qtbot)
    QTest.keyClick(view, Qt.Key.Key_F7)
    row = row_of(view)
    QTest.keyClick(row, Qt.Key.Key_Up, CONTROL)
    QTest.keyClick(row, Qt.Key.Key_Down, CONTROL)
    QTest.keyClick(row, Qt.Key.Key_Tab)
    assert view.hasFocus()
    assert view._keyboard.focused.action == "again"
    with qtbot.waitSignal(view.action_requested):
        QTest.keyClick(view, Qt.Key.Key_Return)


def test_a_change_of_theme_or_size_keeps_it_in_place(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(ENTRIES)
    QTest.keyClick(view, Qt.Key.Key_F7)
    row = row_of(view)
    view.resize(500, 400)
    QApplication.sendEvent(view, QEvent(QEvent.Type.FontChange))
    placed = next(each for each in view._arrangement.visible if each.index == view._keyboard.current)
    assert (row.y(), row.height()) == (placed.top, placed.message.height)
