"""Searching the library while somebody types."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

import apsw

from app.domain.library import EVERYTHING, Filter, Hit
from app.store import failures
from app.store.transactions import Transactions
from app.store.worker import Worker

MOST = 100
"""Hits of one search, unless more or fewer are asked for."""

_WAIT_S = 5.0
_CHECK_EVERY = 2000  # steps of SQLite

Result = TypeVar("Result")
_Stopped = Callable[[], bool]


class Search:
    """Finds words, on a thread and a connection of its own.

    Every method raises the leaves of StoreFailed, and asyncio.CancelledError once it is called
    again: who types on has no use for what was typed before.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._worker: Worker | None = None
        self._connection: apsw.Connection | None = None
        self._newest: dict[str, int] = {}
        self._complete = True

    @property
    def complete(self) -> bool:
        """Whether the last search had everything that is finished to search in; else some of what
        was there before is still to be indexed, oldest last."""
        return self._complete

    async def find(self, typed: str, wanted: Filter = EVERYTHING, most: int = MOST) -> tuple[Hit, ...]:
        """Where all words of `typed` occur, in conversations that a filter lets through.

        Titles come first, at most half of `most` where there is more to show, then messages, each
        the newest first. See `query.parse` for what can be typed: anything, without an error.
        """

        def job(connection: apsw.Connection, stopped: _Stopped) -> tuple[tuple[Hit, ...], bool]:
            from app.store import hits, indexing, query  # not before somebody searches

            found = hits.find(connection, query.parse(typed), wanted, most, stopped)
            return found, indexing.is_complete(connection)

        found, self._complete = await self._newest_only("find", job)
        return found

    async def find_in(self, conversation_id: str, text: str) -> tuple[tuple[str, int], ...]:
        """How often the messages of a conversation contain a text, whatever its case, in the order of
        their `seq`; those without it are left out."""

        def job(connection: apsw.Connection, stopped: _Stopped) -> tuple[tuple[str, int], ...]:
            from app.store import hits

            return hits.count_in(connection, conversation_id, text, stopped)

        return await self._newest_only("find_in", job)

    async def close(self) -> None:
        """Stop what is under way and end the thread. Harmless when closed."""
        self._newest.clear()
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.submit(self._close)
            worker.end()

    async def _newest_only(self, what: str, job: Callable[[apsw.Connection, _Stopped], Result]) -> Result:
        """Do `job` on one snapshot, unless it is asked for again meanwhile."""
        if self._worker is None:
            self._worker = Worker("store search")
        mine = self._newest[what] = self._newest.get(what, 0) + 1
        stopped: _Stopped = lambda: self._newest.get(what) != mine  # noqa: E731
        path = self._transactions.library.path

        def work() -> Result:
            try:
                return self._snapshot(job, stopped)
            except apsw.InterruptError as error:
                raise asyncio.CancelledError from error
            except apsw.Error as error:
                raise failures.of_sqlite(error, path) from error

        return await self._worker.submit(work)

    def _snapshot(self, job: Callable[[apsw.Connection, _Stopped], Result], stopped: _Stopped) -> Result:
        from app.store.hits import Stopped

        if stopped():
            raise asyncio.CancelledError
        if self._connection is None:
            self._connection = self._transactions.library.connect_reader(_WAIT_S)
        connection = self._connection
        connection.set_progress_handler(stopped, _CHECK_EVERY)
        connection.execute("BEGIN")
        try:
            return job(connection, stopped)
        except Stopped as error:
            raise asyncio.CancelledError from error
        finally:
            connection.set_progress_handler(None)
            connection.execute("ROLLBACK")

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(apsw.Error):
                self._connection.close(True)
