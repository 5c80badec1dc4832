from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from app.chat.answering import Answering, Snapshot
from app.domain.errors import DiskFull, Interrupted
from app.domain.events import Event, Finished, Progress, TextDelta
from app.domain.message import Message, Role, RunCard, Status
from app.domain.request import ChatRequest
from tests.scripted_provider import ScriptedProvider, Step


def answer() -> Message:
    return Message(
        id="a" * 32,
        parent_id=None,
        seq=2,
        role=Role.ASSISTANT,
        status=Status.SENDING,
        created=datetime(2026, 1, 1, tzinfo=UTC),
        run=RunCard(endpoint="Scripted", model="m"),
    )


class Watcher:
    """Keeps what was shown and saved; `full` makes saving fail as a full disk does."""

    def __init__(self) -> None:
        self.shown: list[Snapshot] = []
        self.saved: list[Message] = []
        self.full = False
        self.changed = asyncio.Event()

    def show(self, snapshot: Snapshot) -> None:
        self.shown.append(snapshot)
        self.changed.set()

    async def save(self, message: Message) -> None:
        if self.full:
            raise DiskFull(path="/library")
        self.saved.append(message)
        self.changed.set()

    async def until(self, condition: object) -> None:
        assert callable(condition)
        async with asyncio.timeout(5):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


async def request(_: object) -> ChatRequest:
    return ChatRequest(model="m", messages=())


async def run(watcher: Watcher, *steps: Step) -> Message:
    answering = Answering(answer(), ScriptedProvider(*steps), watcher.show, watcher.save)
    return await answering.run(request)


def test_a_whole_answer_is_shown_and_saved_as_done() -> None:
    async def scenario() -> None:
        watcher = Watcher()
        message = await run(watcher, TextDelta(text="A "), TextDelta(text="cat."), Finished(reason="stop"))
        assert (message.text, message.status) == ("A cat.", Status.DONE)
        assert watcher.saved[-1] == watcher.shown[-1].message == message
        assert message.run is not None
        assert message.run.total_s is not None
        assert message.run.first_token_s is not None

    asyncio.run(scenario())


def test_a1_text_is_saved_while_the_answer_still_runs() -> None:
    async def scenario() -> None:
        watcher, go_on = Watcher(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            task = group.create_task(run(watcher, TextDelta(text="A "), go_on, TextDelta(text="cat.")))
            await watcher.until(lambda: watcher.saved and watcher.saved[-1].text == "A ")
            assert watcher.saved[-1].status is Status.STREAMING
            assert not task.done()
            go_on.set()

    asyncio.run(scenario())


def test_b4_a_failure_keeps_what_arrived_and_says_so() -> None:
    async def scenario() -> None:
        watcher = Watcher()
        message = await run(watcher, TextDelta(text="A c"), Interrupted(endpoint="Scripted", reason="cut"))
        assert (message.text, message.status) == ("A c", Status.INTERRUPTED)
        assert message.problem is not None
        assert message.problem.code == "interrupted"
        assert message.problem.kept == "What arrived so far is kept."
        assert watcher.saved[-1] == message

    asyncio.run(scenario())


def test_a_failure_before_the_first_word_is_failed() -> None:
    async def scenario() -> None:
        message = await run(Watcher(), Interrupted(endpoint="Scripted", reason="cut"))
        assert message.status is Status.FAILED
        assert message.problem is not None
        assert message.problem.kept == "Your question and its pictures are kept."

    asyncio.run(scenario())


def test_stop_keeps_the_text_and_closes_the_stream() -> None:
    async def scenario() -> None:
        watcher = Watcher()
        provider = ScriptedProvider(TextDelta(text="A c"), asyncio.Event())
        answering = Answering(answer(), provider, watcher.show, watcher.save)
        task = asyncio.create_task(answering.run(request))
        await watcher.until(lambda: watcher.shown and watcher.shown[-1].message.text == "A c")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert provider.closed
        assert watcher.saved[-1].status is Status.INTERRUPTED
        assert watcher.saved[-1].text == "A c"

    asyncio.run(scenario())


def test_a5_a_full_disk_stops_no_answer_and_is_shown() -> None:
    async def scenario() -> None:
        watcher, go_on = Watcher(), asyncio.Event()
        watcher.full = True
        async with asyncio.TaskGroup() as group:
            task = group.create_task(
                run(watcher, TextDelta(text="A "), go_on, TextDelta(text="cat."), Finished(reason="stop"))
            )
            await watcher.until(lambda: watcher.shown and watcher.shown[-1].message.text == "A ")
            watcher.full = False
            await watcher.until(lambda: watcher.saved)
            go_on.set()
        assert task.result().text == "A cat."
        assert watcher.saved[-1].status is Status.DONE

    asyncio.run(scenario())


def test_progress_is_shown_until_the_first_word() -> None:
    async def scenario() -> None:
        watcher, go_on = Watcher(), asyncio.Event()
        loading = Progress(stage="loading", fraction=0.5)
        async with asyncio.TaskGroup() as group:
            group.create_task(run(watcher, loading, go_on, TextDelta(text="A")))
            await watcher.until(lambda: watcher.shown and watcher.shown[-1].progress == loading)
            go_on.set()
        assert watcher.shown[-1].progress is None

    asyncio.run(scenario())


def test_a_thousand_deltas_at_once_are_few_snapshots() -> None:
    async def scenario() -> None:
        watcher = Watcher()
        deltas: list[Event] = [TextDelta(text="x ") for _ in range(1000)]
        message = await run(watcher, *deltas, Finished(reason="stop"))
        assert len(message.text) == 2000
        assert len(watcher.shown) < 20

    asyncio.run(scenario())


def test_a_fault_of_the_program_ends_the_answer_and_is_logged(expect_log: object) -> None:
    assert callable(expect_log)
    expect_log("answering failed")

    async def broken(_: object) -> ChatRequest:
        raise ZeroDivisionError

    async def scenario() -> None:
        watcher = Watcher()
        answering = Answering(answer(), ScriptedProvider(), watcher.show, watcher.save)
        message = await answering.run(broken)
        assert message.status is Status.FAILED
        assert message.problem is not None
        assert "ZeroDivisionError" in message.problem.sentence

    asyncio.run(scenario())


def test_a1_words_that_arrive_during_a_save_are_saved_too() -> None:
    class SlowDisk(Watcher):
        async def save(self, message: Message) -> None:
            await first_word_is_being_saved.wait()
            await super().save(message)

    async def scenario() -> None:
        nonlocal first_word_is_being_saved
        first_word_is_being_saved, second, silent = (asyncio.Event() for _ in range(3))
        watcher = SlowDisk()
        async with asyncio.TaskGroup() as group:
            group.create_task(run(watcher, TextDelta(text="one "), second, TextDelta(text="two"), silent))
            await watcher.until(lambda: watcher.shown and watcher.shown[-1].message.text == "one ")
            second.set()
            await watcher.until(lambda: watcher.shown[-1].message.text == "one two")
            first_word_is_being_saved.set()
            await watcher.until(lambda: watcher.saved and watcher.saved[-1].text == "one two")
            silent.set()

    first_word_is_being_saved = asyncio.Event()
    asyncio.run(scenario())
