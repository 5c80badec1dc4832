"""What was just removed and can still be brought back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from ui.tasks import TaskOwner

Work = Callable[[], Coroutine[Any, Any, None]]


class Undo:
    """One removal at a time can be undone; when it no longer can, what makes it final is done."""

    def __init__(self, tasks: TaskOwner) -> None:
        self._tasks = tasks
        self._undo: Work | None = None
        self._when_over: Work | None = None
        self._over: list[Work] = []
        self._settling = asyncio.Lock()

    def keep(self, undo: Work, when_over: Work | None) -> None:
        """From now on `undo` is what `take` returns; the removal before is final."""
        self.end()
        self._undo, self._when_over = undo, when_over

    def take(self) -> Work | None:
        """What undoes the removal, once; nothing makes it final then."""
        undo, self._undo, self._when_over = self._undo, None, None
        return undo

    def end(self) -> None:
        """The removal cannot be undone any more."""
        over, self._undo, self._when_over = self._when_over, None, None
        if over is not None:
            self._over.append(over)
            self._tasks.start(self.settle())

    async def settle(self) -> None:
        """Make one removal after the other final; what is cut off is done again the next time."""
        async with self._settling:
            while self._over:
                await self._over[0]()
                del self._over[0]
