"""The newest pictures of a folder: names and times alone, nothing is opened."""

from __future__ import annotations

import asyncio
import heapq
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp", ".dib"),
    *(".tif", ".tiff", ".heic", ".heif", ".hif", ".avif"),
)
MOST_LISTED = 2_000
MOST_SEEN = 200_000
DEPTH = 3
SECONDS = 5.0


class RollPicture(NamedTuple):
    """A file that is called like a picture, and when it was last changed (seconds of the epoch)."""

    path: Path
    changed: float


class Roll(NamedTuple):
    """The newest files, the newest first; `total` is how many there are.

    `more`: there are more than anybody counted. `problem` is a clause where nothing could be read;
    `missing`: because there is no such folder.
    """

    pictures: tuple[RollPicture, ...] = ()
    total: int = 0
    more: bool = False
    problem: str = ""
    missing: bool = False


Look = Callable[[Path, int], Roll]


async def newest(
    folder: Path, most: int = MOST_LISTED, *, seconds: float = SECONDS, look: Look | None = None
) -> Roll:
    """The newest pictures in `folder` and the folders within it, DEPTH deep, hidden ones left out.

    Looks in a thread of its own, which a disk that does not answer may keep for ever: after
    `seconds` nobody waits for it any more, nor does the end of the program.
    """
    loop = asyncio.get_running_loop()
    promise: asyncio.Future[Roll] = loop.create_future()

    def keep(roll: Roll) -> None:
        if not promise.done():
            promise.set_result(roll)

    def work() -> None:
        roll = (look or listed)(folder, most)
        try:
            loop.call_soon_threadsafe(keep, roll)
        except RuntimeError:
            return  # the loop is closed: nobody waits

    threading.Thread(target=work, name="camera roll", daemon=True).start()
    try:
        async with asyncio.timeout(seconds):
            return await promise
    except TimeoutError:
        return Roll(problem="the disk that it is on does not answer")


def listed(folder: Path, most: int = MOST_LISTED) -> Roll:
    """As `newest`, at once. Stops counting after MOST_SEEN names and most of SECONDS."""
    try:
        found, more = _found(folder, time.monotonic() + 0.8 * SECONDS)
    except OSError as error:
        return Roll(problem=_clause(error), missing=isinstance(error, FileNotFoundError))
    best = heapq.nlargest(most, found)
    return Roll(tuple(RollPicture(Path(path), changed) for changed, path in best), len(found), more)


def _found(folder: Path, until: float) -> tuple[list[tuple[float, str]], bool]:
    """Time and path of each picture, and whether there may be more.

    Raises OSError where `folder` cannot be read.
    """
    found: list[tuple[float, str]] = []
    waiting = [(str(folder), 0)]
    seen = 0
    while waiting:
        place, depth = waiting.pop()
        for entry in _scan(place, required=depth == 0):
            seen += 1
            if seen > MOST_SEEN or time.monotonic() > until:
                return found, True
            if _is_folder(entry):
                waiting.extend([(entry.path, depth + 1)] if depth < DEPTH else [])
            elif picture := _picture(entry):
                found.append(picture)
    return found, False


def _scan(place: str, *, required: bool) -> Iterator[os.DirEntry[str]]:
    """What lies in a folder; nothing where it cannot be read, unless that is an error."""
    try:
        with os.scandir(place) as scan:
            yield from scan
    except OSError:
        if required:
            raise


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _picture(entry: os.DirEntry[str]) -> tuple[float, str] | None:
    if entry.name.startswith(".") or not entry.name.lower().endswith(SUFFIXES):
        return None
    try:
        return (entry.stat().st_mtime, entry.path) if entry.is_file() else None
    except OSError:
        return None  # it vanished, or may not be looked at


def _clause(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such folder"
    if isinstance(error, NotADirectoryError):
        return "it is not a folder"
    if isinstance(error, PermissionError):
        return "you may not read it"
    return f"it could not be read ({error.strerror})"
