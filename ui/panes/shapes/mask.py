"""Masks as pictures and as outlines. Any thread may call this."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate, chain, cycle

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainterPath, QPolygonF

from app.domain.shape import Mask

MOST_STEPS = 20_000
"""An outline with more corners than this is not drawn: it is noise, and its pixels say enough."""

Edges = dict[tuple[int, int], list[tuple[int, int]]]
_SET = re.compile("1+")


class MaskGrid:
    """The cells of a mask. Runs that end early leave the rest outside; what is too much is cut."""

    def __init__(self, mask: Mask) -> None:
        self.width = max(mask.width, 0)
        self.height = max(mask.height, 0)
        self._ends = list(accumulate(mask.runs))

    def holds(self, across: float, down: float) -> bool:
        """Whether a place, in fractions (0..1) of the grid's width and height, is inside."""
        if not (0 <= across < 1 and 0 <= down < 1):
            return False
        cell = int(down * self.height) * self.width + int(across * self.width)
        run = bisect_right(self._ends, cell)
        return run < len(self._ends) and run % 2 == 1

    def image(self, color: QColor) -> QImage:
        """A pixel for each cell, in `color` where it is inside; a null image for an empty grid."""
        cells = self._cells(b"\x00", b"\x01")
        if not cells:
            return QImage()
        shown = QImage(cells, self.width, self.height, self.width, QImage.Format.Format_Indexed8)
        shown.setColorTable([0, color.rgba()])
        return shown.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    def outline(self) -> QPainterPath:
        """The border of what is inside, a unit for each cell; empty where it is too long."""
        path, edges = QPainterPath(), self._edges()
        while edges:
            start = next(iter(edges))
            corners = [start]
            while (following := _take(edges, corners[-1])) != start:
                corners.append(following)
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
            path.closeSubpath()
        return path

    def _cells(self, outside: bytes, inside: bytes) -> bytes:
        size = self.width * self.height
        ends = [min(end, size) for end in self._ends]
        starts = chain((0,), ends)
        stretches = zip(cycle((outside, inside)), starts, ends, strict=False)
        cells = b"".join(sign * (end - start) for sign, start, end in stretches)
        return cells + outside * (size - len(cells))

    def _edges(self) -> Edges:
        """Where inside and outside meet, from corner to corner with the inside on the right; none
        where they are too many."""
        edges: Edges = {}
        cells, wide, above, count = self._cells(b"0", b"1"), self.width, 0, 0
        for y in range(self.height + 1 if wide else 0):
            row = int(cells[y * wide : (y + 1) * wide] or b"0", 2)
            found = [((start, y), (end, y)) for start, end in _stretches(row & ~above, wide)]
            found += [((end, y), (start, y)) for start, end in _stretches(above & ~row, wide)]
            for start, end in _stretches(row, wide):
                found += [((start, y + 1), (start, y)), ((end, y), (end, y + 1))]
            for corner, following in found:
                edges.setdefault(corner, []).append(following)
            above, count = row, count + len(found)
            if count > MOST_STEPS:
                return {}
        return edges


def _stretches(row: int, wide: int) -> list[tuple[int, int]]:
    """The bits that are set, as (first, one past the last), counted from the highest of `wide`."""
    return [found.span() for found in _SET.finditer(f"{row:0{wide}b}")] if row else []


def _take(edges: Edges, corner: tuple[int, int]) -> tuple[int, int]:
    """Follow an edge from a corner and forget it."""
    following = edges[corner].pop()
    if not edges[corner]:
        del edges[corner]
    return following
