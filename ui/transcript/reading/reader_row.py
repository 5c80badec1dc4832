"""A message as a text widget, in the place of the painted one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from ui.theme import fonts
from ui.transcript.blocks.style import MESSAGE_GAP

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from ui.transcript.view import TranscriptView


class ReaderRow(QPlainTextEdit):
    """Read-only text in the place of one message; it takes the keys of a text, and hands on others."""

    left = Signal()
    """The user is done with it."""
    moved = Signal(int)
    """To the next message (1) or the one before (-1)."""
    tabbed = Signal(bool)
    """To what can be pressed, forward or backward."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__(view.viewport())
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(fonts.font("body"))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.document().setDocumentMargin(0)
        self.setViewportMargins(0, MESSAGE_GAP, 0, 0)
        self.hide()

    def show_text(self, text: str, name: str) -> None:
        """Show other words; where they only grew, the caret stays where it is."""
        self.setAccessibleName(name)
        before = self.toPlainText()
        if text == before:
            return
        if before and text.startswith(before):
            cursor = QTextCursor(self.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(text[len(before) :])
        else:
            self.setPlainText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Escape or F7; Ctrl with an arrow goes to another message, Tab to its controls."""
        key, control = event.key(), event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_F7):
            self.left.emit()
        elif control and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes on to what can be pressed in the message."""
        self.tabbed.emit(forward)
        return True
