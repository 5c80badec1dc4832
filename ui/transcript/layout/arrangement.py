"""Where every message stands, and which part of the conversation is in sight."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ui.transcript.blocks.style import MARGIN
from ui.transcript.layout.laying import Anchor, lay_around, offset_for
from ui.transcript.layout.messages import Messages
from ui.transcript.layout.places import in_sight, place_before, reading_place, steady_place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.entry import Entry, Unloaded
    from ui.transcript.messages.message import Message

MOST_ROUNDS = 12
AHEAD = 120
"""Pixels below the view that are laid out before they are seen."""
NARROWEST = 80


class Placed:
    """A message in sight; `top` is in view coordinates."""

    __slots__ = ("index", "message", "top")

    def __init__(self, index: int, message: Message, top: int) -> None:
        self.index = index
        self.message = message
        self.top = top


class Arrangement:
    """Geometry of the conversation in whole logical pixels; it knows no widget.

    While `following`, the end stays at the bottom of the view; else the first block in sight that
    has been laid out stays where it is. Everything else is laid out from there, up and down, so
    that heights may be estimates before and become exact without a jump.
    """

    def __init__(self, style: TranscriptStyle) -> None:
        self.style = style
        self.leading: int | None = None
        """Where the column begins in the view, and its least distance from the other edge; None: it
        stands in the middle, MARGIN from the edges at least."""
        self._view_width = 0
        self._view_height = 0
        self.messages = Messages(style, self.width)
        self.offset = 0
        self.following = True
        self.visible: list[Placed] = []
        self._held: Anchor | None = None
        self._switched = False

    # ---- messages

    def replace(self, rows: Iterable[Entry | Unloaded]) -> int:
        """Show other messages; return how many at the start stay as they are.

        Another conversation is shown from its end, and so is one that went on; another branch of
        the same from where it was read.
        """
        rows = list(rows)
        kept = self.messages.common(rows)
        went_on = kept == len(self.messages)
        if not kept or (went_on and len(rows) > kept):
            self.following, self._held = True, None
        elif not went_on or len(rows) < kept:
            place = self._held or steady_place(self.messages, self.offset, self._view_height)
            self._held = place_before(self.messages, place, kept, rows, self.offset, self._view_height)
            self.following, self._switched = False, True
        self.messages.replace(rows)
        return kept

    def append(self, entry: Entry) -> None:
        """Add a message at the end."""
        self.messages.append(entry)

    def update(self, entries: Iterable[Entry]) -> list[tuple[Message | None, int]]:
        """Show newer states of messages; return those, where they are made, with the first block of
        each that may have changed. Unknown ids are ignored.
        """
        changed: list[tuple[Message | None, int]] = []
        known = [(self.messages.number_of(entry.id), entry) for entry in entries]
        if self._held is not None and any(e.running and e.id == self._held.message_id for _, e in known):
            self._held = None
        place = None if self.following else self._anchor()
        for number, entry in known:
            if number is not None:
                first = self.messages.update(number, entry)
                changed.append((self.messages.made(number), first))
        if place is not None:
            self.offset = offset_for(self.messages, place)
        return changed

    def feed(self) -> bool:
        """Cut more of a long message in sight; whether there was one."""
        for placed in self.visible:
            if placed.message.unfinished:
                placed.message.feed()
                self.messages.note(placed.index, placed.message)
                return True
        return False

    # ---- measures

    @property
    def width(self) -> int:
        """The width of the column."""
        if not self._view_width:
            return self.style.column
        margin = MARGIN if self.leading is None else self.leading
        return max(NARROWEST, min(self.style.column, self._view_width - 2 * margin))

    @property
    def left(self) -> int:
        """The left edge of the column in the view."""
        return (self._view_width - self.width) // 2 if self.leading is None else self.leading

    @property
    def view_height(self) -> int:
        """The height of the view."""
        return self._view_height

    @property
    def total(self) -> int:
        """The height of the conversation."""
        return self.messages.heights.total

    @property
    def limit(self) -> int:
        """The largest offset."""
        return max(0, self.total - self._view_height)

    def top(self, index: int) -> int:
        """The top of a message in the conversation."""
        return self.messages.heights.top(index)

    def message_at(self, y: float) -> int:
        """The message at a height of the view, the nearest one outside; -1 when there is none."""
        return self.messages.heights.find(int(self.offset + y)) if len(self.messages) else -1

    def answer_in_mind(self) -> int:
        """The number of the answer that somebody at the keyboard means: the newest one in sight with
        which something can be done, else the newest; -1 without any."""
        for placed in reversed(self.visible):
            if placed.message.entry.actions:
                return placed.index
        numbers = reversed(range(len(self.messages)))
        return next((n for n in numbers if self.messages.row(n).role == "assistant"), -1)

    def resize(self, width: int, height: int) -> bool:
        """Fit another view; whether the column's width changed."""
        before = self.width
        place = self._held or reading_place(self.messages, self.offset)
        self._view_width, self._view_height = width, height
        if self.width == before:
            return False
        self._restyle(place)
        return True

    def restyle(self, style: TranscriptStyle) -> None:
        """Take another look."""
        place, self.style = self._held or reading_place(self.messages, self.offset), style
        self._restyle(place)

    def _restyle(self, place: Anchor | None) -> None:
        self.messages.restyle(self.style, self.width)
        self._held = None if self.following else place

    # ---- where to be

    def scroll_to(self, offset: int, *, following: bool) -> None:
        """Go where the user wants to be."""
        self.offset, self.following, self._held = offset, following, None

    def hold(self, message_id: str, block: int, y: int) -> None:
        """Put the top of a block (-1: of the message) at `y` of the view and keep it there until the
        user goes elsewhere."""
        self._held, self.following = Anchor(message_id, block, 0.0, y), False

    # ---- what is in sight

    def settle(self, deadline: float = math.inf) -> bool:
        """Lay out what is in sight and put it in its place; whether that was done before
        time.perf_counter() passed `deadline`."""
        done = True
        for _ in range(MOST_ROUNDS):
            anchor = self._anchor()
            if anchor is None:
                break
            wanted, done = self._lay(anchor, 0, 0 if self.following else AHEAD, deadline)
            self.offset = max(0, min(wanted, self.limit))
            if self.offset == wanted or self.following or not done:
                break
            self._held = None
        if self._switched:
            self._switched, self.following = False, self.offset == self.limit
        self._place()
        if self.messages.crowded:
            self.messages.trim({placed.message.entry.id for placed in self.visible})
        for placed in self.visible:
            placed.message.forget_far(-placed.top, self._view_height - placed.top)
        return done

    def lay_ahead(self, above: int, below: int, deadline: float) -> bool:
        """Lay out so many pixels above and below the view, until time.perf_counter() passes `deadline`;
        whether all is done. What is in sight stays where it is."""
        anchor = self._anchor()
        if anchor is None:
            return True
        wanted, done = self._lay(anchor, above, below, deadline)
        self.offset = max(0, min(wanted, self.limit))
        self._place()
        shown = {placed.message.entry.id for placed in self.visible}
        self.messages.trim(shown)
        if done:
            self.messages.trim_layouts(shown)
        return done

    def looks(self) -> list[tuple[int, int, int]]:
        """What tells whether the layout of something out of sight changed how what is in sight looks:
        a question's card is as wide as its text."""
        return [(placed.index, placed.top, placed.message.natural_width) for placed in self.visible]

    def missing(self, above: int, below: int) -> list[str]:
        """The ids of what is to be loaded in the view and so many pixels above and below it."""
        if not len(self.messages):
            return []
        heights, messages = self.messages.heights, self.messages
        first, last = heights.find(self.offset - above), heights.find(self.offset + self._view_height + below)
        return [messages.row(number).id for number in range(first, last + 1) if messages.lacks(number)]

    def _lay(self, anchor: Anchor, above: int, below: int, deadline: float = math.inf) -> tuple[int, bool]:
        """Lay out the view and so many pixels around it; the offset that keeps the anchor where it is,
        and whether time was enough."""
        sharper, done = lay_around(self.messages, anchor, -above, self._view_height + below, deadline)
        if anchor is self._held:
            self._held = sharper
        return offset_for(self.messages, sharper), done

    def _anchor(self) -> Anchor | None:
        if not len(self.messages):
            self.offset = 0
            return None
        if self.following:
            last = self.messages.row(len(self.messages) - 1)
            return Anchor(last.id, -1, 1.0, max(self._view_height, 0))
        return self._held or steady_place(self.messages, self.offset, self._view_height)

    def _place(self) -> None:
        shown = in_sight(self.messages, self.offset, self._view_height)
        self.visible = [Placed(index, self.messages[index], top) for index, top in shown]
