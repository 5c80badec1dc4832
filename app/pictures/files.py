"""Opening what the user pointed at without being held up by it. Runs in the decoder child."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from app.pictures.caps import Refused

FOLDER = "it is a folder"
_GONE = "there is no such file"
_CLAUSES = {
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _GONE,
    errno.ESTALE: _GONE,
    errno.EACCES: "you may not read it",
    errno.EPERM: "you may not read it",
    errno.ELOOP: "it is a link that leads back to itself",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ENXIO: "it is not a regular file",
}
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def open_regular(path: str, most_bytes: int) -> BinaryIO:
    """The regular file at `path`, ready to read.

    Pipes, devices, sockets and folders are refused without being opened, and nothing that takes
    their place between the look and the opening can block. Raises Refused.
    """
    try:
        _require_regular(Path(path).stat())
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise Refused(_clause(error, path)) from error
    file = os.fdopen(descriptor, "rb")
    try:
        found = os.fstat(descriptor)
        _require_regular(found)
        require_size(found.st_size, most_bytes)
    except BaseException:
        file.close()
        raise
    return file


def require_size(byte_count: int, most_bytes: int) -> None:
    """Raises Refused for a file of no bytes or of more than `most_bytes`."""
    if byte_count == 0:
        raise Refused("the file is empty")
    if byte_count > most_bytes:
        raise Refused(f"the file is larger than {most_bytes // 1024**2} MB")


def reading_failed(error: OSError) -> Refused:
    """The refusal for an error of the disk or the network below an open file."""
    return Refused(_CLAUSES.get(error.errno or 0, f"it could not be read ({error.strerror})"))


def _require_regular(found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise Refused(FOLDER)
    if not stat.S_ISREG(found.st_mode):
        raise Refused("it is not a regular file")


def _clause(error: OSError | ValueError, path: str) -> str:
    if isinstance(error, ValueError):  # a NUL in the name
        return "it is not a file name"
    if error.errno == errno.ENOENT and Path(path).is_symlink():
        return "it is a link to something that is not there"
    if error.errno in _CLAUSES:
        return _CLAUSES[error.errno]
    return f"it could not be read ({error.strerror})"
