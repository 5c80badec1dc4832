"""Python's cycles are collected on the main thread only, and when it has time.

Left alone, the collector runs in whichever thread allocates next, and a Qt object that it frees
in the library's thread takes the program down.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500


class MainThreadCollector(QObject):
    """Takes the place of the collector, which has to be disabled, until it is closed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """The start is over: what it made stays, and from now on garbage is looked for."""
        gc.freeze()
        self._timer.start()

    def close(self) -> None:
        """Give the collector back."""
        self._timer.stop()
        gc.enable()
        gc.unfreeze()

    def _collect(self) -> None:
        """Collect the oldest generation that is due, as the collector itself would."""
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        if due := [generation for generation, (count, limit) in enumerate(counts) if count > limit > 0]:
            gc.collect(due[-1])
