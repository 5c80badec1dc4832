"""What families of models do with pictures, wherever they are served: one table, by the model's id.

Sources. Qwen2.5-VL and Qwen2-VL: qwen-vl-utils (vision_process.py) and Qwen's cookbooks: sides are made
multiples of 28 pixels, and coordinates are said in pixels of that. Claude: platform.claude.com/docs,
vision: beyond 1568 pixels a side, or about 1.15 megapixels, it makes pictures smaller itself, and a picture
may weigh 5 MB in base64. GPT-4o, GPT-4.1, o1, o3: platform.openai.com/docs, images and vision: the short
side is made 768 pixels, then looked at in squares; the small models of GPT-4.1 and later count patches of
32 pixels, 1,536 at most. Gemini: ai.google.dev/gemini-api/docs, image understanding: squares of 768 pixels.
InternVL, Llama 3.2 and 4, SmolVLM, Nemotron nano VL: the configurations of their image processors.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from app.domain.model import Limits

CLAUDE_BASE64 = 5 * 2**20


class _Family(NamedTuple):
    """Fields as those of Limits. What an endpoint limits further stays as the endpoint says."""

    ids: re.Pattern[str]
    tile: int | None = None
    multiple: int = 1
    longest_side: int | None = None
    most_pixels: int | None = None
    most_bytes: int | None = None


def _ids(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_FAMILIES = (
    _Family(
        _ids(r"qwen-?2(?:[.]|p)?5-?vl|qwen-?2-?vl"), tile=1008, multiple=28, most_pixels=16_384 * 28 * 28
    ),
    _Family(
        _ids(r"claude"),
        tile=1092,
        longest_side=1568,
        most_pixels=1_192_464,
        most_bytes=CLAUDE_BASE64 // 4 * 3,
    ),
    _Family(
        _ids(r"gpt-4\.1-(?:mini|nano)|gpt-5-(?:mini|nano)|o4-mini"), tile=1024, most_pixels=1536 * 32 * 32
    ),
    _Family(_ids(r"gpt-4o|gpt-4\.1|gpt-4-turbo|(?:^|/)o[13](?:$|-)"), tile=768),
    _Family(_ids(r"gemini"), tile=768),
    _Family(_ids(r"internvl"), tile=448),
    _Family(_ids(r"llama-?3\.2"), tile=560, longest_side=1120),
    _Family(_ids(r"llama-?4"), tile=336),
    _Family(_ids(r"smolvlm|nemotron.*-vl|nemotron-nano-vl"), tile=512),
)


def fitted(limits: Limits, model: str) -> Limits:
    """The limits of an endpoint, with what is known of the model; the smaller one of two counts."""
    family = next((family for family in _FAMILIES if family.ids.search(model)), None)
    if family is None:
        return limits
    return limits.replace(
        tile=limits.tile or family.tile,
        multiple=family.multiple,
        longest_side=_least(limits.longest_side, family.longest_side) or limits.longest_side,
        most_pixels=_least(limits.most_pixels, family.most_pixels),
        most_bytes=_least(limits.most_bytes, family.most_bytes),
    )


def _least(*limits: int | None) -> int | None:
    return min((limit for limit in limits if limit is not None), default=None)
