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
from functools import lru_cache
from itertools import accumulate, repeat
from operator import add, and_

from app.domain.shape import Mask

MOST_SIDE = 1024
THRESHOLD = 127
"""What is brighter belongs to the thing."""
MOST_WORK = 4 * 2**20
"""Work that the masks of one answer may make: a byte of a row that is reckoned byte by byte is 4."""

_MOST_BASE64 = 2 * 2**20
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _PALETTE = 0, 3
_CHUNK = struct.Struct(">I4s")
_HEADER = struct.Struct(">IIBBBBB")
_PREFIX = re.compile(r"data:image/png;base64,")
_RUN = re.compile(rb"\x00++|\x01++")
_NONE, _SUB, _UP, _AVERAGE, _PAETH = range(5)


class _NotRead(Exception):
    """It is no such picture, or a broken one."""


def mask_of(written: str) -> tuple[Mask | None, int]:
    """The mask in a data address or in bare base64, and the work it made.

    None for anything that is not a picture as above, and for one without a cell inside.
    """
    if len(written) > _MOST_BASE64:
        return None, 0
    return _mask(written)


@lru_cache(maxsize=256)  # an answer is read again and again while it grows
def _mask(written: str) -> tuple[Mask | None, int]:
    work = [0]
    try:
        data = binascii.a2b_base64(_PREFIX.sub("", written, count=1), strict_mode=True)
        width, height, cells = _cells(data, work)
    except (_NotRead, ValueError, struct.error, zlib.error):
        return None, work[0]
    runs: list[int] = []
    if cells[0]:
        runs.append(0)
    runs.extend(len(run[0]) for run in _RUN.finditer(cells))
    mask = Mask(width=width, height=height, runs=tuple(runs)) if len(runs) > 1 else None
    return mask, work[0]


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
    rows = _rows(_unpacked(packed, (stride + 1) * height), stride, work)
    return width, height, b"".join(_flags(row, depth, width).translate(inside) for row in rows)


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


def _flags(row: bytes, depth: int, width: int) -> bytes:
    """A byte for each cell of a row."""
    if depth == 8:
        return row
    parts = range(8 - depth, -1, -depth)
    most = 2**depth - 1
    return bytes((byte >> shift) & most for byte in row for shift in parts)[:width]


def _rows(rows: bytes, stride: int, work: list[int]) -> list[bytes]:
    """The rows as they were before each was written as differences."""
    above = zero = bytes(stride)
    made: list[bytes] = []
    for start in range(0, len(rows), stride + 1):
        how, row = rows[start], rows[start + 1 : start + 1 + stride]
        work[0] += stride
        if how == _SUB:
            summed: list[int] = [*accumulate(row, _wrapped)]
            row = bytes(summed)
        elif how in (_UP, _PAETH) and row == zero:
            row = above
        elif how == _UP:
            row = bytes(map(and_, map(add, row, above), repeat(255)))
        elif how in (_AVERAGE, _PAETH):
            work[0] += 3 * stride
            row = _average(row, above) if how == _AVERAGE else _paeth(row, above)
        elif how != _NONE:
            raise _NotRead
        if work[0] > MOST_WORK:
            raise _NotRead
        made.append(row)
        above = row
    return made


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
