"""The file in which a picture is sent: JPEG, or PNG where that keeps it sharper. Runs in the child."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageChops

from app.pictures.edges import is_drawn
from app.pictures.few_colours import few_coloured, sampled_weight
from app.pictures.few_colours import png as png_file
from app.pictures.jpeg import DRAWING, PHOTOGRAPH, TRIES, Jpeg, encode, fitted, scale_guess

JPEG_TYPE = "image/jpeg"
PNG_TYPE = "image/png"

_WORTH = 1.5  # times the bytes of a sharp JPEG: what no loss at all may cost
_MOST_PNG_PIXELS = 8_000_000  # more would take seconds
_PALETTE = 256
_NEAR = 1.2  # times the budget: so far off may the weight of a sample be


class File(NamedTuple):
    """A file with its type and its size in pixels; `power` as that of a Jpeg."""

    data: bytes | memoryview
    mime: str
    width: int
    height: int
    power: float | None = None


def file_of(
    image: Image.Image, most_bytes: int | None, png: bool, multiple: int, power: float | None = None
) -> File:
    """An RGB image as a file of at most `most_bytes`, without anything but its pixels.

    A photograph becomes a JPEG. What is drawn keeps its sharpness first: as a PNG (with a palette, or
    grey, where that loses nothing) if that fits and is hardly larger than a sharp JPEG or spares a
    coarser one, else as a JPEG with the colours of every pixel, or as a PNG of few colours where that
    keeps writing higher and loses no colours that matter. At most TRIES files are made. `power` is that of
    another part of the same picture. Raises Refused.
    """
    if not is_drawn(image):
        look = PHOTOGRAPH if power is None else PHOTOGRAPH._replace(power=power)
        return _jpeg(encode(image, most_bytes, look, multiple))
    image = _grey(image)
    sharp = encode(image, None, DRAWING)
    png = png and image.width * image.height <= _MOST_PNG_PIXELS
    if most_bytes is None or len(sharp.data) <= most_bytes:
        lossless = _png(image) if png else None
        if lossless is None or len(lossless) > min(_WORTH * len(sharp.data), most_bytes or math.inf):
            return _jpeg(sharp)
        return File(lossless, PNG_TYPE, image.width, image.height)
    tries = TRIES - 1
    for made in _pngs(image, sharp, most_bytes, multiple) if png else ():
        tries -= 1
        if len(made.data) <= most_bytes:
            return made
    return _jpeg(fitted(image, sharp, most_bytes, DRAWING, multiple, tries))


def _pngs(image: Image.Image, sharp: Jpeg, most_bytes: int, multiple: int) -> Iterator[File]:
    """What may fit where a sharp JPEG does not: without loss, then of few colours."""
    whole = _with_palette(image)
    if sampled_weight(whole) <= _NEAR * most_bytes:
        yield File(_png(image), PNG_TYPE, image.width, image.height)
    scale = scale_guess(sharp, most_bytes, DRAWING)
    few = few_coloured(image, most_bytes, scale, multiple) if scale < 1 else None
    if few is not None:
        yield File(_png(few), PNG_TYPE, few.width, few.height)


def _jpeg(made: Jpeg) -> File:
    return File(made.data, JPEG_TYPE, made.width, made.height, made.power)


def _grey(image: Image.Image) -> Image.Image:
    """The same as L where it has no colour."""
    red, green, blue = image.split()
    if any(ImageChops.difference(red, other).getbbox() for other in (green, blue)):
        return image
    return red


def _png(image: Image.Image) -> memoryview:
    return png_file(_with_palette(image))


def _with_palette(image: Image.Image) -> Image.Image:
    """The same with a palette where its colours are few enough to lose none."""
    if image.mode != "RGB" or image.getcolors(_PALETTE) is None:
        return image
    few = image.quantize(_PALETTE, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    same = ImageChops.difference(few.convert("RGB"), image).getbbox() is None
    return few if same else image
