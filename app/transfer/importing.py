"""Taking the conversations of a file into the library: all of them, or none."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from app.child.frames import Frame
from app.child.process import ChildEnded, ChildProcess
from app.domain.errors import ImportRefused, PictureRefused
from app.domain.message import Message, Part, PicturePart
from app.domain.picture import Picture
from app.domain.record import Record
from app.domain.transfer import Arrived, Heading
from app.pictures.decoder import Decoder, Original
from app.pictures.intake import shown_name
from app.store.database import Store
from app.transfer import caps
from app.transfer.staging import Overview, Progress, StagedPicture, instead_of_picture, staged

log = logging.getLogger(__name__)

SOURCES = {"fovea": "Fovea", "chatgpt": "ChatGPT", "open-webui": "Open WebUI"}
"""The programs whose exports are read, by the `source` of an overview."""
_AT_ONCE = 100
_STOPPED = "the part of Fovea that reads it stopped while it did"

Tell = Callable[[Progress], None]
Refusals = tuple[tuple[str, str], ...]
"""The names of pictures, and why each is left out."""
Ask = Callable[[Refusals], Awaitable[bool]]
"""Whether the user wants pictures of more than the usual pixels, which these are."""


class Report(Record, frozen=True):
    """What an import did. `refused` are pictures that were left out of what is new, with the reasons; so
    many of them as `large` says would have been taken with the user's word."""

    arrived: Arrived
    pictures: int = 0
    left_out: int = 0
    refused: Refusals = ()
    large: int = 0


class Arriving(NamedTuple):
    """A file that was read, ready to be taken in; `name` is the file's."""

    name: str
    overview: Overview
    folder: Path


class Look(NamedTuple):
    """Pictures that would be refused, with the reasons; so many as `large` says not with the user's word."""

    refused: Refusals
    large: int


class _Taken(NamedTuple):
    pictures: tuple[Picture, ...]
    refused: dict[str, tuple[str, str]]
    placed: int
    large: tuple[StagedPicture, ...]


class Importer:
    """Reads exports in a child process, and adds what they hold to the library."""

    def __init__(self, store: Store, decoder: Decoder) -> None:
        self._store = store
        self._decoder = decoder

    @asynccontextmanager
    async def reading(self, path: Path, tell: Tell | None = None) -> AsyncGenerator[Arriving, None]:
        """Read a file; within, it is ready for `take`. Nothing of the library has changed by then.

        Cancelling ends the child at once. Raises ImportRefused for what is no export, or no whole
        one, ImportUnderWay while another import is, and the other leaves of StoreFailed.
        """
        name = shown_name(path.name or str(path))
        async with self._store.arrivals.room() as folder:
            yield Arriving(name, await _read(path, name, folder, tell), folder)

    async def take(
        self, arriving: Arriving, tell: Tell | None = None, *, large: bool = False, ask: Ask | None = None
    ) -> Report:
        """Add what is not in the library yet; what is there stays as it is.

        Of the pictures only those count that the library has, or that something new names. They are
        opened as if the user had given them; one that is refused leaves a note in its place, and all
        else of the conversation is taken. `large`: the user wants pictures of more than the usual pixels,
        too; those that the library has are taken without that. Without it the user is asked by `ask`
        where there are such pictures, before anything is added. Where this raises or is cancelled, the
        library is as it was: raises ImportRefused where the contents do not fit into it, and StoreFailed.
        """
        try:
            wanted = await self._wanted(arriving)
            taken = await self._take_pictures(arriving, wanted, tell, large)
            again = taken.large
            if again and ask and await ask(tuple(taken.refused[picture.sha256] for picture in again)):
                taken = _together(taken, await self._take_pictures(arriving, again, tell, True))
            arrived = await self._store.arrivals.add(
                lambda: _contents(arriving.folder, taken.refused), arriving.overview.folders, taken.pictures
            )
        except ValueError as error:
            raise _unfit(arriving, error) from error
        return Report(
            arrived=arrived,
            pictures=taken.placed,
            left_out=arriving.overview.left_out,
            refused=tuple(taken.refused.values()),
            large=len(taken.large),
        )

    async def look(self, arriving: Arriving, *, large: bool = False) -> Look:
        """Which pictures `take` would refuse, without `ask`. Raises ImportRefused and StoreFailed."""
        refused, too_large = [], 0
        try:
            for picture in await self._wanted(arriving):
                try:
                    await self._opened(arriving, picture, large)
                except PictureRefused as refusal:
                    refused.append((picture.name, refusal.facts["reason"]))
                    too_large += refusal.large
        except ValueError as error:
            raise _unfit(arriving, error) from error
        return Look(tuple(refused), too_large)

    async def _wanted(self, arriving: Arriving) -> list[StagedPicture]:
        """The pictures that the library has, or that something names which it does not have yet.

        Raises ValueError for what was not put ready as it should be.
        """
        pictures = arriving.overview.pictures
        unsure = {picture.sha256 for picture in pictures if not await self._is_here(picture.sha256)}
        told = staged(arriving.folder)
        while unsure and (some := await asyncio.to_thread(_some, told)):
            for item in await self._store.arrivals.missing(some):
                unsure -= _named_by(item)
        return [picture for picture in pictures if picture.sha256 not in unsure]

    async def _opened(self, arriving: Arriving, picture: StagedPicture, large: bool) -> Original:
        """Raises PictureRefused."""
        path = arriving.folder / str(picture.number)
        wanted_large = large or await self._is_here(picture.sha256)
        return await self._decoder.read(path, picture.name, wanted_large)

    async def _take_pictures(
        self, arriving: Arriving, wanted: Sequence[StagedPicture], tell: Tell | None, large: bool
    ) -> _Taken:
        """Put the files of these pictures into the library.

        They stay where the import fails: somebody may use one by then, and upkeep removes what
        nothing names.
        """
        pictures, refused, placed, too_large = [], {}, 0, list[StagedPicture]()
        for done, picture in enumerate(wanted):
            if tell is not None:
                tell(Progress(done, len(wanted)))
            try:
                original = await self._opened(arriving, picture, large)
            except PictureRefused as refusal:
                refused[picture.sha256] = (picture.name, refusal.facts["reason"])
                too_large += [picture] if refusal.large else []
                continue
            if original.picture.sha256 != picture.sha256:
                raise ValueError("a picture changed on the way")
            data = await asyncio.to_thread(bytes, original.data)
            placed += await self._store.pictures.place(data, original.picture)
            pictures.append(original.picture)
        return _Taken(tuple(pictures), refused, placed, tuple(too_large))

    async def _is_here(self, sha256: str) -> bool:
        """Whether the library has a picture."""
        try:
            await self._store.pictures.get(sha256)
        except KeyError:
            return False
        return True


def _unfit(arriving: Arriving, error: ValueError) -> ImportRefused:
    log.info("an import does not fit: %s", error)
    return ImportRefused(name=arriving.name, reason="it does not fit into your library")


def _some(told: Iterator[Heading | Message]) -> list[Heading | Message]:
    """Those of the next items that have pictures and, where none has, the last; none at the end."""
    few = [*islice(told, _AT_ONCE)]
    return [item for item in few if _named_by(item)] or few[-1:]


def _named_by(item: Heading | Message) -> set[str]:
    """The hashes of its pictures."""
    if isinstance(item, Message):
        return {part.sha256 for part in item.pictures}
    return {sha256 for sha256, _ in item.draft.pictures}


def _together(before: _Taken, then: _Taken) -> _Taken:
    """What was taken, with what was refused `before` as being large and looked at again."""
    again = {picture.sha256 for picture in before.large}
    refused = {sha256: told for sha256, told in before.refused.items() if sha256 not in again}
    return _Taken(
        (*before.pictures, *then.pictures), refused | then.refused, before.placed + then.placed, then.large
    )


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
