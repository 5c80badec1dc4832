"""Asking again, by itself, after a refusal before the answer began."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from app.domain.errors import Rejected
from app.domain.events import Event, Noted, Progress
from app.net.retry import RetryPolicy


async def retrying(
    ask: Callable[[], AsyncGenerator[Event, None]],
    policy: RetryPolicy | None = None,
    clock: Callable[[], float] | None = None,
) -> AsyncGenerator[Event, None]:
    """The events of `ask()`; where it is refused for being busy, those of another try.

    Between tries, a `Progress` of stage "retrying" tells each second how many are left. Nothing is
    tried again once anything of the answer came: only `Progress` and `Noted` may precede a
    refusal. A note is told once. `clock` tells seconds, the loop's where none is given. Raises what
    the last try raised.
    """
    policy = policy or RetryPolicy()
    clock = clock or asyncio.get_running_loop().time
    told: list[Noted] = []
    tried = 0
    while True:
        begun, asked = False, clock()
        try:
            async with aclosing(ask()) as events:
                async for event in events:
                    if isinstance(event, Noted):
                        if event in told:
                            continue
                        told.append(event)
                    begun = begun or not isinstance(event, Progress | Noted)
                    yield event
            return
        except Rejected as error:
            wait_s = None if begun else policy.wait_s(error, tried, clock() - asked)
            if wait_s is None:
                raise
        tried += 1
        async with aclosing(countdown(wait_s)) as seconds:
            async for progress in seconds:
                yield progress


async def countdown(wait_s: float) -> AsyncGenerator[Progress, None]:
    """Wait, and tell the whole seconds that are left as each begins; one figure for no wait at all."""
    clock = asyncio.get_running_loop().time
    until = clock() + wait_s
    for left in range(max(math.ceil(wait_s), 1), 0, -1):
        yield Progress(stage="retrying", seconds=min(float(left), wait_s))
        await asyncio.sleep(max(until - (left - 1) - clock(), 0.0))
