"""From places in an upright picture to places in its file, which may hold it turned or mirrored."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Places = Sequence[tuple[float, float]]
"""Places from the top left corner of the picture: to the right, down."""

_TO_STORED: dict[int, Callable[[float, float, float, float], tuple[float, float]]] = {
    1: lambda x, y, width, height: (x, y),
    2: lambda x, y, width, height: (width - x, y),
    3: lambda x, y, width, height: (width - x, height - y),
    4: lambda x, y, width, height: (x, height - y),
    5: lambda x, y, width, height: (y, x),
    6: lambda x, y, width, height: (y, height - x),
    7: lambda x, y, width, height: (width - y, height - x),
    8: lambda x, y, width, height: (width - y, x),
}


def stored_places(places: Places, orientation: int, stored: tuple[int, int]) -> list[tuple[float, float]]:
    """Where upright `places` lie in a file of EXIF `orientation` (1 to 8) and size `stored`."""
    turn = _TO_STORED[orientation]
    return [turn(x, y, *stored) for x, y in places]


def stored_box(
    box: tuple[float, float, float, float], orientation: int, stored: tuple[int, int]
) -> tuple[float, float, float, float]:
    """The same for a box, given and returned as left, top, right, bottom."""
    corners = stored_places((box[:2], box[2:]), orientation, stored)
    (left, right), (top, bottom) = (sorted(sides) for sides in zip(*corners, strict=True))
    return left, top, right, bottom
