"""Long waits in short tests: a loop on which time runs faster, for the app and the server in it alike.

    hurried(run(), speed=100)     # `await asyncio.sleep(60)` takes 0.6 seconds

Only waits get shorter, not work: keep what is measured well above `speed` times what work takes.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):  # type: ignore[valid-type,misc]
    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def select(self, timeout: float | None = None) -> Any:
        return super().select(timeout if timeout is None else timeout / self._speed)


class HurriedLoop(asyncio.SelectorEventLoop):
    """A loop whose clock shows `speed` seconds for each that passes."""

    def __init__(self, speed: float) -> None:
        super().__init__(_Selector(speed))
        self._speed = speed

    def time(self) -> float:
        return super().time() * self._speed


def hurried(work: Coroutine[Any, Any, T], speed: float = 100.0) -> T:
    """Run `work` on a HurriedLoop of its own."""
    with asyncio.Runner(loop_factory=lambda: HurriedLoop(speed)) as runner:
        return runner.run(work)
