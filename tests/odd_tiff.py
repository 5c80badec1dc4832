"""TIFF files in strips, tiles and planes, of every packing and kind of number."""

from __future__ import annotations

import array
import struct
import zlib
from collections.abc import Iterator, Sequence

from PIL import Image

from tests.odd_pictures import SIZE, OddPicture, colours, encoded

SHORT, LONG = 3, 4
TILE = 16


def tiff(
    tags: Sequence[tuple[int, int, Sequence[int]]],
    blocks: Sequence[bytes],
    *,
    order: str = "<",
    tiled: bool = False,
    big: bool = False,
) -> bytes:
    """A file of one directory; where its blocks lie is added to `tags`."""
    mark = b"II" if order == "<" else b"MM"
    start = struct.pack(order + "HHHQ", 43, 8, 0, 16) if big else struct.pack(order + "HI", 42, 8)
    entry, room = (order + "HHQ", 8) if big else (order + "HHI", 4)
    places, counts = (324, 325) if tiled else (273, 279)
    listed = sorted(
        [*tags, (places, LONG, [0] * len(blocks)), (counts, LONG, [len(block) for block in blocks])]
    )
    directory = (
        len(mark + start)
        + (8 if big else 2)
        + (struct.calcsize(entry) + room) * len(listed)
        + (8 if big else 4)
    )
    values = [_values(order, kind, numbers) for _, kind, numbers in listed]
    extra = sum(len(value) for value in values if len(value) > room)
    at = directory + extra
    offsets = []
    for block in blocks:
        offsets.append(at)
        at += len(block)
    index = [tag for tag, _, _ in listed].index(places)
    values[index] = _values(order, LONG, offsets)
    return b"".join([mark, start, *_directory(order, entry, room, listed, values, directory, big), *blocks])


def _values(order: str, kind: int, numbers: Sequence[int]) -> bytes:
    return struct.pack(f"{order}{len(numbers)}{'H' if kind == SHORT else 'I'}", *numbers)


def _directory(
    order: str,
    entry: str,
    room: int,
    listed: Sequence[tuple[int, int, Sequence[int]]],
    values: Sequence[bytes],
    behind: int,
    big: bool,
) -> Iterator[bytes]:
    yield struct.pack(order + ("Q" if big else "H"), len(listed))
    later = b""
    for (tag, kind, numbers), value in zip(listed, values, strict=True):
        yield struct.pack(entry, tag, kind, len(numbers))
        if len(value) <= room:
            yield value.ljust(room, b"\0")
        else:
            yield struct.pack(order + ("Q" if big else "I"), behind + len(later))
            later += value
    yield struct.pack(order + ("Q" if big else "I"), 0)
    yield later


def base(
    width: int, height: int, bits: Sequence[int], photometric: int, compression: int = 1
) -> list[tuple[int, int, Sequence[int]]]:
    return [
        (256, SHORT, [width]),
        (257, SHORT, [height]),
        (258, SHORT, list(bits)),
        (259, SHORT, [compression]),
        (262, SHORT, [photometric]),
        (277, SHORT, [len(bits)]),
    ]


def pictures() -> Iterator[OddPicture]:
    yield from compressed()
    yield from in_blocks()
    yield from of_numbers()
    yield from refused()
    for size in ((1, 1), (1, 65_535), (65_535, 1)):
        image = Image.new("RGB", size, (12, 34, 56))
        yield OddPicture(f"tiff of {size[0]} x {size[1]}", encoded(image, "TIFF"), image)


def compressed() -> Iterator[OddPicture]:
    image = colours()
    for kind in ("raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "zstd"):
        options = {} if kind == "raw" else {"compression": kind}
        yield OddPicture(f"tiff in {kind}", encoded(image, "TIFF", **options), image)
    jpeg = encoded(image, "TIFF", compression="jpeg", quality=95)
    yield OddPicture("tiff in jpeg", jpeg, image, 4.0)
    predictor = encoded(image, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
    yield OddPicture("tiff in lzw with a predictor", predictor, image)
    black = image.convert("1")
    for kind in ("group3", "group4", "packbits"):
        data = encoded(black, "TIFF", compression=kind)
        yield OddPicture(f"tiff of one bit in {kind}", data, black.convert("RGB"))
    for mode in ("L", "LA", "RGBA", "CMYK", "P"):
        made = image.convert(mode)
        data = encoded(made, "TIFF", compression="tiff_lzw")
        yield OddPicture(f"tiff of {mode}", data, made.convert("RGB"), 1.0)


def in_blocks() -> Iterator[OddPicture]:
    image = colours(*SIZE)
    width, height = SIZE
    rows = [image.crop((0, y, width, y + 1)).tobytes() for y in range(height)]
    tags = base(width, height, (8, 8, 8), 2)
    for order in "<>":
        strips = [b"".join(rows[y : y + 5]) for y in range(0, height, 5)]
        made = tiff([*tags, (278, SHORT, [5])], strips, order=order)
        yield OddPicture(f"tiff in strips, {'little' if order == '<' else 'big'} end first", made, image)
    made = tiff([*tags, (278, SHORT, [height])], [b"".join(rows)], big=True)
    yield OddPicture("bigtiff", made, image)
    blocks = [
        image.crop((x, y, x + TILE, y + TILE)).tobytes()
        for y in range(0, height, TILE)
        for x in range(0, width, TILE)
    ]
    sizes = [(322, SHORT, [TILE]), (323, SHORT, [TILE])]
    yield OddPicture("tiff in tiles", tiff([*tags, *sizes], blocks, tiled=True), image)
    deflated = base(width, height, (8, 8, 8), 2, 8)
    squeezed = [zlib.compress(block) for block in blocks]
    yield OddPicture("tiff in deflated tiles", tiff([*deflated, *sizes], squeezed, tiled=True), image)
    planes = [image.getchannel(channel).tobytes() for channel in range(3)]
    made = tiff([*tags, (278, SHORT, [height]), (284, SHORT, [2])], planes)
    yield OddPicture("tiff in planes", made, image)


def of_numbers() -> Iterator[OddPicture]:
    """Grey of every depth and kind; white may be nought."""
    grey = Image.new("L", (64, 4))
    grey.putdata([x * 4 for _ in range(4) for x in range(64)])
    shown = grey.convert("RGB")
    inverted = grey.point(lambda value: 255 - value)
    one_strip = [(278, SHORT, [4])]
    made = tiff([*base(64, 4, (8,), 0), *one_strip], [inverted.tobytes()])
    yield OddPicture("tiff of grey with white as nought", made, shown)
    deep = array.array("H", [value * 257 for value in grey.tobytes()]).tobytes()
    yield OddPicture("tiff of 16 bits", tiff([*base(64, 4, (16,), 1), *one_strip], [deep]), shown)
    number = array.array("f", [value / 255 for value in grey.tobytes()]).tobytes()
    kinds = [*base(64, 4, (32,), 1), *one_strip, (339, SHORT, [3])]
    yield OddPicture("tiff of fractions", tiff(kinds, [number]), shown, 1.0)
    colour = colours(64, 4)
    wide = array.array("H", [value * 257 for value in colour.tobytes()]).tobytes()
    made = tiff([*base(64, 4, (16, 16, 16), 2), *one_strip], [wide])
    yield OddPicture("tiff of 16 bits a colour", made, colour, 1.0)
    for depth in (2, 4):
        values = [value >> (8 - depth) for value in grey.tobytes()]
        bits = "".join(f"{value:0{depth}b}" for value in values)
        rows = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
        expected = Image.new("L", (64, 4))
        expected.putdata([value * 255 // (2**depth - 1) for value in values])
        made = tiff([*base(64, 4, (depth,), 1), *one_strip], [rows])
        yield OddPicture(f"tiff of {depth} bits", made, expected.convert("RGB"))
    half = b"".join(struct.pack("<e", value / 255) for value in grey.tobytes())
    kinds = [*base(64, 4, (16,), 1), *one_strip, (339, SHORT, [3])]
    yield OddPicture("tiff of half fractions", tiff(kinds, [half]), shown, 1.0, may_refuse=True)
    double = array.array("d", [value / 255 for value in grey.tobytes()]).tobytes()
    kinds = [*base(64, 4, (64,), 1), *one_strip, (339, SHORT, [3])]
    yield OddPicture("tiff of double fractions", tiff(kinds, [double]), shown, 1.0, may_refuse=True)


def refused() -> Iterator[OddPicture]:
    image = colours()
    width, height = image.size
    tags = base(width, height, (8, 8, 8), 2)
    data = image.tobytes()
    one_strip = (278, SHORT, [height])
    kinds = {
        "with half its pixels": tiff([*tags, one_strip], [data[: len(data) // 2]]),
        "of an unknown packing": tiff([*base(width, height, (8, 8, 8), 2, 60_000), one_strip], [data]),
        "of 5 bits": tiff([*base(width, height, (5,), 1), one_strip], [data]),
        "of no size": tiff([*base(0, 0, (8, 8, 8), 2), one_strip], [data]),
        "of unlike colours": tiff([*base(width, height, (8, 4, 16), 2), one_strip], [data]),
        "of nothing but a start": tiff([*tags, one_strip], [data])[:8],
        "whose directory is far away": b"II*\0\xff\xff\xff\x7f" + data,
        "of broken lzw": tiff([*base(width, height, (8, 8, 8), 2, 5), one_strip], [data[:200]]),
    }
    for name, made in kinds.items():
        yield OddPicture(f"tiff {name}", made, None)
