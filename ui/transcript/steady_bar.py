"""A scroll bar that can be moved without being painted anew where that would not show."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSlider, QScrollBar

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
        if handle != self._shown:
            self._shown = handle
            self.update()

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        """Repaint, unless that is seen to when all has changed."""
        if not self._placing:
            super().sliderChange(change)
