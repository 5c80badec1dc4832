"""The file in which a picture is sent: JPEG, or PNG where that keeps it sharper. Runs in the child."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageChops

from app.pictures.edges import is_drawn
from app.pictures.few_colours import Few, few_coloured, smaller
from app.pictures.jpeg import (
    DRAWING,
    HEAD,
    PHOTOGRAPH,
    TRIES,
    Jpeg,
    Look,
    encode,
    fitted,
    resized,
    scale_guess,
    told,
)
from app.pictures.sampling import Sample
from app.pictures.sampling import png as png_file

JPEG_TYPE = "image/jpeg"
PNG_TYPE = "image/png"

_WORTH = 1.5  # times the bytes of a sharp JPEG: what no loss at all may cost
_MOST_PNG_PIXELS = 8_000_000  # more would take seconds
_PALETTE = 256
_NEAR = 1.05  # times the budget: so far off may the weight of a sample be
_TOO_MUCH = 1.2  # times the budget: so far off it is not


class File(NamedTuple):
    """A file with its type and its size in pixels; `power` as that of a Jpeg; `duller`: faint colours
    were given up."""

    data: bytes | memoryview
    mime: str
    width: int
    height: int
    power: float | None = None
    duller: bool = False


def file_of(
    image: Image.Image, most_bytes: int | None, png: bool, multiple: int, power: float | None = None
) -> File:
    """An RGB image as a file of at most `most_bytes`, without anything but its pixels.

    A photograph becomes a JPEG. What is drawn keeps its sharpness first: as a PNG (with a palette, or
    grey, where that loses nothing) if that fits and is hardly larger than a sharp JPEG or spares a
    coarser one, else as a JPEG with the colours of every pixel, or as a PNG of few colours where that
    keeps writing higher and loses no colours that matter. At most TRIES files are made, those of samples
    counted by their pixels. `power` is that of another part of the same picture. Raises Refused.
    """
    if not is_drawn(image):
        look = PHOTOGRAPH if power is None else PHOTOGRAPH._replace(power=power)
        return _jpeg(encode(image, most_bytes, look, multiple))
    image = _grey(image)
    png = png and image.width * image.height <= _MOST_PNG_PIXELS
    if most_bytes is None:
        return _sharp(image, encode(image, None, DRAWING), None, png)
    sample = Sample(image)
    best = sample.jpeg_weight(sample.part, DRAWING.best, HEAD)
    tries = TRIES
    if best <= _TOO_MUCH * most_bytes:
        tries -= 1
        sharp = encode(image, None, DRAWING)
        best = len(sharp.data)
        if best <= most_bytes:
            return _sharp(image, sharp, most_bytes, png)
    look = _look(sample, best, most_bytes)
    for made in (
        _pngs(image, sample, scale_guess(best, most_bytes, look), most_bytes, multiple) if png else ()
    ):
        tries -= 1
        if len(made.data) <= most_bytes:
            return made
    return _jpeg(fitted(image, best, most_bytes, look, multiple, max(2, math.floor(tries - sample.spent))))


def _sharp(image: Image.Image, sharp: Jpeg, most_bytes: int | None, png: bool) -> File:
    """The file without loss, or the sharp JPEG where that is much lighter."""
    lossless = _png(image) if png else None
    if lossless is None or len(lossless) > min(_WORTH * len(sharp.data), most_bytes or math.inf):
        return _jpeg(sharp)
    return File(lossless, PNG_TYPE, image.width, image.height)


def _look(sample: Sample, best: float, most_bytes: int) -> Look:
    """How the weight of a drawing that weighs `best` goes with quality and size, as its sample tells."""
    least = min(best, sample.jpeg_weight(sample.part, DRAWING.least, HEAD))
    look = told(DRAWING, best, least)
    scale = scale_guess(best, most_bytes, look)
    if scale > 0.9:
        return look
    small = resized(sample.part, scale, 1, DRAWING)
    return told(DRAWING, best, least, sample.jpeg_weight(small, DRAWING.least, HEAD), scale)


def _pngs(
    image: Image.Image, sample: Sample, jpeg_scale: float, most_bytes: int, multiple: int
) -> Iterator[File]:
    """What may fit where a sharp JPEG does not: without loss, then of few colours."""
    near = sample.png_weight(_with_palette(sample.part)) <= _NEAR * most_bytes
    if near:
        yield File(_png(image), PNG_TYPE, image.width, image.height)
    if jpeg_scale == 1:
        return
    few = few_coloured(image, sample, most_bytes, jpeg_scale, multiple)
    if few is None:
        return
    made = _few(few)
    yield made
    once = near or made.width == image.width  # at full size edges have fewer tones, and tell little
    again = None if once else smaller(image, few, len(made.data), most_bytes, multiple)
    if again is not None:
        yield _few(again)


def _few(few: Few) -> File:
    return File(png_file(few.image), PNG_TYPE, few.image.width, few.image.height, duller=few.duller)


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
