"""What a model points at in a picture."""

from __future__ import annotations

from enum import StrEnum

from app.domain.geometry import Box, Point
from app.domain.record import Record


class ShapeKind(StrEnum):
    """What a model draws: a box, a point, an outline, or the pixels that belong to a thing."""

    BOX = "box"
    POINT = "point"
    POLYGON = "polygon"
    MASK = "mask"


class Mask(Record, frozen=True):
    """Which pixels belong to a thing: a grid of `width` by `height` cells laid over the shape's box.

    `runs` counts cells row by row, by turns outside (first, may be 0) and inside.
    """

    width: int
    height: int
    runs: tuple[int, ...]


class Shape(Record, frozen=True):
    """A place in a picture with what the model calls it, empty where it gave no name.

    `box` is what it reaches over, in fractions of the original (0..1; a point's has no area), and
    `pixels` the same in pixels of the original. `points` are in pixels of the original too: the
    point itself, or the corners of a polygon in order; a box and a mask have none. `original` is
    the hash of the picture. `spans` are the characters of the answer that speak of it, as (first,
    one past the last): where it is written, and where its name is said. `score` is how sure the
    model is, 0..1.
    """

    label: str
    box: Box
    pixels: Box
    kind: ShapeKind = ShapeKind.BOX
    points: tuple[Point, ...] = ()
    mask: Mask | None = None
    original: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    score: float | None = None
