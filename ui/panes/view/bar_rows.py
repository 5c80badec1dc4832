"""Where the groups of the bar over a picture stand: in rows below it, or beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

ROW = 32
"""Logical pixels of a button's height."""
INSET = 4
GAP = 13
OVER_EDGE = 12
"""Logical pixels between the bar and the bottom of the view."""
LOW_EDGE = 4
"""As OVER_EDGE, in a low view."""
LOW = 240
"""In a lower view the bar has only what is needed now, and stands beside the picture if it can."""
BESIDE_SHARES = (0.25, 0.34, 0.5)
"""Beside the picture it takes the smallest of these parts of the view's width that it fits into."""
WHOLE_SHARE = 0.34
"""No larger part, while it has what the menu has as well."""
DRAW = "draw"
DRAWER = "drawer"
"""The tools that belong to DRAW, in the row behind it."""
DISPENSABLE = ("sent", "shapes", "zoom", "turn")
"""What is left out, one after the other, where a low view is narrow, too: commands and keys do the same."""

Row = tuple[str, ...]


class BarRows(NamedTuple):
    """The names of what stands in each row, from above, and whether they stand beside the picture."""

    rows: tuple[Row, ...]
    beside: bool = False

    @property
    def height(self) -> int:
        """Of the whole bar, in logical pixels."""
        return INSET + len(self.rows) * (ROW + INSET)

    def width(self, widths: Mapping[str, int]) -> int:
        """Of the whole bar, where its parts have these widths."""
        return max((row_width(row, widths) for row in self.rows), default=0) + 2 * INSET

    def room(self, widths: Mapping[str, int]) -> tuple[int, int]:
        """How many logical pixels of the view's bottom and of its right are the bar's."""
        if self.beside:
            return 0, self.width(widths) + 2 * LOW_EDGE
        return 2 * OVER_EDGE + self.height, 0


def row_width(row: Row, widths: Mapping[str, int]) -> int:
    """What parts beside each other take."""
    return sum(widths[name] for name in row) + GAP * (len(row) - 1)


def arranged(widths: Mapping[str, int], width: int, height: int, most: float = 0.5) -> BarRows:
    """Rows for a view of this size; `widths` are those of the groups in their order, and of the DRAWER
    while it is open: then there is nothing but tools. `most`: the largest part of the width that they
    may take beside the picture."""
    parts = (DRAW, DRAWER) if DRAWER in widths else tuple(widths)
    if height >= LOW:
        return BarRows(_in_rows(parts, widths, width - 4 * INSET))
    for share in (share for share in BESIDE_SHARES if share <= most):
        room = round(width * share) - 2 * LOW_EDGE - 2 * INSET
        beside = BarRows(_in_rows(parts, widths, room), beside=True)
        if beside.height <= max(height, ROW + 2 * INSET) and beside.width(widths) <= room + 2 * INSET:
            return beside
    room = width - 2 * INSET
    for name in ("", *DISPENSABLE):
        parts = tuple(part for part in parts if part != name)
        if row_width(parts, widths) <= room:
            return BarRows((parts,))
    return BarRows((parts[-1:],))


def _in_rows(parts: Row, widths: Mapping[str, int], room: int) -> tuple[Row, ...]:
    """No more rows than there have to be, and these as narrow as they can be."""
    rows = _filled(parts, widths, room)
    if len(rows) == 1:
        return rows
    cuts = range(len(parts) + 1)
    rooms = sorted({row_width(parts[start:end], widths) for start in cuts for end in cuts if start < end})
    narrower = (_filled(parts, widths, each) for each in rooms if each < room)
    return next((each for each in narrower if len(each) == len(rows)), rows)


def _filled(parts: Row, widths: Mapping[str, int], room: int) -> tuple[Row, ...]:
    """As many beside each other as there is room for, at least one."""
    rows: list[Row] = []
    for name in parts:
        if rows and row_width((*rows[-1], name), widths) <= room:
            rows[-1] = (*rows[-1], name)
        else:
            rows.append((name,))
    return tuple(rows)
