"""Something that happens soon after it is asked for, and never more often than allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Throttle:
    """Runs `action` after `poke()`: at once when idle, else when `interval_s` has passed."""

    def __init__(self, interval_s: float, action: Callable[[], Awaitable[None]]) -> None:
        self._interval_s = interval_s
        self._action = action
        self._poked = asyncio.Event()

    def poke(self) -> None:
        """Ask for the action; many asks before it runs are one."""
        self._poked.set()

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            await self._poked.wait()
            self._poked.clear()
            await self._action()
            await asyncio.sleep(self._interval_s)
