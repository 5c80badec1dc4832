"""PNG files of every colour type, depth, filter and interlace, and with every kind of damage."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence

from PIL import Image, PngImagePlugin

from tests.odd_pictures import SIZE, OddPicture, colours, encoded, over_white

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGBA: (8, 16)}
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
Sample = Callable[[int, int], tuple[int, ...]]


def chunk(kind: bytes, data: bytes = b"", crc: int | None = None) -> bytes:
    checksum = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def header(width: int, height: int, depth: int, colour: int, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def packed(samples: Sequence[int], depth: int) -> bytes:
    """A row of samples, those of less than a byte from the highest bit on."""
    if depth == 16:
        return struct.pack(f">{len(samples)}H", *samples)
    bits = "".join(f"{sample:0{depth}b}" for sample in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def raw_rows(size: tuple[int, int], depth: int, interlace: int, sample: Sample) -> bytes:
    """The unfiltered rows, in seven passes where interlaced."""
    rows = bytearray()
    for left, top, right, down in ADAM7 if interlace else ((0, 0, 1, 1),):
        across = range(left, size[0], right)
        for y in range(top, size[1], down):
            if across:
                rows += b"\0" + packed([value for x in across for value in sample(x, y)], depth)
    return bytes(rows)


def step(x: int, y: int, channel: int, depth: int) -> int:
    """A value of `depth` bits that differs from pixel to pixel."""
    return (
        (x * (3 + channel) + y * (5 + 2 * channel) + channel * 11)
        * (257 if depth == 16 else 1)
        % (1 << depth)
    )


def as_8_bit(value: int, depth: int) -> int:
    return value >> 8 if depth == 16 else value * 255 // ((1 << depth) - 1)


def pictures() -> Iterator[OddPicture]:
    for colour, depths in DEPTHS.items():
        for depth in depths:
            for interlace in (0, 1):
                yield of_kind(colour, depth, interlace)
    for colour, depth in ((GREY, 1), (GREY, 2), (GREY, 4), (GREY, 8), (GREY, 16), (RGB, 8), (RGB, 16)):
        yield with_colour_key(colour, depth)
    yield from with_odd_palettes()
    yield filtered()
    yield from with_odd_chunks()
    yield from damaged()
    for size in ((1, 1), (1, 65_535), (65_535, 1)):
        image = Image.new("RGB", size, (12, 34, 56))
        yield OddPicture(f"png of {size[0]} x {size[1]}", encoded(image, "PNG"), image)


def of_kind(colour: int, depth: int, interlace: int) -> OddPicture:
    """A PNG of this kind with the picture it holds."""
    channels = CHANNELS[colour]
    palette = [(n * 37 % 256, n * 91 % 256, n * 151 % 256) for n in range(1 << min(depth, 8))]

    def sample(x: int, y: int) -> tuple[int, ...]:
        return tuple(step(x, y, channel, depth) for channel in range(channels))

    data = header(*SIZE, depth, colour, interlace)
    if colour == PALETTE:
        data += chunk(b"PLTE", bytes(value for entry in palette for value in entry))
    data += chunk(b"IDAT", zlib.compress(raw_rows(SIZE, depth, interlace, sample))) + chunk(b"IEND")
    expected = Image.new("RGBA", SIZE)
    expected.putdata(
        [shown(colour, depth, sample(x, y), palette) for y in range(SIZE[1]) for x in range(SIZE[0])]
    )
    name = f"png of colour type {colour}, {depth} bits{', interlaced' if interlace else ''}"
    # 16-bit channels may be rounded or cut.
    return OddPicture(name, SIGNATURE + data, over_white(expected), 1.0 if depth == 16 else 0.0)


def shown(
    colour: int, depth: int, samples: tuple[int, ...], palette: list[tuple[int, int, int]]
) -> tuple[int, int, int, int]:
    """The 8-bit RGBA of a pixel."""
    if colour == PALETTE:
        return (*palette[samples[0]], 255)
    values = [as_8_bit(sample, depth) for sample in samples]
    grey = values[0]
    if colour in (GREY, GREY_ALPHA):
        return (grey, grey, grey, values[1] if colour == GREY_ALPHA else 255)
    return (values[0], values[1], values[2], values[3] if colour == RGBA else 255)


def with_colour_key(colour: int, depth: int) -> OddPicture:
    """One colour is transparent: that of the upper left corner."""
    channels = CHANNELS[colour]

    def sample(x: int, y: int) -> tuple[int, ...]:
        return tuple(step(x, y, channel, depth) for channel in range(channels))

    key = sample(0, 0)
    data = header(*SIZE, depth, colour) + chunk(b"tRNS", struct.pack(f">{channels}H", *key))
    data += chunk(b"IDAT", zlib.compress(raw_rows(SIZE, depth, 0, sample))) + chunk(b"IEND")
    expected = Image.new("RGB", SIZE)
    expected.putdata(
        [
            (255, 255, 255) if sample(x, y) == key else shown(colour, depth, sample(x, y), [])[:3]
            for y in range(SIZE[1])
            for x in range(SIZE[0])
        ]
    )
    return OddPicture(
        f"png with a colour key, type {colour}, {depth} bits",
        SIGNATURE + data,
        expected,
        1.0 if depth == 16 else 0.0,
    )


def with_odd_palettes() -> Iterator[OddPicture]:
    """Fewer entries of transparency than colours, and of colours than pixels ask for."""
    rows = zlib.compress(b"".join(b"\0" + bytes((x + y) % 4 for x in range(8)) for y in range(8)))
    entries = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)]
    colours_chunk = chunk(b"PLTE", bytes(value for entry in entries for value in entry))
    body = chunk(b"IDAT", rows) + chunk(b"IEND")
    expected = Image.new("RGB", (8, 8))
    clear = [(255, 255, 255), *entries[1:]]
    expected.putdata([clear[(x + y) % 4] for y in range(8) for x in range(8)])
    start = SIGNATURE + header(8, 8, 8, PALETTE)
    yield OddPicture("png of a short tRNS", start + colours_chunk + chunk(b"tRNS", b"\0") + body, expected)
    yield OddPicture("png without a palette", start + body, None)
    short = chunk(b"PLTE", bytes(value for entry in entries[:2] for value in entry))
    whole = Image.new("RGB", (8, 8))
    black = [*entries[:2], (0, 0, 0), (0, 0, 0)]
    whole.putdata([black[(x + y) % 4] for y in range(8) for x in range(8)])
    yield OddPicture("png of a short palette", start + short + body, whole, may_refuse=True)


def filtered() -> OddPicture:
    """Each row with another of the five filters."""
    image = colours()
    width, height = image.size
    rows = [image.crop((0, y, width, y + 1)).tobytes() for y in range(height)]
    raw = bytearray()
    above = bytes(3 * width)
    for y, row in enumerate(rows):
        raw.append(y % 5)
        raw += bytes((value - predicted(y % 5, row, above, at)) % 256 for at, value in enumerate(row))
        above = row
    data = header(width, height, 8, RGB) + chunk(b"IDAT", zlib.compress(bytes(raw))) + chunk(b"IEND")
    return OddPicture("png of all filters", SIGNATURE + data, image)


def predicted(kind: int, row: bytes, above: bytes, at: int) -> int:
    left, corner = (row[at - 3], above[at - 3]) if at >= 3 else (0, 0)
    up = above[at]
    if kind == 4:
        estimate = left + up - corner
        return min((left, up, corner), key=lambda each: abs(estimate - each))
    return (0, left, up, (left + up) // 2)[kind]


def with_odd_chunks() -> Iterator[OddPicture]:
    """What a reader must skip, and what it may."""
    image = colours()
    whole = encoded(image, "PNG")
    head, rest = whole[:33], whole[33:]
    start = rest.index(b"IDAT") - 4
    length = int.from_bytes(rest[start : start + 4], "big")
    data = rest[start + 8 : start + 8 + length]
    end = chunk(b"IEND")
    pieces = b"".join(chunk(b"IDAT", data[at : at + 7]) for at in range(0, len(data), 7))
    sprinkled = (
        chunk(b"IDAT")
        + chunk(b"IDAT", data[:20])
        + chunk(b"IDAT")
        + chunk(b"IDAT", data[20:])
        + chunk(b"IDAT")
    )
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "x" * 100_000, zip=True)
    odd = {
        "many small IDAT": head + pieces + end,
        "empty IDAT": head + sprinkled + end,
        "an unknown chunk": head + chunk(b"foVa", b"anything") + rest,
        "an empty tEXt": head + chunk(b"tEXt") + rest,
        "gamma": head + chunk(b"gAMA", struct.pack(">I", 45455)) + rest,
        "a broken profile": head + chunk(b"iCCP", b"x\0\0" + zlib.compress(b"no profile")) + rest,
        "a profile that is no zlib": head + chunk(b"iCCP", b"x\0\0nothing") + rest,
        "a long compressed text": encoded(image, "PNG", pnginfo=texts),
        "a wrong checksum round its data": head + chunk(b"IDAT", data, crc=1) + end,
        "bytes behind its end": whole + b"\0" * 1000,
    }
    for name, made in odd.items():
        yield OddPicture(f"png with {name}", made, image)
    questionable = {
        "a damaged text": head + chunk(b"tEXt", b"Comment\0hello", crc=1) + rest,
        "a bomb of a text": head
        + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(20_000_000), 1))
        + rest,
        "an unknown chunk that matters": head + chunk(b"FOVA", b"anything") + rest,
        "no end": whole[:-12],
        "a second header": head + head[8:] + rest,
    }
    for name, made in questionable.items():
        yield OddPicture(f"png with {name}", made, image, may_refuse=True)


def damaged() -> Iterator[OddPicture]:
    """None of these has all its pixels."""
    image = colours()
    whole = encoded(image, "PNG")
    at = whole.index(b"IDAT")
    length = int.from_bytes(whole[at - 4 : at], "big")
    data = whole[at + 4 : at + 4 + length]
    head = whole[:33]
    half = zlib.compress(zlib.decompress(data)[:500])
    refused = {
        "half its rows": head + chunk(b"IDAT", half) + chunk(b"IEND"),
        "cut data": head + chunk(b"IDAT", data[: length // 2]) + chunk(b"IEND"),
        "a wrong checksum within its data": head + chunk(b"IDAT", data[:-1] + b"\0\0") + chunk(b"IEND"),
        "no data": head + chunk(b"IEND"),
        "no width": SIGNATURE + header(0, 5, 8, RGB) + chunk(b"IDAT", data) + chunk(b"IEND"),
        "a depth that is none": SIGNATURE + header(8, 8, 3, RGB) + chunk(b"IDAT", data) + chunk(b"IEND"),
        "a colour type that is none": SIGNATURE + header(8, 8, 8, 5) + chunk(b"IDAT", data) + chunk(b"IEND"),
        "only its signature": SIGNATURE,
    }
    for name, made in refused.items():
        yield OddPicture(f"png with {name}", made, None)
