"""Which of many boxes are at a place of a picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Bounds = tuple[float, float, float, float]
"""Left, top, right and bottom of a box."""
MOST_CELLS = 100
"""Of the grid, across and down."""
WIDESPREAD = 64
"""A box over more cells than this is looked at for every place."""


class ShapeIndex:
    """A grid over the boxes, so that a place costs what is near it and not what there is."""

    def __init__(self, boxes: Sequence[Bounds]) -> None:
        self._boxes = boxes
        self._left = min((left for left, _, _, _ in boxes), default=0.0)
        self._top = min((top for _, top, _, _ in boxes), default=0.0)
        most = min(MOST_CELLS, max(1, math.isqrt(len(boxes))))
        across = max((right for _, _, right, _ in boxes), default=0.0) - self._left
        down = max((bottom for _, _, _, bottom in boxes), default=0.0) - self._top
        self._wide = max(across / most, _mean(right - left for left, _, right, _ in boxes), 1e-9)
        self._high = max(down / most, _mean(bottom - top for _, top, _, bottom in boxes), 1e-9)
        self._count = most
        self._widespread: list[int] = []
        self._cells: dict[tuple[int, int], list[int]] = {}
        for number, bounds in enumerate(boxes):
            self._enter(number, bounds)

    def near(self, x: float, y: float, reach: float) -> list[int]:
        """The numbers of the boxes that a place is in, or no further from than `reach`; in order."""
        found = set(self._widespread)
        columns, rows = self._covered(x - reach, y - reach, x + reach, y + reach)
        for row in rows:
            for column in columns:
                found.update(self._cells.get((column, row), ()))
        boxes, least_x, most_x, least_y, most_y = self._boxes, x - reach, x + reach, y - reach, y + reach
        return [
            number
            for number in sorted(found)
            if boxes[number][0] <= most_x
            and boxes[number][2] >= least_x
            and boxes[number][1] <= most_y
            and boxes[number][3] >= least_y
        ]

    def _enter(self, number: int, bounds: Bounds) -> None:
        columns, rows = self._covered(*bounds)
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
