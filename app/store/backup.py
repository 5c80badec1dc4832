"""Copies of the database, in the folder `backups` beside it.

A copy holds every word, run card and setting of the library; the pictures lie in files that are
named by their content and stay for as long as a copy names them (see sweep.py). It is made page by
page from one snapshot while others go on reading and writing, checked, made durable, and only then
given a name. Copies are numbered: which one is newer never depends on the clock.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import apsw

from app.domain.errors import DiskFull, LibraryDamaged
from app.durable_files import sync_file, sync_folder
from app.store import schema
from app.store.thinning import Made, dispensable

FOLDER = "backups"
PAGES_AT_ONCE = 256
ROOM_LEFT = 16 * 1024 * 1024
"""Bytes that a copy made by routine leaves free."""

_NAME = re.compile(r"(\d{4,})-(?:(\d{8}T\d{6})-)?([a-z]+(?:-\d+)?)\.db")
_TIME = "%Y%m%dT%H%M%S"
_UNFINISHED = "unfinished-"

Halt = Callable[[], bool]
"""Asked between two steps, perhaps after a rest: whether to give up."""


class Halted(Exception):
    """Giving up was asked for."""


class Backup(NamedTuple):
    """A copy: `why` is "daily", "quit", "restore" (made before another one took its place) or
    "version-n" (made before the library left schema n); `size` is in bytes."""

    path: Path
    number: int
    made: datetime
    size: int
    why: str
    conversations: int
    messages: int


def backups(home: Path) -> tuple[Backup, ...]:
    """The copies that can be read, newest first. Reads each; may take a while."""
    found = []
    for path, made in sorted(_named(home / FOLDER), key=lambda pair: pair[1].number, reverse=True):
        with contextlib.suppress(apsw.Error, OSError, ValueError):
            conversations, messages = _counts(path)
            size = path.stat().st_size
            found.append(Backup(path, made.number, made.made, size, made.why, conversations, messages))
    return tuple(found)


def newest(home: Path) -> Made | None:
    """The copy that was made last, without looking into it."""
    return max((made for _, made in _named(home / FOLDER)), default=None)


def never() -> bool:
    """Do not give up."""
    return False


def make(
    source: apsw.Connection, home: Path, why: str, *, halt: Halt = never, spare_room: bool = False
) -> Path:
    """Copy the database that `source` is connected to; then let superfluous copies go.

    With `spare_room` a disk that would be all but full is left alone. Raises Halted, apsw.Error,
    OSError, DiskFull, and LibraryDamaged when the copy fails its check; then no copy was made.
    """
    folder = home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    if spare_room:
        _require_room(source, folder)
    unfinished = folder / f"{_UNFINISHED}{os.getpid()}"
    try:
        copy_pages(source, unfinished, halt)
        _complete(unfinished, halt)
        sync_file(unfinished)
        last = newest(home)
        number = last.number + 1 if last else 1
        path = folder / f"{number:04}-{datetime.now(UTC):{_TIME}}-{why}.db"
        unfinished.replace(path)
    except BaseException:
        clear(unfinished)
        raise
    sync_folder(folder)
    _thin(folder)
    return path


def remove_left_overs(home: Path) -> None:
    """Remove copies that a program which is gone had not finished. Nobody else may be at work."""
    for path in (home / FOLDER).glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            path.unlink()


def copy_pages(source: apsw.Connection, path: Path, halt: Halt = never) -> None:
    """Write what `source` sees now, all of one moment, to a new file for the owner only.

    Raises Halted, apsw.Error and OSError.
    """
    clear(path)
    path.touch(mode=0o600)
    target = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    began = not source.in_transaction
    try:
        target.pragma("synchronous", "OFF")  # the caller syncs the whole file once
        if began:  # one snapshot: else every write of others would begin the copy anew
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        with target.backup("main", source, "main") as copying:
            while not copying.step(PAGES_AT_ONCE):
                if halt():
                    raise Halted
    finally:
        target.close(True)
        if began and source.in_transaction:
            source.execute("ROLLBACK")


def clear(path: Path) -> None:
    """Remove a database with whatever SQLite put beside it. Raises OSError."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _complete(path: Path, halt: Halt) -> None:
    """Make the copy one file without a log, check it, and note in it how much it holds."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.set_progress_handler(halt, 100_000)
    try:
        connection.pragma("synchronous", "OFF")
        connection.pragma("journal_mode", "delete")
        schema.require_sound(connection, path)
        for name, count in zip(("conversations", "messages"), _counted(connection), strict=True):
            schema.set_meta(connection, name, str(count))
    except (apsw.InterruptError, apsw.AbortError) as error:
        raise Halted from error
    finally:
        connection.set_progress_handler(None)
        connection.close(True)


def _counts(path: Path) -> tuple[int, int]:
    """How many conversations and messages a copy holds. Raises apsw.Error, ValueError."""
    connection = schema.look_into(path)
    try:
        noted = [schema.meta(connection, name) for name in ("conversations", "messages")]
        if noted[0] is not None and noted[1] is not None:
            return int(noted[0]), int(noted[1])
        return _counted(connection)
    finally:
        connection.close(True)


def _counted(connection: apsw.Connection) -> tuple[int, int]:
    conversations, messages = (
        connection.execute(count).fetchall()[0][0]
        for count in ("SELECT count(*) FROM conversation", "SELECT count(*) FROM turn")
    )
    return int(str(conversations)), int(str(messages))


def _named(folder: Path) -> list[tuple[Path, Made]]:
    """The files in the folder that bear the name of a copy."""
    with contextlib.suppress(OSError):
        return [
            (path, Made(int(name[1]), _made(path, name[2]), name[3]))
            for path in folder.iterdir()
            if (name := _NAME.fullmatch(path.name))
        ]
    return []


def _made(path: Path, written: str | None) -> datetime:
    """When a copy was made: what its name says, else when its file was changed last."""
    try:
        return datetime.strptime(written or "", _TIME).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _thin(folder: Path) -> None:
    copies = _named(folder)
    going = dispensable(made for _, made in copies)
    for path, made in copies:
        if made.number in going:
            with contextlib.suppress(OSError):
                path.unlink()


def _require_room(source: apsw.Connection, folder: Path) -> None:
    size = int(source.pragma("page_count")) * int(source.pragma("page_size"))
    if shutil.disk_usage(folder).free < size + ROOM_LEFT:
        raise DiskFull(path=folder)


def require_usable(path: Path, newest_version: int) -> None:
    """Raises LibraryDamaged for a copy that fails its check or that is none of this program's."""
    try:
        connection = schema.look_into(path)
        try:
            ours = connection.pragma("application_id") == schema.APPLICATION_ID
            if not ours or schema.version_of(connection) > newest_version:
                raise LibraryDamaged(path=path, reason="it is not a copy that this Fovea can read")
            schema.require_sound(connection, path)
        finally:
            connection.close(True)
    except apsw.Error as error:
        raise LibraryDamaged(path=path, reason=str(error)) from error
