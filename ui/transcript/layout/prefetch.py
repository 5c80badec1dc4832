"""Words and layouts of what may be seen next, got ready in idle moments."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QScrollBar

    from ui.transcript.layout.arrangement import Arrangement

FRAME_S = 0.016
EVERY_MS = 8
LAY_S = 0.003
"""How long is laid out ahead before the window may do something else."""
AHEAD = 2.0
"""How many heights of the view are got ready in the direction of travel."""
BEHIND = 1.0
MOST_ASKED = 10
"""Messages out of sight that are asked for together, so that to read them takes a part of a frame."""


class Prefetch(QObject):
    """Works from `start` on until everything near the sight is there."""

    wanted = Signal(list)
    """The ids of messages that are in sight and not loaded, else of some near it; once each while
    they are near."""
    laid = Signal(bool)
    """Something out of sight was laid out: the conversation may be longer or shorter than before, and
    (True) what is in sight look otherwise."""

    def __init__(self, bar: QScrollBar, arrangement: Arrangement) -> None:
        super().__init__(bar)
        self._bar = bar
        self._arrangement = arrangement
        self._downwards = False
        self._asked: set[str] = set()
        self._asked_at = 0.0
        self._asker = QTimer(self, singleShot=True)
        self._asker.timeout.connect(self._ask)
        self._layer = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._layer.timeout.connect(self._lay)

    @property
    def busy(self) -> bool:
        """Whether something near the sight is still to be got ready."""
        return self._asker.isActive() or self._layer.isActive() or bool(self._asked)

    def start(self) -> None:
        """The view moved, or messages changed."""
        if not self._asker.isActive():
            wait = self._asked_at + FRAME_S - time.perf_counter()
            self._asker.start(max(0, round(wait * 1_000)))
        if not self._layer.isActive():
            self._layer.start()

    def restart(self) -> None:
        """Other messages are shown: what was asked for may never come."""
        self._asked.clear()

    def turn(self, *, downwards: bool) -> None:
        """The user moves in this direction."""
        self._downwards = downwards

    def _reach(self) -> tuple[int, int]:
        """How many pixels above and below the view are got ready."""
        height = self._bar.pageStep()
        ahead, behind = round(AHEAD * height), round(BEHIND * height)
        return (behind, ahead) if self._downwards else (ahead, behind)

    def _ask(self) -> None:
        missing = self._arrangement.missing(0, 0)
        new = [message_id for message_id in missing if message_id not in self._asked]
        near = self._arrangement.missing(*self._reach())
        self._asked.intersection_update(near)
        if not new and not self._asked:
            new = near[:MOST_ASKED]
        if new:
            self._asked.update(new)
            self._asked_at = time.perf_counter()
            self.wanted.emit(new)

    def _lay(self) -> None:
        if self._bar.isSliderDown():
            self._layer.start()
            return
        above, below = self._reach()
        before = self._arrangement.looks()
        if not self._arrangement.lay_ahead(above, below, time.perf_counter() + LAY_S):
            self._layer.start()
        self.laid.emit(self._arrangement.looks() != before)
