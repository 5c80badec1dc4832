"""How dialects measure a picture: so many units across and down the picture as it was sent."""

from __future__ import annotations

import math
from collections.abc import Callable

from app.domain.picture import Prepared

Frame = Callable[[Prepared], tuple[float, float]]
"""How many units lie across and down a sent picture."""

_FACTOR = 28
_LEAST_PIXELS = 4 * _FACTOR**2
_MOST_PIXELS = 16384 * _FACTOR**2


def units(across: float) -> Frame:
    """The same number of units across and down, whatever the picture's size."""
    return lambda prepared: (across, across)


def sent_pixels(prepared: Prepared) -> tuple[float, float]:
    """Pixels of the picture as it was sent."""
    return (prepared.width, prepared.height)


def resized_pixels(prepared: Prepared) -> tuple[float, float]:
    """Pixels of what Qwen2.5-VL makes of the picture: sides of multiples of 28, 4 to 16384 squares
    of 28 by 28 in all (qwen-vl-utils; a server may set narrower limits)."""
    width, height = max(prepared.width, 1), max(prepared.height, 1)
    across = max(_FACTOR, round(width / _FACTOR) * _FACTOR)
    down = max(_FACTOR, round(height / _FACTOR) * _FACTOR)
    if across * down > _MOST_PIXELS:
        shrink = math.sqrt(width * height / _MOST_PIXELS)
        across = max(_FACTOR, math.floor(width / shrink / _FACTOR) * _FACTOR)
        down = max(_FACTOR, math.floor(height / shrink / _FACTOR) * _FACTOR)
    elif across * down < _LEAST_PIXELS:
        grow = math.sqrt(_LEAST_PIXELS / (width * height))
        across = math.ceil(width * grow / _FACTOR) * _FACTOR
        down = math.ceil(height * grow / _FACTOR) * _FACTOR
    return (across, down)
