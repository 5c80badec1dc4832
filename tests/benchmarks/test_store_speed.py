"""What it takes to keep an answer while it streams, with other work on the library beside it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from app.domain.message import Status
from app.store.database import Store
from tests.app.store import samples

pytestmark = pytest.mark.bench

SAVES = 400
GROWTH = 50  # characters a save; at the end the answer has 20 kB
COMMIT_S = 0.020


@pytest.fixture
def committers() -> Iterator[set[str]]:
    """The names of the threads that committed to the library."""
    names: set[str] = set()

    def note(connection: apsw.Connection) -> None:
        def commit() -> bool:
            names.add(threading.current_thread().name)
            return False

        if connection.filename.endswith("fovea.db"):
            connection.set_commit_hook(commit)

    apsw.connection_hooks.append(note)
    yield names
    apsw.connection_hooks.remove(note)


async def fill(store: Store) -> None:
    """A library of some size: 300 conversations with long answers."""
    for number in range(300):
        asked = samples.question(f"{number} " * 100)
        told = samples.grown(samples.answer(asked), "word " * 2000, Status.DONE)
        await store.conversations.create(f"number {number}", asked, told)


async def stream(store: Store) -> list[float]:
    """The seconds that each save of a growing answer took in the writer's thread."""
    asked = samples.question()
    conversation = await store.conversations.create("growing", asked, samples.answer(asked))
    told = conversation.messages[1]
    times: list[float] = []
    execute = store._transactions._writer.submit

    def timed(job: Callable[[], object]) -> asyncio.Future[object]:
        def work() -> object:
            begun = time.perf_counter()
            try:
                return job()
            finally:
                times.append(time.perf_counter() - begun)

        return execute(work)

    store._transactions._writer.submit = timed  # type: ignore[method-assign, assignment]
    for count in range(1, SAVES + 1):
        await store.conversations.save(samples.grown(told, "x" * (GROWTH * count)))
        await asyncio.sleep(0)
    await store.conversations.save(samples.grown(told, "x" * (GROWTH * SAVES), Status.DONE))
    return sorted(times)


def test_a_growing_answer_is_saved_within_a_frame(
    report: Callable[..., None], home: Path, committers: set[str]
) -> None:
    async def scene() -> list[float]:
        store = await Store.open(home)
        try:
            await fill(store)
            return await stream(store)
        finally:
            await store.close()

    times = asyncio.run(scene())
    report("saving a growing answer, p50", times[len(times) // 2] * 1000, None, "ms")
    report("saving a growing answer, p99", times[len(times) * 99 // 100] * 1000, COMMIT_S * 1000, "ms")
    assert committers == {"store writer"}


def test_a_copy_that_is_being_made_holds_up_no_save(report: Callable[..., None], home: Path) -> None:
    async def scene() -> list[float]:
        store = await Store.open(home)
        keeper = store.upkeep()
        try:
            await fill(store)
            copying = asyncio.ensure_future(keeper.back_up("daily"))
            times = await stream(store)
            assert (await copying).exists()
            return times
        finally:
            await keeper.close()
            await store.close()

    times = asyncio.run(scene())
    report("the same while a copy is made, p99", times[len(times) * 99 // 100] * 1000, None, "ms")
