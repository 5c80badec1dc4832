"""Points that were drawn on a picture: how far they reach, what is near them, how they are changed.

All are in pixels of the original.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from app.domain.geometry import Box, Point

Points = tuple[Point, ...]

HANDLES = (
    *((0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.5)),
    *((1.0, 1.0), (0.5, 1.0), (0.0, 1.0), (0.0, 0.5)),
)
"""Where a box can be taken hold of, as shares of its width and height; clockwise."""

EIGHTH = math.pi / 4
PIECE = 24
"""Points of a line that are looked at together."""


def bounds(points: Sequence[Point], width: float = 0.0) -> Box:
    """What points reach over, drawn with a brush `width` wide. Points on a line have no area."""
    xs, ys, more = [p.x for p in points], [p.y for p in points], width / 2
    return Box(min(xs) - more, min(ys) - more, max(xs) + more, max(ys) + more)


def middle(box: Box) -> Point:
    """The centre of a box."""
    return Point((box.left + box.right) / 2, (box.top + box.bottom) / 2)


def corners(box: Box) -> Points:
    """The corners of a box, clockwise."""
    return (
        Point(box.left, box.top),
        Point(box.right, box.top),
        Point(box.right, box.bottom),
        Point(box.left, box.bottom),
    )


def inside_picture(point: Point, width: float, height: float) -> Point:
    """The nearest point of a picture of this size."""
    return Point(min(max(point.x, 0.0), width), min(max(point.y, 0.0), height))


def rounded(points: Points, digits: int = 0) -> Points:
    """Points to so many digits."""
    return tuple(Point(round(p.x, digits), round(p.y, digits)) for p in points)


def moved(points: Points, dx: float, dy: float, width: float, height: float) -> Points:
    """Points pushed, but not over the edges of a picture of this size."""
    reach = bounds(points)
    dx = min(max(dx, -reach.left), width - reach.right)
    dy = min(max(dy, -reach.top), height - reach.bottom)
    return tuple(Point(p.x + dx, p.y + dy) for p in points)


def stretched(points: Points, before: Box, after: Box) -> Points:
    """Points of the box `before` in the same places of the box `after`."""
    across = after.width / before.width if before.width else 1.0
    down = after.height / before.height if before.height else 1.0
    return tuple(
        Point(after.left + (p.x - before.left) * across, after.top + (p.y - before.top) * down)
        for p in points
    )


def with_handle(box: Box, handle: int, at: Point, *, keeps_shape: bool = False) -> Box:
    """A box with one of its HANDLES pulled to a place; not smaller than a pixel."""
    across, down = HANDLES[handle]
    left, right = (at.x, box.right) if across == 0.0 else (box.left, at.x if across == 1.0 else box.right)
    top, bottom = (at.y, box.bottom) if down == 0.0 else (box.top, at.y if down == 1.0 else box.bottom)
    width, height = max(right - left, 1.0), max(bottom - top, 1.0)
    if keeps_shape and box.width and box.height and 0.5 not in (across, down):
        scale = max(width / box.width, height / box.height)
        width, height = box.width * scale, box.height * scale
    left, right = (box.right - width, box.right) if across == 0.0 else (box.left, box.left + width)
    top, bottom = (box.bottom - height, box.bottom) if down == 0.0 else (box.top, box.top + height)
    return Box(left, top, right, bottom)


def square_to(anchor: Point, at: Point) -> Point:
    """The corner of a square from `anchor` that is meant by `at`."""
    side = max(abs(at.x - anchor.x), abs(at.y - anchor.y))
    return Point(
        anchor.x + math.copysign(side, at.x - anchor.x), anchor.y + math.copysign(side, at.y - anchor.y)
    )


def straight_to(anchor: Point, at: Point) -> Point:
    """The end of a line from `anchor` near `at`, at a multiple of 45 degrees."""
    length = math.hypot(at.x - anchor.x, at.y - anchor.y)
    angle = round(math.atan2(at.y - anchor.y, at.x - anchor.x) / EIGHTH) * EIGHTH
    return Point(anchor.x + length * math.cos(angle), anchor.y + length * math.sin(angle))


def distance(a: Point, b: Point) -> float:
    """How far two points are apart."""
    return math.hypot(a.x - b.x, a.y - b.y)


def distance_to_line(at: Point, start: Point, end: Point) -> float:
    """How far a point is from the nearest one between `start` and `end`."""
    dx, dy = end.x - start.x, end.y - start.y
    length = dx * dx + dy * dy
    share = ((at.x - start.x) * dx + (at.y - start.y) * dy) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.hypot(at.x - start.x - share * dx, at.y - start.y - share * dy)


def distance_to_lines(at: Point, points: Sequence[Point], *, closed: bool = False) -> float:
    """How far a point is from the nearest line between points that follow each other."""
    line = (*points, points[0]) if closed or len(points) == 1 else points
    return min(distance_to_line(at, start, end) for start, end in pairwise(line))


def holds(outline: Sequence[Point], at: Point) -> bool:
    """Whether a point lies within an outline (even-odd rule)."""
    within = False
    for a, b in pairwise((*outline, outline[0])):
        if (a.y > at.y) != (b.y > at.y) and at.x < a.x + (at.y - a.y) * (b.x - a.x) / (b.y - a.y):
            within = not within
    return within


def simplified(points: Points, tolerance: float) -> Points:
    """The same line with fewer points, none of the others further from it than `tolerance` (Ramer,
    Douglas and Peucker); in pieces, so that no line, however jagged, takes long."""
    kept = [points[0]]
    for start in range(0, len(points) - 1, PIECE):
        kept += _simplified(points[start : start + PIECE + 1], tolerance)[1:]
    return tuple(kept)


def _simplified(points: Points, tolerance: float) -> Points:
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        far, furthest = 0, 0.0
        for number in range(first + 1, last):
            off = distance_to_line(points[number], points[first], points[last])
            if off > furthest:
                far, furthest = number, off
        if furthest > tolerance:
            keep.add(far)
            spans += [(first, far), (far, last)]
    return tuple(points[number] for number in sorted(keep))
