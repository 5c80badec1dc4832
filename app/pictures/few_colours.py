"""Writing as a PNG file of few colours, where a JPEG would have to give up its pixels. Runs in the child.

Sixteen colours, four or two are weighed on a sample, at full size or as large as fits. Which one keeps the
most is a matter of how high the letters stay; whether it keeps what matters is measured: the tones of
every small area, the colours of every pixel, and that the smallest writing is still found.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageChops

from app.pictures.jpeg import DRAWING, resized
from app.pictures.writing import smallest_writing

PNG_LEVEL = 6

_MANY = 16
_WORTH = {_MANY: 1.0, 4: 0.9, 2: 0.7}  # of a letter as high in all its tones
_JPEG_WORTH = 0.95
_SCALED = 0.85  # edges of a scaled letter take more tones
_COLOURLESS = 0.8
_BETTER = 1.15  # times the letters of the JPEG, so that it is worth its colours
_LEGIBLE = 5  # pixels; a JPEG whose letters are lower is worth no more than what has some as high
_STRIPS = 4
_COMMON = 0.001  # of the pixels
_INKED = 0.8  # of the way from the ground to the ink
_SAMPLED = 4  # the sample is this part of the picture
_SAFE = 0.95  # of the budget, which a sample's weight is trusted with
_AIM = 0.9
_POWER = 1.6  # of the width, with which the weight grows
_LEAST_SCALE = 0.4
_AREA = 4  # pixels, the side of what is taken for one tone
_OFF, _MOST_OFF = 64, 0.01  # levels that a tone may change by, in all but a part of the areas
_HUED, _MOST_HUED = 64, 0.0005  # the same of Cb and Cr, in all but a part of the pixels
_LIGHT, _LIGHT_HUED = 96, 52  # colours that are no darker than this show sooner
_TINTED = 24  # what is seen at all
_LETTERS = 0.75  # of their height in the picture, at least


class _Choice(NamedTuple):
    """A number of colours and a scale that may fit, and how high letters are then worth as."""

    colours: int
    scale: float
    worth: float


def few_coloured(image: Image.Image, most_bytes: int, jpeg_scale: float, multiple: int) -> Image.Image | None:
    """`image` (L or RGB) with a palette of few colours, as it may fit as a PNG of `most_bytes`.

    None where it has no writing, where a JPEG at `jpeg_scale` shows that as well, or where colours or
    tones would be lost that matter.
    """
    high = _smallest(image)
    if not high:
        return None
    for choice in sorted(_choices(image, most_bytes), key=lambda choice: -choice.worth):
        helps = high * jpeg_scale < _LEGIBLE <= high * choice.scale
        least = _JPEG_WORTH * jpeg_scale * (1.0 if helps else _BETTER)
        if choice.worth < least:
            continue
        smaller = image if choice.scale == 1 else resized(image, choice.scale, multiple, DRAWING)
        few = _with(smaller, choice.colours)
        loss = _colour_loss(smaller, few)
        kept = choice.worth * (_COLOURLESS if loss.tinted else 1.0) >= least
        if kept and not loss.matters and _smallest(few) >= _LETTERS * high * choice.scale:
            return few
    return None


def png(image: Image.Image) -> memoryview:
    """A PNG file; with two, four or sixteen colours in one, two or four bits a pixel."""
    encoded = io.BytesIO()
    image.save(encoded, "PNG", compress_level=PNG_LEVEL)
    return encoded.getbuffer()


def sampled_weight(image: Image.Image) -> float:
    """About how many bytes `image` has as a PNG."""
    sample = _sample(image)
    return len(png(sample)) * image.height / sample.height


def _choices(image: Image.Image, most_bytes: int) -> list[_Choice]:
    sample = _sample(image)
    times = image.height / sample.height
    choices = []
    for colours, worth in _WORTH.items():
        weight = len(png(_with(sample, colours))) * times
        scale = kept = 1.0
        if weight > _SAFE * most_bytes:
            guess = max(0.1, math.sqrt(_AIM * most_bytes / weight))
            small = resized(sample, guess, 1, DRAWING)
            weight = len(png(_with(small, colours))) * times
            scale = min(0.95, guess * (_AIM * most_bytes / weight) ** (1 / _POWER))
            kept = scale * _SCALED
        if scale >= _LEAST_SCALE:
            choices.append(_Choice(colours, scale, kept * worth))
    return choices


def _sample(image: Image.Image) -> Image.Image:
    """Rows from all over the picture."""
    rows = image.height // (_STRIPS * _SAMPLED)
    if rows == 0:
        return image
    sample = image.crop((0, 0, image.width, rows * _STRIPS))  # with its palette
    for strip in range(_STRIPS):
        top = (image.height - rows) * strip // (_STRIPS - 1)
        sample.paste(image.crop((0, top, image.width, top + rows)), (0, rows * strip))
    return sample


def _with(image: Image.Image, colours: int) -> Image.Image:
    """The nearest of so many colours: of the most common ones, or of steps from the ground to what is
    inked, whose edges are so a little nearer to the ground than halfway, which keeps thin strokes."""
    common = image.quantize(_MANY, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    if colours == _MANY:
        return common
    palette = common.getpalette("RGB") or []
    entries = [tuple(palette[3 * entry : 3 * entry + 3]) for entry in range(len(palette) // 3)]
    counts = dict(zip(entries, common.histogram(), strict=False))
    ground = max(counts, key=counts.__getitem__)
    seen = [entry for entry, count in counts.items() if count >= _COMMON * image.width * image.height]
    ink = max(seen, key=lambda entry: abs(_lightness(entry) - _lightness(ground)))
    steps = [_INKED * step / (colours - 1) for step in range(colours)]
    pairs = list(zip(ground, ink, strict=True))
    chosen = Image.new("P", (1, 1))
    chosen.putpalette([round(low + (high - low) * step) for step in steps for low, high in pairs])
    return image.convert("RGB").quantize(colours, palette=chosen, dither=Image.Dither.NONE)


def _lightness(colour: tuple[int, ...]) -> float:
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


class _Loss(NamedTuple):
    """What fewer colours do: `tinted`: colours are not the same; `matters`: it is another picture."""

    tinted: bool
    matters: bool


def _colour_loss(image: Image.Image, few: Image.Image) -> _Loss:
    before, after = image.convert("RGB"), few.convert("RGB")
    tones = _most_of(ImageChops.difference(before.reduce(_AREA), after.reduce(_AREA)).split())
    pairs = zip(before.convert("YCbCr").split()[1:], after.convert("YCbCr").split()[1:], strict=True)
    hues = _most_of([ImageChops.difference(*pair) for pair in pairs])
    light = before.convert("L").point([255 * (level >= _LIGHT) for level in range(256)])
    matters = (
        _share(tones, _OFF) > _MOST_OFF
        or _share(hues, _HUED) > _MOST_HUED
        or _share(ImageChops.darker(hues, light), _LIGHT_HUED) > _MOST_HUED
    )
    return _Loss(_share(hues, _TINTED) > _MOST_HUED, matters)


def _most_of(bands: Sequence[Image.Image]) -> Image.Image:
    """The greatest of the bands in each pixel."""
    most = bands[0]
    for band in bands[1:]:
        most = ImageChops.lighter(most, band)
    return most


def _share(image: Image.Image, level: int) -> float:
    """Of the pixels of `image`, how many are of `level` or more."""
    counts = image.histogram()
    return sum(counts[level:]) / sum(counts)


def _smallest(image: Image.Image) -> float:
    """How high the smallest writing in `image` is, in pixels; 0 where none is found."""
    return smallest_writing(image.convert("L")) or 0.0
