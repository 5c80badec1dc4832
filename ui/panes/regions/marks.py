"""Regions and covers as things on a picture: where they are, how they are taken hold of and changed."""

from __future__ import annotations

from app.domain.geometry import Box, Point
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, Treatment
from ui.panes.regions import geometry
from ui.panes.regions.geometry import HANDLES, Points

Mark = Region | Redaction
"""What can be drawn, taken hold of and moved."""


def marks_of(treatment: Treatment) -> tuple[Mark, ...]:
    """All of a picture, from the lowest to the uppermost."""
    return (*treatment.redactions, *treatment.regions)


def width_of(mark: Mark) -> float:
    """How wide its line is, in pixels of the picture; 0 for one without a breadth of its own."""
    return mark.width if isinstance(mark, Redaction) and mark.kind is RedactionKind.BRUSH else 0.0


def bounds_of(mark: Mark) -> Box:
    """What it reaches over; a point has no area."""
    return geometry.bounds(mark.points, width_of(mark))


def outline_of(mark: Mark) -> tuple[Points, bool]:
    """The points of its line, and whether that is closed."""
    if mark.kind in (RegionKind.RECTANGLE, RedactionKind.BOX):
        return geometry.corners(geometry.bounds(mark.points)), True
    return mark.points, mark.kind is RegionKind.LASSO


def is_on(mark: Mark, at: Point, reach: float, *, within: bool) -> bool:
    """Whether a place is on its line, or (`within`) anywhere in it."""
    line, closed = outline_of(mark)
    if within and closed and geometry.holds(line, at):
        return True
    return geometry.distance_to_lines(at, line, closed=closed) <= reach + width_of(mark) / 2


def handles_of(mark: Mark) -> Points:
    """Where it can be taken hold of to be made another; none for a stroke of the brush."""
    if mark.kind in (RegionKind.POINT, RegionKind.ARROW):
        return mark.points
    if mark.kind is RedactionKind.BRUSH:
        return ()
    box = bounds_of(mark)
    return tuple(Point(box.left + x * box.width, box.top + y * box.height) for x, y in HANDLES)


def pulled(mark: Mark, handle: int, at: Point, *, constrained: bool) -> Mark:
    """The mark with one of its handles at another place."""
    if mark.kind is RegionKind.POINT:
        return mark.replace(points=geometry.rounded((at,), 1))
    if mark.kind is RegionKind.ARROW:
        fixed = mark.points[1 - handle]
        end = geometry.straight_to(fixed, at) if constrained else at
        points = (end, fixed) if handle == 0 else (fixed, end)
        return mark.replace(points=geometry.rounded(points, 1))
    before = bounds_of(mark)
    after = geometry.with_handle(before, handle, at, keeps_shape=constrained)
    digits = 1 if mark.kind is RegionKind.LASSO else 0
    return mark.replace(points=geometry.rounded(geometry.stretched(mark.points, before, after), digits))


def pushed(mark: Mark, dx: float, dy: float, width: float, height: float) -> Mark:
    """The mark moved, but not over the edges of a picture of this size."""
    points = geometry.moved(mark.points, dx, dy, width, height)
    whole = mark.kind in (RegionKind.RECTANGLE, RedactionKind.BOX)
    return mark.replace(points=geometry.rounded(points, 0 if whole else 1))


def grown(mark: Mark, dx: float, dy: float, width: float, height: float) -> Mark:
    """The mark with its lower right corner, or the head of an arrow, moved."""
    handles = handles_of(mark)
    if not handles or mark.kind is RegionKind.POINT:
        return mark
    handle = 1 if mark.kind is RegionKind.ARROW else 4
    at = Point(handles[handle].x + dx, handles[handle].y + dy)
    return pulled(mark, handle, geometry.inside_picture(at, width, height), constrained=False)


def with_mark(treatment: Treatment, mark: Mark) -> Treatment:
    """The treatment with one more."""
    if isinstance(mark, Redaction):
        return treatment.replace(redactions=(*treatment.redactions, mark))
    return treatment.replace(regions=(*treatment.regions, mark))


def with_mark_changed(treatment: Treatment, before: Mark, after: Mark | None) -> Treatment:
    """The treatment with one that is another now, or (None) is not there any more."""
    if isinstance(before, Redaction):
        place = treatment.redactions.index(before)
        new = () if after is None else (after,)
        covers = (*treatment.redactions[:place], *new, *treatment.redactions[place + 1 :])
        return treatment.replace(redactions=covers)
    kept = tuple(after if region == before else region for region in treatment.regions)
    return treatment.replace(regions=tuple(region for region in kept if region is not None))
