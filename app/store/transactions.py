"""Reading and writing the database without blocking a loop."""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import apsw

from app.store import failures
from app.store.opening import OpenLibrary, OpenReport, connect, open_library
from app.store.schema import Migrations
from app.store.worker import Worker

Result = TypeVar("Result")
Job = Callable[[apsw.Connection], Result]

READERS = 2


class Transactions:
    """One writer thread with the only read-write connection, and READERS reader threads.

    A reader has its own read-only connection, so a list or a conversation is read at once even
    while a write waits for a slow disk or for another program. Writes happen in the order in
    which they were asked for; a read sees every write that was awaited before it.
    """

    def __init__(self, writer: Worker, library: OpenLibrary, wait_s: float) -> None:
        """Take over an open library. Raises apsw.Error when it cannot be read."""
        self._writer = writer
        self._library = library
        self._closed = False
        connections = [connect(library.path, wait_s, apsw.SQLITE_OPEN_READONLY) for _ in range(READERS)]
        self._readers = [(Worker("store reader"), connection) for connection in connections]
        self._next_reader = itertools.cycle(self._readers)

    @staticmethod
    async def open(home: Path, migrations: Migrations, wait_s: float) -> Transactions:
        """Open the library in `home`. Raises the leaves of StoreFailed; then no thread is left."""
        writer = Worker("store writer")
        opened = contextlib.ExitStack()

        def work() -> Transactions:
            library = open_library(home, migrations, wait_s)
            opened.callback(library.close)
            try:
                return Transactions(writer, library, wait_s)
            except apsw.Error as error:
                raise failures.of_sqlite(error, library.path) from error

        try:
            return await writer.submit(work)
        except BaseException:
            await writer.finish(opened.close)
            writer.join()
            raise

    @property
    def report(self) -> OpenReport:
        """What opening found."""
        return self._library.report

    async def write(self, job: Job[Result]) -> Result:
        """Do `job` in one transaction that is durable when this returns.

        Raises what `job` raises, the leaves of StoreFailed, and ValueError for a broken
        constraint; then nothing of it was written, and trying again can succeed.
        """
        self._require_open()
        library = self._library
        return await self._writer.submit(
            lambda: _transact(library.connection, library.path, "BEGIN IMMEDIATE", job)
        )

    async def read(self, job: Job[Result]) -> Result:
        """Do `job` on one snapshot of the database. Raises what `job` raises and StoreFailed."""
        self._require_open()
        path = self._library.path
        worker, connection = next(self._next_reader)
        return await worker.submit(lambda: _transact(connection, path, "BEGIN", job))

    async def close(self) -> None:
        """Finish what was asked for, close the library, and end the threads. Harmless when closed."""
        if self._closed:
            return
        self._closed = True
        for worker, connection in self._readers:
            worker.finish(functools.partial(_close, connection))
        await self._writer.finish(self._close_after_readers)
        self._writer.join()

    def _close_after_readers(self) -> None:
        """The last connection to close merges the write-ahead log into the database."""
        for worker, _ in self._readers:
            worker.join()
        self._library.close()

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the store is closed")


def _transact(connection: apsw.Connection, path: Path, begin: str, job: Job[Result]) -> Result:
    try:
        connection.execute(begin)
        result = job(connection)
        connection.execute("COMMIT")
    except BaseException as error:
        system_errno = connection.system_errno
        if connection.in_transaction:
            with contextlib.suppress(apsw.Error):  # SQLite may have rolled back by itself
                connection.execute("ROLLBACK")
        if isinstance(error, apsw.Error):
            raise failures.of_sqlite(error, path, system_errno) from error
        raise
    return result


def _close(connection: apsw.Connection) -> None:
    with contextlib.suppress(apsw.Error):
        connection.close(True)
