"""Panes beside and above each other: what stands where, and how it is changed.

All of them are children of the one area, however it is divided: whatever moves into another parent
is styled anew with all its parts, which takes longer than a frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt

from ui.panes.area.arrangement import Arrangement, Leaf, Split
from ui.panes.area.divider import LINE, Divider
from ui.panes.area.pane_group import PaneGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget

    from ui.panes.area.arrangement import Side


@dataclass(eq=False, slots=True)
class Division:
    """Parts beside or above each other, in a rectangle of the area."""

    orientation: Qt.Orientation
    parts: list[PaneGroup | Division]
    shares: list[int]
    """How the parts share the room: their lengths in logical pixels, when they were last chosen."""

    rect: QRect = field(default_factory=QRect)

    def length(self, size: QSize) -> int:
        """The side of a size along which the parts stand."""
        return size.width() if self.orientation == Qt.Orientation.Horizontal else size.height()


Part = PaneGroup | Division


class PaneTree:
    """The panes of one area, `root` first."""

    def __init__(self, area: QWidget, root: PaneGroup) -> None:
        self._area = area
        self._root: Part = root
        self._dividers: list[Divider] = []

    def groups(self) -> list[PaneGroup]:
        """Every group, as one reads: from the left to the right, from the top down."""
        return list(_groups_in(self._root))

    def place_beside(self, group: PaneGroup, new: PaneGroup, side: Side) -> None:
        """Let `group` give half of its room to `new`."""
        outer = self._division_of(group)
        if outer is None or outer.orientation != side.orientation:
            inner = Division(side.orientation, [group], [1], group.geometry())
            self._replace(outer, group, inner)
            outer = inner
        outer.shares = _lengths(outer)
        index = outer.parts.index(group)
        half = outer.shares[index] // 2
        outer.shares[index] -= half
        place = index if side.before else index + 1
        outer.parts.insert(place, new)
        outer.shares.insert(place, half)
        self.lay_out()
        new.show()

    def take_out(self, group: PaneGroup) -> None:
        """Let the others have the room of a group; there must be others."""
        division = self._division_of(group)
        assert division is not None
        division.shares = _lengths(division)
        index = division.parts.index(group)
        del division.parts[index], division.shares[index]
        if len(division.parts) == 1:
            self._replace(self._division_of(division), division, division.parts[0])
        self.lay_out()

    def build(self, kept: Arrangement, group_for: Callable[[Leaf], PaneGroup]) -> None:
        """Stand as in an arrangement; `group_for` gives the groups of its leaves."""
        self._root = _built(kept, group_for)
        self.lay_out()
        for group in self.groups():
            group.show()

    def arrangement(self, active: PaneGroup) -> Arrangement:
        """What stands where, to be built again later."""
        return _arrangement_of(self._root, active)

    def lay_out(self) -> None:
        """Give everything its place in the area."""
        _lay_out(self._root, self._area.rect())
        lines = list(_lines_in(self._root))
        while len(self._dividers) < len(lines):
            self._dividers.append(Divider(self._area, self))
        for divider in self._dividers[len(lines) :]:
            divider.hide()
        for divider, (division, index, line) in zip(self._dividers, lines, strict=False):
            divider.stand(division, index, line)

    def move_line(self, division: Division, index: int, by: int) -> None:
        """Move the line behind a part by logical pixels, as far as the parts beside it allow."""
        lengths = _lengths(division)
        before, after = (division.length(_least(part)) for part in division.parts[index : index + 2])
        low, high = before - lengths[index], lengths[index + 1] - after
        if low <= high:
            by = min(max(by, low), high)
            lengths[index] += by
            lengths[index + 1] -= by
            division.shares = lengths
            self.lay_out()

    def _division_of(self, part: Part) -> Division | None:
        """What a part stands in, None for the root."""
        return next((found for found in _divisions_in(self._root) if part in found.parts), None)

    def _replace(self, outer: Division | None, old: Part, new: Part) -> None:
        """Let `new` stand where `old` stands; as part of what stands the same way it is dissolved."""
        if outer is None:
            self._root = new
            return
        index = outer.parts.index(old)
        if isinstance(new, Division) and new.orientation == outer.orientation:
            outer.shares = _lengths(outer)
            outer.parts[index : index + 1] = new.parts
            outer.shares[index : index + 1] = _lengths(new)
        else:
            outer.parts[index] = new


def _groups_in(part: Part) -> Iterator[PaneGroup]:
    if isinstance(part, PaneGroup):
        yield part
    else:
        for inner in part.parts:
            yield from _groups_in(inner)


def _divisions_in(part: Part) -> Iterator[Division]:
    if isinstance(part, Division):
        yield part
        for inner in part.parts:
            yield from _divisions_in(inner)


def _lines_in(root: Part) -> Iterator[tuple[Division, int, QRect]]:
    """Every line between two parts: its division, the part before it, and where it lies."""
    for division in _divisions_in(root):
        for index, part in enumerate(division.parts[:-1]):
            line = QRect(_rect(part))
            if division.orientation == Qt.Orientation.Horizontal:
                line.setLeft(line.right() + 1)
                line.setWidth(LINE)
            else:
                line.setTop(line.bottom() + 1)
                line.setHeight(LINE)
            yield division, index, line


def _arrangement_of(part: Part, active: PaneGroup) -> Arrangement:
    if isinstance(part, PaneGroup):
        return part.leaf(active=part is active)
    parts = tuple(_arrangement_of(inner, active) for inner in part.parts)
    return Split(part.orientation, parts, tuple(_lengths(part)))


def _built(kept: Arrangement, group_for: Callable[[Leaf], PaneGroup]) -> Part:
    if isinstance(kept, Leaf):
        return group_for(kept)
    return Division(kept.orientation, [_built(part, group_for) for part in kept.parts], list(kept.sizes))


def _rect(part: Part) -> QRect:
    return part.geometry() if isinstance(part, PaneGroup) else part.rect


def _lengths(division: Division) -> list[int]:
    return [division.length(_rect(part).size()) for part in division.parts]


def _least(part: Part) -> QSize:
    """What a part needs to be seen whole, in logical pixels."""
    if isinstance(part, PaneGroup):
        return part.minimumSizeHint()
    sizes = [_least(inner) for inner in part.parts]
    along = sum(part.length(size) for size in sizes) + LINE * (len(sizes) - 1)
    if part.orientation == Qt.Orientation.Horizontal:
        return QSize(along, max(size.height() for size in sizes))
    return QSize(max(size.width() for size in sizes), along)


def _lay_out(part: Part, rect: QRect) -> None:
    if isinstance(part, PaneGroup):
        part.setGeometry(rect)
        return
    part.rect = rect
    lines = LINE * (len(part.parts) - 1)
    least = [part.length(_least(inner)) for inner in part.parts]
    at = 0
    for inner, length in zip(
        part.parts, _shared(part.length(rect.size()) - lines, part.shares, least), strict=True
    ):
        if part.orientation == Qt.Orientation.Horizontal:
            inside = QRect(rect.topLeft() + QPoint(at, 0), QSize(length, rect.height()))
        else:
            inside = QRect(rect.topLeft() + QPoint(0, at), QSize(rect.width(), length))
        _lay_out(inner, inside)
        at += length + LINE


def _shared(length: int, shares: list[int], least: list[int]) -> list[int]:
    """A length divided by shares, none below its least; where all that is too much, by those."""
    if sum(least) >= length:
        return _divided(length, least)
    held: set[int] = set()
    while True:
        free = [index for index in range(len(shares)) if index not in held]
        rest = length - sum(least[index] for index in held)
        given = dict(zip(free, _divided(rest, [shares[index] for index in free]), strict=True))
        short = {index for index in free if given[index] < least[index]}
        if not short:
            return [given.get(index, low) for index, low in enumerate(least)]
        held |= short


def _divided(length: int, shares: list[int]) -> list[int]:
    """A length in whole pixels, all of it, by shares; by equal ones where all are nothing."""
    whole = max(0, length)
    shares = shares if sum(shares) > 0 else [1] * len(shares)
    ends = [round(whole * end / sum(shares)) for end in accumulate(shares, initial=0)]
    return [end - start for start, end in pairwise(ends)]
