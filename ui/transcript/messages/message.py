"""One message: its blocks, where each stands, and what of it has been laid out."""

from __future__ import annotations

import time
from array import array
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF

from ui.transcript.blocks.block_box import Content, content_of, prefix_of
from ui.transcript.layout.estimates import message_height
from ui.transcript.markdown.block import NOTICE, Block, Kind
from ui.transcript.messages.body import Body
from ui.transcript.messages.folding import FoldingStack
from ui.transcript.messages.frame import MessageFrame
from ui.transcript.messages.reasoning import is_thinking

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter

    from ui.transcript.blocks.paragraph import Formats
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.entry import Entry
    from ui.transcript.markdown.styled_text import Span
    from ui.transcript.thumbnails import Thumbnails


class Seen(NamedTuple):
    """What stays known of a message whose blocks were dropped: the heights of its blocks, negative
    where they are estimates, whether its reasoning is unfolded, and which of its places are."""

    heights: array[int]
    unfolded: bool
    opened: frozenset[int] = frozenset()


class Message(FoldingStack):
    """Knows heights only until it is seen: estimates first, then what was laid out.

    A message that is not loaded has no blocks, and keeps the height that it is given.
    """

    def __init__(
        self,
        entry: Entry,
        style: TranscriptStyle,
        width: int,
        *,
        height: int | None = None,
        seen: Seen | None = None,
    ) -> None:
        self.entry = entry
        super().__init__(style, width, seen.opened if seen is not None else frozenset())
        self._body: Body | None = None
        self.text_blocks = range(0)
        """Which blocks show the text, between the reasoning and the tools."""
        self._unfolded = seen is not None and seen.unfolded
        self._whole_notice = False
        self._seen = seen
        self._frame: MessageFrame | None = None
        self._thinking_since: float | None = None
        self._note_thinking()
        self._read: tuple[Block, Content] | None = None
        self.height = height or message_height(entry, style, width)

    @property
    def frame(self) -> MessageFrame:
        """What stands around the text."""
        if self._frame is None:
            whole = self._whole_notice
            self._frame = MessageFrame(self.entry, self._style, self._width, whole_notice=whole)
            self._frame.thinking_since = self._thinking_since
        return self._frame

    @property
    def _thought(self) -> int:
        return self._body.thought if self._body is not None else 0

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
        self._read_afresh()

    def fold_notice(self) -> None:
        """Unfold a notice that is folded, and the other way round."""
        self._whole_notice, self._frame = not self._whole_notice, None
        if self.blocks is not None:
            self._sum(0)

    # ---- content

    def update(self, entry: Entry) -> int:
        """Show a newer state of the message; return the first block that may look different.

        Text that only grew costs its new part.
        """
        last = len(self.boxes) - 1
        self.entry, self._natural = entry, None
        self._note_thinking()
        if self._frame is not None and not self._frame.suits(entry):
            self._frame = None
        if self._body is None:
            if self._seen is None:
                self.height = message_height(self.entry, self._style, self._width)
            return 0
        if not self._body.take(entry):
            self._read_afresh()
            return 0
        first = self.feed()
        return first if first == len(self._body.blocks) else max(0, min(last, first))

    def _note_thinking(self) -> None:
        if self._thinking_since is None and is_thinking(self.entry):
            self._thinking_since = time.monotonic()
            if self._frame is not None:
                self._frame.thinking_since = self._thinking_since

    def split(self) -> None:
        """Cut the text into blocks, unless that was done or there is no text yet."""
        if self._body is not None or not self.entry.loaded:
            return
        seen, self._seen = self._seen, None
        self._body = Body(self.entry, unfolded=self._unfolded)
        self.blocks = self._body.blocks
        self.feed()
        if seen is not None and len(seen.heights) == len(self._heights):
            self._heights = list(map(abs, seen.heights))
            self._measured = [height >= 0 for height in seen.heights]
            self._sum(0)

    def feed(self) -> int:
        """Cut more of the text; return the first block that may have changed."""
        assert self._body is not None
        first = self._body.cut()
        self.text_blocks = self._body.text
        self._sync(first)
        if self.entry.places.folds or self._folds:
            first = min(first, self._gather())
        return first

    @property
    def seen(self) -> Seen | None:
        """What should stay known of it when it is dropped."""
        if self._body is None:
            return self._seen
        pairs = zip(self._heights, self._measured, strict=True)
        heights = array("i", [height if sure else -height for height, sure in pairs])
        return Seen(heights, self._unfolded, frozenset(self._opened))

    def restyle(self, style: TranscriptStyle, width: int) -> None:
        """Take another look or width: what was laid out becomes an estimate."""
        share = self._width / max(1, width)
        restyled = style is not self._style
        self._style, self._width, self._frame, self._natural = style, width, None, None
        if restyled:
            self.boxes = [None] * len(self.boxes)
        self._measured = [False] * len(self._heights)
        if self.blocks is None:
            self._seen = None
            self.height = max(1, round(self.height * share))
            return
        self._heights = [
            height if block.kind in (Kind.CODE, Kind.RULE) else int(height * share)
            for block, height in zip(self.blocks, self._heights, strict=True)
        ]
        self._sum(0)

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
        if not self.entry.loaded:
            return
        frame = self.frame
        frame.draw(painter, at, self.height, self.natural_width, thumbnails, unfolded=self._unfolded)
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
            return NOTICE, frame.notice.hit(x - frame.notice.left, y - top)
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
        return self.content(index).text

    def places_of(self, index: int) -> tuple[Span, ...]:
        """What of text_of(index) stands for markup of places."""
        return self.content(index).places if self.entry.places.marks and index != NOTICE else ()

    def title_of(self, index: int) -> str:
        """What stands above a block of code in place of its language, "" for nothing."""
        block = self.blocks[index] if self.blocks and index != NOTICE else None
        return block.title if block is not None and not block.continued else ""

    def copied(self, index: int, start: int, end: int) -> str:
        """What a copy of text_of(index)[start:end] gives: formulas, say, as they were written."""
        return self.entry.notice[start:end] if index == NOTICE else self.content(index).copied(start, end)

    def content(self, index: int) -> Content:
        """What shows a block; that of an unseen one is kept until another is asked for."""
        self.split()
        assert self.blocks is not None
        box, block = self.boxes[index], self.blocks[index]
        if box is not None:
            return box.content
        if self._read is None or self._read[0] is not block:
            self._read = block, content_of(block, self._style)
        return self._read[1]

    def prefix_of(self, index: int) -> str:
        """The list markers before a block's text."""
        return prefix_of(self.blocks[index]) if self.blocks and index != NOTICE else ""

    # ---- measures

    def _read_afresh(self) -> None:
        self.blocks, self._body, self._seen = None, None, None
        self.boxes, self._heights, self._measured, self.tops = [], [], [], []
        self.text_blocks, self._folds = range(0), ()
        self.split()
