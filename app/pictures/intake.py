"""Taking in what was dropped, pasted or opened: each picture is looked at, stored, and named."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import PictureRefused
from app.domain.picture import Attachment, Picture, Pixels
from app.domain.record import Record
from app.pictures.decoder import Decoder, Original
from app.pictures.files import FOLDER

if TYPE_CHECKING:
    from app.pictures.web_picture import WebPicture

NAME_LENGTH = 120
_ANY_BYTES = "application/octet-stream"
_PREFERRED = (_ANY_BYTES, "image/png", "image/jpeg", "image/webp")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_ON_THE_WEB = (
    "it is on the web, and nothing is fetched from there without your word; "
    "you can also save the picture and open the saved file"
)


class FrameOf(Record, frozen=True):
    """Frame `number` (from 0) of the animation or document at `path`, and what it is to be called."""

    path: Path
    name: str
    number: int


class Offer(Record, frozen=True):
    """What another program hands over, or what the user chose.

    Blobs (type and bytes) and pixels are other forms of the same picture: the best one counts.
    `pasted` tells a paste from a drop, for the picture's name, where `name` does not say it. With
    `frames` the rest counts for nothing. `large`: the user wants it though it may be a large picture.
    """

    paths: tuple[Path, ...] = ()
    blobs: tuple[tuple[str, bytes], ...] = ()
    pixels: Pixels | None = None
    urls: tuple[str, ...] = ()
    pasted: bool = False
    name: str = ""
    frames: tuple[FrameOf, ...] = ()
    large: bool = False

    def apart(self) -> list[Offer]:
        """An offer for each frame, for each file, or for the one picture that came without."""
        frames = [self.replace(frames=(frame,)) for frame in self.frames]
        return frames or [self.replace(paths=(path,)) for path in self.paths] or [self]

    @property
    def called(self) -> str:
        """What the first picture of it is called as far as the offer says, empty for not."""
        frame = self.frames[0].name if self.frames else ""
        return frame or self.name or (self.paths[0].name if self.paths else "")


class Pictures(Protocol):
    """Where originals are kept."""

    async def add(self, data: bytes, picture: Picture) -> None:
        """Keep the bytes for good before returning. Raises StoreFailed."""
        ...


Fetch = Callable[[str], Awaitable["WebPicture"]]
"""Gets the picture of an address; raises PictureRefused."""


class _Found(Record, frozen=True):
    name: str
    original: Original
    link: str = ""


class Intake:
    """Takes pictures into the library, byte for byte as they were given."""

    def __init__(self, decoder: Decoder, pictures: Pictures) -> None:
        self._decoder = decoder
        self._pictures = pictures
        self._unnamed = {"pasted picture": 0, "dropped picture": 0}

    async def take(
        self, offer: Offer, fetch: Fetch | None = None
    ) -> AsyncGenerator[Attachment | PictureRefused, None]:
        """Yield each picture of `offer` once it is stored, or why it is refused.

        Local files come first; without any, the bytes a browser hands over under no type, then
        picture bytes, then plain pixels (kept as PNG). A folder is refused with its path as the
        refusal's `folder`. An address on the web is fetched with `fetch`, which is for a user who
        agreed to it; without, the refusal has the address as its `url`. The same picture is yielded
        once. Raises StoreFailed when there is no way to keep one.
        """
        taken: set[str] = set()
        async with aclosing(self._found(offer, fetch)) as found:
            async for item in found:
                if isinstance(item, PictureRefused):
                    yield item
                    continue
                picture = item.original.picture
                if picture.sha256 not in taken:
                    taken.add(picture.sha256)
                    await self._keep(item.original)
                    yield Attachment(picture=picture, name=item.name, link=item.link)

    async def _found(
        self, offer: Offer, fetch: Fetch | None
    ) -> AsyncGenerator[_Found | PictureRefused, None]:
        try:
            for frame in offer.frames:
                yield await self._frame(frame, offer.large)
        finally:
            if offer.frames:
                await self._decoder.forget()
        for path in offer.paths:
            yield await self._file(path, offer.name, offer.large)
        if not offer.paths and not offer.frames:
            refusal: PictureRefused | None = None
            async with aclosing(self._nameless(offer)) as forms:
                async for item in forms:
                    if isinstance(item, PictureRefused):
                        refusal = refusal or item
                    else:
                        yield item
                        return
            if refusal is not None:
                yield refusal
                return
        for url in offer.urls:
            yield await self._on_the_web(url, fetch, offer.large)

    async def _nameless(self, offer: Offer) -> AsyncGenerator[_Found | PictureRefused, None]:
        """Every form of the one picture that came without a file, the best first."""
        kind = "pasted picture" if offer.pasted else "dropped picture"
        name = shown_name(offer.name) or f"{kind} {self._unnamed[kind] + 1}"
        for data in _best_first(offer.blobs):
            try:
                picture = await self._decoder.inspect(data=data, name=name, large=offer.large)
            except PictureRefused as refusal:
                yield refusal
            else:
                self._unnamed[kind] += not offer.name
                yield _Found(name, Original(picture, data))
        if offer.pixels is not None:
            try:
                original = await self._decoder.to_png(offer.pixels, name)
            except PictureRefused as refusal:
                yield refusal
            else:
                self._unnamed[kind] += not offer.name
                yield _Found(name, original)

    async def _file(self, path: Path, name: str, large: bool) -> _Found | PictureRefused:
        name = shown_name(name or path.name or str(path))
        try:
            return _Found(name, await self._decoder.read(path, name, large))
        except PictureRefused as refusal:
            if refusal.facts["reason"] == FOLDER:
                refusal.folder = str(path)
            return refusal

    async def _frame(self, frame: FrameOf, large: bool) -> _Found | PictureRefused:
        name = shown_name(frame.name)
        try:
            original = await self._decoder.frame(frame.path, name, frame.number, large)
            return _Found(name, original)
        except PictureRefused as refusal:
            return refusal

    async def _on_the_web(self, url: str, fetch: Fetch | None, large: bool) -> _Found | PictureRefused:
        if fetch is None:
            refusal = PictureRefused(name=shown_name(url), reason=_ON_THE_WEB)
            refusal.url = url
            return refusal
        try:
            fetched = await fetch(url)
            picture = await self._decoder.inspect(data=fetched.data, name=fetched.name, large=large)
        except PictureRefused as refusal:
            return refusal
        return _Found(fetched.name, Original(picture, fetched.data), fetched.link)

    async def _keep(self, original: Original) -> None:
        data = original.data
        if isinstance(data, memoryview):
            data = await asyncio.to_thread(bytes, data)
        await self._pictures.add(data, original.picture)


def shown_name(name: str) -> str:
    """`name` as it can be shown and stored: one line, no direction marks, not without end."""
    readable = _UNPRINTABLE.sub("\ufffd", name)
    return readable if len(readable) <= NAME_LENGTH else readable[: NAME_LENGTH - 1] + "…"


def _best_first(blobs: Iterable[tuple[str, bytes]]) -> list[bytes]:
    def rank(blob: tuple[str, bytes]) -> int:
        mime = blob[0].partition(";")[0].strip().lower()
        return _PREFERRED.index(mime) if mime in _PREFERRED else len(_PREFERRED)

    return [data for _, data in sorted(blobs, key=rank)]
