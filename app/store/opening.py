"""From a folder to an open database, or to the reason why not.

Nothing that is there is overwritten. What turns out not to be ours, newer, or damaged is left
byte for byte as it was, its write-ahead log included.
"""

from __future__ import annotations

import contextlib
import logging
import os
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import apsw

from app import __version__
from app.domain.errors import (
    DiskFull,
    FolderNotWritable,
    LibraryDamaged,
    LibraryInUse,
    NewerLibrary,
    NotALibrary,
    StoreFailed,
)
from app.durable_files import sync_folder
from app.paths import make_home
from app.store import failures, messages, schema
from app.store.library_lock import LibraryLock
from app.store.schema import APPLICATION_ID, Migrations

log = logging.getLogger(__name__)

DATABASE = "fovea.db"
LOCK = "fovea.lock"
DAMAGED = "damaged-"
"""How the folders are called in which a damaged library is put aside; a number follows."""

_BELONGINGS = (
    ("pictures", "pictures/??/*"),
    ("backups", "backups/*.db"),
    ("damaged files", f"{DAMAGED}*/*"),
)
LEAST_SQLITE = (3, 51, 3)  # up to 3.51.2 a write-ahead log reset could lose commits


class OpenReport(NamedTuple):
    """What opening found.

    `first`: no other Fovea had the library open. `unclean`: the program that had it open last
    did not close it. `log_missing`: it was unclean and its write-ahead log was gone, so the
    newest changes may be lost. `interrupted`: how many messages were cut off in the middle.
    `read_only`: why nothing can be written, where that is so.
    """

    first: bool
    unclean: bool = False
    log_missing: bool = False
    interrupted: int = 0
    read_only: FolderNotWritable | DiskFull | None = None


class OpenLibrary(NamedTuple):
    """The writing connection, the lock held while it is open, and what opening found.

    `source` and `flags` open further connections; `source` is another file than `path` where
    that one can only be read.
    """

    path: Path
    connection: apsw.Connection
    lock: LibraryLock | None
    report: OpenReport
    source: str
    flags: int = 0

    def connect_reader(self, wait_s: float) -> apsw.Connection:
        """One connection more, which cannot write. Raises apsw.Error."""
        return connect(self.source, wait_s, apsw.SQLITE_OPEN_READONLY | self.flags)

    def close(self) -> None:
        """Close both; the last one to close says that all is well. Never raises."""
        try:
            if self.lock is not None and self.lock.take_alone():
                schema.set_meta(self.connection, "open", "no")
        except apsw.Error as error:  # then the next start checks the library: no harm
            log.warning("library not closed cleanly: %s", error)
            self.connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        with contextlib.suppress(apsw.Error):
            self.connection.close(True)
        if self.lock is not None:
            self.lock.close()


def open_library(home: Path, migrations: Migrations, wait_s: float) -> OpenLibrary:
    """Open the library in `home`, create it where there is none, migrate an older one.

    Waits `wait_s` seconds for others to let go. Raises the leaves of StoreFailed; for one that
    can be read and not written that is FolderNotWritable.
    """
    require_sqlite(apsw.sqlite_lib_version(), home)
    home = home.absolute()
    path = home / DATABASE
    _prepare_folder(home)
    with ExitStack() as undo:
        try:
            lock = LibraryLock(lock_file(home), wait_s)
            undo.callback(lock.close)
            first = lock.take_alone()
            if not first:
                lock.share()
            library = _open_locked(path, lock, migrations, wait_s, first)
            undo.callback(library.connection.close, True)
            if first:
                lock.share()
        except apsw.Error as error:
            raise failures.of_sqlite(error, path) from error
        except OSError as error:
            raise failures.of_files(error, home) from error
        undo.pop_all()
    return library


def library_is_there(home: Path, migrations: Migrations) -> bool:
    """Whether `home` has a library, by what can be read without changing or locking anything.

    Raises the leaves of StoreFailed for one that could not be opened.
    """
    require_sqlite(apsw.sqlite_lib_version(), home)
    home = home.absolute()
    path = home / DATABASE
    try:
        if (lock := home / LOCK).exists():
            _require_file(lock)
        if not _is_there(path):
            _refuse_to_replace(path)
            return False
        _require_writable(path)
        require_ours(path)
        _require_readable(path, migrations)
    except apsw.Error as error:
        raise failures.of_sqlite(error, path) from error
    except OSError as error:
        raise failures.of_files(error, home) from error
    return True


def require_sqlite(version: str, home: Path) -> None:
    """Raises StoreFailed for an SQLite that is known to lose data."""
    if tuple(int(number) for number in version.split(".")) < LEAST_SQLITE:
        least = ".".join(map(str, LEAST_SQLITE))
        raise StoreFailed(path=home, reason=f"it needs SQLite {least} or later, this is {version}")


def connect(path: Path | str, wait_s: float, flags: int = apsw.SQLITE_OPEN_READWRITE) -> apsw.Connection:
    """A connection to an existing database with our settings. Raises apsw.Error."""
    connection = apsw.Connection(str(path), flags=flags)
    connection.set_busy_timeout(round(wait_s * 1000))
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    for pragma in ("foreign_keys", "cell_size_check", "fullfsync", "checkpoint_fullfsync"):
        connection.pragma(pragma, True)
    connection.pragma("synchronous", "FULL")
    return connection


def _prepare_folder(home: Path) -> None:
    try:
        make_home(home)
    except FileNotFoundError as error:
        reason = f"the folder {home.parent} does not exist, perhaps because its disk is not connected"
        raise FolderNotWritable(path=home, reason=reason) from error
    except FileExistsError as error:
        raise FolderNotWritable(path=home, reason="it is not a folder") from error
    except OSError as error:
        raise FolderNotWritable(path=home, reason=error.strerror or "it cannot be created") from error
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        raise FolderNotWritable(path=home, reason="permission denied")


def lock_file(home: Path) -> str:
    """The lock's file, created for its owner only; something else in its place is refused."""
    path = home / LOCK
    try:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _require_file(path)
    except OSError as error:
        raise failures.of_files(error, path) from error
    return str(path)


def _require_file(path: Path) -> None:
    if not stat.S_ISREG(path.stat().st_mode):
        raise StoreFailed(path=path, reason="it is not a file")


def _open_locked(
    path: Path, lock: LibraryLock, migrations: Migrations, wait_s: float, first: bool
) -> OpenLibrary:
    if not _is_there(path):
        _refuse_to_replace(path)
        if not first:
            raise LibraryDamaged(path=path, reason=f"{DATABASE} vanished")
        _create(path, migrations)
    _require_writable(path)
    require_ours(path)
    log_file = path.with_name(f"{DATABASE}-wal")
    log_missing = not log_file.exists()
    connection = connect(path, wait_s)
    try:
        if not log_missing:
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)  # refused means untouched
        report = _accept(connection, path, migrations, first, log_missing)
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
    except BaseException:
        connection.close(True)
        raise
    if report.log_missing and report.unclean:
        log.warning("%s is missing: the newest changes may be lost", log_file)
    return OpenLibrary(path, connection, lock, report, str(path))


def _is_there(path: Path) -> bool:
    """Whether a file lies where the database should be. Raises NotALibrary for anything else."""
    try:
        status = path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise NotALibrary(path=path, reason="it is a link to nothing") from None
        return False
    except OSError as error:
        raise NotALibrary(path=path, reason=error.strerror or "it cannot be looked at") from error
    if stat.S_ISDIR(status.st_mode):
        raise NotALibrary(path=path, reason="it is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise NotALibrary(path=path, reason="it is not a file")
    if status.st_size == 0:
        raise NotALibrary(path=path, reason="it is empty")
    return True


def _refuse_to_replace(path: Path) -> None:
    """No new database where an old one left its belongings: it is missing, not new."""
    log_file = path.with_name(f"{DATABASE}-wal")
    if log_file.exists() and log_file.stat().st_size:
        raise LibraryDamaged(path=path, reason=f"{DATABASE} is missing, its write-ahead log is there")
    for belongings, pattern in _BELONGINGS:
        if any(path.parent.glob(pattern)):
            raise LibraryDamaged(path=path, reason=f"{DATABASE} is missing, its {belongings} are there")


def _create(path: Path, migrations: Migrations) -> None:
    """Build the database under another name: whoever finds it under its own finds it whole."""
    growing = path.with_name(f"{DATABASE}.new")
    for left_over in (growing, *(growing.with_name(growing.name + end) for end in ("-wal", "-shm"))):
        left_over.unlink(missing_ok=True)
    os.close(os.open(growing, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = connect(growing, 0)
    try:
        connection.pragma("journal_mode", "wal")
        connection.pragma("application_id", APPLICATION_ID)
        schema.migrate(connection, migrations)
        schema.set_meta(connection, schema.CHANGED, "no")
    finally:
        connection.close(True)
    growing.replace(path)
    sync_folder(path.parent)


def _require_writable(path: Path) -> None:
    if not os.access(path, os.R_OK | os.W_OK):
        raise FolderNotWritable(path=path, reason="permission denied")


def require_ours(path: Path) -> None:
    """Read the file's header without touching its log. Raises NotALibrary."""
    connection = schema.look_into(path)
    try:
        application_id = connection.pragma("application_id")
    except apsw.NotADBError as error:
        raise NotALibrary(path=path, reason="it is not an SQLite database") from error
    finally:
        connection.close(True)
    if application_id != APPLICATION_ID:
        raise NotALibrary(path=path, reason="it is the database of another program")


def _require_readable(path: Path, migrations: Migrations) -> None:
    """Raises NewerLibrary, LibraryDamaged. What is in a log is not looked at: that would change it."""
    log_file = path.with_name(f"{DATABASE}-wal")
    connection = schema.look_into(path)
    try:
        version = schema.version_of(connection)
        if version > len(migrations):
            raise NewerLibrary(path=path, version=writer_of(connection, version))
        if not log_file.exists():
            schema.require_sound(connection, path)
    except LibraryDamaged:
        if not log_file.exists():  # else it was opened meanwhile, and pages may have changed under us
            raise
    finally:
        connection.close(True)


def _accept(
    connection: apsw.Connection, path: Path, migrations: Migrations, first: bool, log_missing: bool
) -> OpenReport:
    """Check versions and soundness, migrate, and settle what was cut off."""
    version = schema.version_of(connection)
    if version > len(migrations):
        raise NewerLibrary(path=path, version=writer_of(connection, version))
    if not first:
        if version < len(migrations):  # an older Fovea is at work
            raise LibraryInUse(path=path)
        return OpenReport(first=False)
    unclean = schema.meta(connection, "open") == "yes"
    if unclean:
        schema.require_sound(connection, path)
    if version < len(migrations):
        _migrate(connection, path.parent, migrations, version)
    if connection.pragma("journal_mode", "wal") != "wal":
        log.warning("%s has no write-ahead log here", path)
    interrupted = settle(connection)
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)  # the main file says "open" too
    with contextlib.suppress(OSError):
        path.chmod(0o600)
    return OpenReport(True, unclean, log_missing and unclean, interrupted)


def _migrate(connection: apsw.Connection, home: Path, migrations: Migrations, version: int) -> None:
    from app.store import backup  # needed once for each schema

    backup.remove_left_overs(home)
    backup.make(connection, home, f"version-{version}")
    schema.migrate(connection, migrations)


def settle(connection: apsw.Connection) -> int:
    """Call what was cut off interrupted, and note that the library is open. Returns how many.

    Raises apsw.Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        interrupted = messages.settle(connection)
        schema.set_meta(connection, "open", "yes")
        schema.set_meta(connection, "program", __version__)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return interrupted


def writer_of(connection: apsw.Connection, version: int) -> str:
    """Which Fovea wrote a library of that schema last."""
    try:
        return schema.meta(connection, "program") or f"schema {version}"
    except apsw.Error:
        return f"schema {version}"
