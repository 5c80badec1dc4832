"""Writing files so that a crash or a power cut leaves the old one or the new one whole."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def replace(path: Path, data: bytes, staging: Path | None = None) -> None:
    """Write `data` to `path`, readable by its owner only. Raises OSError; then `path` is as it was.

    The bytes grow in a temporary file in `staging` (default: the folder of `path`), which must
    be on the same file system.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=staging or path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Make the content of a file durable that something else wrote. Raises OSError."""
    _sync(path, os.O_RDWR)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, where the system can. Raises OSError."""
    if os.name != "nt":
        _sync(folder, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def arriving(path: Path, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """A file to write `path` with, piece by piece; it gets its name when all of it is on the disk.

    Raises FileExistsError where there is something of that name, unless `overwrite`; and OSError. Then,
    and where the block raises, `path` is as it was and nothing else is left.
    """
    if not overwrite and os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    descriptor, name = tempfile.mkstemp(prefix=".fovea-", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        settle(temporary, path, overwrite=overwrite)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def settle(temporary: Path, path: Path, *, overwrite: bool = False) -> None:
    """Give a finished file or folder its name.

    Raises FileExistsError where there is something of that name, unless `overwrite`; and OSError.
    """
    if overwrite:
        temporary.replace(path)
        return
    if temporary.is_file():
        try:
            path.hardlink_to(temporary)  # refuses, which a rename on POSIX does not
        except FileExistsError:
            raise
        except OSError:
            pass  # a disk without such links
        else:
            temporary.unlink()
            return
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    temporary.rename(path)
