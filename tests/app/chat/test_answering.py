from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.chat.answering import Answering, Snapshot
from app.chat.fold import fold
from app.domain.errors import AnswerLate, AnswerLost, DiskFull, FoveaError, Interrupted, Unreachable
from app.domain.events import (
    Accepted,
    Event,
    Finished,
    Progress,
    ReasoningDelta,
    RequestNamed,
    TextDelta,
    UsageReported,
)
from app.domain.message import Message, Role, RunCard, Status, Ticket, TokenUsage
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
        async with asyncio.timeout(30):
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


# ---------------------------------------------------------------- silence


def test_b1_a_silence_is_shown_also_below_words_and_ends_with_the_next() -> None:
    async def scenario() -> None:
        watcher, go_on, stop = Watcher(), asyncio.Event(), asyncio.Event()
        provider = ScriptedProvider(TextDelta(text="A "), go_on, RequestNamed(request_id="r"), stop)
        answering = Answering(answer(), provider, watcher.show, watcher.save, quiet_after_s=0.02)
        async with asyncio.TaskGroup() as group:
            group.create_task(answering.run(request))
            await watcher.until(lambda: watcher.shown and stage(watcher) == "quiet")
            assert watcher.shown[-1].message.text == "A "
            shown = len(watcher.shown)
            await watcher.until(lambda: len(watcher.shown) > shown)  # renewed
            go_on.set()
            await watcher.until(lambda: watcher.shown[-1].progress is None)
            stop.set()
        assert watcher.shown[-1].message.status is Status.DONE
        assert watcher.shown[-1].progress is None

    asyncio.run(scenario())


def stage(watcher: Watcher) -> str:
    progress = watcher.shown[-1].progress
    return progress.stage if progress else ""


def test_a_silence_does_not_hide_what_is_known_to_be_waited_for() -> None:
    async def scenario() -> None:
        watcher, go_on = Watcher(), asyncio.Event()
        provider = ScriptedProvider(Progress(stage="queued", seconds=1.0), go_on)
        answering = Answering(answer(), provider, watcher.show, watcher.save, quiet_after_s=0.01)
        async with asyncio.TaskGroup() as group:
            group.create_task(answering.run(request))
            await watcher.until(lambda: watcher.shown and stage(watcher) == "queued")
            asyncio.get_running_loop().call_later(0.1, go_on.set)
        assert {s.progress.stage for s in watcher.shown if s.progress} <= {"queued"}

    asyncio.run(scenario())


def test_reading_pictures_is_over_when_the_request_is_sent() -> None:
    async def prepare(report: Callable[[Event], None]) -> ChatRequest:
        report(Progress(stage="reading", fraction=0.5))
        return ChatRequest(model="m", messages=())

    async def scenario() -> None:
        watcher, go_on = Watcher(), asyncio.Event()
        answering = Answering(
            answer(), ScriptedProvider(go_on), watcher.show, watcher.save, quiet_after_s=0.02
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(answering.run(prepare))
            await watcher.until(lambda: watcher.shown and stage(watcher) == "quiet")
            go_on.set()

    asyncio.run(scenario())


# ---------------------------------------------------------------- several answers


def asking_for(n: int) -> Message:
    return answer().replace(run=RunCard(endpoint="Scripted", model="m", parameters={"n": str(n)}))


class Shelf(Watcher):
    """A watcher that also takes new messages in."""

    def __init__(self) -> None:
        super().__init__()
        self.added: list[Message] = []

    async def add(self, message: Message) -> Message:
        placed = message.replace(seq=11 + len(self.added))
        await self.save(placed)
        self.added.append(placed)
        return placed

    async def run(self, n: int, *steps: Step) -> Message:
        provider = ScriptedProvider(*steps)
        return await Answering(asking_for(n), provider, self.show, self.save, add=self.add).run(request)

    def last(self, message: Message) -> Message:
        return [saved for saved in self.saved if saved.id == message.id][-1]


def test_each_further_choice_that_speaks_is_a_sibling() -> None:
    async def scenario() -> None:
        shelf = Shelf()
        usage = UsageReported(usage=TokenUsage(completion_tokens=7))
        first = await shelf.run(
            4,
            RequestNamed(request_id="r"),
            TextDelta(text="A cat", choice=0),
            TextDelta(text="A dog", choice=2),
            TextDelta(text="", choice=3),
            ReasoningDelta(text="Hm.", choice=1),
            TextDelta(text=".", choice=0),
            Finished(reason="stop", choice=1),
            Finished(reason="length", choice=2),
            Finished(reason="stop", choice=3),
            usage,
            Finished(reason="stop", choice=0),
        )
        second, third = shelf.shown[-1].siblings
        assert (first.text, second.reasoning, third.text) == ("A cat.", "Hm.", "A dog")
        assert {message.status for message in (first, second, third)} == {Status.DONE}
        assert {message.parent_id for message in (first, second, third)} == {first.parent_id}
        cards = [message.run for message in (first, second, third)]
        assert [card.finish_reason for card in cards if card] == ["stop", "stop", "length"]
        assert [card.choice for card in cards if card] == [0, 1, 2]
        assert [card.usage.completion_tokens for card in cards if card] == [7, None, None]
        assert {
            (card.endpoint, card.model, card.parameters["n"], card.request_id) for card in cards if card
        } == {("Scripted", "m", "4", "r")}
        assert all(card.total_s is not None and card.first_token_s is not None for card in cards if card)
        assert len(shelf.added) == 2
        assert shelf.last(third) == third
        assert {second.seq, third.seq} == {11, 12}

    asyncio.run(scenario())


def test_a1_siblings_are_saved_while_they_grow() -> None:
    async def scenario() -> None:
        shelf, go_on = Shelf(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(
                shelf.run(2, TextDelta(text="A ", choice=1), go_on, TextDelta(text="dog", choice=1))
            )
            await shelf.until(lambda: shelf.added)
            assert (shelf.added[0].text, shelf.added[0].status) == ("A ", Status.STREAMING)
            go_on.set()
        assert len(shelf.added) == 1
        assert shelf.last(shelf.added[0]).text == "A dog"

    asyncio.run(scenario())


@pytest.mark.parametrize("n", [1, 2])
def test_b13_a_choice_that_was_not_asked_for_is_ignored(n: int) -> None:
    async def scenario() -> None:
        shelf = Shelf()
        strays = [TextDelta(text="x", choice=choice) for choice in (n, 10**9, -1)]
        message = await shelf.run(n, TextDelta(text="A"), *strays, Finished(reason="stop", choice=n))
        assert (message.text, shelf.shown[-1].siblings, shelf.added) == ("A", (), [])

    asyncio.run(scenario())


def test_b20_an_error_ends_all_answers_but_those_that_are_whole() -> None:
    async def scenario() -> None:
        shelf = Shelf()
        cut = Interrupted(endpoint="Scripted", reason="cut")
        one, two = TextDelta(text="Whole", choice=1), TextDelta(text="Ha", choice=2)
        first = await shelf.run(3, one, two, Finished(reason="stop", choice=1), cut)
        second, third = shelf.shown[-1].siblings
        assert [m.status for m in (first, second, third)] == [Status.FAILED, Status.DONE, Status.INTERRUPTED]
        assert [m.problem is None for m in (first, second, third)] == [False, True, False]
        assert [shelf.last(m) for m in (first, second, third)] == [first, second, third]

    asyncio.run(scenario())


def test_an_error_after_the_last_word_is_not_lost() -> None:
    async def scenario() -> None:
        shelf = Shelf()
        cut = Interrupted(endpoint="Scripted", reason="cut")
        first = await shelf.run(2, TextDelta(text="Whole"), Finished(reason="stop"), cut)
        assert (first.status, first.problem is None) == (Status.INTERRUPTED, False)

    asyncio.run(scenario())


def test_stop_ends_all_answers_but_those_that_are_whole() -> None:
    async def scenario() -> None:
        shelf = Shelf()
        steps = TextDelta(text="A"), TextDelta(text="B", choice=1), Finished(reason="stop"), asyncio.Event()
        task = asyncio.create_task(shelf.run(2, *steps))
        await shelf.until(lambda: shelf.shown and shelf.shown[-1].siblings)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        first, (second,) = shelf.shown[-1].message, shelf.shown[-1].siblings
        assert (first.status, second.status) == (Status.DONE, Status.INTERRUPTED)
        assert (shelf.last(first), shelf.last(second)) == (first, second)

    asyncio.run(scenario())


def test_a5_a_full_disk_delays_a_sibling_and_adds_it_once() -> None:
    async def scenario() -> None:
        shelf, go_on = Shelf(), asyncio.Event()
        shelf.full = True
        async with asyncio.TaskGroup() as group:
            group.create_task(shelf.run(2, TextDelta(text="A"), TextDelta(text="B", choice=1), go_on))
            await shelf.until(lambda: shelf.shown and shelf.shown[-1].unsaved is not None)
            shelf.full = False
            await shelf.until(lambda: shelf.added)
            go_on.set()
        assert len(shelf.added) == 1
        assert shelf.shown[-1].unsaved is None
        assert shelf.saved[-1].status is Status.DONE

    asyncio.run(scenario())


def test_without_a_place_of_their_own_siblings_are_saved_like_the_first() -> None:
    async def scenario() -> None:
        watcher = Watcher()
        provider = ScriptedProvider(TextDelta(text="A"), TextDelta(text="B", choice=1))
        await Answering(asking_for(2), provider, watcher.show, watcher.save).run(request)
        assert {message.text for message in watcher.saved} == {"A", "B"}

    asyncio.run(scenario())


# ---------------------------------------------------------------- answers for later


TICKET = Ticket(endpoint_id="scripted", request_id="r-1", url="https://example.org/r-1", given=0.0)
ACCEPTED = Accepted(ticket=TICKET)
QUEUED = Progress(stage="queued", seconds=1.0)


async def cancelled_while_pending(*, closing: bool) -> Watcher:
    watcher = Watcher()
    answering = Answering(
        answer(),
        ScriptedProvider(ACCEPTED, QUEUED, asyncio.Event()),
        watcher.show,
        watcher.save,
        closing=lambda: closing,
    )
    task = asyncio.create_task(answering.run(request))
    await watcher.until(lambda: watcher.saved and watcher.saved[-1].status is Status.PENDING)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return watcher


def test_b19_stop_gives_a_pending_answer_up() -> None:
    message = asyncio.run(cancelled_while_pending(closing=False)).saved[-1]
    assert message.status is Status.INTERRUPTED
    assert message.run is not None
    assert message.run.ticket is None


def test_b19_the_end_of_the_program_leaves_a_pending_answer_its_ticket() -> None:
    message = asyncio.run(cancelled_while_pending(closing=True)).saved[-1]
    assert message.status is Status.PENDING
    assert message.run is not None
    assert message.run.ticket == TICKET


def test_the_end_of_the_program_interrupts_an_answer_that_has_begun() -> None:
    async def scenario() -> None:
        watcher = Watcher()
        provider = ScriptedProvider(ACCEPTED, TextDelta(text="A"), asyncio.Event())
        answering = Answering(answer(), provider, watcher.show, watcher.save, closing=lambda: True)
        task = asyncio.create_task(answering.run(request))
        await watcher.until(lambda: watcher.shown and watcher.shown[-1].message.text)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert watcher.saved[-1].status is Status.INTERRUPTED

    asyncio.run(scenario())


def resumed(*steps: Step) -> tuple[Message, ScriptedProvider]:
    async def scenario() -> tuple[Message, ScriptedProvider]:
        watcher, provider = Watcher(), ScriptedProvider(*steps)
        waiting = fold(answer(), [ACCEPTED])
        message = await Answering(waiting, provider, watcher.show, watcher.save).resume()
        assert watcher.saved[-1] == message
        return message, provider

    return asyncio.run(scenario())


def test_b19_a_resumed_answer_is_fetched_with_its_ticket() -> None:
    message, provider = resumed(QUEUED, TextDelta(text="A cat."), Finished(reason="stop"))
    assert provider.tickets == [TICKET]
    assert (message.text, message.status) == ("A cat.", Status.DONE)
    assert message.run is not None
    assert message.run.ticket is None
    assert message.run.total_s is not None
    assert message.run.total_s > 365 * 24 * 3600  # it was asked in 1970


@pytest.mark.parametrize("error", [AnswerLost(endpoint="S"), AnswerLate(endpoint="S", minutes=20)])
def test_b19_an_answer_that_does_not_come_any_more_is_failed_without_a_ticket(error: FoveaError) -> None:
    message, _ = resumed(error)
    assert message.status is Status.FAILED
    assert message.problem is not None
    assert message.problem.code == error.code
    assert message.run is not None
    assert message.run.ticket is None


def test_b19_an_answer_that_cannot_be_fetched_now_can_be_later() -> None:
    message, _ = resumed(Unreachable(endpoint="S", host="h", reason="it is down"))
    assert message.status is Status.FAILED
    assert message.run is not None
    assert message.run.ticket == TICKET


def test_resuming_without_a_ticket_is_an_answer_lost() -> None:
    async def scenario() -> None:
        watcher, provider = Watcher(), ScriptedProvider()
        message = await Answering(answer(), provider, watcher.show, watcher.save).resume()
        assert message.problem is not None
        assert message.problem.code == "answer-lost"
        assert provider.tickets == []

    asyncio.run(scenario())
