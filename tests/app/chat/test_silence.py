"""Row B1: it is said when nothing comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from app.chat.silence import QUIET, QUIET_AFTER_S, Silence
from app.domain.events import Event, Progress, TextDelta

AFTER_S = 0.02


class Listener:
    def __init__(self) -> None:
        self.heard: list[Progress] = []
        self._changed = asyncio.Event()

    def say(self, silence: Progress) -> None:
        self.heard.append(silence)
        self._changed.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(30):
            while len(self.heard) < count:
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def silence(listener: Listener) -> AsyncGenerator[Silence, None]:
    it = Silence(listener.say, AFTER_S)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(it.run())
        yield it
        task.cancel()


def test_b1_a_silence_is_said_within_15_seconds() -> None:
    assert 1.5 * QUIET_AFTER_S < 15


def test_b1_a_silence_is_said_and_said_again_with_its_length() -> None:
    async def scenario() -> None:
        listener = Listener()
        async with silence(listener):
            await listener.until(20)
        assert {said.stage for said in listener.heard} == {QUIET}
        lengths = [said.seconds or 0.0 for said in listener.heard]
        assert lengths == sorted(lengths)
        assert 0.1 <= lengths[-1] < 5

    asyncio.run(scenario())


def test_whatever_is_heard_ends_the_silence() -> None:
    async def scenario() -> None:
        listener = Listener()
        async with silence(listener) as it:
            await listener.until(20)
            it.heard(TextDelta(text="A"))
            await listener.until(21)
        assert (listener.heard[20].seconds or 0.0) < (listener.heard[19].seconds or 0.0)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("explanation", "over"),
    [
        (Progress(stage="loading"), TextDelta(text="A")),
        (Progress(stage="queued", fraction=0.5), Progress(stage="queued", fraction=1.0)),
        (Progress(stage="uploading", fraction=0.99), Progress(stage="uploading", fraction=1.0)),
        (Progress(stage="retrying", seconds=1000.0), Progress(stage="retrying", seconds=0.0)),
    ],
)
def test_a_wait_that_is_explained_is_no_silence_before_it_is_over(explanation: Event, over: Event) -> None:
    async def scenario() -> None:
        listener = Listener()
        async with silence(listener) as it:
            it.heard(explanation)
            loop = asyncio.get_running_loop()
            later = loop.create_future()
            loop.call_later(5 * AFTER_S, later.set_result, None)
            await later
            assert listener.heard == []
            it.heard(over)
            await listener.until(1)

    asyncio.run(scenario())


def test_a_countdown_that_ran_out_explains_nothing() -> None:
    async def scenario() -> None:
        listener = Listener()
        async with silence(listener) as it:
            it.heard(Progress(stage="retrying", seconds=5 * AFTER_S))
            await listener.until(1)

    asyncio.run(scenario())
