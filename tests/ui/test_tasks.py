from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ui.tasks import TaskOwner

RunAsync = Callable[[Any], Any]


async def wait_for_ever(ended: list[str]) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        ended.append("ended")


def test_close_ends_what_runs(run_async: RunAsync) -> None:
    async def scenario() -> None:
        owner, ended = TaskOwner(), []  # type: TaskOwner, list[str]
        owner.start(wait_for_ever(ended))
        await asyncio.sleep(0)
        await owner.close()
        assert ended == ["ended"]

    run_async(scenario())


def test_nothing_starts_once_it_is_closed_or_closes(run_async: RunAsync) -> None:
    async def scenario() -> None:
        owner, begun = TaskOwner(), []  # type: TaskOwner, list[str]

        async def begin(when: str) -> None:
            begun.append(when)

        async def start_another_at_the_end() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                owner.start(begin("while closing"))

        owner.start(start_another_at_the_end())
        await asyncio.sleep(0)
        await owner.close()
        owner.start(begin("afterwards"), "named")
        await asyncio.sleep(0)
        assert begun == [] and not owner.runs("named")

    run_async(scenario())


def test_a_second_task_of_the_same_name_ends_the_first(run_async: RunAsync) -> None:
    async def scenario() -> None:
        owner, first = TaskOwner(), []  # type: TaskOwner, list[str]
        owner.start(wait_for_ever(first), "show")
        await asyncio.sleep(0)
        owner.start(wait_for_ever([]), "show")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert first == ["ended"]
        assert owner.runs("show")
        await owner.close()

    run_async(scenario())


def test_an_error_nobody_handled_is_reported(run_async: RunAsync, expect_log: Callable[[str], None]) -> None:
    expect_log("task broken failed")

    async def broken() -> None:
        raise ZeroDivisionError

    async def scenario() -> None:
        owner, reported = TaskOwner(), []  # type: TaskOwner, list[object]
        owner.failed.connect(reported.append)
        owner.start(broken(), "broken")
        while not reported:
            await asyncio.sleep(0)
        assert isinstance(reported[0], ZeroDivisionError)
        assert not owner.runs("broken")

    run_async(scenario())


def test_cancelling_is_no_error_and_may_be_repeated(run_async: RunAsync) -> None:
    async def scenario() -> None:
        owner, ended = TaskOwner(), []  # type: TaskOwner, list[str]
        owner.start(wait_for_ever(ended), "x")
        await asyncio.sleep(0)
        owner.cancel("x")
        owner.cancel("x")
        owner.cancel("never started")
        await owner.close()
        assert ended == ["ended"]

    run_async(scenario())
