"""Taking the conversations of a file into the library: all of them, or none."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from app.child.frames import Frame
from app.child.process import ChildEnded, ChildProcess
from app.domain.errors import DiskFull, ImportRefused, PictureRefused
from app.domain.message import Message, Part, PicturePart
from app.domain.picture import Picture
from app.domain.record import Record
from app.domain.transfer import Arrived, Heading
from app.pictures.decoder import Decoder
from app.pictures.intake import shown_name
from app.store.database import Store
from app.transfer import caps
from app.transfer.staging import Overview, Progress, instead_of_picture, staged

log = logging.getLogger(__name__)

SOURCES = {"fovea": "Fovea", "chatgpt": "ChatGPT", "open-webui": "Open WebUI"}
"""The programs whose exports are read, by the `source` of an overview."""
_FOLDER = "arriving"
_STOPPED = "the part of Fovea that reads it stopped while it did"

Tell = Callable[[Progress], None]


class Report(Record, frozen=True):
    """What an import did. `refused` are pictures that are none Fovea opens, with the reasons."""

    arrived: Arrived
    pictures: int = 0
    left_out: int = 0
    refused: tuple[tuple[str, str], ...] = ()


class Arriving(NamedTuple):
    """A file that was read, ready to be taken in; `name` is the file's."""

    name: str
    overview: Overview
    folder: Path


class _Taken(NamedTuple):
    pictures: tuple[Picture, ...]
    refused: dict[str, tuple[str, str]]


class Importer:
    """Reads exports in a child process, and adds what they hold to the library."""

    def __init__(self, home: Path, store: Store, decoder: Decoder) -> None:
        self._home = home
        self._store = store
        self._decoder = decoder

    @asynccontextmanager
    async def reading(self, path: Path, tell: Tell | None = None) -> AsyncGenerator[Arriving, None]:
        """Read a file; within, it is ready for `take`. Nothing of the library has changed by then.

        Cancelling ends the child at once. Raises ImportRefused for what is no export, or no whole
        one, and DiskFull.
        """
        name = shown_name(path.name or str(path))
        try:
            folder = await asyncio.to_thread(self._make_folder)
        except OSError as error:
            raise DiskFull(path=self._home / _FOLDER) from error
        try:
            yield Arriving(name, await _read(path, name, folder, tell), folder)
        finally:
            await asyncio.to_thread(_remove, folder)

    async def take(self, arriving: Arriving, tell: Tell | None = None) -> Report:
        """Add what is not in the library yet; what is there stays as it is.

        Pictures are opened as if the user had given them; one that is refused leaves a note in its
        place. Where this raises or is cancelled, the library is as it was: raises ImportRefused
        where the contents do not fit into it, and StoreFailed.
        """
        stop = threading.Event()
        placed: list[str] = []
        try:
            taken = await self._take_pictures(arriving, placed, tell)
            arrived = await self._store.arrivals.add(
                lambda: _contents(arriving.folder, taken.refused),
                arriving.overview.folders,
                taken.pictures,
                stop,
            )
        except ValueError as error:
            log.info("an import does not fit: %s", error)
            raise ImportRefused(name=arriving.name, reason="it does not fit into your library") from error
        finally:
            stop.set()
            await self._store.pictures.withdraw(placed)
        return Report(
            arrived=arrived,
            pictures=len(placed),
            left_out=arriving.overview.left_out,
            refused=tuple(taken.refused.values()),
        )

    async def _take_pictures(self, arriving: Arriving, placed: list[str], tell: Tell | None) -> _Taken:
        """Put the files of the pictures into the library; the names of new ones go to `placed`."""
        pictures, refused = [], {}
        wanted = arriving.overview.pictures
        for done, picture in enumerate(wanted):
            if tell is not None:
                tell(Progress(done, len(wanted)))
            try:
                original = await self._decoder.read(arriving.folder / str(picture.number), picture.name)
            except PictureRefused as refusal:
                refused[picture.sha256] = (picture.name, refusal.facts["reason"])
                continue
            if original.picture.sha256 != picture.sha256:
                raise ValueError("a picture changed on the way")
            data = await asyncio.to_thread(bytes, original.data)
            if await self._store.pictures.place(data, original.picture):
                placed.append(picture.sha256)
            pictures.append(original.picture)
        return _Taken(tuple(pictures), refused)

    def _make_folder(self) -> Path:
        """A new private folder on the disk of the library; what a killed import left there goes."""
        parent = self._home / _FOLDER
        parent.mkdir(mode=0o700, exist_ok=True)
        for old in parent.iterdir():
            if not _lives(old.name.partition("-")[0]):
                shutil.rmtree(old, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=parent))


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):  # another import is on its way
        folder.parent.rmdir()


async def _read(path: Path, name: str, folder: Path, tell: Tell | None) -> Overview:
    child = ChildProcess("reader")
    try:
        await child.start()
        await child.send(Frame("read", {"path": str(path.absolute()), "staging": str(folder)}))
        while True:
            async with asyncio.timeout(caps.SILENCE_S):
                answer = await child.receive()
            if answer.kind != "progress":
                break
            if tell is not None:
                tell(Progress(int(answer.fields["done"]), int(answer.fields["total"])))
        if answer.kind == "refused":
            raise ImportRefused(name=name, reason=answer.fields["reason"])
        return Overview.from_plain(json.loads(bytes(answer.payload)))
    except TimeoutError as error:
        reason = f"reading it made no progress for {caps.SILENCE_S:g} seconds"
        raise ImportRefused(name=name, reason=reason) from error
    except (ChildEnded, OSError, ValueError, KeyError) as error:
        log.warning("the reader ended: %r %s", error, list(child.stderr_tail)[-5:])
        raise ImportRefused(name=name, reason=_STOPPED) from error
    finally:
        child.kill()
        await child.close()


def _contents(folder: Path, refused: dict[str, tuple[str, str]]) -> Iterator[Heading | Message]:
    """What was put ready, with notes in the place of pictures that were refused."""
    for item in staged(folder):
        if not refused:
            yield item
        elif isinstance(item, Message):
            yield item.replace(parts=tuple(_part(part, refused) for part in item.parts))
        else:
            kept = tuple(picture for picture in item.draft.pictures if picture[0] not in refused)
            yield item.replace(draft=item.draft.replace(pictures=kept))


def _part(part: Part, refused: dict[str, tuple[str, str]]) -> Part:
    if isinstance(part, PicturePart) and part.sha256 in refused:
        return instead_of_picture(part.name, refused[part.sha256][1])
    return part


def _lives(process: str) -> bool:
    """Whether a process runs; where ids do not tell, it does."""
    if os.name != "posix" or not process.isdigit():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
