"""Covers as they are drawn, and how wide the brush is."""

from __future__ import annotations

from app.domain.geometry import Box, Point
from app.domain.region import Redaction, RedactionKind
from ui.panes.regions import geometry
from ui.panes.regions.geometry import Points

BRUSH_SIZES = (8, 12, 16, 24, 32, 48, 64, 96, 128)
"""Logical pixels on the screen: what is seen is what is covered, at any zoom."""
FIRST_SIZE = 4
"""Which of BRUSH_SIZES is there first."""


def next_size(size: int, steps: int) -> int:
    """The number of the brush that is so many steps wider."""
    return min(max(size + steps, 0), len(BRUSH_SIZES) - 1)


def box_cover(points: Points) -> Redaction:
    """A cover between two opposite corners."""
    return Redaction(RedactionKind.BOX, geometry.rounded(points))


def brush_cover(points: Points, width: float) -> Redaction:
    """A stroke of the brush, `width` pixels of the picture wide."""
    line = geometry.simplified(points, width / 24) if len(points) > 1 else points
    return Redaction(RedactionKind.BRUSH, geometry.rounded(line, 1), round(max(width, 1.0), 1))


def cover_over(box: Box, kind: RedactionKind, width: float) -> Redaction:
    """A cover of this kind over a box: what the keyboard puts down."""
    if kind is RedactionKind.BRUSH:
        y = (box.top + box.bottom) / 2
        return brush_cover((Point(box.left, y), Point(box.right, y)), width)
    return box_cover((Point(box.left, box.top), Point(box.right, box.bottom)))
