"""Asking again after a refusal: seen by the user, stopped by the user, never after an answer began."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from app.domain.errors import FoveaError, Interrupted, KeyRefused, ServerFailed, TooManyRequests
from app.domain.events import Event, Finished, Noted, Progress, TextDelta
from app.domain.message import Note
from app.net.gate import Gate
from app.net.retry import RetryPolicy, retry_after
from app.providers.retrying import retrying
from tests.servers.fault_server import Answer, FaultServer, Raw, Reset
from tests.servers.hurry import hurried

HURRIED = RetryPolicy(first_s=0.05, jitter_s=0.0)
NOTE = Noted(note=Note(what="A picture was made smaller."))


def busy(status: int, after: str = "0") -> Answer:
    return Answer(status=status, headers={"Retry-After": after}, framing="length")


GOOD = Answer([b"fine"], framing="length", headers={"Content-Type": "text/plain"})


async def ask(gate: Gate, url: str) -> AsyncGenerator[Event, None]:
    """A small provider: a note, then a request of its own, then the words of the answer."""
    yield NOTE
    yield Progress(stage="waiting")
    async with gate.stream("POST", url, endpoint="Box", json=b"{}") as response:
        if response.status >= 400:
            kinds = {401: KeyRefused, 429: TooManyRequests}
            error = kinds.get(response.status, ServerFailed)(
                endpoint="Box", status=response.status, reason="it is busy", wait="some minutes"
            )
            error.retry_after_s = retry_after(response.headers)
            raise error
        async for chunk in response.chunks():
            yield TextDelta(text=chunk.decode())
        yield Finished(reason="stop")


async def told(
    answers: list[Answer | Raw], policy: RetryPolicy = HURRIED
) -> tuple[list[Event], FoveaError | None, int]:
    """The events, the error at their end, and how many requests were made."""
    events: list[Event] = []
    hear = events.append
    failure = None
    gate = Gate()
    async with FaultServer(answers) as server:
        try:
            async for event in retrying(lambda: ask(gate, server.url), policy):
                hear(event)
        except FoveaError as error:
            failure = error
        return events, failure, len(server.requests)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
def test_b18_a_passing_refusal_before_the_answer_is_asked_again(status: int) -> None:
    events, failure, requests = asyncio.run(told([busy(status), busy(status), GOOD]))
    assert failure is None
    assert requests == 3
    assert events[-2:] == [TextDelta(text="fine"), Finished(reason="stop")]
    assert events.count(NOTE) == 1
    assert [e.seconds for e in events if isinstance(e, Progress) and e.stage == "retrying"] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("status", "took_s", "times"), [(500, 3.0, 2), (500, 6.0, 1), (502, 300.0, 1), (503, 300.0, 2)]
)
def test_b18_what_went_wrong_late_is_not_asked_again(status: int, took_s: float, times: int) -> None:
    now, asked = 1000.0, 0

    async def slow() -> AsyncGenerator[Event, None]:
        nonlocal now, asked
        asked += 1
        if asked == 2:
            yield Finished(reason="stop")
            return
        now += took_s
        yield Progress(stage="quiet")
        raise ServerFailed(endpoint="Box", status=status, reason="it broke", wait="some minutes")

    async def run() -> bool:
        try:
            return [event async for event in retrying(slow, HURRIED, lambda: now)][-1] == Finished(
                reason="stop"
            )
        except ServerFailed:
            return False

    assert asyncio.run(run()) is (times == 2)
    assert asked == times


def test_b18_after_two_more_tries_the_refusal_is_told() -> None:
    events, failure, requests = asyncio.run(told([busy(503)]))
    assert isinstance(failure, ServerFailed)
    assert requests == 3
    assert not any(isinstance(event, TextDelta) for event in events)


def test_b18_nothing_is_asked_again_once_text_came() -> None:
    cut = Answer([b"half an ans", Reset()], headers={"Content-Type": "text/plain"})
    events, failure, requests = asyncio.run(told([cut, GOOD]))
    assert isinstance(failure, Interrupted)
    assert requests == 1
    assert events[-1] == TextDelta(text="half an ans")


def test_b18_a_refusal_that_follows_text_is_not_asked_again() -> None:
    asked = 0

    async def broken() -> AsyncGenerator[Event, None]:
        nonlocal asked
        asked += 1
        yield TextDelta(text="half")
        raise ServerFailed(endpoint="Box", status=503, reason="it is busy", wait="some minutes")

    async def run() -> list[Event]:
        events: list[Event] = []
        hear = events.append
        with pytest.raises(ServerFailed):
            async for event in retrying(broken, HURRIED):
                hear(event)
        return events

    assert asyncio.run(run()) == [TextDelta(text="half")]
    assert asked == 1


@pytest.mark.parametrize("broken", [Raw(), Raw([Reset()]), busy(401), busy(400), busy(504)])
def test_b18_what_may_have_run_or_cannot_pass_is_not_asked_again(broken: Answer | Raw) -> None:
    _, failure, requests = asyncio.run(told([broken, GOOD]))
    assert failure is not None
    assert requests == 1


@pytest.mark.parametrize("after", ["86400", "61"])
def test_b17_a_long_wait_is_left_to_the_user(after: str) -> None:
    _, failure, requests = asyncio.run(told([busy(429, after), GOOD]))
    assert isinstance(failure, TooManyRequests)
    assert failure.retry_after_s == float(after)
    assert requests == 1


@pytest.mark.parametrize("after", ["junk", "-1", ""])
def test_b17_a_wait_that_cannot_be_read_is_a_short_one(after: str) -> None:
    events, failure, requests = asyncio.run(told([busy(429, after), GOOD]))
    assert failure is None
    assert requests == 2
    assert [e.seconds for e in events if isinstance(e, Progress) and e.stage == "retrying"] == [0.05]


def test_b17_the_wait_is_counted_down_by_whole_seconds_and_is_as_long_as_asked() -> None:
    async def run() -> tuple[list[float], float]:
        clock = asyncio.get_running_loop().time
        gate, lefts, begun, ended = Gate(), [], 0.0, 0.0
        async with FaultServer([busy(429, "5"), GOOD]) as server:
            async for event in retrying(lambda: ask(gate, server.url), HURRIED):
                if isinstance(event, Progress) and event.stage == "retrying":
                    begun = begun or clock()
                    assert event.seconds is not None
                    lefts.append(event.seconds)
                elif isinstance(event, TextDelta):
                    ended = clock()
        return lefts, ended - begun

    lefts, waited = hurried(run())
    assert lefts == [5.0, 4.0, 3.0, 2.0, 1.0]
    assert waited >= 5.0


def test_b17_a_countdown_is_stopped_at_once_and_nothing_is_asked_again() -> None:
    async def run() -> None:
        gate = Gate()
        counting = asyncio.Event()

        async def wait_for_the_answer(url: str) -> None:
            async with aclosing(retrying(lambda: ask(gate, url), HURRIED)) as events:
                async for event in events:
                    if isinstance(event, Progress) and event.stage == "retrying":
                        counting.set()

        async with FaultServer([busy(429, "60"), GOOD]) as server:
            task = asyncio.ensure_future(wait_for_the_answer(server.url))
            await counting.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(task, 10)
            assert len(server.requests) == 1
            await asyncio.wait_for(server.wait_until_idle(), 10)

    asyncio.run(run())


def test_b17_the_clock_of_the_wall_has_no_say_in_a_countdown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 0.0)
    events, failure, _ = asyncio.run(told([busy(429, "0.2"), GOOD]))
    assert failure is None
    assert [e.seconds for e in events if isinstance(e, Progress) and e.stage == "retrying"] == [0.2]


def test_closing_the_answer_closes_what_answers() -> None:
    closed = []

    async def endless() -> AsyncGenerator[Event, None]:
        try:
            while True:
                yield TextDelta(text="x")
        finally:
            closed.append(True)

    async def run() -> None:
        async with aclosing(retrying(endless, HURRIED)) as events:
            assert await anext(events) == TextDelta(text="x")

    asyncio.run(run())
    assert closed == [True]
