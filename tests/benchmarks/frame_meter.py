"""CPU that the GUI thread spends on each painted frame."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject
from PySide6.QtWidgets import QWidget


class FrameMeter(QObject):
    """Milliseconds of thread CPU from one idle moment of the event loop to the one after a paint.

    A frame has in it all that was done since the one before, or (`bursts`) only what was done without
    a pause, while nothing else could be; then `others_ms` are the bursts that painted nothing.

    Wall-clock intervals between frames say more about the machine's other work than about ours.
    Needs QT_NO_GLIB=1: with GLib the dispatcher does not tell when it is about to block.
    """

    def __init__(self, painted: Iterable[QWidget], *, bursts: bool = False) -> None:
        super().__init__()
        self.frames_ms: list[float] = []
        self.others_ms: list[float] = []
        self._bursts = bursts
        self._painted = False
        self._since = time.thread_time()
        for widget in painted:
            widget.installEventFilter(self)
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.aboutToBlock.connect(self._idle)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._painted = True
        return False

    def _idle(self) -> None:
        now = time.thread_time()
        if self._painted or self._bursts:
            (self.frames_ms if self._painted else self.others_ms).append((now - self._since) * 1_000)
            self._painted = False
            self._since = now


class TurnMeter(QObject):
    """The longest stretch in which the event loop did not come round, in milliseconds of thread CPU."""

    def __init__(self) -> None:
        super().__init__()
        self._longest_ms = 0.0
        self._since = time.thread_time()
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.awake.connect(self._come_round)
        dispatcher.aboutToBlock.connect(self._come_round)

    def take(self) -> float:
        """The longest since the last call, the one that lasts now included."""
        self._come_round()
        longest, self._longest_ms = self._longest_ms, 0.0
        return longest

    def _come_round(self) -> None:
        now = time.thread_time()
        self._longest_ms = max(self._longest_ms, (now - self._since) * 1_000)
        self._since = now


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of all lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def resident_mb() -> float:
    """What this process holds in memory."""
    status = Path("/proc/self/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1_000
