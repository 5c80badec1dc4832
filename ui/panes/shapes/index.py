"""Which of many boxes are at a place of a picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from app.domain.geometry import Box

MOST_CELLS = 100
"""Of the grid, across and down."""
WIDESPREAD = 64
"""A box over more cells than this is looked at for every place."""


class ShapeIndex:
    """A grid over the boxes, so that a place costs what is near it and not what there is."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes = boxes
        self._left = min((box.left for box in boxes), default=0.0)
        self._top = min((box.top for box in boxes), default=0.0)
        right = max((box.right for box in boxes), default=0.0)
        bottom = max((box.bottom for box in boxes), default=0.0)
        most = min(MOST_CELLS, max(1, math.isqrt(len(boxes))))
        self._wide = max((right - self._left) / most, _mean(box.width for box in boxes), 1e-9)
        self._high = max((bottom - self._top) / most, _mean(box.height for box in boxes), 1e-9)
        self._count = most
        self._widespread: list[int] = []
        self._cells: dict[tuple[int, int], list[int]] = {}
        for number, box in enumerate(boxes):
            self._enter(number, box)

    def near(self, x: float, y: float, reach: float) -> list[int]:
        """The numbers of the boxes that a place is in, or no further from than `reach`; in order."""
        found = set(self._widespread)
        columns, rows = self._covered(x - reach, y - reach, x + reach, y + reach)
        for row in rows:
            for column in columns:
                found.update(self._cells.get((column, row), ()))
        return sorted(number for number in found if _is_near(self._boxes[number], x, y, reach))

    def _enter(self, number: int, box: Box) -> None:
        columns, rows = self._covered(box.left, box.top, box.right, box.bottom)
        if len(columns) * len(rows) > WIDESPREAD:
            self._widespread.append(number)
            return
        for row in rows:
            for column in columns:
                self._cells.setdefault((column, row), []).append(number)

    def _covered(self, left: float, top: float, right: float, bottom: float) -> tuple[range, range]:
        """The columns and the rows that a rectangle touches."""
        left, right = (left - self._left) / self._wide, (right - self._left) / self._wide
        top, bottom = (top - self._top) / self._high, (bottom - self._top) / self._high
        columns = range(self._cell(left), self._cell(right) + 1)
        return columns, range(self._cell(top), self._cell(bottom) + 1)

    def _cell(self, place: float) -> int:
        return min(max(int(place), 0), self._count - 1)


def _mean(sizes: Iterable[float]) -> float:
    """So that most boxes touch no more than a few cells."""
    told = list(sizes)
    return sum(told) / max(1, len(told))


def _is_near(box: Box, x: float, y: float, reach: float) -> bool:
    across = box.left - reach <= x <= box.right + reach
    return across and box.top - reach <= y <= box.bottom + reach
