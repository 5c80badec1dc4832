"""What families of models do with pictures, wherever they are served: one table, by the model's id.

Sources of the limits. Qwen2.5-VL and Qwen2-VL: qwen-vl-utils (vision_process.py) and Qwen's cookbooks: sides
are made multiples of 28 pixels, and coordinates are said in pixels of that; Qwen3-VL makes them multiples of
32. Of both one side is at most 200 times the other (MAX_RATIO there), and servers refuse sides shorter than
28 or 32 (transformers, pull request 37264; ollama, issues 11297 and 13113). Claude:
platform.claude.com/docs, vision: it makes pictures smaller itself, beyond 1568 pixels a side or as many
patches of 28, from Opus 4.7 on beyond 2576 pixels or 4,784 patches, and a picture may weigh 5 MB in base64
wherever it is served. GPT-4o, GPT-4.1, o1, o3, GPT-5: platform.openai.com/docs, images and vision: the short
side is made 768 pixels, then looked at in squares; the small models of GPT-4.1 and later count patches of 32
pixels, 1,536 at most. Gemini: ai.google.dev/gemini-api/docs, image understanding: squares of 768 pixels.
InternVL, Llama 3.2 and 4, SmolVLM, Nemotron nano VL: the configurations of their image processors. Formulas
have theirs in `formulas`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from app.pictures.formulas import (
    Formula,
    always,
    closest_tiles,
    gemini_tiles,
    nearest_tiles,
    padded_tiles,
    patches_of_28,
    patches_of_32,
    rows_of_patches,
    squares,
    tiles_of_512,
)

CLAUDE_BYTES = 5 * 2**20 // 4 * 3
"""What base64 makes 5 MB of."""


class Family(NamedTuple):
    """Models that look at pictures alike.

    `ids` is found in their ids in lower case, with one hyphen for all that is no letter or digit.
    `formula` is how they count pictures as tokens, None where nobody has said. The others are as the
    fields of Limits are; what an endpoint limits further stays as the endpoint says.
    """

    ids: re.Pattern[str]
    formula: Formula | None = None
    tile: int | None = None
    multiple: int = 1
    longest_side: int | None = None
    most_pixels: int | None = None
    most_bytes: int | None = None
    least_side: int = 1
    most_ratio: int | None = None


def family_of(model: str) -> Family | None:
    """The family of the model with this id; None for one that nobody knows."""
    name = re.sub(r"[^a-z0-9]+", "-", model.lower())
    return next((family for family in FAMILIES if family.ids.search(name)), None)


def _ids(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|-)(?:{words})(?![0-9a-z])")


def _patching(words: str, times: float) -> Family:
    """Small models of OpenAI."""
    return Family(_ids(words), patches_of_32(times), tile=1024, most_pixels=1536 * 32 * 32)


def _squaring(words: str, base: int, each: int) -> Family:
    """Large models of OpenAI."""
    return Family(_ids(words), tiles_of_512(base, each), tile=768)


def _claude(words: str, formula: Formula | None, longest_side: int, square: int) -> Family:
    """`square`: the side of the largest square picture that keeps its pixels."""
    most = {"longest_side": longest_side, "most_pixels": square**2, "most_bytes": CLAUDE_BYTES}
    return Family(_ids(words), formula, tile=square, **most)


FAMILIES = (
    _squaring("gpt-4o-mini", 2833, 5667),
    _patching("(?:gpt-4-1|gpt-5)-mini", 1.62),
    _patching("(?:gpt-4-1|gpt-5)-nano", 2.46),
    _patching("o4-mini", 1.72),
    _squaring("(?:chat)?gpt-4o|gpt-4-1|gpt-4-5|gpt-4-turbo", 85, 170),
    _squaring("o[13](?!-mini)", 75, 150),
    _squaring("gpt-5(?!-[1-9])", 70, 140),
    _claude(
        r"claude-opus-4-[78]|claude-(?:opus|sonnet|fable|mythos)-5(?!-[0-9](?![0-9]))",
        patches_of_28(2576, 4784),
        2576,
        1932,
    ),
    _claude(
        r"claude-3(?:-[57])?(?:-(?:opus|sonnet|haiku))?|claude-(?:opus|sonnet|haiku)-4(?:-[0-6])?",
        patches_of_28(1568, 1568),
        1568,
        1092,
    ),
    _claude("claude", None, 1568, 1092),
    Family(_ids(r"gemini-2-[05](?:-[a-z]+)*"), gemini_tiles, tile=768),
    Family(_ids(r"gemini-3(?:-[0-9])?(?:-[a-z]+)*"), always(1120), tile=768),
    Family(_ids("gemini"), tile=768),
    Family(
        _ids(r"qwen-?2(?:[-p]?5)?-?vl|qvq|ui-tars"),
        squares(28),
        tile=1008,
        multiple=28,
        most_pixels=16_384 * 28 * 28,
        least_side=28,
        most_ratio=200,
    ),
    Family(_ids(r"qwen-?3(?:-?5)?-?vl"), squares(32), least_side=32, most_ratio=200),
    Family(_ids(r"paligemma2?(?:-[a-z0-9]+)*-896"), always(4096)),
    Family(_ids(r"paligemma2?(?:-[a-z0-9]+)*-448"), always(1024)),
    Family(_ids("paligemma2?"), always(256)),
    Family(_ids("gemma-?3"), always(256)),
    Family(_ids(r"internvl(?:-?chat)?(?:-?v?[123](?:-5)?)?"), nearest_tiles(448, 12), tile=448),
    Family(_ids("internvl[0-9a-z]*"), tile=448),
    Family(_ids(r"llama-?3-2"), tile=560, longest_side=1120),
    Family(_ids("llama-?4"), closest_tiles(336, 16, 144), tile=336),
    Family(_ids("llava-v?1-5"), always(576)),
    Family(_ids("llava-v?1-6"), padded_tiles, tile=336),
    Family(_ids("nemotron-nano-(?:vl|12b-v2-vl)"), nearest_tiles(512, 12), tile=512),
    Family(_ids("smolvlm[0-9a-z]*|nemotron(?:-[a-z0-9]+)*-vl"), tile=512),
    Family(_ids("pixtral"), rows_of_patches(16, 1024)),
    Family(_ids("mistral-small-?(?:3-[12]|250[36])"), rows_of_patches(28, 1540)),
)
"""The narrower first."""
