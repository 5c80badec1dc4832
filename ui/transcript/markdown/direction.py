"""Which way a text runs."""

from __future__ import annotations

import unicodedata

FAR = 400
"""A letter further on than this does not decide."""


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter of `text` is of a script that is written from the right."""
    if text.isascii():
        return False
    for char in text[:FAR]:
        direction = unicodedata.bidirectional(char)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
