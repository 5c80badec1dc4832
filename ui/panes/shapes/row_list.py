"""The rows of the list of shapes, by pointer and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QFrame, QListView

from ui.panes.shapes.row_delegate import STEP_IN, RowDelegate
from ui.theme import palette
from ui.widgets.escape import keep_escape

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from ui.panes.shapes.rows import Index, ShapeRows

ROWS_AT_ONCE = 500
"""Rows that are laid out before the next frame."""


class RowList(QListView):
    """Arrow keys, Home and End go through the rows, letters to a label; Space hides or shows the shapes
    of a row's label, Return means the row."""

    def __init__(self, rows: ShapeRows) -> None:
        super().__init__()
        self._rows = rows
        self.setModel(rows)
        self.setItemDelegate(RowDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "bare")
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(ROWS_AT_ONCE)
        self.setMouseTracking(True)
        # Else the card, and the picture below it with its shapes, are drawn for every row.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.setAutoFillBackground(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.hidden_changed.connect(lambda _: self.viewport().update())

    def paintEvent(self, event: QPaintEvent) -> None:
        ground = QPainter(self.viewport())
        ground.fillRect(event.rect(), palette.current().surface_raised)
        ground.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return means the current row on every platform; Escape goes to the panel."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif event.key() == Qt.Key.Key_Space:
            self._toggle(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a label's box checks it."""
        index = self.indexAt(event.position().toPoint())
        super().mouseReleaseEvent(event)
        on_box = event.position().x() < STEP_IN and index.isValid() and self._rows.row(index).is_label
        if on_box and event.button() == Qt.MouseButton.LeftButton:
            self._toggle(index)

    def event(self, event: QEvent) -> bool:
        return keep_escape(event) or super().event(event)

    def _toggle(self, index: Index) -> None:
        if index.isValid():
            self._rows.toggle(self._rows.row(index).label)
