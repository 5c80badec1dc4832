"""A scroll bar that can be moved without being painted anew where that would not show."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSlider, QScrollBar

from ui.theme import palette as theme

FINENESS = 4
"""Parts of a pixel."""


class SteadyBar(QScrollBar):
    """While an answer grows its range changes at every frame, mostly by less than a pixel of it; and to
    paint it means to paint every widget below it."""

    _placing = False
    _shown = (-1, -1)

    def place(self, limit: int, value: int) -> None:
        """Stand at `value` of 0 to `limit`."""
        self._placing = True
        self.setRange(0, limit)
        self.setValue(value)
        self._placing = False
        length, page = FINENESS * self.height(), self.pageStep()
        size = max(FINENESS * self.width(), length * page // max(1, limit + page))
        handle = size, (length - size) * value // max(1, limit)
        if not limit:
            handle = -1, 0
        if handle != self._shown:
            self._shown = handle
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Keep the room, and show nothing in it, while there is nothing to scroll."""
        if self.maximum() > 0:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.current().surface)
        painter.end()

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        """Repaint, unless that is seen to when all has changed."""
        if not self._placing:
            super().sliderChange(change)
