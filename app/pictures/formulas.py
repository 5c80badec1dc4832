"""Formulas by which models count a picture as tokens, as their makers have published them.

Sources: OpenAI's guide to images and vision (tiles of 512, patches of 32); Anthropic's page on vision
(patches of 28); Google's pages on understanding images with Gemini (a crop unit, shown with 960 x 540) and
on input files in Firebase (not below 256 pixels), on visual data of Gemma, and the model card of PaliGemma;
Qwen's vision_process.py of qwen-vl-utils; InternVL's dynamic_preprocess and the image processor and model
card of Nemotron Nano VL, which follow it; the documentation of Pixtral in transformers. A server may be set
up to look at pictures otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from app.domain.picture_sizes import in_squares
from app.domain.record import Record


class Estimate(Record, frozen=True):
    """A number of tokens, and how it comes about, as a clause."""

    count: int
    formula: str


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
        return Estimate(base + each * tiles, f"{base} + {each} for each tile of 512 pixels")

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
        return Estimate(math.ceil(patches * times), f"{times:g} for each patch of 32 pixels")

    return counted


def patches_of_28(longest: int, most: int) -> Formula:
    """Anthropic: patches that cover the picture, scaled down to a longest side and a number of them."""

    def counted(width: int, height: int) -> Estimate:
        wide, high = _fitted(width, height, longest)
        while (patches := math.ceil(wide / 28) * math.ceil(high / 28)) > most:
            shrink = min(0.995, math.sqrt(most / patches))
            wide, high = wide * shrink, high * shrink
        return Estimate(patches, f"one for each patch of 28 pixels, {most} at most")

    return counted


def squares(side: int) -> Formula:
    """Qwen: sides rounded to multiples of `side`, then a token for each square."""

    def counted(width: int, height: int) -> Estimate:
        across, down = in_squares(width, height, side)
        return Estimate(across * down, f"one for each square of {side} pixels")

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
        return Estimate(count, f"{each} for each tile of {side} pixels and for the whole picture")

    return counted


def gemini_tiles(width: int, height: int) -> Estimate:
    """Google: tiles of two thirds of the shorter side; what is small is one."""
    unit = max(_LEAST_UNIT, math.floor(min(width, height) / 1.5))
    tiles = 1 if max(width, height) <= 384 else math.ceil(width / unit) * math.ceil(height / unit)
    return Estimate(258 * tiles, "258 for each tile, which is two thirds of the shorter side")


def pixtral_rows(width: int, height: int) -> Estimate:
    """Mistral: patches row by row, each row with an end."""
    wide, high = _fitted(width, height, 1024)
    across, down = math.ceil(wide / 16), math.ceil(high / 16)
    return Estimate((across + 1) * down, "one for each patch of 16 pixels and for each row of them")


def always(count: int) -> Formula:
    """PaliGemma, Gemma: each picture is made one size."""
    return lambda width, height: Estimate(count, "always the same, whatever the picture's size")
