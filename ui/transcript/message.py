"""One message: its blocks, where each stands, and what of it has been laid out."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from ui.transcript.block import Block, Kind
from ui.transcript.block_box import BlockBox, content_of, gap_above, indent_of, prefix_of
from ui.transcript.body import Body
from ui.transcript.message_frame import MessageFrame

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter

    from ui.transcript.entry import Entry
    from ui.transcript.paragraph import Formats
    from ui.transcript.style import TranscriptStyle
    from ui.transcript.thumbnails import Thumbnails

NOTICE = 1 << 30
"""Stands for the notice where a block's index is asked for."""


class Message:
    """Knows heights only until it is seen: estimates first, then what was laid out.

    `tops[k]` is the top of block k from the message's top, `tops[-1]` the bottom of the last.
    """

    def __init__(self, entry: Entry, style: TranscriptStyle, width: int) -> None:
        self.entry = entry
        self.blocks: list[Block] | None = None
        self.boxes: list[BlockBox | None] = []
        self.tops: list[int] = []
        self._style = style
        self._width = width
        self._heights: list[int] = []
        self._measured: list[bool] = []
        self._body: Body | None = None
        self._unfolded = False
        self._frame: MessageFrame | None = None
        self._natural: int | None = None
        self.height = _guess(self.entry, self._style, self._width)

    @property
    def frame(self) -> MessageFrame:
        """What stands around the text."""
        if self._frame is None:
            self._frame = MessageFrame(self.entry, self._style, self._width)
        return self._frame

    @property
    def unfinished(self) -> bool:
        """Whether text waits to be cut into blocks."""
        return self._body is not None and self._body.unfinished

    @property
    def unfolded(self) -> bool:
        """Whether the reasoning is shown as blocks before the text."""
        return self._unfolded

    @unfolded.setter
    def unfolded(self, unfolded: bool) -> None:
        self._unfolded, self._frame = unfolded, None
        self._heights, self._measured = [], []
        self.forget()
        self.split()

    # ---- content

    def update(self, entry: Entry) -> int:
        """Show a newer state of the message; return the first block that may look different.

        Text that only grew costs its new part.
        """
        last = len(self.boxes) - 1
        self.entry, self._natural = entry, None
        if self._frame is not None and not self._frame.suits(entry):
            self._frame = None
        if self._body is None:
            self.height = _guess(self.entry, self._style, self._width)
            return 0
        if not self._body.take(entry):
            self.forget()
            self.split()
            return 0
        first = self.feed()
        return first if first == len(self._body.blocks) else max(0, min(last, first))

    def split(self) -> None:
        """Cut the text into blocks, unless that was done."""
        if self._body is not None:
            return
        known, measured = self._heights, self._measured
        self.boxes, self._heights, self._measured, self.tops = [], [], [], []
        self._body = Body(self.entry, unfolded=self._unfolded)
        self.blocks = self._body.blocks
        self.feed()
        if len(known) == len(self._heights):
            self._heights, self._measured = known, measured
            self._sum(0)

    def feed(self) -> int:
        """Cut more of the text; return the first block that may have changed."""
        assert self._body is not None
        first = self._body.cut()
        self._sync(first)
        return first

    def forget(self) -> None:
        """Drop the blocks; heights stay, for when they are cut again."""
        self.blocks, self._body = None, None
        self.boxes = []

    def forget_boxes(self, keep: range) -> int:
        """Drop the layouts of all blocks but those in `keep`; return how many stay."""
        for index in range(len(self.boxes)):
            if index not in keep:
                self.boxes[index] = None
        return sum(box is not None for box in self.boxes)

    def restyle(self, style: TranscriptStyle, width: int) -> None:
        """Take another look or width: what was laid out becomes an estimate."""
        share = self._width / max(1, width)
        restyled = style is not self._style
        self._style, self._width, self._frame, self._natural = style, width, None, None
        if restyled:
            self.boxes = [None] * len(self.boxes)
        self._measured = [False] * len(self._heights)
        if self.blocks is None:
            self._heights, self._measured = [], []
            self.height = max(1, int(self.height * share))
            return
        self._heights = [
            height if block.kind in (Kind.CODE, Kind.RULE) else int(height * share)
            for block, height in zip(self.blocks, self._heights, strict=True)
        ]
        self._sum(0)

    # ---- layout

    def lay(self, low: int, high: int) -> bool:
        """Lay out the blocks between two heights of the message; whether any height changed."""
        blocks, changed = self.blocks or [], None
        index = self.block_at(low)
        y = self.tops[index] if blocks else 0
        while index < len(blocks) and y < high:
            box = self.box(index)
            height = box.wrap(self.frame.inner)
            if height != self._heights[index]:
                self._heights[index] = height
                changed = index if changed is None else changed
            if not self._measured[index]:
                self._measured[index], self._natural = True, None
            y += height
            index += 1
        if changed is not None:
            self._sum(changed)
        return changed is not None

    def box(self, index: int) -> BlockBox:
        """The layout of a block, made when first asked for."""
        assert self.blocks is not None
        box = self.boxes[index]
        if box is None or box.block is not self.blocks[index]:
            thought = self._body is not None and index < self._body.thought
            style = self._style.aside if thought else self._style
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

    @property
    def natural_width(self) -> int:
        """The width of the text where it is known to be narrower than what it may take."""
        if self._natural is None:
            widest = self.frame.inner
            if self.blocks is not None and len(self.boxes) <= 1 and all(self._measured):
                widest = max((box.natural_width for box in self.boxes if box is not None), default=0)
            self._natural = widest
        return self._natural

    # ---- paint and pointing

    def draw(
        self,
        painter: QPainter,
        at: QPointF,
        clip: QRectF,
        marks: Callable[[int], Formats],
        thumbnails: Thumbnails,
    ) -> None:
        """Paint what lies in `clip`, with the `marks` of each block laid over its text."""
        frame = self.frame
        frame.draw(painter, at, self.height, self.natural_width, thumbnails)
        x = at.x() + frame.text_left(self.natural_width)
        index = self.block_at(clip.top() - at.y())
        while index < len(self._heights) and at.y() + self.tops[index] < clip.bottom():
            box = self.boxes[index]
            if box is not None and self._measured[index]:
                box.draw(painter, QPointF(x, at.y() + self.tops[index]), clip, marks(index))
            index += 1
        if frame.notice is not None:
            frame.draw_notice(painter, at, self.height, marks(NOTICE))
        if self.entry.running and not self.entry.waiting:
            self._draw_caret(painter, at)

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

    def _draw_caret(self, painter: QPainter, at: QPointF) -> None:
        last = self.boxes[-1] if self.boxes else None
        end = last.end() if last is not None and self._measured[-1] else None
        if end is not None and self.entry.role == "assistant":
            self.frame.draw_caret(painter, at.x() + end[0] + 3, at.y() + self.tops[-2] + end[1])

    def hit(self, x: float, y: float) -> tuple[int, int]:
        """Block and text position nearest to a point."""
        frame = self.frame
        top = frame.notice_top(self.height)
        if frame.notice is not None and y >= top:
            return NOTICE, frame.notice.hit(x - frame.notice_left, y - top)
        index = self.block_at(y)
        if not self.blocks:
            return 0, 0
        if y >= self.tops[-1]:
            return index, len(self.text_of(index))
        box = self.box(index)
        box.wrap(frame.inner)
        return index, box.hit(x - frame.text_left(self.natural_width), y - self.tops[index])

    def link_at(self, x: float, y: float) -> str:
        """The address under a point, or ""."""
        index = self.block_at(y)
        box = self.boxes[index] if index < len(self.boxes) else None
        if box is None or not self.tops[index] <= y < self.tops[index + 1]:
            return ""
        return box.link_at(x - self.frame.text_left(self.natural_width), y - self.tops[index])

    def text_of(self, index: int) -> str:
        """The plain text of a block or of the notice."""
        if index == NOTICE:
            return self.entry.notice
        self.split()
        box = self.boxes[index]
        assert self.blocks is not None
        return (box.content if box is not None else content_of(self.blocks[index], self._style)).text

    def prefix_of(self, index: int) -> str:
        """The list markers before a block's text."""
        return prefix_of(self.blocks[index]) if self.blocks and index != NOTICE else ""

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
                self._heights.append(self._estimated(block, first=index == 0))
            self._measured.append(False)
        self._natural = None
        self._sum(first)

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

    def _estimated(self, block: Block, *, first: bool) -> int:
        style, gap = self._style, gap_above(block, first=first)
        if block.kind is Kind.CODE:
            return gap + (len(block.lines) + 3) * style.code_height
        if block.kind is Kind.TABLE:
            return gap + len(block.lines) * (style.line_height + 16)
        width = max(1, self.frame.inner - indent_of(block))
        if block.kind is Kind.LITERAL:
            rows = sum(1 + int(len(line) * style.char_width / width) for line in block.lines)
        else:
            rows = 1 + int(block.size * style.char_width / width)
        return gap + rows * style.line_height


def _guess(entry: Entry, style: TranscriptStyle, width: int) -> int:
    """The height of a whole message, from its length alone."""
    room = max(1.0, width * (1.0 if entry.role == "assistant" else 0.8))
    rows = len(entry.text) * style.char_width / room + 0.7 * entry.text.count("\n")
    lines = bool(entry.heading) + bool(entry.metrics) + bool(entry.waiting) + 3 * bool(entry.notice)
    lines += len(entry.notes) + bool(entry.actions)
    return int((1 + rows) * style.line_height) + lines * 26 + 170 * bool(entry.pictures) + 40
