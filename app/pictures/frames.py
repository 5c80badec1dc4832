"""The frames of animations and the pages of documents. Runs in the decoder child."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from PIL import Image, ImageFile

from app.child.frames import Frame
from app.pictures.caps import Caps, Refused, TooLarge
from app.pictures.files import open_regular, reading_failed
from app.pictures.render import Decoded, open_image, refusing, require_pixels, upright

MOST_LISTED = 500
"""More are neither counted nor shown: nobody chooses among them by eye."""

COUNT_SECONDS = 3.0
STRIP_SECONDS = 1.0
STRIP_MOST = 24
LONGEST_MS = 3_600_000
_BLOCKS_A_LOOK = 4096  # so often is the clock looked at

_PAGED = {"TIFF", "HEIF"}
_KNOWN_AT_ONCE = {"WEBP", "PNG", "AVIF", "HEIF"}


class _Small(NamedTuple):
    """A small frame, or why there is none."""

    image: Image.Image | None
    milliseconds: int
    reason: str = ""


class Reel:
    """A file whose frames are looked at one after the other.

    It stays open from job to job: an animation is composed from its first frame on, so going on
    costs one frame and beginning anew costs all of them. `rest` lets go of it, and `keep_to` of one that
    was opened under other caps than `caps` at first, or the last time.
    """

    def __init__(self, caps: Caps) -> None:
        self._usual = self._caps = caps
        self._known: tuple[Any, ...] = ()
        self._file: BinaryIO | None = None
        self._image: ImageFile.ImageFile | None = None
        self._format = ""

    def rest(self) -> None:
        """Close the file."""
        for held in (self._image, self._file):
            if held is not None:
                with suppress(Exception):
                    held.close()
        self._known, self._image, self._file = (), None, None

    def keep_to(self, caps: Caps) -> None:
        """Let these hold from now on."""
        if caps != self._caps:
            self.rest()
            self._caps = caps

    def answer(self, job: Frame) -> Frame:
        """What a job called `frames` or `strip` asks for. Raises Refused."""
        path = job.fields["path"]
        if job.kind == "frames":
            return Frame("frames", self._counted(path))
        first, longest_side = int(job.fields["first"]), int(job.fields["longest_side"])
        smalls = list(self._strip(path, first, longest_side))
        fields = {
            "sizes": [list(small.image.size) if small.image else [0, 0] for small in smalls],
            "milliseconds": [small.milliseconds for small in smalls],
            "reasons": [small.reason for small in smalls],
        }
        return Frame("strip", fields, b"".join(small.image.tobytes() for small in smalls if small.image))

    def png(self, path: str, number: int) -> bytes:
        """Frame `number`, from 0, as a PNG of upright sRGB pixels. Raises Refused."""
        with refusing():
            image = self._at(path, number)
            self._load(image)
            encoded = io.BytesIO()
            shown = self._upright(image, max(image.size))
            Image.frombytes("RGB", shown.size, shown.tobytes()).save(encoded, "PNG", compress_level=4)
            return encoded.getvalue()

    def _counted(self, path: str) -> dict[str, Any]:
        with refusing():
            image = self._open(path)
            large = image.width * image.height > self._usual.pixels  # counting goes on to other pages
            if self._format in _KNOWN_AT_ONCE:
                count = int(getattr(image, "n_frames", 1))
            elif self._format == "GIF":
                with open_regular(path, self._caps.file_bytes) as file:
                    count = _gif_frames(file)
            elif self._format == "TIFF":
                count = _pages(image)
            else:
                count = 1
            listed = max(1, min(count, MOST_LISTED))
            if listed == 1:
                self.rest()
            pages = self._format in _PAGED
            return {"count": listed, "more": count > listed, "pages": pages, "large": large}

    def _strip(self, path: str, first: int, longest_side: int) -> Iterator[_Small]:
        """Small frames from `first` on, for about STRIP_SECONDS; none where there is no such frame."""
        until = time.monotonic() + STRIP_SECONDS
        for number in range(first, min(first + STRIP_MOST, MOST_LISTED)):
            try:
                yield self._small(path, number, longest_side)
            except Refused:
                self.rest()
                if number == 0:
                    raise
                return  # a frame that is damaged or not there is the end of what can be shown
            if time.monotonic() > until:
                return

    def _small(self, path: str, number: int, longest_side: int) -> _Small:
        """Raises Refused; of a page that is there only for the first: those after it do not need it."""
        with refusing():
            image = self._at(path, number)
        try:
            with refusing():
                self._load(image)
                small = self._upright(image, longest_side)
                return _Small(small.copy() if small is image else small, _milliseconds(image))
        except Refused as refusal:
            if number == 0 or self._format not in _PAGED:
                raise
            if not isinstance(refusal, TooLarge):
                self.rest()
            return _Small(None, 0, str(refusal))

    def _at(self, path: str, number: int) -> ImageFile.ImageFile:
        """The image, at frame `number`; nothing of that is decoded yet."""
        image = self._open(path)
        if self._format == "PNG" and number < image.tell():
            self.rest()  # Pillow's way back to the first frame loses its place in the data
            image = self._open(path)
        try:
            image.seek(number)
        except EOFError as error:
            raise Refused(f"it has no frame {number + 1}") from error
        return image

    def _load(self, image: ImageFile.ImageFile) -> None:
        require_pixels(image.size, self._caps)
        image.load()
        require_pixels(image.size, self._caps)

    def _upright(self, image: ImageFile.ImageFile, longest_side: int) -> Image.Image:
        decoded = Decoded(image, self._format.lower(), image.size, (0, 0, *image.size))
        return upright(decoded, longest_side)

    def _open(self, path: str) -> ImageFile.ImageFile:
        """The open image, opened anew where the file is another one by now."""
        try:
            found = Path(path).stat()
        except (OSError, ValueError):
            self.rest()  # and the opening says why
        else:
            known = (path, found.st_ino, found.st_size, found.st_mtime_ns)
            if self._image is not None and self._known == known:
                return self._image
            self.rest()
            self._known = known
        self._file = open_regular(path, self._caps.file_bytes)
        self._image, self._format = open_image(self._file, self._caps)
        return self._image


def _milliseconds(image: Image.Image) -> int:
    """For how long a frame is shown; 0 where the file does not say."""
    value = image.info.get("duration", 0)
    try:
        return min(LONGEST_MS, max(0, round(float(value))))
    except (TypeError, ValueError, OverflowError):
        return 0


def _pages(image: ImageFile.ImageFile) -> int:
    """How many pages a TIFF has, counted up to one more than are listed."""
    until = time.monotonic() + COUNT_SECONDS
    count = 1
    with suppress(EOFError, OSError, ValueError, SyntaxError, KeyError, TypeError):
        while count <= MOST_LISTED and time.monotonic() < until:
            image.seek(count)
            count += 1
    return count


def _gif_frames(file: BinaryIO) -> int:
    """How many frames a GIF has, counted up to one more than are listed, without decoding any."""
    until = time.monotonic() + COUNT_SECONDS
    count = 0
    try:
        screen = file.read(13)
        _skip_table(file, screen[10])
        while count <= MOST_LISTED and time.monotonic() < until:
            kind = file.read(1)
            if kind == b"!":
                file.read(1)
            elif kind == b",":
                _skip_table(file, file.read(9)[8])
                file.read(1)
            else:
                break
            if not _skip_blocks(file, until):
                break
            count += kind == b","
    except IndexError:
        return count  # cut off in the middle of a frame
    except OSError as error:
        raise reading_failed(error) from error
    return count


def _skip_table(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 * 2 ** ((flags & 7) + 1), io.SEEK_CUR)


def _skip_blocks(file: BinaryIO, until: float) -> bool:
    """Whether their end was reached in time: a block may be as short as one byte."""
    blocks = 0
    while length := file.read(1)[0]:
        file.seek(length, io.SEEK_CUR)
        blocks += 1
        if blocks % _BLOCKS_A_LOOK == 0 and time.monotonic() > until:
            return False
    return True
