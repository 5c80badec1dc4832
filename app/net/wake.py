"""Connections that did not outlive a sleep of the computer.

While it sleeps, the other side gives a connection up, and often nobody tells us: a read would wait
for the whole of its patience. So after a sleep, whatever waits has a few seconds to show life, and
no limit runs out meanwhile, so that a sleep is not taken for silence.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import NamedTuple, Protocol


class Alertness(NamedTuple):
    """When the computer is held to have slept, and what follows, in seconds.

    The clocks are read each `tick_s`. One that went on by more than `jump_s` beyond that slept.
    Then what waits has `grace_s`.
    """

    tick_s: float = 1.0
    jump_s: float = 30.0
    grace_s: float = 8.0


class Slept(OSError):
    """Nothing came after the computer slept."""


class Connection(Protocol):
    """What is watched."""

    @property
    def waiting(self) -> bool:
        """Whether somebody waits for the other side."""
        ...

    @property
    def moved(self) -> int:
        """How many bytes went either way so far."""
        ...

    def drop(self, because: OSError | None = None) -> None:
        """Close it; whoever waits gets `because`."""
        ...


def outer_clock() -> float:
    """Seconds that also pass while the computer sleeps.

    On Linux a clock that nobody can set, so that correcting the time does not look like a sleep.
    """
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.time() if boot is None else time.clock_gettime(boot)


class Sleeps:
    """Tells from two clocks, read about each `tick_s`, whether there was a sleep in between.

    Both are needed. While the computer sleeps, the loop's clock stands still on Linux and the
    outer one goes on; where the program alone was stopped, both go on.
    """

    def __init__(self, alertness: Alertness, outer: float, inner: float) -> None:
        self._most = alertness.tick_s + alertness.jump_s
        self._last = (outer, inner)

    def since(self, outer: float, inner: float) -> bool:
        """Whether there was one since the last call."""
        before, self._last = self._last, (outer, inner)
        return max(outer - before[0], inner - before[1]) > self._most


class WakeWatch:
    """Watches connections as long as there are any, and drops those that a sleep has killed."""

    def __init__(self, alertness: Alertness) -> None:
        self._alertness = alertness
        self._sleeps: Sleeps | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._limits: set[asyncio.Timeout] = set()
        self._doubts: dict[Connection, tuple[float, int] | None] = {}

    def add(self, connection: Connection) -> None:
        """Watch it. One that shows no life `grace_s` after a sleep is dropped as Slept."""
        self._doubts[connection] = None
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._sleeps = Sleeps(self._alertness, outer_clock(), loop.time())
            self._timer = loop.call_later(self._alertness.tick_s, self._tick, loop)

    def discard(self, connection: Connection) -> None:
        """Watch it no more. Harmless when it was not watched."""
        self._doubts.pop(connection, None)
        if not self._doubts and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @asynccontextmanager
    async def limit(self, seconds: float | None) -> AsyncGenerator[asyncio.Timeout, None]:
        """As `asyncio.timeout`, but a sleep does not use it up."""
        async with asyncio.timeout(seconds) as limit:
            self._limits.add(limit)
            try:
                yield limit
            finally:
                self._limits.discard(limit)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        assert self._sleeps is not None
        if self._sleeps.since(outer_clock(), now):
            self._doubts = {connection: (now, connection.moved) for connection in self._doubts}
            self._prolong(now)
        for connection, doubt in self._doubts.items():
            if doubt is not None:
                self._doubts[connection] = self._judged(connection, now, *doubt)
        self._timer = loop.call_later(self._alertness.tick_s, self._tick, loop)

    def _judged(
        self, connection: Connection, now: float, since: float, moved: int
    ) -> tuple[float, int] | None:
        """What is still doubtful about a connection: since when it should have shown life."""
        if connection.moved != moved:
            return None
        if not connection.waiting:
            return now, moved
        if now - since >= self._alertness.grace_s:
            connection.drop(Slept("nothing came after a sleep"))
            return None
        return since, moved

    def _prolong(self, now: float) -> None:
        """Let no limit run out before the grace has."""
        until = now + self._alertness.grace_s + 2 * self._alertness.tick_s
        for limit in self._limits:
            when = limit.when()
            if when is not None and when < until and not limit.expired():
                limit.reschedule(until)
