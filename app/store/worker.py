"""Threads that do blocking jobs for a loop."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
_Job = Callable[[], object]
_Pastime = Callable[[], float | None]


class Worker:
    """Daemon threads, mostly one, that do what they are given; each job begins in its turn.

    Works below any asyncio loop. A job that was given is done even when nobody waits for it
    any more. An unfinished job never keeps the program from ending.
    """

    def __init__(self, name: str, threads: int = 1) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._pastime: _Pastime | None = None
        self._threads = [threading.Thread(target=self._work, name=name, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Callable[[], Result]) -> asyncio.Future[Result]:
        """Queue `job`; the future of the running loop gets its result or its exception."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()

        def work() -> None:
            try:
                result = job()
            except BaseException as error:  # noqa: BLE001 - the thread outlives every failure
                _settle(loop, _fail, future, error)
            else:
                _settle(loop, _succeed, future, result)

        self._jobs.put(work)
        return future

    def when_idle(self, pastime: _Pastime | None) -> None:
        """What to do while there is no job, a little each time.

        It returns in how many seconds it wants to be called again, None for not before the next job
        is done; it never raises. It can be taken back by a job only. For one thread alone.
        """
        self._pastime = pastime
        if pastime is not None:
            self._jobs.put(pastime)  # at first before all jobs that are still to come

    def end(self) -> None:
        """End when the queued jobs are done, and wait for that. Harmless when ended."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job()
            del job  # it holds the result until the next job otherwise

    def _next(self) -> _Job | None:
        """The next job; the pastime fills the time until there is one."""
        pause_s: float | None = 0.0
        while self._pastime is not None and pause_s is not None:
            try:
                return self._jobs.get(timeout=pause_s) if pause_s else self._jobs.get_nowait()
            except queue.Empty:
                pause_s = self._pastime()
        return self._jobs.get()


def _settle(loop: asyncio.AbstractEventLoop, how: Callable[..., None], *arguments: object) -> None:
    with contextlib.suppress(RuntimeError):  # the loop closed meanwhile: nobody is left to tell
        loop.call_soon_threadsafe(how, *arguments)


def _succeed(future: asyncio.Future[Result], result: Result) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Result], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
