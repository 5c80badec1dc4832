"""What SQLite and the file system complain about, as errors a person is told."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import apsw

from app.domain.errors import (
    DiskFull,
    FolderNotWritable,
    LibraryDamaged,
    LibraryInUse,
    StoreFailed,
)

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_LEAVES: dict[type[apsw.Error], type[StoreFailed]] = {
    apsw.FullError: DiskFull,
    apsw.BusyError: LibraryInUse,
    apsw.LockedError: LibraryInUse,
    apsw.CorruptError: LibraryDamaged,
    apsw.NotADBError: LibraryDamaged,
    apsw.ReadOnlyError: FolderNotWritable,
    apsw.PermissionsError: FolderNotWritable,
    apsw.AuthError: FolderNotWritable,
}
_LEAST_ROOM = 128 * 1024  # bytes; SQLite's own files grow by less than this at once


def of_sqlite(error: apsw.Error, path: Path, system_errno: int = 0) -> Exception:
    """The error to raise for one that SQLite raised about the database at `path`.

    A broken constraint is a mistake of the caller and becomes a ValueError.
    """
    if isinstance(error, apsw.ConstraintError):
        return ValueError(str(error))
    if isinstance(error, (apsw.IOError, apsw.CantOpenError)):
        return _of_system(error, path, system_errno)
    leaf = next((leaf for kind, leaf in _LEAVES.items() if isinstance(error, kind)), StoreFailed)
    return leaf(path=path, reason=str(error))


def of_files(error: OSError, path: Path) -> StoreFailed:
    """The error to raise for one that the system raised about a file of the library."""
    reason = error.strerror or type(error).__name__
    if error.errno in _FULL:
        return DiskFull(path=path)
    if error.errno in _FORBIDDEN:
        return FolderNotWritable(path=path, reason=reason)
    return StoreFailed(path=path, reason=reason)


def _of_system(error: apsw.Error, path: Path, system_errno: int) -> StoreFailed:
    """SQLite says only "disk I/O error" where its shared memory finds no room."""
    if system_errno in _FULL or _no_room(path):
        return DiskFull(path=path)
    if isinstance(error, apsw.CantOpenError):
        return FolderNotWritable(path=path, reason=str(error))
    return StoreFailed(path=path, reason=str(error))


def _no_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _LEAST_ROOM
    except OSError:
        return False
