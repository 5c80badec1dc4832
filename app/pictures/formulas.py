"""Formulas by which models count a picture as tokens, as their makers have published them.

Sources: OpenAI's guide to images and vision (tiles of 512, patches of 32); Anthropic's page on vision
(patches of 28); Google's pages on understanding images with Gemini (a crop unit, shown with 960 x 540) and
on input files in Firebase (not below 256 pixels), on media resolution (Gemini 3, where none is asked for), on
visual data of Gemma, and the model card of PaliGemma; Qwen's vision_process.py of qwen-vl-utils; InternVL's
dynamic_preprocess and the image processor and model card of Nemotron Nano VL, which follow it; the image
encoder of mistral-common, with the configurations of Pixtral 12B and of Mistral Small 3.1, of which 3.2 is an
update; the image processor and processor of Llama 4 in transformers; the processors of LLaVA (1.5) and
LLaVA-NeXT (1.6) there, with the configurations of their models. A server may be set up to look at pictures
otherwise.

Not counted is Llama 3.2, which looks at pictures beside its prompt: transformers writes one token for a
picture, and hosts bill 1,601 for each of up to four tiles.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum

from app.domain.picture_sizes import in_squares
from app.domain.record import Record


class Counting(StrEnum):
    """What tokens are counted by, each with the numbers that belong to it.

    TILES_AND_BASE: `base`, and `each` for each tile of `side` pixels. PATCHES: `each` for each patch of
    `side` pixels. PATCHES_TO: one for each patch of `side` pixels, `most` at most. SQUARES: one for each
    square of `side` pixels. TILES_AND_WHOLE: `each` for each tile of `side` pixels and for the whole
    picture. TWO_THIRDS: `each` for each tile, which is two thirds of the shorter side. ROWS: one for each
    patch of `side` pixels and for each row of them. PATCHES_AND_WHOLE: one for each patch of `side`
    pixels, of the whole picture and of up to `most` tiles. ALWAYS: the same for every picture.
    """

    TILES_AND_BASE = "tiles-and-base"
    PATCHES = "patches"
    PATCHES_TO = "patches-to"
    SQUARES = "squares"
    TILES_AND_WHOLE = "tiles-and-whole"
    TWO_THIRDS = "two-thirds"
    ROWS = "rows"
    PATCHES_AND_WHOLE = "patches-and-whole"
    ALWAYS = "always"


class Estimate(Record, frozen=True):
    """A number of tokens, what it is counted `by`, and the `numbers` that Counting names for that."""

    count: int
    by: Counting
    numbers: dict[str, float] = {}


Formula = Callable[[int, int], Estimate]
"""From width and height of a picture, 1 and more, to what it counts."""

_LEAST_UNIT = 256  # pixels


def _fitted(width: float, height: float, longest: float, shortest: float = math.inf) -> tuple[float, float]:
    """Scaled down until the longer side is at most `longest` and the shorter at most `shortest`."""
    scale = min(1.0, longest / max(width, height), shortest / min(width, height))
    return width * scale, height * scale


def tiles_of_512(base: int, each: int) -> Formula:
    """OpenAI: within 2048 x 2048, the shorter side at most 768, then tiles."""

    def counted(width: int, height: int) -> Estimate:
        wide, high = _fitted(*_fitted(width, height, 2048), 2048, 768)
        tiles = math.ceil(round(wide, 6) / 512) * math.ceil(round(high, 6) / 512)
        return Estimate(
            base + each * tiles, Counting.TILES_AND_BASE, {"base": base, "each": each, "side": 512}
        )

    return counted


def patches_of_32(times: float, most: int = 1536) -> Formula:
    """OpenAI: patches that cover the picture, scaled down until they are not too many."""

    def counted(width: int, height: int) -> Estimate:
        if math.ceil(width / 32) * math.ceil(height / 32) > most:
            shrink = math.sqrt(most * 32**2 / (width * height))
            across, down = width * shrink / 32, height * shrink / 32
            shrink *= min(math.floor(across) / across, math.floor(down) / down)
            across, down = width * shrink / 32, height * shrink / 32
        else:
            across, down = width / 32, height / 32
        patches = min(most, math.ceil(round(across, 6)) * math.ceil(round(down, 6)))
        return Estimate(math.ceil(patches * times), Counting.PATCHES, {"each": times, "side": 32})

    return counted


def patches_of_28(longest: int, most: int) -> Formula:
    """Anthropic: patches that cover the picture, scaled down to a longest side and a number of them."""

    def counted(width: int, height: int) -> Estimate:
        wide, high = _fitted(width, height, longest)
        while (patches := math.ceil(wide / 28) * math.ceil(high / 28)) > most:
            shrink = min(0.995, math.sqrt(most / patches))
            wide, high = wide * shrink, high * shrink
        return Estimate(patches, Counting.PATCHES_TO, {"side": 28, "most": most})

    return counted


def squares(side: int) -> Formula:
    """Qwen: sides rounded to multiples of `side`, then a token for each square."""

    def counted(width: int, height: int) -> Estimate:
        across, down = in_squares(width, height, side)
        return Estimate(across * down, Counting.SQUARES, {"side": side})

    return counted


def nearest_tiles(side: int, most: int, each: int = 256) -> Formula:
    """InternVL: the grid of at most `most` tiles nearest in proportion, and the whole where it is cut."""

    def counted(width: int, height: int) -> Estimate:
        grids = [(a, b) for a in range(1, most + 1) for b in range(1, most + 1) if a * b <= most]
        best, least = (1, 1), math.inf
        for across, down in sorted(grids, key=lambda grid: grid[0] * grid[1]):
            away = abs(width / height - across / down)
            large = width * height > 0.5 * side * side * across * down
            if away < least or (away == least and large):
                best, least = (across, down), away
        tiles = best[0] * best[1]
        count = each * (tiles + 1 if tiles > 1 else 1)
        return Estimate(count, Counting.TILES_AND_WHOLE, {"each": each, "side": side})

    return counted


def gemini_tiles(width: int, height: int) -> Estimate:
    """Google: tiles of two thirds of the shorter side; what is small is one."""
    unit = max(_LEAST_UNIT, math.floor(min(width, height) / 1.5))
    tiles = 1 if max(width, height) <= 384 else math.ceil(width / unit) * math.ceil(height / unit)
    return Estimate(258 * tiles, Counting.TWO_THIRDS, {"each": 258})


def rows_of_patches(side: int, longest: int) -> Formula:
    """Mistral: patches row by row, each row with an end."""

    def counted(width: int, height: int) -> Estimate:
        wide, high = (max(1, round(length)) for length in _fitted(width, height, longest))
        across, down = math.ceil(wide / side), math.ceil(high / side)
        return Estimate((across + 1) * down, Counting.ROWS, {"side": side})

    return counted


def closest_tiles(side: int, most: int, each: int) -> Formula:
    """Llama 4: the grid of at most `most` tiles that scales a picture up the least, or else down the least,
    and of such grids the smallest; a mark after each tile, and the whole picture with three marks."""

    def counted(width: int, height: int) -> Estimate:
        grids = [(a, b) for a in range(1, most + 1) for b in range(1, most // a + 1)]
        scales = {(a, b): min(a * side / width, b * side / height) for a, b in grids}
        larger = [scale for scale in scales.values() if scale >= 1]
        best = min(larger) if larger else max(scales.values())
        tiles = min(a * b for (a, b), scale in scales.items() if scale == best)
        count = each + 3 + ((each + 1) * tiles if tiles > 1 else 0)
        return Estimate(count, Counting.TILES_AND_WHOLE, {"each": each, "side": side})

    return counted


def padded_tiles(width: int, height: int) -> Estimate:
    """LLaVA 1.6: patches of 14 pixels of the whole and of the canvas on which most of the picture is seen,
    without what is empty there; each row has an end."""
    wide, high = max(_CANVASES, key=lambda canvas: _seen(canvas, width, height))
    across, down = wide // 14, high // 14
    if width / height > across / down:
        down -= (down - int(round(height * (across / width), 7))) // 2 * 2
    else:
        across -= (across - int(round(width * (down / height), 7))) // 2 * 2
    count = 24 * 24 + (across + 1) * down
    return Estimate(count, Counting.PATCHES_AND_WHOLE, {"side": 14, "most": 4})


_CANVASES = ((672, 336), (336, 672), (672, 672), (336, 1008), (1008, 336))
"""Width and height."""


def _seen(canvas: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    """How many pixels of a picture are seen on a canvas, and then how little of that is empty."""
    scale = min(canvas[0] / width, canvas[1] / height)
    seen = min(int(width * scale) * int(height * scale), width * height)
    return seen, seen - canvas[0] * canvas[1]


def always(count: int) -> Formula:
    """PaliGemma, Gemma, LLaVA 1.5: each picture is made one size; Gemini 3: each is given as many."""
    return lambda width, height: Estimate(count, Counting.ALWAYS)
