"""The PNG masks that models write into their answers, as runs of cells.

A reader of its own: small, strict and bounded, because what it reads comes from outside and is read
in this process. It takes grey and palette pictures of at most 8 bits a pixel, not interlaced, of at
most 1024 by 1024; the bytes are unpacked to exactly their due, and nothing else is looked at.
"""

from __future__ import annotations

import binascii
import re
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable
from itertools import accumulate, islice, repeat
from operator import add, and_
from threading import Lock
from typing import NamedTuple

from app.domain.geometry import Box
from app.domain.shape import Mask

WHOLE = Box(left=0, top=0, right=1, bottom=1)
"""All of a mask."""

MOST_SIDE = 1024
THRESHOLD = 127
"""What is brighter belongs to the thing."""
MOST_RUNS = 64_000
"""Runs of one mask."""
MOST_RUNS_OF_ALL = 500_000
"""Runs of all masks of one answer."""
MOST_WORK = 30_000_000
"""Work of the masks of one answer after which no more are read: 1 is about 8 ns."""

_MOST_OF_ONE = 16_000_000
_MASK_WORK = 20_000
_LINE_WORK = 300
_RUN_WORK = 40
_BIT_WORK = 4
_MOST_BASE64 = 2 * 2**20
_MOST_KEPT = 4_000_000
_RUN_WEIGHT = 16
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _PALETTE = 0, 3
_CHUNK = struct.Struct(">I4s")
_HEADER = struct.Struct(">IIBBBBB")
_PREFIX = re.compile(r"data:image/png;base64,")
_RUN = re.compile(rb"\x00++|\x01++")
_NONE, _SUB, _UP, _AVERAGE, _PAETH = range(5)
_BYTE_WORK = {_NONE: 0, _SUB: 16, _UP: 12, _AVERAGE: 20, _PAETH: 40}
"""Work for each byte of a row, by the way it is written; for none where it is the row above."""


class _NotRead(Exception):
    """It is no such picture, or a broken one."""


class _Decoded(NamedTuple):
    """The mask, None for what is none, with the work that reading it made and the runs it has."""

    mask: Mask | None
    work: int
    runs: int


class Masks:
    """Reads the masks of one answer, as many as their work and their runs allow."""

    def __init__(self) -> None:
        self._work = 0
        self._runs = 0

    def mask(self, written: str, part: Box = WHOLE) -> Mask | None:
        """The mask in a data address or in bare base64, or the cells of that `part` of it, in fractions.

        None for anything that is not a picture as above, for one without a cell inside or in too
        many pieces, and once there has been too much of them.
        """
        if len(written) > _MOST_BASE64 or self._work >= MOST_WORK:
            return None
        decoded = _kept.decoded(written)
        self._work += decoded.work
        self._runs += decoded.runs
        mask = decoded.mask if self._runs <= MOST_RUNS_OF_ALL else None
        return mask if mask is None or part is WHOLE else _cropped(mask, part)


class _Kept:
    """What was decoded last, up to a weight: an answer is read again and again while it grows."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._decoded: OrderedDict[str, _Decoded] = OrderedDict()
        self.weight = 0

    def decoded(self, written: str) -> _Decoded:
        """The mask that is written so, decoded now if it was not lately."""
        with self._lock:
            if (known := self._decoded.get(written)) is not None:
                self._decoded.move_to_end(written)
                return known
        new = _decoded(written)
        with self._lock:
            if written not in self._decoded:
                self._decoded[written] = new
                self.weight += _weight(written, new)
            while self.weight > _MOST_KEPT:
                self.weight -= _weight(*self._decoded.popitem(last=False))
        return new


_kept = _Kept()


def _weight(written: str, decoded: _Decoded) -> int:
    """About how many bytes are kept."""
    return len(written) + (_RUN_WEIGHT * decoded.runs if decoded.mask is not None else 0)


def _decoded(written: str) -> _Decoded:
    work = [_MASK_WORK]
    try:
        data = binascii.a2b_base64(_PREFIX.sub("", written, count=1), strict_mode=True)
        width, height, cells = _cells(data, work)
    except (_NotRead, ValueError, struct.error, zlib.error):
        return _Decoded(None, work[0], 0)
    runs = _runs(cells)
    work[0] += _RUN_WORK * len(runs)
    if len(runs) < 2 or sum(runs) < len(cells):
        return _Decoded(None, work[0], len(runs))
    return _Decoded(Mask(width=width, height=height, runs=tuple(runs)), work[0], len(runs))


def _runs(cells: bytes) -> list[int]:
    """How many cells are outside and inside by turns, up to a bound."""
    runs = [0] if cells[0] else []
    runs.extend(len(run[0]) for run in islice(_RUN.finditer(cells), MOST_RUNS))
    return runs


def _cropped(mask: Mask, part: Box) -> Mask | None:
    """The cells of a part, to the nearest of their edges; None where none of them is inside."""
    first, end = _reach(part.left, part.right, mask.width)
    top, bottom = _reach(part.top, part.bottom, mask.height)
    width, height = end - first, bottom - top
    if (width, height) == (mask.width, mask.height):
        return mask
    cells = b"".join(bytes([at % 2]) * run for at, run in enumerate(mask.runs))
    starts = range(top * mask.width + first, bottom * mask.width, mask.width)
    runs = _runs(b"".join(cells[start : start + width] for start in starts))
    return Mask(width=width, height=height, runs=tuple(runs)) if len(runs) > 1 else None


def _reach(first: float, last: float, count: int) -> tuple[int, int]:
    """Of so many cells those that lie between two fractions; at least one."""
    start = min(round(first * count), count - 1)
    return start, max(round(last * count), start + 1)


def _cells(data: bytes, work: list[int]) -> tuple[int, int, bytes]:
    """Width, height and a byte for each cell: 1 inside, 0 outside."""
    header, palette, packed = _chunks(data)
    width, height, depth, colour, compression, filtering, interlace = _HEADER.unpack(header)
    plain = compression == filtering == interlace == 0
    fits = 0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE
    if not (plain and fits and colour in (_GREY, _PALETTE) and depth in (1, 2, 4, 8)):
        raise _NotRead
    inside = _inside(palette, depth) if colour == _PALETTE else _bright(depth)
    stride = (width * depth + 7) // 8
    work[0] += width * height * (1 if depth == 8 else _BIT_WORK) + _LINE_WORK * height
    rows = _rows(_unpacked(packed, (stride + 1) * height), stride, work)
    if depth == 8:
        return width, height, b"".join(rows).translate(inside)
    parts = _parts(depth, inside)
    return width, height, b"".join(b"".join(map(parts, row))[:width] for row in rows)


def _chunks(data: bytes) -> tuple[bytes, bytes, bytes]:
    """The header, the palette and the packed rows, each chunk checked against its sum."""
    if not data.startswith(_SIGNATURE):
        raise _NotRead
    at = len(_SIGNATURE)
    header, palette, packed = b"", b"", list[bytes]()
    while True:
        length, name = _CHUNK.unpack_from(data, at)
        body = data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(name + body) != checksum or (name == b"IHDR") != (not header):
            raise _NotRead
        if name == b"IHDR":
            header = body
        elif name == b"PLTE":
            palette = body
        elif name == b"IDAT":
            packed.append(body)
        elif name == b"IEND":
            return header, palette, b"".join(packed)
        elif name[:1].isupper():
            raise _NotRead
        at += 12 + length


def _unpacked(packed: bytes, due: int) -> bytes:
    """Exactly `due` bytes; raises for fewer and for more."""
    inflate = zlib.decompressobj()
    rows = inflate.decompress(packed, due + 1)
    if len(rows) != due or not inflate.eof:
        raise _NotRead
    return rows


def _bright(depth: int) -> bytes:
    most = 2**depth - 1
    return bytes(value <= most and value * 255 // most > THRESHOLD for value in range(256))


def _inside(palette: bytes, depth: int) -> bytes:
    """Which of the palette's colours are bright."""
    if not palette or len(palette) % 3 or len(palette) > 3 * 2**depth:
        raise _NotRead
    colours = zip(palette[::3], palette[1::3], palette[2::3], strict=True)
    bright = [(299 * red + 587 * green + 114 * blue) / 1000 > THRESHOLD for red, green, blue in colours]
    return bytes(bright + [False] * (256 - len(bright)))


def _parts(depth: int, inside: bytes) -> Callable[[int], bytes]:
    """What tells for a byte of cells that are smaller than one which of them are inside."""
    most = 2**depth - 1
    shifts = range(8 - depth, -1, -depth)
    table = [bytes(inside[(byte >> shift) & most] for shift in shifts) for byte in range(256)]
    return table.__getitem__


def _rows(rows: bytes, stride: int, work: list[int]) -> list[bytes]:
    """The rows as they were before each was written as differences."""
    above = zero = bytes(stride)
    made: list[bytes] = []
    for start in range(0, len(rows), stride + 1):
        how, row = rows[start], rows[start + 1 : start + 1 + stride]
        if how in (_UP, _PAETH) and row == zero:
            row = above
        elif how not in _BYTE_WORK:
            raise _NotRead
        elif how != _NONE:
            work[0] += _BYTE_WORK[how] * stride
            if work[0] > _MOST_OF_ONE:
                raise _NotRead
            row = _summed(how, row, above)
        made.append(row)
        above = row
    return made


def _summed(how: int, row: bytes, above: bytes) -> bytes:
    if how == _SUB:
        summed: list[int] = [*accumulate(row, _wrapped)]
        return bytes(summed)
    if how == _UP:
        return bytes(map(and_, map(add, row, above), repeat(255)))
    return _average(row, above) if how == _AVERAGE else _paeth(row, above)


def _wrapped(left: int, new: int) -> int:
    return (left + new) & 255


def _average(row: bytes, above: bytes) -> bytes:
    made = bytearray()
    left = 0
    for new, up in zip(row, above, strict=True):
        left = (new + (left + up) // 2) & 255
        made.append(left)
    return bytes(made)


def _paeth(row: bytes, above: bytes) -> bytes:
    made = bytearray()
    left = corner = 0
    for new, up in zip(row, above, strict=True):
        if new == 0 and left == corner:
            left = up
        else:
            across, down, both = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            guess = left if across <= down and across <= both else up if down <= both else corner
            left = (new + guess) & 255
        corner = up
        made.append(left)
    return bytes(made)
