"""What the model is told before the conversation begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

SAVE_AFTER_MS = 600
LINES = 4


class SystemPrompt(QWidget):
    """A small field; what is written holds shortly after the last key, and when the field is left."""

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.edit = _Edit(self)
        self.edit.setProperty("kind", "field")
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText(self.tr("Answer briefly, in German."))
        self.edit.setAccessibleName(self.tr("System prompt"))
        self.edit.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.edit.setFixedHeight(LINES * self.edit.fontMetrics().lineSpacing() + 20)
        self.help = PlainLabel(
            self.tr("Said before every conversation, to every model that can hear it."),
            size="caption",
            tone="muted",
        )
        self.edit.setAccessibleDescription(self.help.text())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.edit)
        column.addWidget(self.help)
        self._pause = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._pause.timeout.connect(lambda: self.changed.emit(self.text()))
        self.edit.textChanged.connect(self._pause.start)
        self.edit.left.connect(self.settle)

    def text(self) -> str:
        """What is written now."""
        return self.edit.toPlainText().strip()

    def settle(self) -> None:
        """Let what is written hold now."""
        if self._pause.isActive():
            self._pause.stop()
            self.changed.emit(self.text())

    def show_text(self, text: str) -> None:
        """Put a text in, unless it is there already; this is no change by the user."""
        if text != self.text() and not self._pause.isActive():
            with QSignalBlocker(self.edit):
                self.edit.setPlainText(text)


class _Edit(QPlainTextEdit):
    left = Signal()
    """The keyboard goes elsewhere."""

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()
