"""Pictures, code and what is selected can be dragged to another place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.transcript_pictures import MakeView, settled
from ui.transcript.entry import Entry
from ui.transcript.selecting.dragged import SUGGESTED_NAME
from ui.transcript.view import TranscriptView

SHA = "a" * 64
ENTRIES = [
    Entry("q", "user", "What is it?", pictures=((SHA, "cat.png"),)),
    Entry("a", "assistant", "Look:\n\n```python\n\tx = 1\n```\n\nThat is all there is."),
]


@pytest.fixture
def dragged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[QMimeData, QPixmap | None]]:
    """What was dragged; a real drag would wait for a real mouse."""
    found: list[tuple[QMimeData, QPixmap | None]] = []

    def note(_source: QWidget, mime: QMimeData, picture: QPixmap | None = None) -> None:
        found.append((mime, picture))

    monkeypatch.setattr("ui.widgets.drag_out.drag_out", note)
    return found


def drag(view: TranscriptView, start: QPoint, by: int = 60) -> None:
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for step in (2, by):
        at = QPointF(start + QPoint(step, step))
        event = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            at,
            QPointF(view.viewport().mapToGlobal(at.toPoint())),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view.viewport(), event)


def spot(view: TranscriptView, number: int, x: float, y: float) -> QPoint:
    arrangement = view._arrangement
    return QPoint(round(arrangement.left + x), round(arrangement.top(number) - arrangement.offset + y))


def picture_at(view: TranscriptView) -> QPoint:
    size = view.viewport().size()
    return next(
        QPoint(x, y)
        for y in range(30, size.height(), 8)
        for x in range(0, size.width(), 8)
        if view._pointer.picture_at(QPointF(x, y))
    )


def test_a_picture_is_dragged_as_the_file_that_it_is(
    make_view: MakeView, qtbot: QtBot, dragged: list[tuple[QMimeData, QPixmap | None]], tmp_path: Path
) -> None:
    file = tmp_path / "cat.png"
    view = make_view(ENTRIES)
    view.set_picture_files(
        lambda sha256, name, found: found(str(file) if (sha256, name) == (SHA, "cat.png") else "")
    )
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(QColor("#ff0000"))
    view.set_thumbnail(SHA, picture)
    settled(view, qtbot)
    drag(view, picture_at(view))
    ((mime, shown),) = dragged
    assert mime.urls() == [QUrl.fromLocalFile(str(file))]
    assert shown is not None
    assert not shown.isNull()


def test_a_picture_whose_file_comes_after_the_button_was_let_go_of_is_not_dragged(
    make_view: MakeView, qtbot: QtBot, dragged: list[tuple[QMimeData, QPixmap | None]]
) -> None:
    waiting: list[Callable[[str], None]] = []
    view = make_view(ENTRIES)
    view.set_picture_files(lambda _sha256, _name, found: waiting.append(found))
    settled(view, qtbot)
    drag(view, picture_at(view))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    waiting.pop()("/tmp/cat.png")
    assert dragged == []
    drag(view, picture_at(view))
    waiting.pop()("/tmp/cat.png")
    assert len(dragged) == 1


def test_a_picture_without_a_file_is_not_dragged_and_a_click_still_tells_of_it(
    make_view: MakeView, qtbot: QtBot, dragged: list[tuple[QMimeData, QPixmap | None]]
) -> None:
    view = make_view(ENTRIES)
    settled(view, qtbot)
    drag(view, picture_at(view))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert dragged == []
    with qtbot.waitSignal(view.picture_activated):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=picture_at(view))


def test_code_is_dragged_by_its_head_as_text_with_a_name_for_a_file(
    make_view: MakeView, qtbot: QtBot, dragged: list[tuple[QMimeData, QPixmap | None]]
) -> None:
    view = make_view(ENTRIES, height=700)
    settled(view, qtbot)
    message = view._arrangement.messages[1]
    drag(view, spot(view, 1, 40, message.tops[1] + message.box(1).gap + 12))
    ((mime, _),) = dragged
    assert mime.text() == "\tx = 1"
    assert bytes(mime.data(SUGGESTED_NAME).data()) == b"code.py"
    assert view.selected_text() == ""


def test_what_is_selected_can_be_dragged_and_a_click_on_it_selects_nothing(
    make_view: MakeView, qtbot: QtBot, dragged: list[tuple[QMimeData, QPixmap | None]]
) -> None:
    view = make_view(ENTRIES, height=700)
    settled(view, qtbot)
    view.select_all()
    message = view._arrangement.messages[1]
    on_text = spot(view, 1, 30, message.tops[2] + message.box(2).gap + 8)
    drag(view, on_text)
    assert dragged[0][0].text() == view.selected_text() != ""
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=on_text)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=on_text)
    assert view.selected_text() == ""


def test_a_small_move_is_no_drag(
    make_view: MakeView, qtbot: QtBot, dragged: list[tuple[QMimeData, QPixmap | None]]
) -> None:
    view = make_view(ENTRIES)
    settled(view, qtbot)
    drag(view, picture_at(view), by=3)
    assert dragged == []
