"""The decoder child: every byte of a picture from outside is parsed here and nowhere else.

    caps     -> ready               first; sets the limits of this process
    inspect  -> picture             payload, `path` or raw `size`; `keep` also returns the bytes;
                                    with `frame` a PNG of that frame of `path` alone
    pixels   -> pixels              payload or `path`, `longest_side`; the payload is raw RGB
    glance   -> pixels              the same, up to twice as large and as quick as it goes
    part     -> pixels              `path`, `box`, `longest_side`; the picture is kept decoded for
                                    the next one, until a job of another kind comes
    forget   -> forgotten           lets go of it, and of the animation whose frames were last looked at
    encode   -> jpeg                `path`, `longest_side`, `most_bytes`; the payload is a JPEG
                                    without metadata; `smaller`: scaled down for its bytes
    prepare  -> files               `path`, `recipe`; the files to send, one after the other
    frames   -> frames              `path`; how many frames or pages there are, up to a cap (`more`)
    strip    -> strip               `path`, `first`, `longest_side`; small frames one after the other

Each job is answered by its frame or by `refused` with a reason, and whether a `large` job would do it:
one whose picture may have more pixels, and which may take more memory. `seconds` of a job are those of
the processor that it may take; the system ends the child after them.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import logging
import sys
from contextlib import suppress
from typing import Any, BinaryIO

from PIL import Image

from app.child.channel import Channel
from app.child.confinement import bound_memory, confine, end_after
from app.child.frames import Frame
from app.domain.picture_sizes import JPEG_LONGEST
from app.pictures.caps import Caps, Refused, TooLarge
from app.pictures.files import open_regular, reading_failed, require_size
from app.pictures.frames import Reel
from app.pictures.jpeg import encode
from app.pictures.metadata import revealed
from app.pictures.render import OUT_OF_MEMORY, decode, glance, render, set_up
from app.pictures.viewing import Newest

_PNG_LEVEL = 4
_COARSEST = 1
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGEST_PIECE = 32 * 2**20  # the most that glibc allows; Pillow asks for 16 MB at once
_KEPT = 2**30

log = logging.getLogger(__name__)


def serve(channel: Channel) -> None:
    """Answer the parent's jobs one by one, for ever."""
    caps = Caps(**channel.receive().fields)
    confine(caps.memory_bytes, caps.for_large().memory_bytes)
    set_up()
    _keep_memory_within_jobs()
    reel, newest = Reel(caps), Newest()
    channel.send(Frame("ready"))
    while True:
        job = channel.receive()
        end_after(float(job.fields.get("seconds", caps.seconds)))
        allowed = caps.for_large() if job.fields.get("large") else caps
        reel.keep_to(allowed)  # before there is less memory than it may hold
        if job.kind != "part" or allowed is not caps:  # a large one may be kept for further parts
            bound_memory(allowed.memory_bytes)
        answer = _answer(job, allowed, reel, newest)
        end_after(0.0)
        try:
            channel.send(answer)
        except (OSError, MemoryError) as error:
            log.warning("an answer of %d bytes was not sent: %s", len(answer.payload), error)
            channel.send(_refusal("this computer has no room for its pixels"))
        del job, answer
        _give_memory_back()


def _answer(job: Frame, caps: Caps, reel: Reel, newest: Newest) -> Frame:
    try:
        if job.kind == "part":
            reel.rest()
            return _part(job, newest, caps)
        newest.forget()
        if job.kind == "forget":
            reel.rest()
            return Frame("forgotten")
        if job.kind in ("frames", "strip"):
            return reel.answer(job)
        if job.kind == "inspect":
            return _inspect(job, caps, reel)
        reel.rest()
        with _opened(job, caps) as file:
            return _shown(job, file, caps)
    except Refused as refusal:
        log.info("refused: %r", refusal.__cause__)
        return _refusal(str(refusal), large=isinstance(refusal, TooLarge))
    except MemoryError:
        return _refusal(OUT_OF_MEMORY)


def _opened(job: Frame, caps: Caps) -> BinaryIO:
    """The file the job names, or the one that came with it."""
    if "path" in job.fields:
        return open_regular(job.fields["path"], caps.file_bytes)
    require_size(len(job.payload), caps.file_bytes)
    return io.BytesIO(job.payload)


def _part(job: Frame, newest: Newest, caps: Caps) -> Frame:
    left, top, right, bottom = job.fields["box"]
    image = newest.part(job.fields["path"], (left, top, right, bottom), int(job.fields["longest_side"]), caps)
    return Frame("pixels", {"width": image.width, "height": image.height}, image.tobytes())


def _inspect(job: Frame, caps: Caps, reel: Reel) -> Frame:
    data = _original(job, caps, reel)
    decoded = decode(io.BytesIO(data), _COARSEST, caps)
    width, height = decoded.size
    fields = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "format": decoded.format,
        "width": width,
        "height": height,
        "byte_count": len(data),
        "revealed": revealed(decoded.image),
    }
    decoded.image.close()
    return Frame("picture", fields, data if job.fields.get("keep") else b"")


def _original(job: Frame, caps: Caps, reel: Reel) -> bytes:
    """All bytes of the picture the job names."""
    if "frame" in job.fields:
        return reel.png(job.fields["path"], int(job.fields["frame"]))
    reel.rest()
    if "path" in job.fields:
        data = _read_whole(job.fields["path"], caps)
    elif "size" in job.fields:
        data = _png(tuple(job.fields["size"]), job.payload)
    else:
        data = bytes(job.payload)
    require_size(len(data), caps.file_bytes)
    return data


def _read_whole(path: str, caps: Caps) -> bytes:
    with open_regular(path, caps.file_bytes) as file:
        try:
            return file.read(caps.file_bytes + 1)
        except OSError as error:
            raise reading_failed(error) from error


def _png(size: tuple[int, int], rgb: bytes | memoryview) -> bytes:
    try:
        image = Image.frombytes("RGB", size, bytes(rgb))
    except ValueError as error:
        raise Refused("its pixels are not all there") from error
    encoded = io.BytesIO()
    image.save(encoded, "PNG", compress_level=_PNG_LEVEL)
    return encoded.getvalue()


def _shown(job: Frame, file: BinaryIO, caps: Caps) -> Frame:
    if job.kind == "prepare":
        from app.pictures.recipe import Recipe  # not needed to show pictures
        from app.pictures.sending import files

        return files(Recipe.from_plain(job.fields["recipe"]), file, caps)
    longest_side = int(job.fields["longest_side"])
    if job.kind == "encode":
        longest_side = min(longest_side, JPEG_LONGEST)
    show = glance if job.kind == "glance" else render
    image = show(decode(file, longest_side, caps), longest_side)
    fields: dict[str, Any] = {"width": image.width, "height": image.height}
    if job.kind != "encode":
        return Frame("pixels", fields, image.tobytes())
    jpeg = encode(image, job.fields["most_bytes"])
    fields = {"width": jpeg.width, "height": jpeg.height, "smaller": jpeg[1:3] != image.size}
    return Frame("jpeg", fields, jpeg.data)


def _refusal(reason: str, *, large: bool = False) -> Frame:
    return Frame("refused", {"reason": reason, "large": large})


def _keep_memory_within_jobs() -> None:
    """A picture is made in many large pieces, for each of which glibc would ask the system anew; getting
    the pages costs a tenth of the work. After the job all of them are given back."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None)
            libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST_PIECE)
            libc.mallopt(_M_TRIM_THRESHOLD, _KEPT)


def _give_memory_back() -> None:
    """glibc keeps the room of a decoded picture; this child may then be idle for hours."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
