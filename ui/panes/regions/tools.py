"""The tools that draw on a picture: what each makes of the way of the pointer."""

from __future__ import annotations

import math
import os
from collections.abc import Collection
from enum import StrEnum

from app.domain.geometry import Box, Point
from app.domain.region import RedactionKind, Region, RegionKind
from ui.panes.regions import geometry
from ui.panes.regions.geometry import Points
from ui.panes.regions.marks import Mark
from ui.panes.regions.redact_tools import box_cover, brush_cover, cover_over


class Tool(StrEnum):
    """What the pointer does on a picture; the hand moves what is there."""

    HAND = "hand"
    RECTANGLE = "rectangle"
    LASSO = "lasso"
    POINT = "point"
    ARROW = "arrow"
    BOX = "box"
    BRUSH = "brush"


REGION_TOOLS = (Tool.RECTANGLE, Tool.LASSO, Tool.POINT, Tool.ARROW)
COVER_TOOLS = (Tool.BOX, Tool.BRUSH)
TWO_POINTS = (Tool.RECTANGLE, Tool.ARROW, Tool.BOX)
LEAST_SHARE = 0.5
"""Shares of a fingertip: what is drawn smaller was a click."""
STEP_SHARE = 0.25
"""Shares of a fingertip between two points of a line that is drawn by hand."""
ROUND = 12
"""Corners of an outline that the keyboard puts down."""


def new_id(taken: Collection[str]) -> str:
    """The id of a region beside others of a picture."""
    while (made := os.urandom(4).hex()) in taken:
        pass
    return made


class Drawing:
    """Something that is being drawn, in pixels of the original.

    `width` is that of the brush. `size` is that of the picture, over whose edges nothing goes.
    """

    def __init__(self, tool: Tool, at: Point, size: tuple[float, float], width: float = 0.0) -> None:
        self.tool = tool
        self.width = width
        self._size = size
        start = geometry.inside_picture(at, *size)
        self.points: Points = (start,)
        self._line = [start]
        self._straight_from: int | None = None

    def go_on(self, at: Point, reach: float, *, constrained: bool) -> None:
        """The pointer is at another place; `constrained` makes squares and straight lines."""
        at = geometry.inside_picture(at, *self._size)
        if self.tool is Tool.POINT:
            self.points = (at,)
        elif self.tool in TWO_POINTS:
            start = self.points[0]
            if constrained:
                meant = geometry.straight_to if self.tool is Tool.ARROW else geometry.square_to
                at = geometry.inside_picture(meant(start, at), *self._size)
            self.points = (start, at)
        else:
            self._extend(at, reach, constrained=constrained)
            self.points = tuple(self._line)

    def is_click(self, reach: float) -> bool:
        """Whether it has not gone further than a hand trembles."""
        box = geometry.bounds(self.points)
        return max(box.width, box.height) < reach * LEAST_SHARE

    def mark(self, reach: float, taken: Collection[str]) -> Mark | None:
        """What was drawn; None where that is nothing. `taken` are the ids of the other regions."""
        if self.tool is Tool.BRUSH:
            return brush_cover(self.points, self.width)
        if self.tool is Tool.POINT:
            return _region(self.tool, geometry.rounded(self.points, 1), taken)
        if self.is_click(reach):
            return None
        if self.tool is Tool.LASSO:
            outline = geometry.simplified(self.points, reach / 12)
            return _region(self.tool, geometry.rounded(outline, 1), taken) if len(outline) > 2 else None
        if self.tool is Tool.ARROW:
            return _region(self.tool, geometry.rounded(self.points, 1), taken)
        box = geometry.bounds(geometry.rounded(self.points))
        if not box.width or not box.height:
            return None
        edges = (Point(box.left, box.top), Point(box.right, box.bottom))
        return box_cover(edges) if self.tool is Tool.BOX else _region(self.tool, edges, taken)

    def _extend(self, at: Point, reach: float, *, constrained: bool) -> None:
        """A line goes on; a straight one from where Shift was pressed has no points between."""
        if constrained:
            if self._straight_from is None:
                self._straight_from = len(self._line)
            del self._line[self._straight_from :]
            self._line.append(at)
            return
        self._straight_from = None
        if geometry.distance(self._line[-1], at) >= reach * STEP_SHARE:
            self._line.append(at)


def mark_over(tool: Tool, box: Box, width: float, taken: Collection[str]) -> Mark:
    """What the keyboard puts over a box with a tool, which is not the hand."""
    if tool in COVER_TOOLS:
        return cover_over(box, RedactionKind(tool.value), width)
    points: Points = (Point(box.left, box.top), Point(box.right, box.bottom))
    centre = geometry.middle(box)
    if tool is Tool.POINT:
        points = (centre,)
    elif tool is Tool.ARROW:
        points = (Point(box.left, box.bottom), centre)
    elif tool is Tool.LASSO:
        turns = [number * 2 * math.pi / ROUND for number in range(ROUND)]
        points = tuple(
            Point(centre.x + box.width / 2 * math.cos(turn), centre.y + box.height / 2 * math.sin(turn))
            for turn in turns
        )
    digits = 0 if tool is Tool.RECTANGLE else 1
    return _region(tool, geometry.rounded(points, digits), taken)


def _region(tool: Tool, points: Points, taken: Collection[str]) -> Region:
    return Region(new_id(taken), RegionKind(tool.value), points)
