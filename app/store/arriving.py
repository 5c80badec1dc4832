"""What an import has brought so far, out of sight until all of it is there.

New conversations carry HIDDEN in place of the time at which they were put into the trash, and new
messages of a conversation that was there are hidden by the message of the holder, a conversation
that is there for as long as anything is hidden; HIDDEN is the id of both. Nothing of that is in the
list, in the trash, or among what a search finds. One import at a time holds a lock, so whatever is
hidden while nobody holds it is left of one that was killed.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import apsw

from app.domain.errors import ImportUnderWay, StoreFailed
from app.store import failures
from app.store.library_lock import LibraryLock
from app.store.transactions import Transactions
from app.store.values import HIDDEN

log = logging.getLogger(__name__)

FOLDER = "arriving"
"""Where an import puts ready what it is about to add."""
LOCK = "arriving.lock"
SLICE_S = 0.01
"""For how long one write of an import goes on, unless one message takes longer: a save waits for it."""
PAUSE_S = 0.01
"""After such a write, in which another process gets its turn."""
WAIT_S = 5.0
"""How long an import waits for one that is about to end."""
_POLL_S = 0.05
_AT_ONCE = 20  # rows between two looks at the clock
_TIME = "2000-01-01T00:00:00+00:00"


@asynccontextmanager
async def room(transactions: Transactions) -> AsyncGenerator[Path]:
    """An empty private folder on the disk of the library, for the only import at a time.

    Raises ImportUnderWay while another import is under way, and the other leaves of StoreFailed.
    """
    if (why := transactions.report.read_only) is not None:
        raise type(why)(**why.facts)
    home = transactions.library.path.parent
    lock = await asyncio.to_thread(LibraryLock, str(home / LOCK), 0)
    try:
        await _take(lock, home)
        await _drop_left_overs(home, transactions)
        folder = home / FOLDER
        try:
            await asyncio.to_thread(folder.mkdir, 0o700)
        except OSError as error:
            raise failures.of_files(error, folder) from error
        try:
            yield folder
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    finally:
        lock.close()


async def clear_up(transactions: Transactions) -> None:
    """Drop what an import left that was killed; one that is under way is left alone.

    Raises the leaves of StoreFailed.
    """
    home = transactions.library.path.parent
    if not (home / FOLDER).exists() and not await transactions.read(is_there):
        return
    lock = await asyncio.to_thread(LibraryLock, str(home / LOCK), 0)
    try:
        if await asyncio.to_thread(_taken, lock, home):
            await _drop_left_overs(home, transactions)
    finally:
        lock.close()


async def drop(transactions: Transactions) -> None:
    """Take out again what an import has brought so far; what cannot be taken out stays out of sight."""
    try:
        more = True
        while more:
            more = await transactions.write(_drop_some, counts=False)
            await asyncio.sleep(PAUSE_S)
    except (StoreFailed, RuntimeError) as error:  # the disk is full, the library closed
        log.info("left for another time: %s", error)


def begin(connection: apsw.Connection) -> None:
    """Add the holder."""
    connection.execute(
        "INSERT INTO conversation (id, title, created, changed, touched, trashed)"
        " VALUES (?1, '', ?2, ?2, 0, ?1)",
        (HIDDEN, _TIME),
    )
    connection.execute(
        "INSERT INTO turn (id, conversation_id, seq, role, status, created, reasoning, choice, characters,"
        " lines) VALUES (?1, ?1, 0, 'user', 'done', ?2, '', 0, 0, 0)",
        (HIDDEN, _TIME),
    )


def show(connection: apsw.Connection) -> None:
    """Everything that is hidden comes into sight, and the holder goes."""
    connection.execute("UPDATE turn SET trashed_by = NULL WHERE trashed_by = ?", (HIDDEN,))
    connection.execute("DELETE FROM conversation WHERE id = ?", (HIDDEN,))
    connection.execute("UPDATE conversation SET trashed = NULL WHERE trashed = ?", (HIDDEN,))


def is_there(connection: apsw.Connection) -> bool:
    """Whether anything is hidden."""
    return bool(connection.execute("SELECT 1 FROM conversation WHERE id = ?", (HIDDEN,)).fetchall())


async def _take(lock: LibraryLock, home: Path) -> None:
    end = time.monotonic() + WAIT_S
    while not await asyncio.to_thread(_taken, lock, home):
        if time.monotonic() > end:
            raise ImportUnderWay(path=home)
        await asyncio.sleep(_POLL_S)


def _taken(lock: LibraryLock, home: Path) -> bool:
    try:
        return lock.take_alone()
    except apsw.Error as error:
        raise failures.of_sqlite(error, home / LOCK) from error


async def _drop_left_overs(home: Path, transactions: Transactions) -> None:
    if (home / FOLDER).is_dir():
        await asyncio.to_thread(shutil.rmtree, home / FOLDER, ignore_errors=True)
    if await transactions.read(is_there):
        await drop(transactions)


def _drop_some(connection: apsw.Connection) -> bool:
    """Delete some of what is hidden, the holder last; whether there is more."""
    end = time.monotonic() + SLICE_S
    while time.monotonic() < end:
        if not _drop_few(connection):
            return False
    return True


def _drop_few(connection: apsw.Connection) -> bool:
    """A message goes before the one that it follows."""
    grown = "SELECT number FROM turn WHERE trashed_by = ? ORDER BY number DESC LIMIT ?"
    if _drop_turns(connection, grown, HIDDEN):
        return True
    found = connection.execute(
        "SELECT id FROM conversation WHERE trashed = ?1 AND id != ?1 LIMIT 1", (HIDDEN,)
    ).fetchall()
    if not found:
        connection.execute("DELETE FROM conversation WHERE id = ?", (HIDDEN,))
        return False
    (conversation_id,) = found[0]
    rows = "SELECT number FROM turn WHERE conversation_id = ? ORDER BY seq DESC LIMIT ?"
    if not _drop_turns(connection, rows, str(conversation_id)):
        connection.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))
    return True


def _drop_turns(connection: apsw.Connection, chosen: str, name: str) -> bool:
    numbers = connection.execute(chosen, (name, _AT_ONCE)).fetchall()
    connection.executemany("DELETE FROM turn WHERE number = ?", numbers)
    return bool(numbers)
