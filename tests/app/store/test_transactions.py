"""Reading beside reading."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import apsw

from app.domain.conversation import Draft
from app.store.database import Store
from tests.app.store import samples


def test_a_long_read_keeps_no_short_one_waiting(home: Path) -> None:
    async def scene(store: Store) -> None:
        begun, enough = threading.Event(), threading.Event()

        def read_long(_: apsw.Connection) -> bool:
            begun.set()
            return enough.wait(10)

        async with asyncio.TaskGroup() as group:
            long = group.create_task(store._transactions.read(read_long))
            await asyncio.to_thread(begun.wait)
            for _ in range(4):
                assert await store.conversations.draft(None) == Draft()
            assert not long.done()
            enough.set()
        assert long.result()

    samples.with_store(home, scene)
