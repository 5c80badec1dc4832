"""The line between two parts of the area, which can be dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.theme import palette

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent, QMouseEvent, QPaintEvent

    from ui.panes.area.pane_tree import Division, PaneTree

LINE = 1
"""Logical pixels between two parts."""

REACH = 2
"""Logical pixels beside the line where it can be taken, too."""


class Divider(QWidget):
    """Lies over the line between a part of a division and the next one."""

    def __init__(self, area: QWidget, tree: PaneTree) -> None:
        super().__init__(area)
        self._tree = tree
        self._division: Division | None = None
        self._index = 0
        self._beside = True
        self._taken_at = QPoint()

    def stand(self, division: Division, index: int, line: QRect) -> None:
        """Lie over the line behind the part at `index`."""
        self._division, self._index = division, index
        self._beside = division.orientation == Qt.Orientation.Horizontal
        self.setCursor(Qt.CursorShape.SplitHCursor if self._beside else Qt.CursorShape.SplitVCursor)
        across, down = (REACH, 0) if self._beside else (0, REACH)
        self.setGeometry(line.adjusted(-across, -down, across, down))
        self.raise_()
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._taken_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._division is not None and event.buttons() & Qt.MouseButton.LeftButton:
            by = event.position().toPoint() - self._taken_at
            self._tree.move_line(self._division, self._index, by.x() if self._beside else by.y())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = palette.current()
        across, down = (REACH, 0) if self._beside else (0, REACH)
        line = self.rect().adjusted(across, down, -across, -down)
        QPainter(self).fillRect(line, colors.accent if self.underMouse() else colors.separator)
