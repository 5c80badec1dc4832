"""Putting a copy, or what could be read of a damaged library, in the library's place.

Nothing is overwritten. What was there becomes a copy of its own where it is sound, and is put
aside with its log where it is not. Every function blocks, needs the library closed, and raises
LibraryInUse where another program has it open.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import apsw

from app.domain.errors import LibraryDamaged, LibraryInUse, NotALibrary
from app.durable_files import sync_file, sync_folder
from app.store import backup, failures, opening, schema
from app.store.backup import Halt, never
from app.store.library_lock import LibraryLock
from app.store.opening import DAMAGED, DATABASE
from app.store.salvage import Found, Progress, salvage
from app.store.schema import Migrations

WAIT_S = 1.0
_GROWING = f"{DATABASE}.new"
_RECOVERED = f"{DATABASE}.recovered"
_PARTS = ("", "-wal", "-shm")
"""The order in which files are put aside: a log without its database is noticed, the reverse is not."""


class Replaced(NamedTuple):
    """Where what was there before is now: a copy, or a folder with the damaged files. None where
    there was nothing."""

    path: Path | None


def restore(home: Path, copy: Path, migrations: Migrations) -> Replaced:
    """Put a copy in the library's place; the copy itself stays.

    Raises the leaves of StoreFailed, LibraryDamaged for a copy that fails its check; then the
    library is as it was.
    """
    backup.require_usable(copy, len(migrations))
    with _alone(home):
        growing = home / _GROWING
        source = schema.look_into(copy)
        try:
            backup.copy_pages(source, growing)
        finally:
            source.close(True)
        replaced = _take_its_place(home, growing)
        backup.clear(home / _RECOVERED)
        return replaced


def recover(home: Path, migrations: Migrations, told: Progress, halt: Halt = never) -> Found:
    """Read what can be read of a damaged library into a new file beside it, and say what that is.

    Raises Halted, and the leaves of StoreFailed, LibraryDamaged where nothing can be read.
    """
    with _alone(home):
        recovered = home / _RECOVERED
        backup.clear(recovered)
        try:
            found = salvage(home / DATABASE, recovered, migrations, told, halt)
        except BaseException:
            backup.clear(recovered)
            raise
        sync_file(recovered)
        return found


def use_recovered(home: Path) -> Replaced:
    """Put what `recover` read in the library's place. Raises the leaves of StoreFailed."""
    with _alone(home):
        return _take_its_place(home, home / _RECOVERED)


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    path = home / DATABASE
    try:
        lock = LibraryLock(opening.lock_file(home), WAIT_S)
        try:
            if not lock.take_alone():
                raise LibraryInUse(path=path)
            yield
        finally:
            lock.close()
    except apsw.Error as error:
        raise failures.of_sqlite(error, path) from error
    except OSError as error:
        raise failures.of_files(error, home) from error


def _take_its_place(home: Path, growing: Path) -> Replaced:
    """`growing` becomes the library. A crash at any point leaves the old one, or none and the
    next start says that it is missing."""
    connection = apsw.Connection(str(growing), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        schema.set_meta(connection, "open", "no")
        schema.set_meta(connection, schema.CHANGED, "yes")
    finally:
        connection.close(True)
    sync_file(growing)
    replaced = _kept_as_copy(home) or _put_aside(home)
    growing.replace(home / DATABASE)
    sync_folder(home)
    return Replaced(replaced)


def _kept_as_copy(home: Path) -> Path | None:
    """A copy of the present library, whose log is merged then; None where it is not sound."""
    path = home / DATABASE
    try:
        if not path.is_file():
            return None
        opening.require_ours(path)
        connection = opening.connect(path, WAIT_S)
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)  # else a damaged log would go
        try:
            schema.require_sound(connection, path)
            copy = backup.make(connection, home, "restore")
            connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        finally:
            connection.close(True)
    except (apsw.Error, OSError, LibraryDamaged, NotALibrary):
        return None
    for suffix in _PARTS[1:]:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return copy


def _put_aside(home: Path) -> Path | None:
    """Move the database and its log to a new folder; None where there is none. Raises OSError."""
    parts = [
        path for suffix in _PARTS if (path := home / f"{DATABASE}{suffix}").is_symlink() or path.exists()
    ]
    if not parts:
        return None
    folder = next(
        path
        for number in itertools.count(1)
        if not (path := home / f"{DAMAGED}{number}").exists() or not any(path.iterdir())
    )
    folder.mkdir(mode=0o700, exist_ok=True)
    for path in parts:
        path.rename(folder / path.name)
        sync_folder(home)
    sync_folder(folder)
    return folder
