"""What was just removed, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.buttons import IconButton, TextButton
from ui.widgets.labels import PlainLabel
from ui.widgets.surfaces import Card


class UndoBar(Card):
    """Stays until the user undoes, dismisses it, or removes something else."""

    undo_requested = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = PlainLabel("", self)
        self.undo_button = TextButton(self.tr("Undo"), self)
        self.dismiss_button = IconButton("x", self.tr("Dismiss"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.label, 1)
        row.addWidget(self.undo_button)
        row.addWidget(self.dismiss_button)
        self.undo_button.clicked.connect(self._undo)
        self.dismiss_button.clicked.connect(self._dismiss)
        self.hide()

    def offer(self, text: str) -> None:
        """Say what was removed; plain text, it may come from outside."""
        self.label.setText(text)
        self.setAccessibleName(text)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _undo(self) -> None:
        self.hide()
        self.undo_requested.emit()

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
