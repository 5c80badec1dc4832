"""Colours of code in sight, read a little at a time beside everything else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.transcript.layout.arrangement import Arrangement

READ_EVERY_MS = 8
READ_S = 0.001
"""How long code is read for its colours before the window may do something else."""


class ColourReader(QObject):
    """Reads on while something in sight has no colours yet, and repaints what got them."""

    def __init__(self, viewport: QWidget, arrangement: Arrangement) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._arrangement = arrangement
        self._timer = QTimer(self, singleShot=True, interval=READ_EVERY_MS)
        self._timer.timeout.connect(self._read)

    def start(self) -> None:
        """Something without its colours was painted."""
        if not self._timer.isActive():
            self._timer.start()

    def _read(self) -> None:
        deadline = time.perf_counter() + READ_S
        area = self._viewport.rect()
        for placed in self._arrangement.visible:
            for top, box in placed.message.unread_in(-placed.top, area.height() - placed.top):
                low, high = box.read_on(deadline)
                self._viewport.update(0, placed.top + top + low, area.width(), high - low)
                if box.unread:
                    self._timer.start()
