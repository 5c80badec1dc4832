"""Pictures made for a test: bytes of every format, and files that only claim to be pictures."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")


def scene(width: int = 160, height: int = 120, mode: str = "RGB") -> Image.Image:
    """A picture with soft and hard edges, no two corners alike."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 3, height // 4), fill=(220, 30, 40))
    draw.ellipse((width // 2, height // 3, width - 4, height - 4), fill=(20, 120, 210))
    draw.rectangle((0, height - height // 5, width // 4, height), fill=(30, 160, 60))
    return image.convert(mode)


def encoded(image: Image.Image, name: str, **options: Any) -> bytes:
    """`image` as a file of Pillow's format `name`."""
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    """The signature and header of a PNG that claims this size."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)


def png_bomb(width: int, height: int, colour: int = 6) -> bytes:
    """A small file of a whole, plain picture of this size."""
    bytes_per_pixel = {2: 3, 6: 4}[colour]
    row = b"\0" + b"\x7f" * (width * bytes_per_pixel)
    squeezer = zlib.compressobj(strategy=zlib.Z_RLE)
    data = b"".join(squeezer.compress(row) for _ in range(height)) + squeezer.flush()
    chunks = png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")
    return png_header(width, height, 8, colour) + chunks


def png_16_bit(width: int, height: int, value: int) -> bytes:
    """A grey PNG of 16 bits a pixel, all of one value."""
    rows = (b"\0" + struct.pack(">H", value) * width) * height
    data = png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    return png_header(width, height, 16, 0) + data


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean absolute difference a channel, 0 to 255, of two RGB images of one size."""
    assert one.size == other.size, (one.size, other.size)
    pairs = zip(one.tobytes(), other.tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / len(one.tobytes())
