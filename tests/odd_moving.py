"""GIF, WebP, HEIF and AVIF files: animations, offsets, transparency and odd sizes."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from PIL import Image

from tests.odd_pictures import OddPicture, colours, encoded, over_white

LOSSY = 6.0
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
TABLE = bytes(value for colour in (RED, GREEN, BLUE, WHITE) for value in colour)


def pictures() -> Iterator[OddPicture]:
    yield from gifs()
    yield from webps()
    yield from containers()
    frames = [Image.new("RGB", (20, 10), colour) for colour in (RED, GREEN, BLUE)]
    for name, tolerance in (("PNG", 0.0), ("GIF", 0.0), ("WEBP", LOSSY), ("AVIF", LOSSY), ("HEIF", LOSSY)):
        data = encoded(frames[0], name, save_all=True, append_images=frames[1:])
        yield OddPicture(f"moving {name.lower()}", data, frames[0], tolerance)


# ---------------------------------------------------------------- GIF


def codes(indexes: Sequence[int]) -> bytes:
    """LZW of two-bit indexes that never needs more than its first width: it forgets in time."""
    bits = ""
    for number, index in enumerate(indexes):
        if number % 2 == 0:
            bits = f"{4:03b}" + bits
        bits = f"{index:03b}" + bits
    bits = f"{5:03b}" + bits
    bits = bits.zfill(len(bits) + -len(bits) % 8)
    data = bytes(int(bits[at : at + 8], 2) for at in range(len(bits) - 8, -1, -8))
    blocks = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"\2" + b"".join(bytes((len(block),)) + block for block in blocks) + b"\0"


def frame(left: int, top: int, width: int, height: int, indexes: Sequence[int], flags: int = 0) -> bytes:
    local = TABLE[::-1] if flags & 0x80 else b""
    return b"," + struct.pack("<HHHHB", left, top, width, height, flags) + local + codes(indexes)


def gif(width: int, height: int, *parts: bytes, table: bool = True, version: bytes = b"GIF89a") -> bytes:
    flags = 0x91 if table else 0
    return (
        version
        + struct.pack("<HHBBB", width, height, flags, 0, 0)
        + (TABLE if table else b"")
        + b"".join(parts)
        + b";"
    )


def control(disposal: int, clear: int | None = None) -> bytes:
    flags = disposal << 2 | (clear is not None)
    return b"!\xf9\4" + struct.pack("<BHB", flags, 5, clear or 0) + b"\0"


def squares(
    width: int, height: int, indexes: Sequence[int], colours_of: Sequence[tuple[int, int, int]]
) -> Image.Image:
    image = Image.new("RGB", (width, height))
    image.putdata([colours_of[index] for index in indexes])
    return image


def gifs() -> Iterator[OddPicture]:
    table = (RED, GREEN, BLUE, WHITE)
    indexes = [(x + 2 * y) % 4 for y in range(6) for x in range(8)]
    whole = squares(8, 6, indexes, table)
    yield OddPicture("gif of 1987", gif(8, 6, frame(0, 0, 8, 6, indexes), version=b"GIF87a"), whole)
    clear = squares(8, 6, indexes, (RED, WHITE, BLUE, WHITE))
    for disposal in range(8):
        data = gif(
            8, 6, control(disposal, 1), frame(0, 0, 8, 6, indexes), control(1), frame(1, 1, 2, 2, [0] * 4)
        )
        yield OddPicture(f"gif of disposal {disposal}", data, clear)
    rows = [indexes[8 * y : 8 * y + 8] for y in range(6)]
    laced = [value for y in (0, 4, 2, 1, 3, 5) for value in rows[y]]
    yield OddPicture("gif, interlaced", gif(8, 6, frame(0, 0, 8, 6, laced, 0x40)), whole)
    reverse = [tuple(TABLE[::-1][3 * n : 3 * n + 3]) for n in range(4)]
    local = squares(8, 6, indexes, reverse)  # type: ignore[arg-type]
    yield OddPicture(
        "gif with a table of its own", gif(8, 6, frame(0, 0, 8, 6, indexes, 0x81), table=False), local
    )
    note = b"!\xfe\5hello\0" + b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0" + b"!\x55\1x\0"
    yield OddPicture("gif with extensions", gif(8, 6, note, frame(0, 0, 8, 6, indexes)), whole)
    yield OddPicture("gif without an end", gif(8, 6, frame(0, 0, 8, 6, indexes))[:-1], whole, may_refuse=True)
    yield OddPicture("gif of 1 x 1", gif(1, 1, frame(0, 0, 1, 1, [2])), Image.new("RGB", (1, 1), BLUE))
    offset = gif(12, 9, control(0, 3), frame(2, 1, 8, 6, indexes))
    inside = Image.new("RGB", (12, 9), WHITE)
    inside.paste(whole, (2, 1))
    yield OddPicture("gif with a first frame off its corner", offset, inside, may_refuse=True)
    refused = {
        "of no frame": gif(8, 6),
        "cut in its frame": gif(8, 6, frame(0, 0, 8, 6, indexes))[:-12],
        "of no size": gif(0, 0, frame(0, 0, 0, 0, [])),
        "of nothing but a start": b"GIF89a",
    }
    for name, data in refused.items():
        yield OddPicture(f"gif {name}", data, None)


# ---------------------------------------------------------------- WebP, HEIF, AVIF


def webps() -> Iterator[OddPicture]:
    image = colours()
    faint = image.copy()
    faint.putalpha(Image.linear_gradient("L").resize(image.size))
    yield OddPicture("webp", encoded(image, "WEBP", quality=95), image, LOSSY)
    lossless = encoded(image, "WEBP", lossless=True)
    yield OddPicture("webp without loss", lossless, image)
    exact = encoded(faint, "WEBP", lossless=True, exact=True)
    yield OddPicture("webp with transparency", exact, over_white(faint), 1.0)
    body = lossless + b"ODDC\4\0\0\0data"
    data = body[:4] + struct.pack("<I", len(body) - 8) + body[8:]
    yield OddPicture("webp with an unknown part", data, image, may_refuse=True)
    yield OddPicture("webp with bytes behind its end", lossless + bytes(1000), image)
    for size in ((1, 1), (1, 16_383), (16_383, 1)):
        flat = Image.new("RGB", size, (12, 34, 56))
        yield OddPicture(f"webp of {size[0]} x {size[1]}", encoded(flat, "WEBP", lossless=True), flat)
    for name, cut in (("cut off", lossless[: len(lossless) // 2]), ("of nothing but a start", lossless[:12])):
        yield OddPicture(f"webp {name}", cut, None)


def containers() -> Iterator[OddPicture]:
    image = colours(66, 50)
    faint = image.copy()
    faint.putalpha(Image.linear_gradient("L").resize(image.size))
    for name in ("HEIF", "AVIF"):
        low = name.lower()
        whole = encoded(image, name, quality=95)
        yield OddPicture(low, whole, image, LOSSY)
        yield OddPicture(
            f"{low} with transparency", encoded(faint, name, quality=95), over_white(faint), LOSSY
        )
        grey = image.convert("L")
        yield OddPicture(f"{low} in grey", encoded(grey, name, quality=95), grey.convert("RGB"), LOSSY)
        yield OddPicture(f"{low}, half of it", whole[: len(whole) // 2], None)
        yield OddPicture(
            f"{low} with bytes behind its end", whole + bytes(1000), image, LOSSY, may_refuse=True
        )
        for size in ((1, 1), (3, 5), (64, 1)):
            flat = Image.new("RGB", size, (200, 120, 40))
            yield OddPicture(f"{low} of {size[0]} x {size[1]}", encoded(flat, name, quality=95), flat, LOSSY)
    yield OddPicture("heif without colour loss", encoded(image, "HEIF", quality=95, chroma=444), image, LOSSY)
