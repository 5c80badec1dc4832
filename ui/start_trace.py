"""How long the start took, measured from the start of the process."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

TICK_MS = 2


class StartTrace(QObject):
    """Notes when the window painted, when everything was imported and when it was ready.

    With a `path` it also watches the main thread for gaps and writes all of it there as JSON.
    """

    def __init__(self, path: str | None) -> None:
        super().__init__()
        self._path = Path(path) if path else None
        self._times: dict[str, float] = {}
        self._worst_gap = 0.0
        self._last_tick = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    @property
    def ready_ms(self) -> int:
        """Milliseconds from the start of the process until typing works."""
        return round(self._times.get("ready", 0.0) * 1000)

    @property
    def rss_mb(self) -> float:
        """Resident memory of this process in megabytes; 0 where the system does not tell."""
        try:
            pages = int(Path("/proc/self/statm").read_text().split()[1])
        except OSError:
            return 0.0
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)

    def first_painted(self) -> None:
        """The window shows its first picture of itself."""
        self._note("first_paint")
        if self._path:
            from PySide6.QtCore import Qt

            self._last_tick = time.perf_counter()
            self._timer.setTimerType(Qt.TimerType.PreciseTimer)
            self._timer.start(TICK_MS)

    def imported(self) -> None:
        """All modules are there."""
        self._note("imported")

    def ready(self) -> None:
        """The library is open and the user can type."""
        self._note("ready")
        self._timer.stop()
        if self._path:
            import json

            self._path.write_text(
                json.dumps({**self._times, "worst_gap_ms": self._worst_gap * 1000}), "utf-8"
            )

    def _note(self, what: str) -> None:
        self._times[what] = _since_process_start()
        self._times[f"{what}_cpu"] = time.process_time()

    def _tick(self) -> None:
        now = time.perf_counter()
        self._worst_gap = max(self._worst_gap, now - self._last_tick)
        self._last_tick = now


def _since_process_start() -> float:
    """Seconds since the process began; on systems that do not tell, since Python began to count."""
    if sys.platform != "linux":
        return time.perf_counter()
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started
