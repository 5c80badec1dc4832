"""About how many tokens a picture counts, by the formulas that makers of models have published.

Sources: OpenAI's guide to images and vision (tiles of 512, patches of 32); Anthropic's page on vision
(patches of 28, longest side 1568, from Opus 4.7 on 2576); Google's pages on tokens of Gemini and on
visual data of Gemma, and the model card of PaliGemma; Qwen's vision_process.py of qwen-vl-utils;
InternVL's dynamic_preprocess and the image processor and model card of Nemotron Nano VL, which follow
it; the documentation of Pixtral in transformers. A server may be set up to look at pictures otherwise.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from app.domain.record import Record


class Estimate(Record, frozen=True):
    """A number of tokens, and how it comes about, as a clause."""

    count: int
    formula: str


_Formula = Callable[[int, int], Estimate]


def estimate(model: str, width: int, height: int) -> Estimate | None:
    """What a picture of `width` by `height` pixels, as it is sent, counts for the model with this id.

    None where nobody has said it of the model's family.
    """
    name = re.sub(r"[^a-z0-9]+", "-", model.lower())
    for pattern, formula in _FAMILIES:
        if pattern.search(name):
            return formula(max(1, width), max(1, height))
    return None


def _fitted(width: float, height: float, longest: float, shortest: float = math.inf) -> tuple[float, float]:
    """Scaled down until the longer side is at most `longest` and the shorter at most `shortest`."""
    scale = min(1.0, longest / max(width, height), shortest / min(width, height))
    return width * scale, height * scale


def _tiles_of_512(base: int, each: int) -> _Formula:
    """OpenAI: within 2048 x 2048, the shorter side at most 768, then tiles."""

    def counted(width: int, height: int) -> Estimate:
        wide, high = _fitted(*_fitted(width, height, 2048), 2048, 768)
        tiles = math.ceil(round(wide, 6) / 512) * math.ceil(round(high, 6) / 512)
        return Estimate(base + each * tiles, f"{base} + {each} for each tile of 512 pixels")

    return counted


def _patches_of_32(times: float, most: int = 1536) -> _Formula:
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


def _patches_of_28(longest: int, most: int) -> _Formula:
    """Anthropic: patches that cover the picture, scaled down to a longest side and a number of them."""

    def counted(width: int, height: int) -> Estimate:
        wide, high = _fitted(width, height, longest)
        while (patches := math.ceil(wide / 28) * math.ceil(high / 28)) > most:
            shrink = min(0.995, math.sqrt(most / patches))
            wide, high = wide * shrink, high * shrink
        return Estimate(patches, f"one for each patch of 28 pixels, {most} at most")

    return counted


def _smart(factor: int, most: int = 16_384) -> _Formula:
    """Qwen: sides rounded to multiples of `factor`, between 4 and `most` squares of it."""

    def counted(width: int, height: int) -> Estimate:
        across = max(1, round(width / factor))
        down = max(1, round(height / factor))
        if across * down > most:
            scale = math.sqrt(most * factor**2 / (width * height))
            across = max(1, math.floor(width * scale / factor))
            down = max(1, math.floor(height * scale / factor))
        elif across * down < 4:
            scale = math.sqrt(4 * factor**2 / (width * height))
            across, down = math.ceil(width * scale / factor), math.ceil(height * scale / factor)
        return Estimate(across * down, f"one for each square of {factor} pixels")

    return counted


def _nearest_tiles(side: int, most: int, each: int = 256) -> _Formula:
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


def _gemini_tiles(width: int, height: int) -> Estimate:
    small = max(width, height) <= 384
    tiles = 1 if small else math.ceil(width / 768) * math.ceil(height / 768)
    return Estimate(258 * tiles, "258 for each tile of 768 pixels")


def _pixtral_rows(width: int, height: int) -> Estimate:
    wide, high = _fitted(width, height, 1024)
    across, down = math.ceil(wide / 16), math.ceil(high / 16)
    return Estimate((across + 1) * down, "one for each patch of 16 pixels and for each row of them")


def _always(count: int, formula: str) -> _Formula:
    return lambda width, height: Estimate(count, formula)


_ONE_SIZE = "always the same, whatever the picture's size"
_FAMILIES: tuple[tuple[re.Pattern[str], _Formula], ...] = tuple(
    (re.compile(rf"(?:^|-)(?:{pattern})(?![0-9a-z])"), formula)
    for pattern, formula in (
        ("gpt-4o-mini", _tiles_of_512(2833, 5667)),
        ("gpt-4-1-mini", _patches_of_32(1.62)),
        ("gpt-4-1-nano", _patches_of_32(2.46)),
        ("o4-mini", _patches_of_32(1.72)),
        ("gpt-5-mini", _patches_of_32(1.62)),
        ("gpt-5-nano", _patches_of_32(2.46)),
        (r"gpt-4o|chatgpt-4o|gpt-4-1|gpt-4-5|gpt-4-turbo", _tiles_of_512(85, 170)),
        (r"o1(?!-mini)|o3(?!-mini)", _tiles_of_512(75, 150)),
        (r"gpt-5(?!-[1-9])", _tiles_of_512(70, 140)),
        (r"claude-opus-4-[78]", _patches_of_28(2576, 4784)),
        (
            r"claude-3(?:-[57])?(?:-(?:opus|sonnet|haiku))?|claude-(?:opus|sonnet|haiku)-4(?:-[0-6])?",
            _patches_of_28(1568, 1568),
        ),
        (r"gemini-2-[05](?:-[a-z]+)*", _gemini_tiles),
        (r"qwen-?2(?:-?5)?-?vl|qvq|ui-tars", _smart(28)),
        (r"qwen-?3(?:-?5)?-?vl", _smart(32)),
        (r"paligemma2?(?:-[a-z0-9]+)*-896", _always(4096, _ONE_SIZE)),
        (r"paligemma2?(?:-[a-z0-9]+)*-448", _always(1024, _ONE_SIZE)),
        (r"paligemma2?", _always(256, _ONE_SIZE)),
        (r"gemma-?3", _always(256, _ONE_SIZE)),
        (r"internvl(?:-?chat)?(?:-?v?[123](?:-5)?)?", _nearest_tiles(448, 12)),
        (r"nemotron-nano-(?:vl|12b-v2-vl)", _nearest_tiles(512, 12)),
        ("pixtral", _pixtral_rows),
    )
)
"""Names of families with the punctuation taken out, the narrower first."""
