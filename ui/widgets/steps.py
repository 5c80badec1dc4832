"""Long work in the thread of the window, a step between every two frames."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 1
"""Between two steps; with none, Qt runs several of them before it paints."""


class Steps(QObject):
    """Takes one step of an iterator after the other, each of which should take a few milliseconds.

    Of several that are busy one takes a step between two frames, by turns.
    """

    _ended: ClassVar[float] = 0.0
    """When the last step of any of them was over, as `time.perf_counter` counts."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] = iter(())
        self._pause = QTimer(self, interval=PAUSE_MS)
        self._pause.timeout.connect(self._step)

    @property
    def busy(self) -> bool:
        """Whether there are steps to take."""
        return self._pause.isActive()

    def run(self, steps: Iterator[None]) -> None:
        """Take these from now on; what is left of others is left out."""
        self._steps = steps
        self._pause.start()

    def _step(self) -> None:
        if time.perf_counter() - Steps._ended < PAUSE_MS / 1_000:
            return  # another one took a step just now
        self._pause.start()  # behind those that wait
        try:
            next(self._steps)
        except StopIteration:
            self._pause.stop()
        except BaseException:
            self._pause.stop()
            raise
        finally:
            Steps._ended = time.perf_counter()
