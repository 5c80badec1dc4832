"""How models are known to write places, by their names."""

from __future__ import annotations

import re

_KNOWN = (
    (r"paligemma", "paligemma"),
    (r"qwen[-_]?2[._]?5[-_]?(?:vl|omni)", "qwen2.5-vl"),
    (r"qwen[-_]?(?:2[-_]?)?vl", "qwen2-vl"),
    (r"qwen[-_]?3", "qwen3-vl"),
    (r"glm[-_]?\d(?:[._]\d)?[-_]?\w*v", "glm-v"),
    (r"gemini", "gemini"),
    (r"molmo", "molmo"),
    (r"florence", "florence-2"),
    (r"kosmos", "kosmos-2"),
    (r"moondream", "moondream"),
    (r"internvl", "internvl"),
    (r"deepseek[-_]?(?:vl|ocr)", "deepseek-vl2"),
    (r"nemotron\w*[-_]parse|nemoretriever[-_]parse", "nemotron-parse"),
)
_PATTERNS = tuple((re.compile(pattern), dialect) for pattern, dialect in _KNOWN)


def dialect_of(model: str) -> str:
    """The id of the dialect that a model is known to write; empty where nobody knows.

    A model may be named by its id, with its maker before it, or by its file.
    """
    name = re.split(r"[/\\]", model[-300:])[-1].lower()
    return next((dialect for pattern, dialect in _PATTERNS if pattern.search(name)), "")
