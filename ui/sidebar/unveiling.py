"""Brings parts into view one after another, so that no frame waits for all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

PAUSE_MS = 1


class Unveiling(QObject):
    """Most of what a part costs is its style and its place, both due when it is first shown."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[QWidget] = deque()
        self._timer = QTimer(self, interval=PAUSE_MS)
        self._timer.timeout.connect(self._show_next)

    def begin(self, parts: Sequence[QWidget]) -> None:
        """Hide `parts`, then show them in order; those of another time are given up."""
        for part in parts:
            part.hide()
        self._waiting = deque(parts)
        self._timer.start()

    def _show_next(self) -> None:
        if self._waiting:
            self._waiting.popleft().show()
        else:
            self._timer.stop()
