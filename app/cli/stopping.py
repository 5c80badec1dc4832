"""How a command ends before its time: Ctrl+C, SIGTERM, or an output that cannot be written.

This is loaded before anything else of a command, so that a signal is heard while the rest loads.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENCE_S = 1.0
"""A signal repeated sooner is the same one: `timeout` sends its own to the process and to its group."""


class Stopping:
    """Turns signals into the command's orderly end.

    While a command runs, the first signal cancels it, so that its children end and its
    conversation is kept; a later one ends the process at once. So does any signal while no
    command runs: nothing has begun then, or all is done. Children end with their parent.
    `exit_code` is what a shell expects of a program ended by that signal, None before one came.
    """

    def __init__(self) -> None:
        self.exit_code: int | None = None
        self._cancel: Callable[[], object] | None = None
        self._cancelled = False
        self._writing = False
        self._first_s = 0.0

    def listen(self) -> None:
        """Hear the signals from now on, but not those that whoever started us turned off."""
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._heard)

    def run(self, command: Coroutine[Any, Any, int]) -> int:
        """Run the command and return its exit code. Raises CancelledError when it was stopped."""
        import asyncio

        async def cancellable() -> int:
            loop, task = asyncio.get_running_loop(), asyncio.current_task()

            def cancel() -> None:
                if task is not None:
                    task.cancel()
                loop.call_soon_threadsafe(lambda: None)  # wakes a loop that waits

            self._cancel = cancel
            try:
                return await command
            finally:
                self._cancel = None

        return asyncio.run(cancellable())

    def stop(self) -> None:
        """Cancel the command, once: a second time would cut short how it tidies up."""
        if self._cancel is not None and not self._cancelled:
            self._cancelled = True
            self._cancel()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What is written within may wait for a reader for ever: a signal raises InterruptedError."""
        self._writing = True
        try:
            yield
        finally:
            self._writing = False

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.exit_code is None:
            self.exit_code, self._first_s = 128 + number, now
        if self._cancel is None or now - self._first_s > PATIENCE_S:
            os._exit(self.exit_code)
        self.stop()
        if self._writing:
            self._writing = False
            raise InterruptedError
