"""Places in a picture. The unit, and whose corner is (0, 0), is their owner's matter."""

from __future__ import annotations

from app.domain.record import Record


class Point(Record, frozen=True):
    """A place: `x` to the right, `y` down, from the top left corner."""

    x: float
    y: float


class Box(Record, frozen=True):
    """An upright rectangle: from (`left`, `top`) to (`right`, `bottom`), from the top left corner.

    `left < right` and `top < bottom`.
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How far it reaches to the right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How far it reaches down."""
        return self.bottom - self.top
