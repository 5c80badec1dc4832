"""What a model points at in a picture."""

from __future__ import annotations

from app.domain.record import Record


class Box(Record, frozen=True):
    """An upright rectangle: from (`left`, `top`) to (`right`, `bottom`), from the top left corner.

    `left < right` and `top < bottom`. The unit is its owner's matter.
    """

    left: float
    top: float
    right: float
    bottom: float


class Shape(Record, frozen=True):
    """A place in a picture with what the model calls it, empty where it gave no name.

    `box` is in fractions of the picture, 0..1; `pixels` the same in pixels of the original.
    """

    label: str
    box: Box
    pixels: Box
