"""Pictures of every odd kind that a program may lawfully write, with the pixels they must show.

Each is made here, byte by byte where no library writes it. `expected` is None where a refusal is right;
where Fovea may either show it or refuse it, `may_refuse` says so.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

SIZE = (37, 23)


class OddPicture(NamedTuple):
    """`tolerance` is the mean difference a channel that lossy formats may have."""

    name: str
    data: bytes
    expected: Image.Image | None
    tolerance: float = 0.0
    may_refuse: bool = False


def colours(width: int = SIZE[0], height: int = SIZE[1]) -> Image.Image:
    """Every pixel unlike its neighbours, yet smooth enough for lossy formats."""
    image = Image.new("RGB", (width, height))
    image.putdata(
        [
            (x * 255 // max(1, width - 1), y * 255 // max(1, height - 1), (x + y) * 255 // (width + height))
            for y in range(height)
            for x in range(width)
        ]
    )
    return image


def encoded(image: Image.Image, name: str, **options: Any) -> bytes:
    """`image` as a file of Pillow's format `name`."""
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def over_white(image: Image.Image) -> Image.Image:
    """A picture with transparency as Fovea shows it."""
    ground = Image.new("RGB", image.size, "white")
    rgba = image.convert("RGBA")
    ground.paste(rgba.convert("RGB"), mask=rgba.getchannel("A"))
    return ground


def odd_pictures() -> Iterator[OddPicture]:
    """All of them."""
    from tests import odd_bmp, odd_jpeg, odd_moving, odd_png, odd_tiff

    for module in (odd_png, odd_jpeg, odd_bmp, odd_tiff, odd_moving):
        yield from module.pictures()
