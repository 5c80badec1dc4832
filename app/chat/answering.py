"""One answer on its way: events in, snapshots to whoever watches and to the library."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import NamedTuple

from app.chat.fold import fold, time_run
from app.chat.throttle import Throttle
from app.domain.errors import FoveaError, StoreFailed
from app.domain.events import Event, Progress, ReasoningDelta, TextDelta
from app.domain.message import Message, Problem, Status
from app.domain.request import ChatRequest
from app.providers.provider import Provider

log = logging.getLogger(__name__)

SHOW_EVERY_S = 0.016
SAVE_EVERY_S = 0.25


class Snapshot(NamedTuple):
    """The answer now. `progress` is what it waits for while it has no words yet;
    `unsaved` says why the library does not hold it, where that is so."""

    message: Message
    progress: Progress | None = None
    unsaved: StoreFailed | None = None


Show = Callable[[Snapshot], None]
Save = Callable[[Message], Awaitable[None]]
Prepare = Callable[[Callable[[Event], None]], Awaitable[ChatRequest]]


class Answering:
    """Runs one answer. What arrived is shown at most once a frame and saved every quarter second;
    it survives a failure of the endpoint, of the disk, and being cancelled."""

    def __init__(self, message: Message, provider: Provider, show: Show, save: Save) -> None:
        self._message = message
        self._provider = provider
        self._show = show
        self._save = save
        self._pending: list[Event] = []
        self._progress: Progress | None = None
        self._unsaved: StoreFailed | None = None
        self._saved: Message | None = None
        self._started = time.monotonic()
        self._first_token_s: float | None = None
        self._showing = Throttle(SHOW_EVERY_S, self._show_now)
        self._saving = Throttle(SAVE_EVERY_S, self._save_now)

    async def run(self, prepare: Prepare) -> Message:
        """Answer the request that `prepare` makes; returns the finished message.

        Endpoint failures end up in the message, not as exceptions. When cancelled, the message
        is shown and saved as interrupted before CancelledError goes on.
        """
        async with asyncio.TaskGroup() as group:
            throttles = [group.create_task(t.run()) for t in (self._showing, self._saving)]
            try:
                await self._answer(prepare)
            finally:
                for task in throttles:
                    task.cancel()
        return self._message

    async def _answer(self, prepare: Prepare) -> None:
        try:
            request = await prepare(self._take)
            self._note_request(request)
            async with aclosing(self._provider.stream(request)) as events:
                async for event in events:
                    self._take(event)
        except asyncio.CancelledError:
            await self._finish(Status.INTERRUPTED, None)
            raise
        except FoveaError as error:
            await self._finish(Status.FAILED, error)
        except Exception as error:
            log.exception("answering failed")
            await self._finish(Status.FAILED, FoveaError(reason=type(error).__name__))
        else:
            await self._finish(Status.DONE, None)

    def _note_request(self, request: ChatRequest) -> None:
        prepared = tuple(p.prepared for m in request.messages for p in m.pictures)
        run = self._message.run
        self._message = self._message.replace(run=run and run.replace(prepared=prepared))

    def _take(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._progress = event
        else:
            if self._first_token_s is None and isinstance(event, TextDelta | ReasoningDelta):
                self._first_token_s = time.monotonic() - self._started
            self._pending.append(event)
            self._saving.poke()
        self._showing.poke()

    def _fold(self) -> None:
        if self._pending:
            self._message = fold(self._message, self._pending)
            self._pending.clear()
            self._progress = None

    async def _show_now(self) -> None:
        self._fold()
        self._show(Snapshot(self._message, self._progress, self._unsaved))

    async def _save_now(self) -> None:
        self._fold()
        if self._message is self._saved:
            return
        message = self._message  # it may grow while it is being saved
        try:
            await self._save(message)
            self._saved, self._unsaved = message, None
        except StoreFailed as error:
            self._unsaved = error
            self._saving.poke()

    async def _finish(self, status: Status, error: FoveaError | None) -> None:
        self._fold()
        message = self._message
        if error is not None and (message.text or message.reasoning):
            status = Status.INTERRUPTED
        run = time_run(
            message.run,
            first_token_s=self._first_token_s,
            total_s=time.monotonic() - self._started,
        )
        problem = problem_of(error, kept=_kept(message)) if error else None
        self._progress = None
        self._message = message.replace(status=status, run=run, problem=problem)
        await self._save_now()
        await self._show_now()


def problem_of(error: FoveaError, *, kept: str) -> Problem:
    """The error as it is kept with the message it hit."""
    return Problem(
        code=error.code,
        what=error.what,
        remedy=error.remedy,
        facts=error.facts,
        kept=error.kept or kept,
        retryable=error.retryable,
    )


def _kept(message: Message) -> str:
    if message.text:
        return "What arrived so far is kept."
    return "Your question and its pictures are kept."
