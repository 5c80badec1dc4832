"""A rectangle that is being chosen by pointer or keyboard, in pixels of a still."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize

SMALLEST = 2
"""A press that moved less is a click that meant nothing."""


class Selection:
    """From `anchor`, once one is set, to `cursor`; both lie on the edges between pixels."""

    def __init__(self, size: QSize, cursor: QPoint) -> None:
        self._size = size
        self.anchor: QPoint | None = None
        self.cursor = cursor
        self.put(cursor)

    def put(self, cursor: QPoint) -> None:
        """Let the cursor be there, or as near to it as the still goes."""
        self.cursor = QPoint(
            min(max(cursor.x(), 0), self._size.width()), min(max(cursor.y(), 0), self._size.height())
        )

    def move(self, right: int, down: int) -> None:
        """Let the cursor go so many pixels."""
        self.put(self.cursor + QPoint(right, down))

    def begin(self) -> None:
        """Set the first corner where the cursor is."""
        self.anchor = QPoint(self.cursor)

    def forget(self) -> None:
        """Set no corner."""
        self.anchor = None

    def rect(self) -> QRect:
        """What is chosen; empty while it is too small to be meant."""
        if self.anchor is None:
            return QRect()
        left, right = sorted((self.anchor.x(), self.cursor.x()))
        top, bottom = sorted((self.anchor.y(), self.cursor.y()))
        chosen = QRect(left, top, right - left, bottom - top)
        return chosen if min(chosen.width(), chosen.height()) >= SMALLEST else QRect()
