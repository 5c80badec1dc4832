"""What is done for the library now and then: copies, checks, and the end of what was deleted.

Everything happens in a thread of its own that rests between its steps and can be stopped within
some milliseconds; only the few rows that have to change are written by the writer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, TypeVar

import apsw

from app.domain.conversation import Trashed
from app.domain.errors import DiskFull, LibraryDamaged, StoreFailed
from app.store import arriving, backup, failures, prepared, schema, sweep
from app.store.backup import Halt, Halted
from app.store.opening import DAMAGED, DATABASE
from app.store.thinning import LONGEST_STEP
from app.store.transactions import Transactions
from app.store.trash import Trash
from app.store.values import time_column
from app.store.worker import Worker

log = logging.getLogger(__name__)

Result = TypeVar("Result")

COPY_EVERY = timedelta(days=1)
EXAMINE_EVERY = timedelta(days=7)
TRASH_FOR = timedelta(days=30)
MOST_AT_ONCE = timedelta(days=7)
"""So much is counted at most between two looks into the trash: the clock may have jumped."""

QUIT_S = 2.0
"""How long the program's end may wait for a copy, in seconds."""

QUIT_BYTES = 256 * 1024 * 1024
"""A larger library is copied once a day and not at every end."""

REST_S = 0.004
WAIT_S = 5.0
_EXAMINED = "examined"
_LOOKED = "trash looked into"
_LYING = "trash lying"
"""What lay in the trash at the last look: when it came by its id, and for how many seconds of the
looks so far."""


class Done(NamedTuple):
    """What a round of upkeep did: the copy it made, how many things left the trash, how many
    pictures were dropped, and how many bytes of files became free."""

    copy: Path | None = None
    purged: int = 0
    dropped: int = 0
    freed: int = 0


class Upkeep:
    """Looks after one open library. Close it before the library."""

    def __init__(
        self,
        home: Path,
        transactions: Transactions,
        trash: Trash,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._home = home
        self._transactions = transactions
        self._trash = trash
        self._now = now
        self._stop = threading.Event()
        self._worker: Worker | None = None

    async def run(self) -> Done:
        """Do what is due. Harmless when nothing is, when stopped, and on a read-only library.

        A disk that is full is left for another time. Raises LibraryDamaged when the library is
        found damaged, and the other leaves of StoreFailed.
        """
        report = self._transactions.report
        if report.read_only is not None:
            return Done()
        try:
            if report.first:
                await self._in_thread(lambda _: backup.remove_left_overs(self._home))
            await arriving.clear_up(self._transactions)
            copy = await self.back_up("daily") if await self._copy_is_due() else None
            await self._examine_if_due()
            purged = await self._empty_trash()
            dropped, freed = await self._sweep()
        except Halted:
            return Done()
        except DiskFull as error:
            log.info("upkeep put off: %s", error)
            return Done()
        return Done(copy, purged, dropped, freed)

    async def back_up(self, why: str, halt: Halt | None = None) -> Path:
        """Make a copy now. Raises Halted and the leaves of StoreFailed; then there is none."""
        changes = self._transactions.changes
        spare_room = why in ("daily", "quit")
        path = await self._in_thread(
            lambda source: backup.make(
                source, self._home, why, halt=halt or self._rest, spare_room=spare_room
            )
        )
        await self._transactions.note_backup(changes)
        return path

    async def at_quit(self) -> Path | None:
        """Stop what is under way, and copy the library if it changed and that takes no more than
        QUIT_S. Returns the copy. Never raises: the next day's copy makes up for it."""
        await self.close()
        end = time.monotonic() + QUIT_S
        self._stop.clear()
        try:
            if self._transactions.report.read_only is not None or not await self._transactions.changed():
                return None
            if await self._in_thread(_size) > QUIT_BYTES:
                return None
            return await self.back_up("quit", lambda: time.monotonic() > end)
        except (Halted, StoreFailed) as error:
            log.info("no copy at the end: %s", error)
            return None
        finally:
            await self.close()

    async def examine(self) -> None:
        """Check all of the library. Raises LibraryDamaged, Halted, and StoreFailed."""

        def check(source: apsw.Connection) -> None:
            source.set_progress_handler(self._rest, 100_000)
            rows = source.execute("PRAGMA integrity_check(1)").fetchall()
            if rows != [("ok",)]:
                log.info("the check of the library says: %s", rows[0][0])
                raise LibraryDamaged(path=self._transactions.library.path, reason=schema.UNREADABLE)

        await self._in_thread(check)
        await self._note(_EXAMINED, self._now())

    async def close(self) -> None:
        """Stop what is under way. Harmless when nothing is."""
        self._stop.set()
        worker, self._worker = self._worker, None
        if worker is not None:
            await asyncio.to_thread(worker.end)

    async def _copy_is_due(self) -> bool:
        if not await self._transactions.changed():
            return False
        newest = await self._in_thread(lambda _: backup.newest(self._home))
        return newest is None or abs(self._now() - newest.made) >= COPY_EVERY

    async def _examine_if_due(self) -> None:
        examined = await self._noted(_EXAMINED)
        if examined is None or abs(self._now() - examined) >= EXAMINE_EVERY:
            await self.examine()

    async def _empty_trash(self) -> int:
        """Purge what has been in the trash for TRASH_FOR, counted from look to look.

        The time of the deletion alone says nothing: the clock may have been slow then, or be fast
        now.
        """
        now = self._now()
        contents = await self._trash.contents()
        looked, lying = await self._noted(_LOOKED), await self._lying()
        if looked is not None and timedelta(0) <= now - looked < sweep.APART:
            return 0
        step = timedelta(0) if looked is None else now - looked
        jumped = not timedelta(0) <= step <= LONGEST_STEP
        passed = 0.0 if jumped else min(step, MOST_AT_ONCE).total_seconds()
        aged: dict[str, tuple[str, float]] = {}
        for thing in sorted(contents, key=lambda thing: thing.trashed):
            key, came = thing.message_id or thing.conversation_id, time_column(thing.trashed)
            known, before = lying.get(key, ("", 0.0))
            age = before + passed if known == came else 0.0
            if age < TRASH_FOR.total_seconds() or not await self._purge(thing):
                aged[key] = (came, age)
        if lying or aged:
            await self._note_lying(now, aged)
        return len(contents) - len(aged)

    async def _lying(self) -> dict[str, tuple[str, float]]:
        value = await self._transactions.read(lambda connection: schema.meta(connection, _LYING))
        try:
            return {
                str(key): (str(came), float(age)) for key, (came, age) in json.loads(value or "{}").items()
            }
        except (ValueError, TypeError, AttributeError):  # then the thirty days begin anew
            return {}

    async def _note_lying(self, now: datetime, lying: dict[str, tuple[str, float]]) -> None:
        def job(connection: apsw.Connection) -> None:
            schema.set_meta(connection, _LOOKED, time_column(now))
            schema.set_meta(connection, _LYING, json.dumps(lying))

        await self._transactions.write(job, counts=False)

    async def _purge(self, thing: Trashed) -> bool:
        try:
            await self._trash.purge((thing,))
        except ValueError:  # something hangs below it that is not in the trash
            return False
        return True

    async def _sweep(self) -> tuple[int, int]:
        now, pictures = self._now(), self._home / "pictures"
        dropped = 0
        if await self._in_thread(lambda source: sweep.has_work(source, now)):
            dropped = await self._transactions.write(
                lambda connection: sweep.drop_rows(connection, now), counts=False
            )
        files = await self._in_thread(lambda source: self._superfluous(source, pictures))
        freed = 0
        for first in range(0, len(files), sweep.AT_ONCE):
            if self._stop.is_set():
                raise Halted
            some = files[first : first + sweep.AT_ONCE]
            freed += await asyncio.to_thread(sweep.remove_files, some, pictures / "incoming", now)
        return dropped, freed + await self._sweep_prepared()

    async def _sweep_prepared(self) -> int:
        """Remove what was sent of pictures and no message names; returns how many bytes that were."""
        if not (self._home / prepared.FOLDER).is_dir():
            return 0
        named = await self._in_thread(prepared.named)
        return await prepared.PreparedFiles(self._home).sweep(named, self._now())

    def _superfluous(self, source: apsw.Connection, pictures: Path) -> list[Path]:
        """The originals that neither the library nor a copy of it is about."""
        files = sweep.files_without_row(source, pictures, self._now())
        if not files:
            return []
        copies = [*(self._home / backup.FOLDER).glob("*.db"), *self._home.glob(f"{DAMAGED}*/{DATABASE}")]
        try:
            named = sweep.named_by_backups(self._home, copies)
        except apsw.Error as error:  # what a copy names that cannot be read is not known
            log.info("pictures are not swept: %s", error)
            return []
        return [path for path in files if path.parent.name + path.name not in named]

    async def _noted(self, key: str) -> datetime | None:
        value = await self._transactions.read(lambda connection: schema.meta(connection, key))
        try:
            return None if value is None else datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    async def _note(self, key: str, when: datetime) -> None:
        await self._transactions.write(
            lambda connection: schema.set_meta(connection, key, time_column(when)), counts=False
        )

    async def _in_thread(self, job: Callable[[apsw.Connection], Result]) -> Result:
        """Do `job` with a connection that reads. Raises Halted and the leaves of StoreFailed."""
        if self._worker is None:
            self._worker = Worker("store upkeep")
        return await self._worker.submit(lambda: self._with_connection(job))

    def _with_connection(self, job: Callable[[apsw.Connection], Result]) -> Result:
        library = self._transactions.library
        if self._stop.is_set():
            raise Halted
        try:
            connection = library.connect_reader(WAIT_S)
            try:
                return job(connection)
            finally:
                connection.set_progress_handler(None)
                connection.close(True)
        except (apsw.InterruptError, apsw.AbortError) as error:
            raise Halted from error
        except apsw.Error as error:
            raise failures.of_sqlite(error, library.path) from error
        except OSError as error:
            raise failures.of_files(error, self._home) from error

    def _rest(self) -> bool:
        return self._stop.wait(REST_S)


def _size(connection: apsw.Connection) -> int:
    """Bytes of the database."""
    return int(connection.pragma("page_count")) * int(connection.pragma("page_size"))
