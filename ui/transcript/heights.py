"""Heights of many messages with their prefix sums in O(log n)."""

from __future__ import annotations

from collections.abc import Iterable


class Heights:
    """A Fenwick tree of heights in whole logical pixels."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._values: list[int] = []
        self._tree: list[int] = [0]
        for height in heights:
            self.append(height)

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int) -> int:
        return self._values[index]

    def append(self, height: int) -> None:
        """Add a height at the end."""
        self._values.append(height)
        index = len(self._values)
        total, step = height, 1
        while step < (index & -index):
            total += self._tree[index - step]
            step <<= 1
        self._tree.append(total)

    def set(self, index: int, height: int) -> None:
        """Replace the height at `index`."""
        change = height - self._values[index]
        if not change:
            return
        self._values[index] = height
        node = index + 1
        while node < len(self._tree):
            self._tree[node] += change
            node += node & -node

    def top(self, index: int) -> int:
        """The sum of all heights before `index` (`index` may be the length: the total)."""
        total = 0
        while index > 0:
            total += self._tree[index]
            index -= index & -index
        return total

    @property
    def total(self) -> int:
        """The sum of all heights."""
        return self.top(len(self._values))

    def find(self, y: int) -> int:
        """The index whose span [top, top + height) holds `y`, clamped to the first and last."""
        position, step = 0, 1 << len(self._tree).bit_length()
        while step:
            ahead = position + step
            if ahead < len(self._tree) and self._tree[ahead] <= y:
                position = ahead
                y -= self._tree[ahead]
            step >>= 1
        return min(position, len(self._values) - 1)
