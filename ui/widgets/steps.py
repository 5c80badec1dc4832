"""Long work in the thread of the window, a step between every two frames."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 1
"""Between two steps; with none, Qt runs several of them before it paints."""
LATE_MS = 4
"""A step is late by so much where something else was done in its turn."""


class Steps(QObject):
    """Takes one step of an iterator after the other, each of which should take a few milliseconds.

    Of several that are busy one takes a step between two frames, by turns, and as a rule none after
    something else that took its time in the same turn of the event loop, as painting does.
    """

    _ended: ClassVar[float] = 0.0
    """When the last step of any of them was over, as `time.perf_counter` counts."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] = iter(())
        self._pause = QTimer(self, interval=PAUSE_MS)
        self._pause.timeout.connect(self._step)
        self._due = 0.0
        self._waited = False

    @property
    def busy(self) -> bool:
        """Whether there are steps to take."""
        return self._pause.isActive()

    def run(self, steps: Iterator[None]) -> None:
        """Take these from now on; what is left of others is left out."""
        self._steps = steps
        self._wait()

    def _step(self) -> None:
        now = time.perf_counter()
        if now - Steps._ended < PAUSE_MS / 1_000:
            return  # another one took a step just now
        if now - self._due > LATE_MS / 1_000 and not self._waited:
            self._waited = True  # only once, for all may be slow
            self._wait()
            return
        self._waited = False
        self._wait()  # behind those that wait
        try:
            next(self._steps)
        except StopIteration:
            self._pause.stop()
        except BaseException:
            self._pause.stop()
            raise
        finally:
            Steps._ended = time.perf_counter()

    def _wait(self) -> None:
        self._due = time.perf_counter() + PAUSE_MS / 1_000
        self._pause.start()
