"""How dialects measure a picture: so many units across and down the picture as it was sent."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.picture import Prepared
from app.domain.picture_sizes import in_squares

Frame = Callable[[Prepared], tuple[float, float]]
"""How many units lie across and down a sent picture."""

_SQUARE = 28


def units(across: float) -> Frame:
    """The same number of units across and down, whatever the picture's size."""
    return lambda prepared: (across, across)


def sent_pixels(prepared: Prepared) -> tuple[float, float]:
    """Pixels of the picture as it was sent."""
    return (prepared.width, prepared.height)


def resized_pixels(prepared: Prepared) -> tuple[float, float]:
    """Pixels of what Qwen2.5-VL makes of the picture: sides of multiples of 28."""
    across, down = in_squares(prepared.width, prepared.height, _SQUARE)
    return (across * _SQUARE, down * _SQUARE)
