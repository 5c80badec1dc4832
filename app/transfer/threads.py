"""Work in a thread that ends when who waits for it does not want it any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Result = TypeVar("Result")


class Stopped(Exception):
    """The work was stopped on the way."""


async def in_thread(work: Callable[[threading.Event], Result]) -> Result:
    """What `work` returns. It looks at the event between its steps and raises Stopped once that is set;
    when this is cancelled, it has ended before the cancellation goes on."""
    stop = threading.Event()
    future = asyncio.get_running_loop().run_in_executor(None, work, stop)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait((future,))
        future.exception()
        raise


async def whole(work: Callable[[], Result]) -> Result:
    """What `work` returns, which is short enough to be waited for even when this is cancelled."""
    return await in_thread(lambda _: work())


def until(stop: threading.Event, pieces: Iterable[str]) -> Iterator[str]:
    """The pieces; raises Stopped between two once `stop` is set."""
    for piece in pieces:
        if stop.is_set():
            raise Stopped
        yield piece
