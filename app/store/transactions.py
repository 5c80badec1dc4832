"""Reading and writing the database without blocking a loop."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import apsw

from app.domain.errors import DiskFull, FolderNotWritable, LibraryDamaged
from app.store import failures, schema
from app.store.opening import DATABASE, OpenLibrary, OpenReport, open_library
from app.store.schema import Migrations
from app.store.worker import Worker

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Job = Callable[[apsw.Connection], Result]

READERS = 2


class _Readers:
    """READERS threads with one queue, and a connection for each of them. Raises StoreFailed."""

    def __init__(self, library: OpenLibrary, wait_s: float) -> None:
        self._idle: queue.SimpleQueue[apsw.Connection] = queue.SimpleQueue()
        try:
            for _ in range(READERS):
                self._idle.put(library.connect_reader(wait_s))
        except apsw.Error as error:
            self._close_connections()
            raise failures.of_sqlite(error, library.path) from error
        self.worker = Worker("store reader", READERS)

    @contextlib.contextmanager
    def connection(self) -> Iterator[apsw.Connection]:
        """One that nobody else uses. Only for the threads of `worker`, which it never keeps waiting."""
        connection = self._idle.get()
        try:
            yield connection
        finally:
            self._idle.put(connection)

    def close(self) -> None:
        """Finish what was asked for, and end. Harmless when closed."""
        self.worker.end()
        self._close_connections()

    def _close_connections(self) -> None:
        while not self._idle.empty():
            with contextlib.suppress(apsw.Error):
                self._idle.get().close(True)


class Transactions:
    """One writer thread with the only read-write connection, and READERS reader threads.

    Each reader has a read-only connection, so a list or a conversation is read at once even
    while a write waits for a slow disk or for another program, or one read takes long. Writes
    happen in the order in which they were asked for; a read sees every write that was awaited
    before it.
    """

    def __init__(self, writer: Worker, library: OpenLibrary, readers: _Readers) -> None:
        """Take over what `open` opened."""
        self._writer = writer
        self._library = library
        self._readers = readers
        self._closed = False
        self._changes = 0
        self._change_noted = False

    @staticmethod
    async def open(home: Path, migrations: Migrations, wait_s: float) -> Transactions:
        """Open the library in `home`; one that cannot be written is opened for reading alone.

        Raises the leaves of StoreFailed; then no thread is left.
        """
        writer = Worker("store writer")
        opened = contextlib.ExitStack()

        def work() -> Transactions:
            library = _open_library(home, migrations, wait_s)
            opened.callback(library.close)
            readers = _Readers(library, wait_s)
            opened.callback(readers.close)
            return Transactions(writer, library, readers)

        try:
            return await writer.submit(work)
        except BaseException:
            await writer.submit(opened.close)
            writer.end()
            raise

    @property
    def report(self) -> OpenReport:
        """What opening found."""
        return self._library.report

    @property
    def library(self) -> OpenLibrary:
        """What is open, for who reads it beside these threads."""
        return self._library

    @property
    def changes(self) -> int:
        """How many writes changed something since the library was opened."""
        return self._changes

    async def change(self, statement: str, *values: str | bytes | int) -> tuple[str, ...]:
        """Execute one statement and return the first column of what it returns, as `write` does."""
        rows = await self.write(lambda connection: connection.execute(statement, values).fetchall())
        return tuple(str(row[0]) for row in rows)

    async def write(self, job: Job[Result], *, counts: bool = True) -> Result:
        """Do `job` in one transaction that is durable when this returns.

        A write that does not count leaves the library as it is for the user: it needs no new
        backup. Raises what `job` raises, the leaves of StoreFailed, and ValueError for a broken
        constraint; then nothing of it was written, and trying again can succeed.
        """
        self._require_open()
        library = self._library
        if library.report.read_only is not None:
            why = library.report.read_only
            raise type(why)(**why.facts)

        def work() -> Result:
            connection = library.connection
            before = connection.total_changes()
            result = _transact(
                connection, library.path, "BEGIN IMMEDIATE", self._noting(job) if counts else job
            )
            if counts and connection.total_changes() != before:
                self._changes += 1
                self._change_noted = True
            return result

        return await self._writer.submit(work)

    def when_idle(self, pastime: Callable[[apsw.Connection], float | None]) -> None:
        """What the writer does while nothing is to be written: see `Worker.when_idle`. What goes
        wrong there is tried again after the next write."""
        connection = self._library.connection

        def work() -> float | None:
            try:
                return pastime(connection)
            except apsw.Error as error:
                log.info("not done beside the writes: %s", error)
                return None

        if self._library.report.read_only is None:
            self._writer.when_idle(work)

    async def changed(self) -> bool:
        """Whether anything was written since the last backup."""
        return await self.read(lambda connection: schema.meta(connection, schema.CHANGED) != "no")

    async def note_backup(self, changes: int) -> None:
        """There is a backup that holds everything up to that number of changes."""

        def job(connection: apsw.Connection) -> None:
            if changes == self._changes:
                schema.set_meta(connection, schema.CHANGED, "no")
                self._change_noted = False

        await self.write(job, counts=False)

    def _noting(self, job: Job[Result]) -> Job[Result]:
        """`job`, and in the same transaction the note that there is something to back up."""

        def noting(connection: apsw.Connection) -> Result:
            before = connection.total_changes()
            result = job(connection)
            if not self._change_noted and connection.total_changes() != before:
                schema.set_meta(connection, schema.CHANGED, "yes")
            return result

        return noting

    async def read(self, job: Job[Result]) -> Result:
        """Do `job` on one snapshot of the database. Raises what `job` raises and StoreFailed."""
        self._require_open()
        path = self._library.path

        def work() -> Result:
            with self._readers.connection() as connection:
                return _transact(connection, path, "BEGIN", job)

        try:
            return await self._readers.worker.submit(work)
        except ValueError as error:  # a value that was never written: damage no check can see
            raise LibraryDamaged(path=path, reason="it holds values that are not Fovea's") from error

    async def close(self) -> None:
        """Finish what was asked for, close the library, and end the threads. Harmless when closed."""
        if self._closed:
            return
        self._closed = True
        await self._writer.submit(self._close)
        self._writer.end()

    def _close(self) -> None:
        """The last connection to close merges the write-ahead log into the database."""
        self._writer.when_idle(None)
        self._readers.close()
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


def _open_library(home: Path, migrations: Migrations, wait_s: float) -> OpenLibrary:
    try:
        return open_library(home, migrations, wait_s)
    except (FolderNotWritable, DiskFull) as why:
        path = home.absolute() / DATABASE
        if not os.access(path, os.R_OK):
            raise
        from app.store import read_only  # hardly ever needed

        return read_only.open_library(path, migrations, why, wait_s)
