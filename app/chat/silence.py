"""Saying that nothing comes, while nothing comes."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable

from app.domain.events import Event, Progress

QUIET = "quiet"
QUIET_AFTER_S = 2.0


class Silence:
    """Tells `say` of a silence once it has lasted `after_s`, and again after each half of that.

    A wait that somebody already explains is none: a model that loads, a queue. It is one again
    when all of it is done, and when a countdown has run out.
    """

    def __init__(self, say: Callable[[Progress], None], after_s: float = QUIET_AFTER_S) -> None:
        self._say = say
        self._after_s = after_s
        self._since = time.monotonic()
        self._heard = asyncio.Event()

    def heard(self, event: Event | None = None) -> None:
        """Something came; without an event, the wait for the first one begins."""
        self._since = time.monotonic() + (_explained_s(event) if isinstance(event, Progress) else 0.0)
        self._heard.set()

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            lasted = time.monotonic() - self._since
            if lasted < -self._after_s:  # explained: nothing to say before something is heard
                await self._wait(-lasted)
                continue
            if lasted >= self._after_s:
                self._say(Progress(stage=QUIET, seconds=round(lasted, 1)))
                await asyncio.sleep(self._after_s / 2)
            else:
                await asyncio.sleep(self._after_s - lasted)

    async def _wait(self, most_s: float) -> None:
        self._heard.clear()
        try:
            async with asyncio.timeout(most_s if math.isfinite(most_s) else None):
                await self._heard.wait()
        except TimeoutError:
            return


def _explained_s(progress: Progress) -> float:
    """For how long `progress` explains that nothing comes."""
    if progress.fraction is not None and progress.fraction >= 1:
        return 0.0
    if progress.stage == "retrying":
        return progress.seconds or 0.0
    return math.inf
