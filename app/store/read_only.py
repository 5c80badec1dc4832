"""Opening a library that can be read but not written.

A database with a write-ahead log cannot be read by the usual means where nothing may be written
beside it. One that was closed well is read as the unchanging file it is. Where more has to be done
first - changes in its log, a step to the present schema, answers that were cut off - that is done
to a copy in a temporary folder.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import apsw

from app.domain.errors import DiskFull, FolderNotWritable, NewerLibrary
from app.store import backup, failures, opening, schema
from app.store.opening import OpenLibrary, OpenReport
from app.store.schema import Migrations

Why = FolderNotWritable | DiskFull
_IMMUTABLE = apsw.SQLITE_OPEN_URI


class ReadOnlyLibrary(OpenLibrary):
    """Takes its temporary folder with it when it is closed."""

    __slots__ = ()

    def close(self) -> None:
        """Close it; never raises."""
        super().close()
        if not self.flags:
            shutil.rmtree(Path(self.source).parent, ignore_errors=True)


def open_library(path: Path, migrations: Migrations, why: Why, wait_s: float) -> OpenLibrary:
    """Open the database at `path` for reading alone. Raises the leaves of StoreFailed: DiskFull where
    a copy would leave no room in the temporary folder."""
    try:
        opening.require_ours(path)
        connection = _as_it_is(path, migrations)
        if connection is not None:
            uri = f"{path.as_uri()}?immutable=1"
            report = OpenReport(first=False, read_only=why)
            return ReadOnlyLibrary(path, connection, None, report, uri, _IMMUTABLE)
        return _as_a_copy(path, migrations, why, wait_s)
    except apsw.Error as error:
        raise failures.of_sqlite(error, path) from error
    except OSError as error:
        raise failures.of_files(error, path) from error


def _as_it_is(path: Path, migrations: Migrations) -> apsw.Connection | None:
    """A connection to the file itself; None where the file alone does not tell everything."""
    log_file = path.with_name(f"{path.name}-wal")
    if log_file.exists() and log_file.stat().st_size:
        return None
    connection = schema.look_into(path)
    try:
        version = schema.version_of(connection)
        if version > len(migrations):
            raise NewerLibrary(path=path, version=opening.writer_of(connection, version))
        if version == len(migrations) and schema.meta(connection, "open") == "no":
            return connection
    except BaseException:
        connection.close(True)
        raise
    connection.close(True)
    return None


def _as_a_copy(path: Path, migrations: Migrations, why: Why, wait_s: float) -> OpenLibrary:
    _require_room(path, Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix="fovea-"))
    copied = folder / path.name
    try:
        _copy(path, copied, wait_s)
        connection = opening.connect(copied, wait_s)
        try:
            report = _bring_up_to_date(connection, path, migrations, why)
        except BaseException:
            connection.close(True)
            raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return ReadOnlyLibrary(path, connection, None, report, str(copied))


def _require_room(path: Path, folder: Path) -> None:
    """What is in the log may be in the copy twice. Raises DiskFull, OSError."""
    parts = [part for end in ("", "-wal", "-wal") if (part := path.with_name(path.name + end)).exists()]
    if shutil.disk_usage(folder).free < sum(part.stat().st_size for part in parts) + backup.ROOM_LEFT:
        raise DiskFull(path=folder)


def _copy(path: Path, copied: Path, wait_s: float) -> None:
    """By SQLite where it can read the library beside others; else file by file."""
    try:
        connection = opening.connect(path, wait_s, apsw.SQLITE_OPEN_READONLY)
        try:
            backup.copy_pages(connection, copied)
        finally:
            connection.close(True)
    except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.IOError):
        backup.clear(copied)
        for suffix in ("", "-wal"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                shutil.copyfile(part, copied.with_name(copied.name + suffix))


def _bring_up_to_date(
    connection: apsw.Connection, path: Path, migrations: Migrations, why: Why
) -> OpenReport:
    version = schema.version_of(connection)
    if version > len(migrations):
        raise NewerLibrary(path=path, version=opening.writer_of(connection, version))
    unclean = schema.meta(connection, "open") == "yes"
    if unclean:
        schema.require_sound(connection, path)
    schema.migrate(connection, migrations)
    interrupted = opening.settle(connection)
    return OpenReport(False, unclean, interrupted=interrupted, read_only=why)
