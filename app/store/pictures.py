"""The original pictures: files named by their content, and a row about each."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import stat
from pathlib import Path

import apsw

from app import durable_files
from app.domain.errors import PictureLost
from app.domain.picture import Picture, Revealed
from app.store import failures
from app.store.transactions import Transactions
from app.store.values import record_column, record_of

UNNAMED = "unnamed "
"""Before the hash of a picture: the note since when nothing names it."""

_SHA256 = re.compile("[0-9a-f]{64}")


class Pictures:
    """The pictures of a library, in `home`/pictures/ab/cdef..., as the user gave them.

    A row is written after its file is durable, so a row always has had a file.
    """

    def __init__(self, home: Path, transactions: Transactions) -> None:
        self._folder = home / "pictures"
        self._incoming = self._folder / "incoming"
        self._transactions = transactions

    async def prepare(self) -> None:
        """Create the folder; where nobody else writes, remove what a crash left half written.

        Raises the leaves of StoreFailed.
        """
        await asyncio.to_thread(self._prepare, self._transactions.report.first)

    async def add(self, data: bytes, picture: Picture) -> None:
        """Store an original. One that is there already is not stored twice; one whose file was
        lost or altered is whole again.

        Raises the leaves of StoreFailed, and ValueError when `data` does not have the hash and
        the length that `picture` says.
        """
        await self.place(data, picture)
        await self._transactions.write(lambda connection: insert_row(connection, picture))

    async def place(self, data: bytes, picture: Picture) -> bool:
        """Write the file of a picture whose row is not written yet; whether it was not there before.

        Raises what `add` raises.
        """
        return await asyncio.to_thread(self._write_file, data, picture)

    def path(self, sha256: str) -> Path:
        """Where the original lies. Raises KeyError for what is no hash. Does not look at the disk."""
        if not _SHA256.fullmatch(sha256):
            raise KeyError(sha256)
        return self._folder / sha256[:2] / sha256[2:]

    async def get(self, sha256: str) -> Picture:
        """What is known about a stored picture. Raises KeyError for an unknown one."""

        def job(connection: apsw.Connection) -> Picture:
            row = connection.execute(
                "SELECT format, width, height, byte_count, revealed FROM picture WHERE sha256 = ?",
                (sha256,),
            ).fetchone()
            if row is None:
                raise KeyError(sha256)
            return Picture(
                sha256=sha256,
                format=str(row[0]),
                width=int(row[1]),
                height=int(row[2]),
                byte_count=int(row[3]),
                revealed=record_of(Revealed, row[4]) or Revealed(),
            )

        return await self._transactions.read(job)

    async def read(self, sha256: str) -> bytes:
        """The bytes of an original, checked.

        Raises KeyError for what is no hash, PictureLost when the file is missing or was altered.
        """
        path = self.path(sha256)
        try:
            data, found = await asyncio.to_thread(_read_hashed, path)
        except FileNotFoundError as error:
            raise PictureLost(path=path, reason="its file is missing") from error
        except OSError as error:
            raise PictureLost(path=path, reason=error.strerror or "its file cannot be read") from error
        if found != sha256:
            raise PictureLost(path=path, reason="its file was altered")
        return data

    def _prepare(self, alone: bool) -> None:
        try:
            for folder in (self._folder, self._incoming):
                folder.mkdir(mode=0o700, exist_ok=True)
            if alone:
                for left_over in self._incoming.iterdir():
                    left_over.unlink()
        except OSError as error:
            raise failures.of_files(error, self._folder) from error

    def _write_file(self, data: bytes, picture: Picture) -> bool:
        if hashed(data) != picture.sha256 or len(data) != picture.byte_count:
            raise ValueError(f"the bytes are not those of picture {picture.sha256}")
        path = self.path(picture.sha256)
        try:
            if _holds(path, data):
                return False
            if not path.parent.is_dir():
                path.parent.mkdir(mode=0o700, exist_ok=True)
                durable_files.sync_folder(self._folder)
            durable_files.replace(path, data, self._incoming)
        except OSError as error:
            raise failures.of_files(error, path) from error
        return True


def insert_row(connection: apsw.Connection, picture: Picture) -> None:
    """Say of a picture whose file is there what it is, where that is not known yet."""
    connection.execute("DELETE FROM meta WHERE key = ?", (UNNAMED + picture.sha256,))
    connection.execute(
        "INSERT INTO picture (sha256, format, width, height, byte_count, revealed)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            picture.sha256,
            picture.format,
            picture.width,
            picture.height,
            picture.byte_count,
            record_column(picture.revealed),
        ),
    )


def _holds(path: Path, data: bytes) -> bool:
    with contextlib.suppress(OSError):
        if path.lstat().st_size == len(data) and _read_regular(path) == data:
            os.utime(path)  # it is wanted again: sweep.py leaves it alone from now on
            return True
    return False


def hashed(data: bytes) -> str:
    """The hash that bytes are known by. A large picture takes some tens of milliseconds."""
    from hashlib import sha256  # its libraries take 2 ms of every start

    return sha256(data).hexdigest()


def _read_hashed(path: Path) -> tuple[bytes, str]:
    data = _read_regular(path)
    return data, hashed(data)


def _read_regular(path: Path) -> bytes:
    """The content of a plain file. Never waits on a pipe, follows no link. Raises OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(None, "it is not a file")
        return file.read()
