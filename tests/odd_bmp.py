"""BMP files of every header, depth and packing."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from PIL import Image

from tests.odd_pictures import OddPicture, colours

WIDTH, HEIGHT = 13, 7
PALETTE = [(n * 53 % 256, n * 97 % 256, n * 29 % 256) for n in range(256)]
RGB, RLE8, RLE4, BITFIELDS = 0, 1, 2, 3
HEADERS = (12, 40, 52, 56, 64, 108, 124)


def indexes(depth: int) -> list[list[int]]:
    return [[(x * 3 + y * 5) % (1 << depth) for x in range(WIDTH)] for y in range(HEIGHT)]


def in_colours(rows: Sequence[Sequence[int]]) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT))
    image.putdata([PALETTE[index] for row in rows for index in row])
    return image


def padded(row: bytes) -> bytes:
    return row + bytes(-len(row) % 4)


def packed(row: Sequence[int], depth: int) -> bytes:
    bits = "".join(f"{value:0{depth}b}" for value in row)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def bmp(
    length: int,
    depth: int,
    pixels: bytes,
    *,
    compression: int = RGB,
    masks: Sequence[int] = (),
    top_down: bool = False,
) -> bytes:
    """A file with a header of `length` bytes."""
    entries = PALETTE[: 1 << depth] if depth <= 8 else []
    if length == 12:
        head = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, depth)
        table = b"".join(bytes((b, g, r)) for r, g, b in entries)
    else:
        height = -HEIGHT if top_down else HEIGHT
        head = struct.pack(
            "<IiiHHIIiiII", length, WIDTH, height, 1, depth, compression, len(pixels), 0, 0, 0, 0
        )
        table = b"".join(bytes((b, g, r, 0)) for r, g, b in entries)
        packed_masks = b"".join(struct.pack("<I", mask) for mask in masks)
        if length == 40:
            table = packed_masks + table
        else:
            head = (head + packed_masks)[:length].ljust(length, b"\0")
    offset = 14 + len(head) + len(table)
    return struct.pack("<2sIHHI", b"BM", offset + len(pixels), 0, 0, offset) + head + table + pixels


def bottom_up(rows: Sequence[bytes]) -> bytes:
    return b"".join(padded(row) for row in reversed(rows))


def pictures() -> Iterator[OddPicture]:
    image = colours(WIDTH, HEIGHT)
    triples = [image.crop((0, y, WIDTH, y + 1)).tobytes("raw", "BGR") for y in range(HEIGHT)]
    quads = [image.crop((0, y, WIDTH, y + 1)).tobytes("raw", "BGRX") for y in range(HEIGHT)]
    for length in HEADERS:
        for depth in (1, 4, 8):
            rows = indexes(depth)
            data = bmp(length, depth, bottom_up([packed(row, depth) for row in rows]))
            yield OddPicture(
                f"bmp of header {length}, {depth} bits", data, in_colours(rows), may_refuse=length == 64
            )
        name = f"bmp of header {length}, 24 bits"
        yield OddPicture(name, bmp(length, 24, bottom_up(triples)), image, may_refuse=length == 64)
    yield OddPicture("bmp of 32 bits", bmp(40, 32, bottom_up(quads)), image)
    upside = b"".join(padded(row) for row in triples)
    yield OddPicture("bmp from the top down", bmp(40, 24, upside, top_down=True), image)
    yield from in_bit_fields(image)
    yield from run_lengths()
    rows24 = bottom_up(triples)
    yield OddPicture("bmp with half its rows", bmp(40, 24, rows24[: len(rows24) // 2]), None)
    yield OddPicture("bmp of 7 bits", bmp(40, 7, rows24), None)
    yield OddPicture("bmp that holds a jpeg", bmp(40, 24, rows24, compression=4), None)
    yield OddPicture("bmp of nothing but a header", bmp(40, 24, b""), None)


def in_bit_fields(image: Image.Image) -> Iterator[OddPicture]:
    """16-bit pixels in both divisions, and 32-bit ones with the channels in another order."""

    def words(red: int, green: int, blue: int) -> tuple[list[bytes], Image.Image]:
        rows, shown = [], []
        for y in range(HEIGHT):
            row = b""
            for x in range(WIDTH):
                r, g, b = image.getpixel((x, y))  # type: ignore[misc]
                r, g, b = r >> (8 - red), g >> (8 - green), b >> (8 - blue)
                row += struct.pack("<H", r << (green + blue) | g << blue | b)
                shown.append((r * 255 // (2**red - 1), g * 255 // (2**green - 1), b * 255 // (2**blue - 1)))
            rows.append(row)
        expected = Image.new("RGB", image.size)
        expected.putdata(shown)
        return rows, expected

    rows, expected = words(5, 5, 5)
    yield OddPicture("bmp of 5, 5 and 5 bits", bmp(40, 16, bottom_up(rows)), expected, 1.0)
    rows, expected = words(5, 6, 5)
    masks = (0xF800, 0x07E0, 0x001F)
    for length in (40, 56, 108, 124):
        data = bmp(length, 16, bottom_up(rows), compression=BITFIELDS, masks=masks)
        yield OddPicture(f"bmp of 5, 6 and 5 bits, header {length}", data, expected, 1.0)
    turned = [image.crop((0, y, WIDTH, y + 1)).tobytes("raw", "RGBX") for y in range(HEIGHT)]
    data = bmp(40, 32, bottom_up(turned), compression=BITFIELDS, masks=(0xFF, 0xFF00, 0xFF0000))
    yield OddPicture("bmp of 32 bits in another order", data, image, may_refuse=True)
    strange = bmp(40, 16, bottom_up(rows), compression=BITFIELDS, masks=(0x7, 0x38, 0x1C0))
    yield OddPicture("bmp of strange masks", strange, None)


def run_lengths() -> Iterator[OddPicture]:
    """Runs, literal stretches, ends of rows and an end."""
    rows = [[(x // 4 + y) % 16 for x in range(WIDTH)] for y in range(HEIGHT)]
    by_runs = (
        b"".join(b"".join(bytes((1, index)) for index in row) + b"\0\0" for row in reversed(rows)) + b"\0\1"
    )
    literal = b"".join(b"\0" + bytes((WIDTH, *row, 0)) + b"\0\0" for row in reversed(rows)) + b"\0\1"
    yield OddPicture("bmp of 8 bits in runs", bmp(40, 8, by_runs, compression=RLE8), in_colours(rows))
    yield OddPicture("bmp of 8 bits in stretches", bmp(40, 8, literal, compression=RLE8), in_colours(rows))
    nibbles = (
        b"".join(b"".join(bytes((1, index << 4)) for index in row) + b"\0\0" for row in reversed(rows))
        + b"\0\1"
    )
    yield OddPicture("bmp of 4 bits in runs", bmp(40, 4, nibbles, compression=RLE4), in_colours(rows))
    cut = bmp(40, 8, by_runs[: len(by_runs) // 2], compression=RLE8)
    yield OddPicture("bmp of runs that are cut off", cut, None)
