"""The pictures exactly as endpoints were sent them, so that a question can be repeated to the byte."""

from __future__ import annotations

import asyncio
import logging
import math
import re
import stat
import threading
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import apsw

from app import durable_files
from app.store.pictures import hashed

log = logging.getLogger(__name__)

FOLDER = "prepared"
BUDGET = 2_000_000_000
"""Bytes on the disk by default."""

_SHA256 = re.compile("[0-9a-f]{64}")
_LEFT_AFTER_CLEARING = 0.9
_YOUNG_S = 24 * 60 * 60


class Kept(NamedTuple):
    """How many files are kept, and their bytes."""

    files: int
    size: int


class _File(NamedTuple):
    written: float
    path: Path
    size: int


class PreparedFiles:
    """What was sent, in `home`/prepared/ab/cdef..., of which the recipes are in the run cards.

    At most `budget` bytes; above it the oldest go. A file that is missing can be made again, so
    nothing here fails: what cannot be written is not kept.
    """

    def __init__(self, home: Path, budget: int = BUDGET) -> None:
        self.budget = budget
        self._folder = home / FOLDER
        self._incoming = self._folder / "incoming"
        self._aside = self._folder / "aside"
        self._lock = threading.Lock()
        self._total: int | None = None

    async def keep(self, sha256: str, data: bytes) -> None:
        """Write what is sent, in a thread; what is there already is only made the newest."""
        await asyncio.to_thread(self._keep, sha256, data)

    async def get(self, sha256: str) -> bytes | None:
        """The bytes of that hash; None where they are not there, or not what they were."""
        return await asyncio.to_thread(self._get, sha256)

    async def sweep(self, named: Collection[str], now: datetime) -> int:
        """Remove what `named` does not hold, but for what was kept within the last day: its run card
        may be on its way. Returns how many bytes became free."""
        return await asyncio.to_thread(self._sweep, named, now.timestamp() - _YOUNG_S)

    async def measure(self) -> Kept:
        """Count what is kept, in a thread."""
        return await asyncio.to_thread(self._measure)

    async def trim(self) -> None:
        """Remove the oldest at once where there is more than the budget, in a thread."""
        await asyncio.to_thread(self._trim)

    async def set_aside(self) -> Kept:
        """Put all that is kept where nobody finds it, until `bring_back` or `drop`, in a thread."""
        return await asyncio.to_thread(self._set_aside)

    async def bring_back(self) -> None:
        """Keep again what was set aside, in a thread."""
        await asyncio.to_thread(self._bring_back)

    async def drop(self) -> None:
        """Remove for good what was set aside, in a thread."""
        await asyncio.to_thread(self._drop)

    def path(self, sha256: str) -> Path:
        """Where the bytes lie. Raises KeyError for what is no hash. Does not look at the disk."""
        if not _SHA256.fullmatch(sha256):
            raise KeyError(sha256)
        return self._folder / sha256[:2] / sha256[2:]

    def _keep(self, sha256: str, data: bytes) -> None:
        path = self.path(sha256)
        try:
            with self._lock:
                self._write(path, data)
                if self._total is not None and self._total > self.budget:
                    self._clear()
        except OSError as error:
            _tell("a picture is not kept as it was sent", error)

    def _write(self, path: Path, data: bytes) -> None:
        if self._total is None:
            self._begin()
        if _size(path) == len(data):
            path.touch()
            return
        path.parent.mkdir(mode=0o700, exist_ok=True)
        durable_files.replace(path, data, self._incoming)
        self._total = (self._total or 0) + len(data)

    def _begin(self) -> None:
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._total = sum(file.size for file in self._files())

    def _files(self, pattern: str = "[0-9a-f][0-9a-f]/*") -> list[_File]:
        found = []
        for path in self._folder.glob(pattern):
            status = path.lstat()
            if stat.S_ISREG(status.st_mode):
                found.append(_File(status.st_mtime, path, status.st_size))
        return found

    def _clear(self) -> None:
        """Remove the oldest, until there is some room again."""
        files = sorted(self._files())
        total = sum(file.size for file in files)
        for file in files:
            if total <= self.budget * _LEFT_AFTER_CLEARING:
                break
            file.path.unlink(missing_ok=True)
            total -= file.size
        self._total = total

    def _measure(self) -> Kept:
        try:
            files = self._files()
        except OSError as error:
            _tell("prepared pictures are not counted", error)
            return Kept(0, 0)
        return Kept(len(files), sum(file.size for file in files))

    def _trim(self) -> None:
        with self._lock:
            try:
                if self._measure().size > self.budget:
                    self._clear()
            except OSError as error:
                _tell("prepared pictures are not removed", error)

    def _set_aside(self) -> Kept:
        moved = 0, 0
        with self._lock:
            try:
                self._aside.mkdir(mode=0o700, parents=True, exist_ok=True)
                for file in self._files():
                    file.path.replace(self._aside / (file.path.parent.name + file.path.name))
                    moved = moved[0] + 1, moved[1] + file.size
            except OSError as error:
                _tell("prepared pictures are not set aside", error)
            self._total = None
        return Kept(*moved)

    def _bring_back(self) -> None:
        with self._lock:
            try:
                for file in self._files("aside/*"):
                    if _SHA256.fullmatch(file.path.name):
                        path = self.path(file.path.name)
                        path.parent.mkdir(mode=0o700, exist_ok=True)
                        file.path.replace(path)
            except OSError as error:
                _tell("prepared pictures are not brought back", error)
            self._total = None

    def _drop(self) -> None:
        with self._lock:
            try:
                self._remove_aside()
            except OSError as error:
                _tell("prepared pictures are not removed", error)

    def _remove_aside(self) -> None:
        for file in self._files("aside/*"):
            file.path.unlink(missing_ok=True)

    def _get(self, sha256: str) -> bytes | None:
        path = self.path(sha256)
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                return None
            data = path.read_bytes()
        except OSError:
            return None
        return data if hashed(data) == sha256 else None

    def _sweep(self, named: Collection[str], until: float) -> int:
        freed = 0
        with self._lock:
            try:
                for file in self._files("incoming/*"):
                    if file.written < until:
                        file.path.unlink(missing_ok=True)
                for file in self._files():
                    if file.written < until and file.path.parent.name + file.path.name not in named:
                        file.path.unlink(missing_ok=True)
                        freed += file.size
                if _written(self._aside) < until:
                    self._remove_aside()
            except OSError as error:
                _tell("prepared pictures are not swept", error)
            self._total = None
        return freed


def named(connection: apsw.Connection) -> frozenset[str]:
    """The hashes of all that was sent and that a message, in the trash or not, still names."""
    rows = connection.execute(
        "SELECT DISTINCT json_extract(sent.value, '$.sha256')"
        " FROM turn, json_each(CASE WHEN json_valid(run) THEN run ELSE '{}' END, '$.prepared') AS sent"
        " WHERE run IS NOT NULL"
    )
    return frozenset(str(row[0]) for row in rows if row[0])


def _tell(what: str, error: OSError) -> None:
    log.info("%s: %s", what, error.strerror or type(error).__name__)


def _written(folder: Path) -> float:
    """When something was last put into a folder; infinity where there is none."""
    try:
        return folder.stat().st_mtime
    except OSError:
        return math.inf


def _size(path: Path) -> int:
    """The length of a plain file; -1 where there is none."""
    try:
        status = path.lstat()
    except OSError:
        return -1
    return status.st_size if stat.S_ISREG(status.st_mode) else -1
