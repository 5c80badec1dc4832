"""Every shortcut, in columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QDialog,
    QFrame,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.actions import shortcut_rows
from ui.theme import fonts, palette
from ui.theme.fonts import LINE_HEIGHT

MOST_COLUMNS = 3
AIR = 20
GAP = 16
"""Pixels between two columns."""
MARGIN = 48
"""Between the dialog and the edges of its window, where it does not fit."""


class ShortcutsDialog(QDialog):
    """Lists what `ui.actions` names, in as many columns as there is room for; Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        room = parent.window().size()
        around = self.style().pixelMetric(self.style().PixelMetric.PM_ScrollBarExtent) + 2 * AIR
        self.table = _Table(self, room.width() - MARGIN - around)
        self.table.setAccessibleName(self.windowTitle())
        column = QVBoxLayout(self)
        column.setContentsMargins(AIR - 3, AIR, 0, AIR)
        column.addWidget(self.table)
        self.resize(
            min(self.table.horizontalHeader().length() + around, max(room.width() - MARGIN, 1)),
            min(self.table.verticalHeader().length() + 2 * AIR, max(room.height() - MARGIN, 1)),
        )


class _Table(QTableWidget):
    """One widget: a label for each of them would take Qt as long as five frames. It is scrolled by keys,
    and no cell is current. `room` is how wide it may be, in pixels."""

    def __init__(self, parent: QWidget, room: int) -> None:
        rows, font = shortcut_rows(), fonts.font("caption")
        widths = _fitting(rows, QFontMetrics(font), room)
        sides = len(widths) // 2
        high = -(-len(rows) // sides)
        super().__init__(high, 2 * sides, parent)
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QTableWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QTableWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalHeaderLabels([self.tr("Command"), self.tr("Keys")] * sides)  # for who listens
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
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self._colour()
        palette.notifier.changed.connect(self._colour)

    def _colour(self) -> None:
        for item in self._keys:
            item.setForeground(palette.current().text_muted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        QAbstractScrollArea.keyPressEvent(self, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        QWidget.focusInEvent(self, event)


def _fitting(rows: list[tuple[str, str]], metrics: QFontMetrics, room: int) -> list[int]:
    """How wide the columns are, one of words and one of keys by turns, where as many stand side by side as
    there is room for; one pair at least."""
    measured = [tuple(map(metrics.horizontalAdvance, row)) for row in rows]
    widths: list[int] = []
    for sides in range(MOST_COLUMNS, 0, -1):
        high = -(-len(rows) // sides)
        parts = [measured[start : start + high] for start in range(0, len(rows), high)]
        widths = [max(column) + GAP for part in parts for column in zip(*part, strict=True)]
        if sum(widths) <= room:
            break
    return widths


def _item(words: str) -> QTableWidgetItem:
    item = QTableWidgetItem(words)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item
