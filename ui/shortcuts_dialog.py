"""Every shortcut, in columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ui.actions import shortcut_rows
from ui.widgets.labels import PlainLabel

COLUMNS = 3
MARGIN = 48
"""Between the dialog and the edges of its window, where it does not fit."""


class ShortcutsDialog(QDialog):
    """Lists what `ui.actions` names; Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.area = QScrollArea()
        self.area.setProperty("kind", "bare")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        table = _table()
        self.area.setWidget(table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area)
        needed = table.sizeHint()
        bar = self.area.verticalScrollBar().sizeHint().width()
        room = parent.window().size()
        self.resize(
            min(needed.width() + bar, max(room.width() - MARGIN, 1)),
            min(needed.height(), max(room.height() - MARGIN, 1)),
        )


def _table() -> QWidget:
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(20, 20, 20, 20)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    rows = shortcut_rows()
    high = -(-len(rows) // COLUMNS)
    for number, (words, keys) in enumerate(rows):
        side, row = divmod(number, high)
        grid.addWidget(PlainLabel(words, size="caption", wrap=False), row, 2 * side)
        grid.addWidget(PlainLabel(keys, size="caption", tone="muted", wrap=False), row, 2 * side + 1)
    return table
