"""Writing as a PNG file of few colours, where a JPEG would have to give up its pixels. Runs in the child.

Sixteen colours, four or two are weighed on a sample, at full size or as large as fits. Which one keeps the
most is a matter of how high the letters stay; whether it keeps what matters is measured: the tones and the
hue of every small area, and that the smallest writing is still found.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageChops

from app.pictures.jpeg import DRAWING, resized
from app.pictures.palettes import CELL, HUED, MANY, Hue, Palette, Palettes, cells, hues, mapped, off_grey
from app.pictures.sampling import Sample
from app.pictures.writing import smallest_writing

_WORTH = {MANY: 1.0, 4: 0.9, 2: 0.7}  # of a letter as high in all its tones
_JPEG_WORTH = 0.95
_SCALED = 0.85  # edges of a scaled letter take more tones
_COLOURLESS = 0.8
_BETTER = 1.15  # times the letters of the JPEG, so that it is worth its colours
_LEGIBLE = 4.5  # pixels; a JPEG whose letters are lower is worth no more than what has some as high
_SAFE = 0.95  # of the budget, which a sample's weight is trusted with
_AIM = 0.92
_POWER = 1.6  # of the width, with which the weight grows
_LEAST_SCALE = 0.4
_OFF, _MOST_OFF = 64, 0.01  # levels that a tone may change by, in all but a part of the areas
_SAME_HUE = 0.4  # of how far a cell is from grey: what changes by more has another hue, or none
_TINTED, _MOST_TINTED = 6, 0.0005  # levels that are seen at all, in all but a part of the cells
_LETTERS = 0.75  # of their height in the picture, at least


class Few(NamedTuple):
    """A picture with a palette. `duller`: faint colours of it are not the same."""

    image: Image.Image
    onto: Palette
    duller: bool


class _Choice(NamedTuple):
    """So many colours of palettes, with those for `hued` if need be, and a scale that may fit; how high
    letters are then worth as."""

    palettes: Palettes
    colours: int
    hued: bool
    scale: float
    worth: float


class _Loss(NamedTuple):
    """What fewer colours do, for the worse: to tones; to hues; `tinted`: faint colours are not the same."""

    tones: bool
    hues: bool
    tinted: bool


def few_coloured(
    image: Image.Image, sample: Sample, most_bytes: float, jpeg_scale: float, multiple: int
) -> Few | None:
    """`image` (L or RGB) with a palette of few colours, as it may fit as a PNG of `most_bytes`.

    None where it has no writing, where a JPEG at `jpeg_scale` shows that as well, or where colours or
    tones would be lost that matter.
    """
    palettes, found = Palettes(sample.part), hues(image)
    if _needed(sample.part, palettes, MANY, found) is None:
        return None  # so it is with all of the picture
    needed = _needed(image, palettes, MANY, found)
    if needed is None:
        return None  # so it is with fewer colours and fewer pixels
    high = _smallest(image)
    if not high:
        return None
    choices = _choices(image, sample, palettes, found, needed, most_bytes)
    for choice in sorted(choices, key=lambda choice: -choice.worth):
        helps = high * jpeg_scale < _LEGIBLE <= high * choice.scale
        least = _JPEG_WORTH * jpeg_scale * (1.0 if helps else _BETTER)
        if choice.worth < least:
            continue
        shown = image if choice.scale == 1 else resized(image, choice.scale, multiple, DRAWING)
        onto = choice.palettes.palette(choice.colours, hues(shown) if choice.hued else [])
        few = mapped(shown, onto)
        loss = _loss(shown, few)
        kept = choice.worth * (_COLOURLESS if loss.tinted else 1.0) >= least
        if kept and not loss.tones and not loss.hues and _smallest(few) >= _LETTERS * high * choice.scale:
            return Few(few, onto, loss.tinted)
    return None


def _choices(
    image: Image.Image,
    sample: Sample,
    palettes: Palettes,
    found: list[Hue],
    of_many: list[Hue],
    most_bytes: float,
) -> Iterator[_Choice]:
    """`of_many` are those of the hues `found` that a palette of MANY colours needs."""
    for colours, worth in _WORTH.items():
        needed = of_many if colours == MANY else _needed(image, palettes, colours, found)
        if needed is None:
            continue
        onto, taken = palettes.palette(colours, needed), palettes
        weight = sample.png_weight(mapped(sample.part, onto))
        scale = kept = 1.0
        if weight > _SAFE * most_bytes:
            scale = max(0.1, math.sqrt(_AIM * most_bytes / weight))
            for _ in range(2):
                small = resized(sample.part, scale, 1, DRAWING)
                taken = Palettes(small)
                weight = sample.png_weight(mapped(small, taken.palette(colours, needed)))
                scale = _scale(scale, weight, most_bytes)
            kept = scale * _SCALED
        if scale >= _LEAST_SCALE:
            yield _Choice(taken, colours, bool(needed), scale, kept * worth)
        if scale == 1:
            break  # fewer colours would be worth less


def smaller(image: Image.Image, few: Few, weight: int, most_bytes: int, multiple: int) -> Few | None:
    """`few` of `image` once more where it weighs `weight`, which is too much; None if it loses by that."""
    scale = _scale(few.image.width / image.width, weight, most_bytes)
    shown = resized(image, scale, multiple, DRAWING)
    made = mapped(shown, few.onto)
    loss = _loss(shown, made)
    return None if scale < _LEAST_SCALE or loss.tones or loss.hues else Few(made, few.onto, loss.tinted)


def _scale(tried: float, weight: float, most_bytes: float) -> float:
    """The scale that may fit where what is `tried` weighs so much."""
    scale: float = tried * (_AIM * most_bytes / weight) ** (1 / _POWER)
    return min(0.95, scale)


def _needed(image: Image.Image, palettes: Palettes, colours: int, found: list[Hue]) -> list[Hue] | None:
    """Which hues a palette for `image` needs of its own; None where it would lose what matters with them."""
    for extra in ([], found) if found else ([],):
        loss = _loss(image, mapped(image, palettes.palette(colours, extra)))
        if not loss.tones and not loss.hues:
            return extra
    return None


def _loss(image: Image.Image, few: Image.Image) -> _Loss:
    before, after = image.convert("RGB"), few.convert("RGB")
    red, green, blue = ImageChops.difference(before.reduce(CELL), after.reduce(CELL)).split()
    tones = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    hued, now = cells(before), cells(after)
    changed = ImageChops.lighter(*(ImageChops.difference(*pair) for pair in zip(hued, now, strict=True)))
    allowed = off_grey(hued).point([max(HUED - 1, round(_SAME_HUE * level)) for level in range(256)])
    return _Loss(
        tones=_share(tones, _OFF) > _MOST_OFF,
        hues=ImageChops.subtract(changed, allowed).getbbox() is not None,
        tinted=_share(changed, _TINTED) > _MOST_TINTED,
    )


def _share(image: Image.Image, level: int) -> float:
    """Of the pixels of `image`, how many are of `level` or more."""
    counts = image.histogram()
    return sum(counts[level:]) / sum(counts)


def _smallest(image: Image.Image) -> float:
    """How high the smallest writing in `image` is, in pixels; 0 where none is found."""
    return smallest_writing(image.convert("L")) or 0.0
