"""The thread in which the keyring of the system is asked: it may wait for ever for a person.

A daemon thread and no executor, whose unfinished work would hold up the end of the program.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

NO_ANSWER = "the keyring did not answer"


class KeyringRefused(Exception):
    """The keyring did not do what was asked; the text is a clause for people.

    `absent`: there is none that could.
    """

    def __init__(self, reason: str, *, absent: bool = False) -> None:
        super().__init__(reason)
        self.absent = absent


class KeyringThread:
    """Does one thing after the other and lets nobody wait longer than `patience_s` seconds.

    While something that was given up still goes on, nothing else is begun and nobody waits.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._started = False
        self._given_up: Future[Any] | None = None
        self._waiting: set[asyncio.Event] = set()

    @property
    def silent(self) -> bool:
        """Whether something that was given up still goes on."""
        return self._given_up is not None and not self._given_up.done()

    def begin(self, work: Callable[[], T]) -> Future[T]:
        """Let the thread do `work`, soon. Raises KeyringRefused while it is silent."""
        if self.silent:
            raise KeyringRefused(NO_ANSWER)
        if not self._started:
            self._started = True
            threading.Thread(target=self._run, name="keyring", daemon=True).start()
        job: Future[T] = Future()
        self._work.put(lambda: _do(work, job))
        return job

    async def result(self, job: Future[T]) -> T:
        """What came of it. Raises what the work raised, and KeyringRefused when it takes too long."""
        if not job.done() and not self.silent:
            await self._wait(job)
        if not job.done():
            self._given_up = job
            raise KeyringRefused(NO_ANSWER)
        return job.result()

    def skip(self) -> None:
        """Give up what is waited for now."""
        for over in self._waiting:
            over.set()

    def end(self) -> None:
        """Let nobody wait, and the thread end when it can."""
        self.skip()
        self._work.put(None)

    async def _wait(self, job: Future[T]) -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()

        def arrived(_: Future[T]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(over.set)

        self._waiting.add(over)
        job.add_done_callback(arrived)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience_s):
                    await over.wait()
        finally:
            self._waiting.discard(over)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()


def _do(work: Callable[[], T], job: Future[T]) -> None:
    try:
        job.set_result(work())
    except Exception as error:  # noqa: BLE001  whoever waits for the job gets it
        job.set_exception(error)
