"""Words arrive as fast as they like; the view changes once a frame."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.transcript.entry import Entry
    from ui.transcript.view import TranscriptView

FRAME_MS = 16
SLOWEST_MS = 250
SHARE = 3
"""A flush may take one part in so many of the time until the next."""
USUAL_SHARE = 10
"""What flushes usually take may be one part in so many of the time: a slow machine shows fewer frames."""
MEMORY = 0.9
"""How much of the usual cost is what it was before the last flush."""


class StreamBuffer(QObject):
    """Keeps the newest state of each message and hands it to the view at most once a frame.

    Where showing it is slow, frames are further apart, up to SLOWEST_MS.
    """

    def __init__(self, view: TranscriptView) -> None:
        super().__init__(view)
        self._view = view
        self._newest: dict[str, Entry] = {}
        self._last = 0.0
        self._cost_ms = 0.0
        self._usual_ms = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.flush)

    def put(self, entry: Entry) -> None:
        """Show `entry` with the next frame, in place of what was to be shown of it."""
        self._newest[entry.id] = entry
        if not self._timer.isActive():
            self._timer.start(max(0, round(self.interval_ms - (time.perf_counter() - self._last) * 1_000)))

    @property
    def interval_ms(self) -> float:
        """The time between two frames."""
        wanted = max(SHARE * self._cost_ms, USUAL_SHARE * self._usual_ms)
        return max(FRAME_MS, min(wanted, SLOWEST_MS))

    def flush(self) -> None:
        """Show what waits, now."""
        self._timer.stop()
        waiting, self._newest = self._newest, {}
        start = time.perf_counter()
        for entry in waiting.values():
            self._view.update_entry(entry)
        self._last = time.perf_counter()
        if waiting:
            self._cost_ms = (self._last - start) * 1_000
            self._usual_ms = MEMORY * self._usual_ms + (1 - MEMORY) * self._cost_ms

    def drop(self, message_ids: Iterable[str]) -> None:
        """What waits of these messages is older than what is shown by now."""
        for message_id in message_ids:
            self._newest.pop(message_id, None)

    def clear(self) -> None:
        """Drop what waits: another conversation is shown."""
        self._timer.stop()
        self._newest.clear()
