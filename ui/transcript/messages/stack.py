"""The blocks of a message, one below the other: estimates first, then what was laid out."""

from __future__ import annotations

import bisect
import math
import time
from typing import TYPE_CHECKING

from ui.transcript.blocks.block_box import BlockBox
from ui.transcript.layout.estimates import block_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.markdown.block import Block
    from ui.transcript.messages.frame import MessageFrame

MOST_BOXES = 600
"""Layouts above what is in sight that are kept."""
NEAR = 50
"""Blocks around what is in sight that are always kept."""


class Stack:
    """`tops[k]` is the top of block k from the message's top, `tops[-1]` the bottom of the last."""

    def __init__(self, style: TranscriptStyle, width: int) -> None:
        self.blocks: list[Block] | None = None
        self.boxes: list[BlockBox | None] = []
        self.tops: list[int] = []
        self.height = 0
        self._style = style
        self._width = width
        self._heights: list[int] = []
        self._measured: list[bool] = []
        self._natural: int | None = None

    @property
    def frame(self) -> MessageFrame:
        """What stands around the blocks."""
        raise NotImplementedError

    @property
    def _thought(self) -> int:
        """How many blocks at the start are reasoning."""
        raise NotImplementedError

    @property
    def laid(self) -> int:
        """How many of its blocks have a layout."""
        return len(self.boxes) - self.boxes.count(None)

    def forget_boxes(self, keep: range) -> None:
        """Drop the layouts of all blocks but those in `keep`."""
        for index in range(len(self.boxes)):
            if index not in keep:
                self.boxes[index] = None

    # ---- layout

    def forget_far(self, low: int, high: int) -> None:
        """Drop layouts far above two heights of the message where there are too many."""
        if len(self.boxes) <= MOST_BOXES:
            return
        keep = range(self.block_at(low) - NEAR, self.block_at(high) + NEAR)
        outside = self.boxes[: max(0, keep.start)]
        if len(outside) - outside.count(None) > MOST_BOXES:
            self.forget_boxes(keep)

    def lay(self, block: int, above: float, below: float, deadline: float = math.inf) -> bool:
        """Lay out from the top of a block `below` pixels down and `above` pixels up; at the end of the
        last block `block` is their number. False where time.perf_counter() passed `deadline` first.
        """
        changed = lowest = len(self.boxes)
        index, in_time = block, True
        while in_time and index < lowest and below > 0:
            changed, in_time = self._lay_block(index, changed, deadline)
            below -= self._heights[index]
            index += 1
        index = block - 1
        while in_time and index >= 0 and above > 0:
            changed, in_time = self._lay_block(index, changed, deadline)
            above -= self._heights[index]
            index -= 1
        if changed < lowest:
            self._sum(changed)
        return in_time

    def _lay_block(self, index: int, changed: int, deadline: float) -> tuple[int, bool]:
        """Lay out a block; return the first of those whose height changed, and whether time is left."""
        box = self.boxes[index]
        assert self.blocks is not None
        if self._measured[index] and box is not None and box.block is self.blocks[index]:
            return changed, True
        height = self.box(index).wrap(self.frame.inner)
        if height != self._heights[index]:
            self._heights[index] = height
            changed = min(changed, index)
        if not self._measured[index]:
            self._measured[index], self._natural = True, None
        return changed, deadline is math.inf or time.perf_counter() < deadline

    def box(self, index: int) -> BlockBox:
        """The layout of a block, made when first asked for."""
        assert self.blocks is not None
        box = self.boxes[index]
        if box is None or box.block is not self.blocks[index]:
            style = self._style.aside if index < self._thought else self._style
            box = self.boxes[index] = BlockBox(self.blocks[index], style, first=index == 0)
        return box

    def block_at(self, y: float) -> int:
        """The block that holds height `y` of the message, the nearest one outside."""
        return max(0, min(bisect.bisect_right(self.tops, y), len(self._heights)) - 1)

    def steady_above(self, index: int) -> int:
        """The height down to which the last change, from block `index` on, left everything as it was."""
        box = self.boxes[index] if index < len(self.boxes) else None
        return self.tops[min(index, len(self.tops) - 1)] + (box.steady if box is not None else 0)

    def is_measured(self, index: int) -> bool:
        """Whether a block's height is certain."""
        return self._measured[index]

    def unread_in(self, low: float, high: float) -> list[tuple[int, BlockBox]]:
        """The blocks between two heights that have colours to be read, with their tops."""
        found = []
        index = self.block_at(low)
        while index < len(self.boxes) and self.tops[index] < high:
            box = self.boxes[index]
            if box is not None and box.unread:
                found.append((self.tops[index], box))
            index += 1
        return found

    # ---- measures

    def _sync(self, first: int) -> None:
        blocks = self.blocks or []
        del self._heights[first:], self._measured[first:], self.boxes[len(blocks) :]
        self.boxes.extend([None] * (len(blocks) - len(self.boxes)))
        for index in range(first, len(blocks)):
            block, box = blocks[index], self.boxes[index]
            if box is not None and box.block is block:
                self._heights.append(box.height)
            else:
                self.boxes[index] = None
                self._heights.append(block_height(block, self._style, self.frame.inner, first=index == 0))
            self._measured.append(False)
        self._natural = None
        self._sum(first)

    def _estimate(self, changed: Sequence[int]) -> None:
        """Take some blocks, in order, as not laid out."""
        for index in changed:
            block = (self.blocks or [])[index]
            self._heights[index] = block_height(block, self._style, self.frame.inner, first=index == 0)
            self._measured[index] = False
        if changed:
            self._natural = None
            self._sum(changed[0])

    def _sum(self, first: int) -> None:
        """Bring `tops` and `height` up to date after the heights from `first` on changed."""
        frame = self.frame
        if not self.tops or self.tops[0] != frame.head:
            self.tops, first = [frame.head], 0
        del self.tops[first + 1 :]
        y = self.tops[-1]
        for height in self._heights[len(self.tops) - 1 :]:
            y += height
            self.tops.append(y)
        self.height = y + frame.foot
