"""The owner of the decoder child."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.child.frames import Frame
from app.child.process import ENDED_LATE, ChildEnded, ChildProcess
from app.domain.errors import PictureRefused
from app.domain.geometry import Box
from app.domain.picture import Picture, Pixels
from app.domain.record import Record
from app.pictures.caps import Caps

if TYPE_CHECKING:
    from app.pictures.recipe import Recipe

log = logging.getLogger(__name__)

START_S = 30.0
_CUT_S = 2.0
"""What each further picture that is made of one may take; coloured writing with photographs takes 0.7."""
_OF_KEPT = frozenset(("pixels", "part", "encode", "prepare", "frames"))
"""Jobs on pictures that were taken in: a large one has the user's word already."""
_CRASHED = "the part of Fovea that opens pictures stopped while it looked at it"
_NO_ROOM = "this computer has no room for its pixels"
_NOT_STARTED = "the part of Fovea that opens pictures does not start"


class Original(Record, frozen=True):
    """A picture with the bytes of its file; `data` may be a view of mapped memory."""

    picture: Picture
    data: bytes | memoryview


class Encoded(Record, frozen=True):
    """A JPEG file. `smaller`: fewer pixels than asked for, because of its bytes."""

    data: bytes
    width: int
    height: int
    smaller: bool = False


class Made(Record, frozen=True):
    """A file to send. Because of its bytes: `smaller`: fewer pixels than asked for; `duller`: without faint
    colours.

    `text_px` is about how high capital letters of its smallest writing are, in its pixels.
    """

    data: bytes
    mime: str
    width: int
    height: int
    smaller: bool
    text_px: float | None
    duller: bool = False


class FrameCount(Record, frozen=True):
    """How many frames a picture has to choose from, at least 1. `more`: there are more than are listed.

    `pages`: they are pages of a document or pictures of a series, not moments of an animation. `large`: it is
    a large picture by its first frame, for which it was taken in at the user's word.
    """

    listed: int
    more: bool = False
    pages: bool = False
    large: bool = False


class FrameThumbnail(Record, frozen=True):
    """A frame in small, and for how many milliseconds it is shown (0: the file does not say).

    A page that cannot be shown has no pixels and a clause that says why, `reason`.
    """

    pixels: Pixels | None
    milliseconds: int
    reason: str = ""


class Decoder:
    """Opens pictures in a child process that hostile files may hang, crash or fill.

    The child starts with the first job and is kept. Jobs run one after the other. A job that takes
    longer than `caps` let it, or ends the child, fails alone: the next one gets a new child.
    Cancelling a job frees the child for the next one. Pictures of more than the usual pixels, which the
    caps call large, are taken in at the user's word alone, and cost more.

    Every method but `get_ready`, `forget` and `close` raises PictureRefused with `name` and the reason.
    """

    def __init__(self, caps: Caps | None = None) -> None:
        self._caps = caps or Caps()
        self._lock = asyncio.Lock()
        self._child: ChildProcess | None = None
        self._closed = False
        self._jobs = 0

    @property
    def pid(self) -> int | None:
        """The process id of the child while it runs."""
        return self._child.pid if self._child else None

    @property
    def busy(self) -> bool:
        """Whether the next job has to wait for another one."""
        return self._jobs > 0

    async def inspect(
        self,
        path: Path | None = None,
        data: bytes | memoryview | None = None,
        name: str = "",
        large: bool = False,
    ) -> Picture:
        """What the file at `path`, or `data`, is. Its pixels were all decoded once.

        With `large` it may be a large one; without, the refusal of such a one says that it is `large`.
        """
        fields = {**(_path_field(path) if path is not None else {}), "large": large}
        answer = await self._ask(Frame("inspect", fields, data or b""), "picture", name)
        return _picture(answer, name)

    async def read(self, path: Path, name: str, large: bool = False) -> Original:
        """The file at `path` with its bytes, read once and by the child alone; `large` as in `inspect`."""
        job = Frame("inspect", {**_path_field(path), "keep": True, "large": large})
        answer = await self._ask(job, "picture", name)
        return Original(_picture(answer, name), answer.payload)

    async def to_png(self, pixels: Pixels, name: str) -> Original:
        """Pixels that never were a file, as a PNG file."""
        job = Frame("inspect", {"size": [pixels.width, pixels.height], "keep": True}, pixels.rgb)
        answer = await self._ask(job, "picture", name)
        return Original(_picture(answer, name), answer.payload)

    async def pixels(self, path: Path, name: str, longest_side: int) -> Pixels:
        """Upright sRGB pixels of at most `longest_side`, never larger than the original."""
        job = Frame("pixels", {**_path_field(path), "longest_side": longest_side})
        return _pixels(await self._ask(job, "pixels", name), name)

    async def glance(self, path: Path, name: str, longest_side: int, kept: bool = False) -> Pixels:
        """The same, quickly: its longer side is of `longest_side` or less than twice as much, to be scaled
        when it is drawn; its shorter one has at least a pixel.

        `kept`: it was taken in, and so may be a large one.
        """
        job = Frame("glance", {**_path_field(path), "longest_side": longest_side, "kept": kept})
        return _pixels(await self._ask(job, "pixels", name), name)

    async def pixels_of(self, data: bytes, name: str, longest_side: int) -> Pixels:
        """The same of an encoded picture that is no file, such as one that is sent."""
        answer = await self._ask(Frame("pixels", {"longest_side": longest_side}, data), "pixels", name)
        return _pixels(answer, name)

    async def part(self, path: Path, name: str, box: Box, longest_side: int) -> Pixels:
        """Upright sRGB pixels of a part of the picture, at most `longest_side`, never enlarged.

        `box` is in pixels of the upright original; it is grown to whole ones, and what of it lies
        outside the picture is left out. The child keeps the picture, all its pixels decoded, so that
        the next part of it is quick; the next job of any other kind lets go of it. Whoever looks at
        pictures closely has a decoder of its own for that.
        """
        sides = [box.left, box.top, box.right, box.bottom]
        job = Frame("part", {**_path_field(path), "box": sides, "longest_side": longest_side})
        return _pixels(await self._ask(job, "pixels", name), name)

    async def get_ready(self) -> None:
        """Start the child ahead of its first job, which tells what goes wrong."""
        with suppress(ChildEnded, OSError, TimeoutError):
            async with self._lock:
                await self._ready()

    async def forget(self) -> None:
        """Let go of the picture that `part` keeps, and of what `strip` and `frame` keep for the next frame.

        Does nothing where no child runs.
        """
        if self._child is not None and self._child.running:
            with suppress(PictureRefused):
                await self._ask(Frame("forget"), "forgotten", "")

    async def encode(
        self, path: Path, name: str, longest_side: int, most_bytes: int | None = None
    ) -> Encoded:
        """The same pixels as a JPEG file without any metadata.

        With `most_bytes` it has no more than those: at a lower quality, and where that is not
        enough, with fewer pixels.
        """
        fields = {**_path_field(path), "longest_side": longest_side, "most_bytes": most_bytes}
        answer = await self._ask(Frame("encode", fields), "jpeg", name)
        return Encoded(bytes(answer.payload), *_size(answer, name), answer.fields.get("smaller") is True)

    async def frames(self, path: Path, name: str) -> FrameCount:
        """How many frames there are to choose from; none but the first one need be whole."""
        answer = await self._ask(Frame("frames", _path_field(path)), "frames", name)
        count = answer.fields.get("count")
        if not isinstance(count, int) or count < 1:
            raise PictureRefused(name=name, reason=_CRASHED)
        more, pages, large = (answer.fields.get(name) is True for name in ("more", "pages", "large"))
        return FrameCount(count, more, pages, large)

    async def strip(
        self, path: Path, name: str, first: int, longest_side: int, large: bool = False
    ) -> tuple[FrameThumbnail, ...]:
        """Some small frames from `first` (from 0) on, upright; empty behind the last one; `large` as in
        `inspect`."""
        fields = {**_path_field(path), "first": first, "longest_side": longest_side, "large": large}
        answer = await self._ask(Frame("strip", fields), "strip", name)
        try:
            return _thumbnails(answer)
        except (KeyError, TypeError, ValueError) as error:
            raise PictureRefused(name=name, reason=_CRASHED) from error

    async def frame(self, path: Path, name: str, number: int, large: bool = False) -> Original:
        """Frame `number` (from 0), composed and upright, as a PNG file of its own; `large` as in
        `inspect`."""
        job = Frame("inspect", {**_path_field(path), "frame": number, "keep": True, "large": large})
        answer = await self._ask(job, "picture", name)
        return Original(_picture(answer, name), answer.payload)

    async def prepare(self, path: Path, name: str, recipe: Recipe) -> tuple[Made, ...]:
        """The files to send for the picture, one for each cut of `recipe`, without any metadata."""
        job = Frame("prepare", {**_path_field(path), "recipe": recipe.to_plain()})
        answer = await self._ask(job, "files", name, _CUT_S * (len(recipe.cuts) - 1))
        try:
            return tuple(_made(answer))
        except (KeyError, TypeError, ValueError) as error:
            raise PictureRefused(name=name, reason=_CRASHED) from error

    async def close(self) -> None:
        """End the child, also in the middle of a job; no job starts it again."""
        self._closed = True
        await self._drop()

    async def _ask(self, job: Frame, kind: str, name: str, more_s: float = 0.0) -> Frame:
        self._jobs += 1
        try:
            return await self._answer(job, kind, name, more_s)
        except PictureRefused as refusal:
            if not (refusal.large and (job.kind in _OF_KEPT or job.fields.get("kept"))):
                raise
            job = Frame(job.kind, {**job.fields, "large": True}, job.payload)
            return await self._answer(job, kind, name, more_s)
        finally:
            self._jobs -= 1

    async def _answer(self, job: Frame, kind: str, name: str, more_s: float) -> Frame:
        """The child's answer to `job`, which is of `kind`, within `more_s` of the processor more than the
        caps say."""
        caps = self._caps.for_large() if job.fields.get("large") else self._caps
        seconds = caps.seconds + more_s
        by_clock = seconds if ENDED_LATE is None else seconds * self._caps.patience
        job = Frame(job.kind, {**job.fields, "seconds": seconds}, job.payload)
        async with self._lock:
            try:
                child = await self._ready()
            except (ChildEnded, OSError, TimeoutError) as error:
                log.warning("the decoder does not start: %r", error)
                raise PictureRefused(name=name, reason=_NOT_STARTED) from error
            try:
                async with asyncio.timeout(by_clock):
                    await child.send(job)
                    answer = await child.receive()
            except TimeoutError as error:
                await self._drop()
                raise PictureRefused(name=name, reason=_too_long(by_clock, job)) from error
            except ChildEnded as error:
                if child.returncode is not None and child.returncode == ENDED_LATE:
                    raise PictureRefused(name=name, reason=_too_long(seconds, job)) from error
                log.warning("the decoder ended: %s %s", error, list(child.stderr_tail)[-5:])
                await self._drop()
                raise PictureRefused(name=name, reason=_CRASHED) from error
            except OSError as error:
                raise PictureRefused(name=name, reason=_NO_ROOM) from error
            except BaseException:  # cancelled between the question and its answer
                await self._drop()
                raise
        if answer.kind == "refused":
            refusal = PictureRefused(name=name, reason=answer.fields.get("reason", _CRASHED))
            refusal.large = answer.fields.get("large") is True
            raise refusal
        if answer.kind != kind:
            raise PictureRefused(name=name, reason=_CRASHED)
        return answer

    async def _ready(self) -> ChildProcess:
        """The running child, started if there is none."""
        if self._closed:
            raise ChildEnded("it was closed")
        if self._child is not None and self._child.running:
            return self._child
        await self._drop()
        child = ChildProcess("decoder")
        try:
            async with asyncio.timeout(START_S):
                await child.start()
                await child.send(Frame("caps", self._caps.to_plain()))
                await child.receive()
            if self._closed:
                raise ChildEnded("it was closed while it started")
        except BaseException:
            child.kill()
            await child.close()
            raise
        self._child = child
        return child

    async def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            await child.close()


def _too_long(seconds: float, job: Frame) -> str:
    return f"it took longer than {seconds:g} seconds to {'prepare' if job.kind == 'prepare' else 'open'}"


def _path_field(path: Path) -> dict[str, Any]:
    return {"path": str(path.absolute())}


def _picture(answer: Frame, name: str) -> Picture:
    try:
        return Picture.from_plain(answer.fields)
    except ValueError as error:
        raise PictureRefused(name=name, reason=_CRASHED) from error


def _thumbnails(answer: Frame) -> tuple[FrameThumbnail, ...]:
    """Raises KeyError, TypeError or ValueError for an answer that is none."""
    found, start = [], 0
    for (width, height), milliseconds, reason in zip(
        *(answer.fields[name] for name in ("sizes", "milliseconds", "reasons")), strict=True
    ):
        end = start + 3 * int(width) * int(height)
        shown = Pixels(int(width), int(height), bytes(answer.payload[start:end])) if end > start else None
        found.append(FrameThumbnail(shown, int(milliseconds), str(reason)))
        start = end
    if start != len(answer.payload):
        raise ValueError("its pixels are not all there")
    return tuple(found)


def _made(answer: Frame) -> Iterator[Made]:
    """The files in `answer`. Raises KeyError, TypeError or ValueError where it is not as it should be."""
    start = 0
    for fields in answer.fields["files"]:
        end = start + int(fields["byte_count"])
        data = bytes(answer.payload[start:end])
        width, height, text_px = int(fields["width"]), int(fields["height"]), fields["text_px"]
        if not 0 < len(data) == end - start or min(width, height) < 1:
            raise ValueError("a file that is not all there")
        yield Made(
            data=data,
            mime=str(fields["mime"]),
            width=width,
            height=height,
            smaller=fields["smaller"] is True,
            text_px=None if text_px is None else float(text_px),
            duller=fields["duller"] is True,
        )
        start = end


def _pixels(answer: Frame, name: str) -> Pixels:
    width, height = _size(answer, name)
    if len(answer.payload) != 3 * width * height:
        raise PictureRefused(name=name, reason=_CRASHED)
    return Pixels(width, height, answer.payload)


def _size(answer: Frame, name: str) -> tuple[int, int]:
    width, height = answer.fields.get("width"), answer.fields.get("height")
    if not (isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0):
        raise PictureRefused(name=name, reason=_CRASHED)
    return width, height
