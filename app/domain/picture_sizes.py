"""How sizes of pictures are brought to what a format or a model takes. Sizes are in whole pixels."""

from __future__ import annotations

import math

JPEG_LONGEST = 65_500
"""Pixels: no side of a JPEG file is longer."""


def in_multiples(side: int, multiple: int) -> int:
    """`side` down to a multiple of `multiple`; what is shorter than one stays, nothing is enlarged."""
    return side // multiple * multiple or side


def in_squares(width: int, height: int, side: int, least: int = 4, most: int = 16_384) -> tuple[int, int]:
    """How many squares of `side` pixels lie across and down what Qwen's models make of a picture.

    Its sides become the nearest multiples of `side`, and it is scaled until there are `least` to
    `most` squares in all (smart_resize of qwen-vl-utils; a server may set narrower limits).
    """
    width, height = max(width, 1), max(height, 1)
    across, down = max(1, round(width / side)), max(1, round(height / side))
    if across * down > most:
        shrink = math.sqrt(width * height / (most * side**2))
        return max(1, math.floor(width / shrink / side)), max(1, math.floor(height / shrink / side))
    if across * down < least:
        grow = math.sqrt(least * side**2 / (width * height))
        return math.ceil(width * grow / side), math.ceil(height * grow / side)
    return across, down
