"""One request on its way: events in, snapshots to whoever watches and to the library."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import NamedTuple

from app.chat.fold import says_something
from app.chat.growth import Growth, sibling_of
from app.chat.silence import QUIET, QUIET_AFTER_S, Silence
from app.chat.throttle import Throttle
from app.domain.errors import AnswerLost, FoveaError, KeyMissing, KeyRefused, StoreFailed
from app.domain.events import (
    Event,
    Finished,
    Progress,
    ReasoningDelta,
    TextDelta,
    TextWasReasoning,
    ToolCalled,
)
from app.domain.message import Message, RunCard, Status
from app.domain.request import ChatRequest
from app.providers.provider import Answers

log = logging.getLogger(__name__)

_OF_THE_KEY = (KeyMissing, KeyRefused)
_OF_A_CHOICE = (TextDelta, ReasoningDelta, TextWasReasoning, ToolCalled, Finished)
SHOW_EVERY_S = 0.016
SAVE_EVERY_S = 0.25


class Snapshot(NamedTuple):
    """The answer now. `progress` is what it waits for: its first word, or, when nothing has come
    for a while, more of it. `unsaved` says why the library does not hold it, where that is so.
    `siblings` are the further answers to the same request, in the order of their choices."""

    message: Message
    progress: Progress | None = None
    unsaved: StoreFailed | None = None
    siblings: tuple[Message, ...] = ()


Show = Callable[[Snapshot], None]
Save = Callable[[Message], Awaitable[None]]
Add = Callable[[Message], Awaitable[Message]]
Prepare = Callable[[Callable[[Event], None]], Awaitable[ChatRequest]]
_Begin = Callable[[], Awaitable[AsyncGenerator[Event, None]]]


class Answering:
    """Runs one request. What arrived is shown at most once a frame and saved every quarter second;
    it survives a failure of the endpoint, of the disk, and being cancelled.

    `message` is the first answer and stored already. Further ones, as many as its run card asks
    for (`n`), come into being with their first words: `add` stores one and returns it with its
    place, and without `add` they are saved like the first. `closing` tells, when cancelled, the
    end of the program from the user's Stop: a pending answer then keeps its ticket.
    """

    def __init__(
        self,
        message: Message,
        provider: Answers,
        show: Show,
        save: Save,
        *,
        add: Add | None = None,
        closing: Callable[[], bool] = lambda: False,
        quiet_after_s: float = QUIET_AFTER_S,
    ) -> None:
        self._first = Growth(message, stored=True)
        self._siblings: dict[int, Growth] = {}
        self._most = _asked_for(message.run)
        self._provider = provider
        self._show = show
        self._save = save
        self._add = add
        self._closing = closing
        self._resuming = False
        self._progress: Progress | None = None
        self._unsaved: StoreFailed | None = None
        self._started = time.monotonic()
        self._silence = Silence(self._show_silence, quiet_after_s)
        self._showing = Throttle(SHOW_EVERY_S, self._show_now)
        self._saving = Throttle(SAVE_EVERY_S, self._save_now)

    @property
    def answers(self) -> tuple[Message, ...]:
        """All answers as they are now, the first one first."""
        return tuple(growth.message for growth in self._growing)

    async def run(self, prepare: Prepare) -> Message:
        """Answer the request that `prepare` makes; returns the finished first answer.

        Endpoint failures end up in the messages, not as exceptions. When cancelled, they are
        shown and saved as interrupted before CancelledError goes on.
        """

        async def begin() -> AsyncGenerator[Event, None]:
            request = await prepare(self._take)
            self._note_request(request)
            return self._provider.stream(request)

        return await self._run(begin)

    async def resume(self) -> Message:
        """Fetch the answer that the ticket on the message's run card stands for.

        Ends as `run` does, but where only the key is not there, the answer stays pending, with its
        ticket and the problem.
        """
        run = self._first.message.run
        ticket = run.ticket if run else None
        if ticket is not None:
            self._started -= max(0.0, time.time() - ticket.given)

        async def begin() -> AsyncGenerator[Event, None]:
            if ticket is None:
                raise AnswerLost(endpoint=self._provider.endpoint.name)
            return self._provider.resume(ticket)

        self._resuming = True
        return await self._run(begin)

    async def _run(self, begin: _Begin) -> Message:
        async with asyncio.TaskGroup() as group:
            served = [group.create_task(x.run()) for x in (self._showing, self._saving, self._silence)]
            try:
                await self._answer(begin)
            finally:
                for task in served:
                    task.cancel()
        return self._first.message

    async def _answer(self, begin: _Begin) -> None:
        try:
            async with aclosing(await begin()) as events:
                async for event in events:
                    self._take(event)
        except asyncio.CancelledError:
            await self._finish(Status.INTERRUPTED, None)
            raise
        except FoveaError as error:
            waits = self._resuming and isinstance(error, _OF_THE_KEY) and self._can_be_resumed()
            await self._finish(Status.PENDING if waits else Status.FAILED, error)
        except Exception as error:
            log.exception("answering failed")
            await self._finish(Status.FAILED, FoveaError(reason=type(error).__name__))
        else:
            await self._finish(Status.DONE, None)

    def _note_request(self, request: ChatRequest) -> None:
        prepared = tuple(p.prepared for m in request.messages for p in m.pictures)
        message = self._first.message
        self._first.message = message.replace(run=message.run and message.run.replace(prepared=prepared))
        self._progress = None
        self._silence.heard()
        self._showing.poke()

    @property
    def _growing(self) -> tuple[Growth, ...]:
        return (self._first, *(self._siblings[choice] for choice in sorted(self._siblings)))

    def _take(self, event: Event) -> None:
        self._silence.heard(event)
        if isinstance(event, Progress):
            self._progress = event
        elif (growth := self._growth(event)) is not None:
            growth.take(event, self._now_s())
            if _ends_waiting(event) or (self._progress and self._progress.stage == QUIET):
                self._progress = None
            self._saving.poke()
        self._showing.poke()

    def _growth(self, event: Event) -> Growth | None:
        """The answer that `event` belongs to; None for one that was not asked for or says nothing."""
        choice = event.choice if isinstance(event, _OF_A_CHOICE) else 0
        if choice == 0:
            return self._first
        if choice not in self._siblings and 0 < choice < self._most and says_something(event):
            self._first.fold()
            self._siblings[choice] = Growth(sibling_of(self._first.message, choice), stored=False)
        return self._siblings.get(choice)

    def _show_silence(self, silence: Progress) -> None:
        self._progress = silence
        self._showing.poke()

    async def _show_now(self) -> None:
        first, *others = [growth.message for growth in self._folded()]
        self._show(Snapshot(first, self._progress, self._unsaved, tuple(others)))

    async def _save_now(self) -> None:
        unsaved: StoreFailed | None = None
        for growth in self._folded():
            if growth.message is growth.saved:
                continue
            try:
                await self._save_one(growth)
            except StoreFailed as error:
                unsaved = error
                self._saving.poke()
        self._unsaved = unsaved

    async def _save_one(self, growth: Growth) -> None:
        message = growth.message  # it may grow while it is being saved
        if growth.stored or self._add is None:
            await self._save(message)
            growth.saved = message
            return
        seq = (await self._add(message)).seq
        unchanged = growth.message is message
        growth.message = growth.message.replace(seq=seq)
        growth.saved = growth.message if unchanged else message
        growth.stored = True

    def _folded(self) -> tuple[Growth, ...]:
        growing = self._growing
        for growth in growing:
            growth.fold()
        return growing

    async def _finish(self, status: Status, error: FoveaError | None) -> None:
        growing = self._folded()
        self._progress = None
        now_s = self._now_s()
        if status is Status.INTERRUPTED and self._closing() and self._can_be_resumed():
            growing = ()
        hit = [growth for growth in growing if not growth.message.status.finished] or [self._first]
        for growth in growing:
            met = error if growth in hit else None
            growth.end(_last_status(growth.message, status, met), now_s, met)
        await self._save_now()
        await self._show_now()

    def _can_be_resumed(self) -> bool:
        message = self._first.message
        has_ticket = message.run is not None and message.run.ticket is not None
        return message.status is Status.PENDING and has_ticket and not self._siblings

    def _now_s(self) -> float:
        return time.monotonic() - self._started


def _last_status(message: Message, status: Status, error: FoveaError | None) -> Status:
    if error is not None and (message.parts or message.reasoning):
        return Status.INTERRUPTED
    return message.status if error is None and message.status.finished else status


def _ends_waiting(event: Event) -> bool:
    return says_something(event) or isinstance(event, Finished)


def _asked_for(run: RunCard | None) -> int:
    """How many answers the run card asks for."""
    return int(run.parameters.get("n", 1)) if run else 1
