"""Who owns the window's coroutines: the only place that starts a task."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


class TaskOwner(QObject):
    """Starts coroutines under a name, cancels them, and reports what they raise."""

    failed = Signal(object)
    """An exception that no coroutine handled: a fault of the program."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._count = 0
        self._closed = False

    def start(self, coroutine: Coroutine[Any, Any, None], name: str = "") -> None:
        """Run `coroutine`. One that already runs under the same `name` is cancelled first.

        After `close` it is dropped: timers and signals of a window that closes may still ask for something.
        """
        if self._closed:
            coroutine.close()
            return
        if name:
            self.cancel(name)
        self._count += 1
        key = name or f"task {self._count}"
        task = asyncio.get_running_loop().create_task(coroutine, name=key)
        self._tasks[key] = task
        task.add_done_callback(self._done)

    def cancel(self, name: str) -> None:
        """Cancel the task of that name; nothing happens when there is none."""
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()
            self._count += 1
            self._tasks[f"{name}, cancelled {self._count}"] = task

    def runs(self, name: str) -> bool:
        """Whether a task of that name is running."""
        return name in self._tasks

    async def close(self) -> None:
        """Cancel everything, wait until it has ended, and start nothing more."""
        self._closed = True
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        for name in [name for name, owned in self._tasks.items() if owned is task]:
            del self._tasks[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task %s failed", task.get_name(), exc_info=error)
            self.failed.emit(error)
