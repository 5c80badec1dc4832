"""Long work in the thread of the window, a step between every two frames."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 1
"""Between two steps; with none, Qt runs several of them before it paints."""


class Steps(QObject):
    """Takes one step of an iterator after the other, each of which should take a few milliseconds."""

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
        try:
            next(self._steps)
        except StopIteration:
            self._pause.stop()
        except BaseException:
            self._pause.stop()
            raise
