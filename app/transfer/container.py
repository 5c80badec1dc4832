"""The files of an export: the entries of an archive, or the one file there is.

Nothing here unpacks to a name that an archive gives. Runs in the reader child.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

from app.transfer import caps
from app.transfer.refusal import Unreadable

_DAMAGED = "it is damaged or was cut off"
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK = 1024 * 1024
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_COMMENT = 65_535
_DRIVE = re.compile("[A-Za-z]:")


class _End(NamedTuple):
    """What an archive says of itself at its end."""

    entries: int
    directory_bytes: int


class Archive:
    """A zip archive whose list of entries was looked through. `close` belongs to the caller's file."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises Unreadable for an archive that no export is."""
        _require_small(_end_of(file))
        with _readable():
            self._archive = zipfile.ZipFile(file)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._left = caps.UNPACKED_BYTES
        taken: set[str] = set()
        for entry in self._archive.infolist():
            _require_tame(entry)
            if entry.is_dir():
                continue
            _require_plain(entry)
            if entry.filename.casefold() in taken:
                raise Unreadable("it holds two files of one name")
            taken.add(entry.filename.casefold())
            self._entries[entry.filename] = entry

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files in it, in its order."""
        return tuple(self._entries)

    def read(self, name: str, most_bytes: int) -> bytes:
        """All bytes of a file. Raises KeyError for an unknown one, and Unreadable."""
        return b"".join(self.chunks(name, most_bytes))

    def chunks(self, name: str, most_bytes: int) -> Iterator[bytes]:
        """The same piece by piece; it counts what comes, not what the archive says would."""
        entry = self._entries[name]
        if entry.file_size > min(most_bytes, self._left):
            raise Unreadable(f"a file in it is larger than {most_bytes // 1024**2} MB")
        count = 0
        with _readable(), self._archive.open(entry) as file:
            while chunk := file.read(_CHUNK):
                count += len(chunk)
                if count > min(most_bytes, self._left):
                    raise Unreadable(_DAMAGED)
                yield chunk
        self._left -= count


@contextmanager
def _readable() -> Iterator[None]:
    """Raises Unreadable for whatever a broken archive makes of its parser."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Unreadable(_DAMAGED) from error
    except (struct.error, OverflowError, OSError) as error:
        raise Unreadable(_DAMAGED) from error


def _end_of(file: BinaryIO) -> _End:
    """The end record of an archive, read before anything that takes memory for its entries."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _END.size - _COMMENT - _LOCATOR_64.size)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise Unreadable(_DAMAGED)
    _, _, _, _, entries, directory_bytes, _, _ = _END.unpack_from(tail, at)
    end = _End(entries, directory_bytes)
    located = at - _LOCATOR_64.size
    if located >= 0 and tail[located : located + 4] == b"PK\6\7":
        _, _, offset, _ = _LOCATOR_64.unpack_from(tail, located)
        if offset > size - _END_64.size:
            raise Unreadable(_DAMAGED)
        file.seek(offset)
        fields = _END_64.unpack(file.read(_END_64.size))
        end = _End(max(entries, fields[7]), max(directory_bytes, fields[8]))
        if entries == 0xFFFF or directory_bytes == 0xFFFFFFFF:
            end = _End(fields[7], fields[8])
    file.seek(0)
    return end


def _require_small(end: _End) -> None:
    if end.entries > caps.ENTRIES or end.directory_bytes > caps.DIRECTORY_BYTES:
        raise Unreadable(f"it holds more than {caps.ENTRIES} files")


def _require_plain(entry: zipfile.ZipInfo) -> None:
    """Raises Unreadable for an entry that is no ordinary file."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Unreadable("it holds a link or a device")
    if entry.flag_bits & 0x1:
        raise Unreadable("it is encrypted")
    if entry.compress_type not in _PACKINGS:
        raise Unreadable("it is packed in a way that no export is")
    most = max(caps.RATIO_FROM, caps.RATIO * entry.compress_size)
    if entry.file_size > min(most, caps.UNPACKED_BYTES):
        raise Unreadable("it unpacks to much more than an export does")


def _require_tame(entry: zipfile.ZipInfo) -> None:
    """The name is used to find the entry and for nothing else; still, no export has such names."""
    name = entry.orig_filename
    wild = not entry.filename or "\0" in name or "\\" in name or name.startswith("/") or _DRIVE.match(name)
    if wild or ".." in name.split("/"):
        raise Unreadable("it holds a file whose name leads out of it")
