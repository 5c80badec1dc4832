"""The text of the question: grows with its lines, sends on Enter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from ui.theme import fonts

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QDragEnterEvent,
        QDragMoveEvent,
        QFocusEvent,
        QInputMethodEvent,
        QPaintEvent,
        QResizeEvent,
    )

MOST_LINES = 8
ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QuestionEdit(QPlainTextEdit):
    """Plain text only. Pictures that are pasted or dropped on it are offered, not inserted.

    Enter emits `submitted`; Shift+Enter breaks the line; while an input method composes,
    both belong to it.
    """

    submitted = Signal()
    pictures_offered = Signal(object)
    focused = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composing = False
        self._ghost = ("", "")
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(fonts.font("body"))
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._fit_height)
        self._fit_height()

    def set_ghost(self, after: str, hint: str) -> None:
        """Show `hint` behind `after`, in the manner of a placeholder, while that is all there is."""
        if self._ghost == (after, hint):
            return  # the first use of viewport() takes PySide 13 ms
        self._ghost = (after, hint)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return _is_picture(source) or source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        from ui.widgets.offered import offer_from_mime

        offered = offer_from_mime(source) if _is_picture(source) else None
        if offered:
            self.pictures_offered.emit(offered)
        elif source.hasText():
            self.insertPlainText(source.text())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _is_about_pictures(event.mimeData()):
            event.ignore()  # the window takes it, with its overlay
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if _is_about_pictures(event.mimeData()):
            event.ignore()
        else:
            super().dragMoveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Undoing and redoing are the window's while there is nothing typed to undo or redo."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            document, keys = self.document(), QKeySequence.StandardKey
            idle = (event.matches(keys.Undo) and not document.isUndoAvailable()) or (
                event.matches(keys.Redo) and not document.isRedoAvailable()
            )
            if idle:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER_KEYS or self._composing:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        elif not event.isAutoRepeat():
            self.submitted.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._composing = False
        self.focused.emit(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        after, hint = self._ghost
        if hint and self.toPlainText() == after:
            end = QTextCursor(self.document())
            end.movePosition(QTextCursor.MoveOperation.End)
            place = self.cursorRect(end)
            place.setRight(self.viewport().width())
            place.translate(2, 0)
            painter = QPainter(self.viewport())
            painter.setFont(self.font())
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), hint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        # A plain text document measures its height in lines.
        lines = min(max(1, math.ceil(self.document().size().height())), MOST_LINES)
        margins = 2 * self.document().documentMargin()
        height = math.ceil(lines * self.fontMetrics().lineSpacing() + margins) + 2
        if height != self.height():
            self.setFixedHeight(height)
        scrolls = self.document().size().height() > MOST_LINES
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if scrolls else policy.ScrollBarAlwaysOff)


def _is_picture(source: QMimeData) -> bool:
    """A pasted address is text; what has pixels or files behind it is pictures."""
    from ui.widgets.offered import is_only_an_address

    return _is_about_pictures(source) and not is_only_an_address(source)


def _is_about_pictures(source: QMimeData) -> bool:
    from ui.widgets.offered import offers_pictures  # not needed before the first paint

    return offers_pictures(source)
