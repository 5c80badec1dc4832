"""Words in the conversation: how often they occur, where they are in sight, and the next place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.transcript.entry import Entry
from ui.transcript.finding.found import Found, Place, height_of, open_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.transcript.blocks.paragraph import Formats
    from ui.transcript.finding.counting import Counting
    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.messages.message import Message

PLACE = 3
"""A place that is jumped to stands one part in so many below the top of the view."""
NEAR_EDGE = 48
"""What is nearer to an edge of the view, in pixels, is brought further in."""
_WORD = re.compile(r"\w+")


class Finder(QObject):
    """Case does not matter. Counts of messages that are not loaded come from outside."""

    wanted = Signal(str)
    """Words whose counts are asked for, since not all messages are loaded; `set_found` answers."""
    changed = Signal()
    """The words, their count or the current place."""
    held = Signal()
    """The arrangement holds the current place where it is to be seen."""
    message_wanted = Signal(str)
    """The id of a message that is to be loaded and shown; `resume` goes on when it is there."""

    def __init__(self, arrangement: Arrangement, parent: QObject) -> None:
        super().__init__(parent)
        self.words = ""
        self._outside = False
        """Whether counts of what is not loaded are still to come."""
        self._arrangement = arrangement
        self.found = Found(arrangement)
        self._counts: dict[int, int] = {}
        self._counting: Counting | None = None
        self._moves = True
        """Whether the first place is gone to as soon as it is known."""
        self._from = 0
        """Where the user was when the search began."""
        self._at: tuple[str, int] | None = None
        self._pending: tuple[str, int] | None = None

    # ---- what is sought

    def search(self, words: str) -> None:
        """Seek `words` as they are typed; "" ends the search."""
        if not self.words:
            self._from = self._arrangement.visible[0].index if self._arrangement.visible else 0
        self._begin(words, re.escape(words))
        self._moves = True
        self._count_all()

    def refresh(self) -> None:
        """Other messages are shown: count in them, and stay where the user is."""
        if self.active:
            self._begin(self.words, re.escape(self.words))
            self._from = 0
            self._moves = False
            self._count_all()

    def _count_all(self) -> None:
        messages = self._arrangement.messages
        self._counts = {}
        if self.words:
            rows = [messages.row(number) for number in range(len(messages))]
            self._outside = not all(row.loaded for row in rows)
            self._counter().begin(self.words, [row for row in rows if isinstance(row, Entry) and row.loaded])
            if self._outside:
                self.wanted.emit(self.words)
        elif self._counting is not None:
            self._counting.stop()
        self.changed.emit()

    def _counter(self) -> Counting:
        if self._counting is None:
            from ui.transcript.finding.counting import Counting  # reads Markdown

            self._counting = Counting(self)
            self._counting.counted.connect(self._counted)
            self._counting.ended.connect(self._ended)
        return self._counting

    def _counted(self, message_id: str, count: int) -> None:
        number = self._arrangement.messages.number_of(message_id)
        if number is not None and count != self._counts.get(number, 0):
            self._counts[number] = count

    def _ended(self) -> None:
        if self._moves and not self.asking and self._at is None:
            self._go(0)
        self.changed.emit()

    def show(self, message_id: str, words: str) -> None:
        """Mark each of several words, and go to the first of them in a message."""
        several = sorted(set(_WORD.findall(words)), key=len, reverse=True)
        if several:
            self._begin("", "|".join(map(re.escape, several)))
            self._at = message_id, 0
            number = self._arrangement.messages.number_of(message_id)
            if number is not None:
                self._select(number, 0)
            self.changed.emit()

    def set_found(self, words: str, counts: Iterable[tuple[str, int]]) -> None:
        """Take how often `words` occur in messages that are not loaded, by the ids of the messages."""
        if words != self.words or not self._outside:
            return
        self._outside = False
        messages = self._arrangement.messages
        for message_id, count in counts:
            number = messages.number_of(message_id)
            if number is not None and count and not messages.row(number).loaded:
                self._counts[number] = count
        self._ended()

    def recount(self, entries: Iterable[Entry]) -> None:
        """Count anew in messages that have changed."""
        if not self.words or self.found.pattern is None:
            return
        for entry in entries:
            number = self._arrangement.messages.number_of(entry.id)
            if number is None or not entry.loaded:
                continue
            if not entry.running:
                self._counter().add(entry)
            elif (count := len(self.found.places_of(number))) != self._counts.get(number, 0):
                self._counts[number] = count
                self.changed.emit()

    def _begin(self, words: str, pattern: str) -> None:
        self.words, self._outside, self._at, self._pending = words, False, None, None
        self.found.begin(pattern)

    @property
    def active(self) -> bool:
        """Whether words are marked."""
        return self.found.pattern is not None

    @property
    def asking(self) -> bool:
        """Whether counts are still to come."""
        return self._outside or (self._counting is not None and self._counting.busy)

    # ---- how many, and which

    @property
    def total(self) -> int:
        """How often the words occur, as far as is known."""
        return sum(self._counts.values())

    @property
    def number(self) -> int:
        """Which of them is the current one, from 1; 0 for none."""
        if self._at is None:
            return 0
        here = self._arrangement.messages.number_of(self._at[0])
        if here is None:
            return 0
        return sum(count for number, count in self._counts.items() if number < here) + self._at[1] + 1

    def go(self, step: int) -> None:
        """Go to the next place (1) or the one before (-1), round the ends."""
        if self.found.pattern is not None and self.words:
            self._go(step)
            self.changed.emit()

    def resume(self, message_id: str) -> None:
        """A message that was asked for is there."""
        if self._pending is not None and self._pending[0] == message_id:
            step, self._pending = self._pending[1], None
            self._enter(self._number(message_id), step)
            self.changed.emit()

    def _number(self, message_id: str) -> int:
        number = self._arrangement.messages.number_of(message_id)
        return number if number is not None else -1

    def _go(self, step: int) -> None:
        here = self._number(self._at[0]) if self._at is not None else -1
        if self._at is not None and here >= 0 and step:
            ordinal = self._at[1] + step
            if 0 <= ordinal < len(self.found.places_of(here)):
                self._select(here, ordinal)
                return
        else:
            here = self._from - 1
        self._enter_next(here, step)

    def _enter_next(self, here: int, step: int) -> None:
        """Enter the nearest message beyond number `here` in which the words occur."""
        hits = sorted(number for number, count in self._counts.items() if count)
        if not hits:
            self._at = None
            return
        if step < 0:
            beyond = [number for number in hits if number < here]
            self._enter(beyond[-1] if beyond else hits[-1], step)
        else:
            beyond = [number for number in hits if number > here]
            self._enter(beyond[0] if beyond else hits[0], step)

    def _enter(self, number: int, step: int) -> None:
        """Go to the first place of a message, or its last where the step was back."""
        messages = self._arrangement.messages
        if number < 0:
            return
        row = messages.row(number)
        if not row.loaded:
            self._pending = row.id, step
            self.message_wanted.emit(row.id)
            return
        places = self.found.places_of(number)
        self._counts[number] = len(places)
        if places:
            self._select(number, len(places) - 1 if step < 0 else 0)
        else:
            self._enter_next(number, step)

    def _select(self, number: int, ordinal: int) -> None:
        """Make a place the current one and hold it in sight."""
        message, places = self._arrangement.messages[number], self.found.places_of(number)
        self._at = message.entry.id, ordinal
        if ordinal >= len(places):
            return
        opened = open_at(message, places[ordinal])
        if opened:
            self._arrangement.messages.note(number, message)
            places = self.found.places_of(number)
        if ordinal >= len(places):
            return
        place, height = places[ordinal], self._arrangement.view_height
        inside = height_of(message, place)
        y = self._arrangement.top(number) - self._arrangement.offset + inside
        if opened or not NEAR_EDGE <= y <= height - NEAR_EDGE:
            top = message.tops[min(place.block, len(message.tops) - 1)]
            self._arrangement.hold(message.entry.id, place.block, int(height / PLACE - (inside - top)))
        self.held.emit()

    # ---- where

    def marks(self, message: Message, block: int) -> Formats:
        """What is to be laid over a block's text."""
        if self.found.pattern is None:
            return []
        places, style = self.found.in_block(message, block), self._arrangement.style
        if not places:
            return []
        current = self._current_of(message)
        return [
            (place.start, place.end, style.found_now if place == current else style.found) for place in places
        ]

    def _current_of(self, message: Message) -> Place | None:
        if self._at is None or self._at[0] != message.entry.id:
            return None
        places = self.found.places_of(self._number(message.entry.id))
        return places[self._at[1]] if self._at[1] < len(places) else None
