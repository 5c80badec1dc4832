"""Heights of many messages with their prefix sums in O(log n)."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

GROUP = 64
"""Heights that share a node of the tree: few nodes make it quick to build, and a group is quick to add up."""


class Heights:
    """Whole logical pixels, at least 0 each, in groups whose sums make a Fenwick tree."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._values = array("i", heights)
        self._tree: list[int] = [0]
        self._plant()

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int) -> int:
        return self._values[index]

    def append(self, height: int) -> None:
        """Add a height at the end."""
        group, inside = divmod(len(self._values), GROUP)
        self._values.append(height)
        if inside:
            self._add(group, height)
            return
        node, step, total = group + 1, 1, height
        while step < (node & -node):
            total += self._tree[node - step]
            step <<= 1
        self._tree.append(total)

    def set(self, index: int, height: int) -> None:
        """Replace the height at `index`."""
        change = height - self._values[index]
        if change:
            self._values[index] = height
            self._add(index // GROUP, change)

    def replace(self, start: int, heights: Iterable[int]) -> None:
        """Put `heights` in the place of all from `start` on; O(n)."""
        self._values[start:] = array("i", heights)
        self._plant()

    def scale(self, factor: float) -> None:
        """Multiply each, to the nearest pixel; O(n)."""
        share = round(factor * 65_536)  # whole numbers take half the time
        self._values = array("i", [height * share + 32_768 >> 16 for height in self._values])
        self._plant()

    def top(self, index: int) -> int:
        """The sum of all heights before `index` (`index` may be the length: the total)."""
        group = index // GROUP
        total = sum(self._values[group * GROUP : index])
        while group > 0:
            total += self._tree[group]
            group -= group & -group
        return total

    @property
    def total(self) -> int:
        """The sum of all heights."""
        return self.top(len(self._values))

    def find(self, y: int) -> int:
        """The index whose span [top, top + height) holds `y`, clamped to the first and last."""
        group, step = 0, 1 << len(self._tree).bit_length()
        while step:
            ahead = group + step
            if ahead < len(self._tree) and self._tree[ahead] <= y:
                group = ahead
                y -= self._tree[ahead]
            step >>= 1
        start = group * GROUP
        inside = bisect_right(list(accumulate(self._values[start : start + GROUP])), y)
        return min(start + inside, len(self._values) - 1)

    def _add(self, group: int, change: int) -> None:
        node = group + 1
        while node < len(self._tree):
            self._tree[node] += change
            node += node & -node

    def _plant(self) -> None:
        values = self._values
        sums = (sum(values[start : start + GROUP]) for start in range(0, len(values), GROUP))
        tops = list(accumulate(sums, initial=0))
        self._tree = [tops[node] - tops[node - (node & -node)] for node in range(len(tops))]
