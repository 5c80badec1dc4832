"""Every shortcut, in columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QDialog, QFrame, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from ui.actions import shortcut_rows
from ui.theme import fonts, palette
from ui.theme.fonts import LINE_HEIGHT

COLUMNS = 3
AIR = 20
GAP = 8
"""Pixels between two columns, besides those that Qt leaves round the words."""
MARGIN = 48
"""Between the dialog and the edges of its window, where it does not fit."""


class ShortcutsDialog(QDialog):
    """Lists what `ui.actions` names; Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.table = _Table(self)
        self.table.setAccessibleName(self.windowTitle())
        column = QVBoxLayout(self)
        column.setContentsMargins(AIR - 3, AIR, 0, AIR)
        column.addWidget(self.table)
        bar = self.table.verticalScrollBar().sizeHint().width()
        room = parent.window().size()
        self.resize(
            min(self.table.horizontalHeader().length() + bar + 2 * AIR, max(room.width() - MARGIN, 1)),
            min(self.table.verticalHeader().length() + 2 * AIR, max(room.height() - MARGIN, 1)),
        )


class _Table(QTableWidget):
    """One widget: a label for each of them would take Qt as long as five frames."""

    def __init__(self, parent: QWidget) -> None:
        rows = shortcut_rows()
        high = -(-len(rows) // COLUMNS)
        super().__init__(high, 2 * COLUMNS, parent)
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(fonts.font("caption"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QTableWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QTableWidget.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(round(LINE_HEIGHT * fonts.pixels("caption")) + 5)
        self._keys: list[QTableWidgetItem] = []
        for number, (words, keys) in enumerate(rows):
            side, row = divmod(number, high)
            self.setItem(row, 2 * side, _item(words))
            self._keys.append(_item(keys))
            self.setItem(row, 2 * side + 1, self._keys[-1])
        self.resizeColumnsToContents()
        for column in range(self.columnCount()):
            self.setColumnWidth(column, self.columnWidth(column) + GAP)
        self._colour()
        palette.notifier.changed.connect(self._colour)

    def _colour(self) -> None:
        for item in self._keys:
            item.setForeground(palette.current().text_muted)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """No cell is marked before keys move through them."""
        QWidget.focusInEvent(self, event)


def _item(words: str) -> QTableWidgetItem:
    item = QTableWidgetItem(words)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item
