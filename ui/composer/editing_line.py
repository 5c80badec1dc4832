"""What the composer says while an earlier question is being changed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.buttons import SmallButton
from ui.widgets.labels import PlainLabel
from ui.widgets.pictogram import Pictogram


class EditingLine(QWidget):
    """One line with a way out."""

    left = Signal()
    """The question is to stay as it was."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = PlainLabel(
            self.tr("Editing a question; Esc leaves it as it was"), size="caption", tone="muted"
        )
        self.leave = SmallButton(self.tr("Leave"), self)
        self.leave.setToolTip(self.tr("Leave the question as it was (Esc)"))
        self.leave.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(Pictogram("pencil", 16))
        row.addWidget(self.words, 1)
        row.addWidget(self.leave)
        self.hide()
