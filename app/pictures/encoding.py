"""The file in which a picture is sent: JPEG, or PNG where that keeps it sharper. Runs in the child."""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image, ImageChops

from app.pictures.edges import is_drawn
from app.pictures.jpeg import DRAWING, PHOTOGRAPH, Jpeg, encode

JPEG_TYPE = "image/jpeg"
PNG_TYPE = "image/png"

_WORTH = 1.5  # times the bytes of a sharp JPEG: what no loss at all may cost
_MOST_PNG_PIXELS = 8_000_000  # more would take seconds
_PALETTE = 256
_PNG_LEVEL = 6


class File(NamedTuple):
    """A file with its type and its size in pixels."""

    data: bytes | memoryview
    mime: str
    width: int
    height: int


def file_of(image: Image.Image, most_bytes: int | None, png: bool, multiple: int) -> File:
    """An RGB image as a file of at most `most_bytes`, without anything but its pixels.

    A photograph becomes a JPEG. What is drawn keeps its sharpness first: as a PNG (with a palette, or
    grey, where that loses nothing) if that fits and is hardly larger than a sharp JPEG or spares a
    coarser one, else as a JPEG with the colours of every pixel. Raises Refused.
    """
    if not is_drawn(image):
        return _jpeg(encode(image, most_bytes, PHOTOGRAPH, multiple))
    image = _grey(image)
    sharp = encode(image, None, DRAWING)
    fits = most_bytes is None or len(sharp.data) <= most_bytes
    if png and image.width * image.height <= _MOST_PNG_PIXELS:
        lossless = _png(image)
        worth = not fits or len(lossless) <= _WORTH * len(sharp.data)
        if worth and (most_bytes is None or len(lossless) <= most_bytes):
            return File(lossless, PNG_TYPE, image.width, image.height)
    return _jpeg(sharp if fits else encode(image, most_bytes, DRAWING, multiple))


def _jpeg(made: Jpeg) -> File:
    return File(made.data, JPEG_TYPE, made.width, made.height)


def _grey(image: Image.Image) -> Image.Image:
    """The same as L where it has no colour."""
    red, green, blue = image.split()
    if any(ImageChops.difference(red, other).getbbox() for other in (green, blue)):
        return image
    return red


def _png(image: Image.Image) -> memoryview:
    encoded = io.BytesIO()
    _with_palette(image).save(encoded, "PNG", compress_level=_PNG_LEVEL)
    return encoded.getbuffer()


def _with_palette(image: Image.Image) -> Image.Image:
    """The same with a palette where its colours are few enough to lose none."""
    if image.mode != "RGB" or image.getcolors(_PALETTE) is None:
        return image
    few = image.quantize(_PALETTE, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    same = ImageChops.difference(few.convert("RGB"), image).getbbox() is None
    return few if same else image
