"""Where every message stands, and which part of the conversation is in sight."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ui.transcript.heights import Heights
from ui.transcript.message import Message
from ui.transcript.style import MARGIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.transcript.entry import Entry
    from ui.transcript.style import TranscriptStyle

MOST_ROUNDS = 12
MOST_MESSAGES = 60
"""Messages whose blocks are kept; the others are cut again when seen again."""
MOST_BOXES = 600
"""Blocks of one message whose layouts are kept."""
AHEAD = 120
"""Pixels below the view that are laid out before they are seen."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A message in sight; `top` is in view coordinates."""

    index: int
    message: Message
    top: int


class Anchor(NamedTuple):
    """What must not move: a share of a block's height stands at `y` of the view.

    Block -1 is the top of the message.
    """

    message: Message
    block: int
    share: float
    y: int


class Arrangement:
    """Geometry of the conversation in whole logical pixels; it knows no widget.

    While `following`, the end stays at the bottom of the view and layout may change heights above
    it; else the first block in sight that has been laid out stays where it is.
    """

    def __init__(self, style: TranscriptStyle) -> None:
        self.messages: list[Message] = []
        self.offset = 0
        self.following = True
        self.visible: list[Placed] = []
        self.style = style
        self._index: dict[str, int] = {}
        self._heights = Heights()
        self._recent: OrderedDict[int, Message] = OrderedDict()
        self._view_width = 0
        self._view_height = 0

    # ---- messages

    def replace(self, entries: Iterable[Entry]) -> None:
        """Show another conversation, from its end."""
        self.messages = [Message(entry, self.style, self.width) for entry in entries]
        self._index = {message.entry.id: n for n, message in enumerate(self.messages)}
        self._heights = Heights(message.height for message in self.messages)
        self._recent.clear()
        self.offset, self.following = 0, True

    def append(self, entry: Entry) -> None:
        """Add a message at the end."""
        message = Message(entry, self.style, self.width)
        self._index[entry.id] = len(self.messages)
        self.messages.append(message)
        self._heights.append(message.height)

    def update(self, entry: Entry) -> tuple[Message, int] | None:
        """Show a newer state of a message; return it and the first block that may have changed.

        None when no message has that id.
        """
        index = self._index.get(entry.id)
        if index is None:
            return None
        message = self.messages[index]
        first = message.update(entry)
        self._heights.set(index, message.height)
        return message, first

    def is_running(self, entry_id: str) -> bool:
        """Whether more is expected of a message; False when no message has that id."""
        index = self._index.get(entry_id)
        return index is not None and self.messages[index].entry.running

    def feed(self) -> bool:
        """Cut more of a long message in sight; whether there was one."""
        for placed in self.visible:
            if placed.message.unfinished:
                placed.message.feed()
                self._heights.set(placed.index, placed.message.height)
                return True
        return False

    # ---- measures

    @property
    def width(self) -> int:
        """The width of the column."""
        return max(1, min(self.style.column, self._view_width - 2 * MARGIN))

    @property
    def left(self) -> int:
        """The left edge of the column in the view."""
        return (self._view_width - self.width) // 2

    @property
    def total(self) -> int:
        """The height of the conversation."""
        return self._heights.total

    @property
    def limit(self) -> int:
        """The largest offset."""
        return max(0, self.total - self._view_height)

    def top(self, index: int) -> int:
        """The top of a message in the conversation."""
        return self._heights.top(index)

    def message_at(self, y: float) -> int:
        """The message at a height of the view, the nearest one outside; -1 when there is none."""
        return self._heights.find(int(self.offset + y)) if self.messages else -1

    def answer_in_mind(self) -> int:
        """The number of the answer that somebody at the keyboard means: the newest one in sight with
        which something can be done, else the newest; -1 without any."""
        for placed in reversed(self.visible):
            if placed.message.entry.actions:
                return placed.index
        answers = [n for n, message in enumerate(self.messages) if message.entry.role == "assistant"]
        return answers[-1] if answers else -1

    def resize(self, width: int, height: int) -> bool:
        """Fit another view; whether the column's width changed."""
        before = self.width
        anchor = self._first_in_sight()
        self._view_width, self._view_height = width, height
        if self.width == before:
            return False
        self._restyle_all(anchor)
        return True

    def restyle(self, style: TranscriptStyle) -> None:
        """Take another look."""
        anchor = self._first_in_sight()
        self.style = style
        self._restyle_all(anchor)

    def _restyle_all(self, anchor: Anchor | None) -> None:
        for message in self.messages:
            message.restyle(self.style, self.width)
        self._heights = Heights(message.height for message in self.messages)
        if anchor is not None and not self.following:
            self.offset = self._offset_for(anchor)

    # ---- what is in sight

    def settle(self) -> None:
        """Lay out what is in sight and put it in its place."""
        for _ in range(MOST_ROUNDS):
            self._clamp()
            anchor = None if self.following else self._anchor()
            changed = self._lay()
            if anchor is not None:
                self.offset = self._offset_for(anchor)
            if not changed:
                break
        self._clamp()
        self.visible = self._in_sight()
        self._forget()

    def _clamp(self) -> None:
        self.offset = self.limit if self.following else max(0, min(self.offset, self.limit))

    def _in_sight(self) -> list[Placed]:
        placed: list[Placed] = []
        if not self.messages:
            return placed
        index = self._heights.find(self.offset)
        top = self._heights.top(index) - self.offset
        while index < len(self.messages) and top < self._view_height:
            placed.append(Placed(index, self.messages[index], top))
            top += self._heights[index]
            index += 1
        return placed

    def _lay(self) -> bool:
        changed = False
        if not self.messages:
            return False
        index = self._heights.find(self.offset)
        top = self._heights.top(index) - self.offset
        while index < len(self.messages) and top < self._view_height + AHEAD:
            message = self.messages[index]
            message.split()
            self._recent[id(message)] = message
            self._recent.move_to_end(id(message))
            changed |= message.lay(-top, self._view_height + AHEAD - top)
            if message.height != self._heights[index]:
                self._heights.set(index, message.height)
                changed = True
            top += message.height
            index += 1
        return changed

    def _anchor(self) -> Anchor | None:
        """The first block in sight that has been laid out, else the first."""
        for placed in self._in_sight():
            message = placed.message
            if message.blocks is None:
                continue
            first = message.block_at(-placed.top)
            for block in range(first, len(message.blocks)):
                y = placed.top + message.tops[block]
                if y >= self._view_height:
                    break
                if message.is_measured(block) and y + message.tops[block + 1] - message.tops[block] > 0:
                    return Anchor(message, block, 0.0, y)
        return self._first_in_sight()

    def _first_in_sight(self) -> Anchor | None:
        if not self.messages:
            return None
        index = self._heights.find(self.offset)
        message, inside = self.messages[index], self.offset - self._heights.top(index)
        if message.blocks and inside >= message.tops[0]:
            block = message.block_at(inside)
            height = message.tops[block + 1] - message.tops[block]
            return Anchor(message, block, (inside - message.tops[block]) / max(1, height), 0)
        share = 0.0 if message.blocks else inside / max(1, message.height)
        return Anchor(message, -1, share, 0 if share else -inside)

    def _offset_for(self, anchor: Anchor) -> int:
        message = anchor.message
        top = self._heights.top(self._index[message.entry.id])
        if anchor.block < 0:
            return top + int(anchor.share * message.height) - anchor.y
        block = min(anchor.block, len(message.tops) - 2)
        if block < 0:
            return top
        height = message.tops[block + 1] - message.tops[block]
        return top + message.tops[block] + round(anchor.share * height) - anchor.y

    def _forget(self) -> None:
        """Let go of what has not been in sight for long."""
        shown = {id(placed.message) for placed in self.visible}
        for key in list(self._recent)[: max(0, len(self._recent) - MOST_MESSAGES)]:
            message = self._recent[key]
            if key not in shown and not message.entry.running:
                del self._recent[key]
                message.forget()
        for placed in self.visible:
            message = placed.message
            if len(message.boxes) > MOST_BOXES and placed.index >= 0:
                self._forget_far(message, -placed.top)

    def _forget_far(self, message: Message, low: int) -> None:
        keep = range(message.block_at(low) - 50, message.block_at(low + self._view_height) + 50)
        outside = message.boxes[: max(0, keep.start)]
        if sum(box is not None for box in outside) > MOST_BOXES:
            message.forget_boxes(keep)
