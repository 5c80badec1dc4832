"""The messages of a conversation: the sizes of all of them, the words and layouts of a few."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from ui.transcript.entry import Entry, Unloaded
from ui.transcript.layout.estimates import message_height, message_heights
from ui.transcript.layout.heights import Heights
from ui.transcript.messages.reasoning import only_thinks_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.messages.message import Message, Seen

MOST_MESSAGES = 80
"""Messages whose words and blocks are kept; the others are asked for and cut again when seen again."""
SPARE = 40
"""How many more there may be until there is time to let go of them."""
AT_ONCE = 8
MOST_CHARACTERS = 100_000
"""Text whose blocks are kept, besides that of the message seen last."""
MOST_BOXES = 800
"""Layouts of blocks that are kept, besides those of the message seen last."""


class Messages:
    """By number, from 0. A message is made when it is asked for, and let go of when others were
    since; what was loaded on request is then asked for again."""

    def __init__(self, style: TranscriptStyle, width: int) -> None:
        self.heights = Heights()
        self._style = style
        self._width = width
        self._rows: list[Entry | Unloaded] = []
        self._numbers: dict[str, int] = {}
        self._recent: OrderedDict[str, Message | None] = OrderedDict()
        self._seen: dict[str, Seen] = {}
        self._fetched: set[str] = set()
        self._stale: set[str] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: int) -> Message:
        return self.made(number) or self._make(number)

    def __iter__(self) -> Iterator[Message]:
        return (self[number] for number in range(len(self)))

    def row(self, number: int) -> Entry | Unloaded:
        """What is known of a message, without making it."""
        return self._rows[number]

    def lacks(self, number: int) -> bool:
        """Whether the words of a message are to be asked for, or newer ones."""
        row = self._rows[number]
        return not row.loaded or row.id in self._stale

    def is_running(self, message_id: str) -> bool:
        """Whether more is expected of a message; False for an unknown id."""
        number = self.number_of(message_id)
        return number is not None and self._rows[number].running

    def awaits(self, message_id: str) -> bool:
        """Whether the words of a message are missing, or newer ones; False for an unknown id."""
        number = self.number_of(message_id)
        return number is not None and self.lacks(number)

    def number_of(self, message_id: str) -> int | None:
        """The number of a message; None for an unknown id."""
        return self._numbers.get(message_id)

    def made(self, number: int) -> Message | None:
        """The message where it is made already."""
        return self._recent.get(self._rows[number].id)

    def opened(self, number: int) -> Message:
        """A message that is about to be seen, its text cut into blocks."""
        message = self[number]
        self._recent.move_to_end(message.entry.id)
        message.split()
        return message

    def note(self, number: int, message: Message) -> bool:
        """Take the height of a message; whether it was another one before."""
        changed = message.height != self.heights[number]
        if changed:
            self.heights.set(number, message.height)
        return changed

    # ---- what is shown

    def common(self, rows: list[Entry | Unloaded]) -> int:
        """How many messages at the start have the ids of `rows`."""
        number = 0
        for known, row in zip(self._rows, rows, strict=False):
            if known is not row and known.id != row.id:
                break
            number += 1
        return number

    def replace(self, rows: list[Entry | Unloaded]) -> None:
        """Show `rows`; what they have in common with those before, from the start, stays as it is.

        What is loaded and comes without its words keeps them.
        """
        start = self.common(rows)
        if not start:
            for known in (self._numbers, self._seen, self._recent, self._fetched, self._stale):
                known.clear()
        for gone in self._rows[start:] if start else ():
            del self._numbers[gone.id]
            self._seen.pop(gone.id, None)
            self._recent.pop(gone.id, None)
            self._fetched.discard(gone.id)
            self._stale.discard(gone.id)
        del self._rows[start:]
        for number, row in enumerate(rows[:start]):
            if row is not self._rows[number]:
                self.update(number, row)
        self._rows += rows[start:]
        new = rows[start:]
        self._numbers.update(zip([row.id for row in new], range(start, len(rows)), strict=True))
        self.heights.replace(start, message_heights(new, self._style, self._width))

    def append(self, entry: Entry) -> None:
        """Add a message at the end."""
        self._numbers[entry.id] = len(self._rows)
        self._rows.append(entry)
        self.heights.append(message_height(entry, self._style, self._width))

    def update(self, number: int, row: Entry | Unloaded) -> int:
        """Take a newer state of a message; return the first of its blocks that may look different.

        Words that are there stay when it comes without them, and are asked for anew.
        """
        known = self._rows[number]
        if known.loaded != row.loaded:
            self._fetched.add(row.id)
        if known.loaded and not row.loaded:
            self._stale.add(row.id)
            return 0
        self._stale.discard(row.id)
        self._rows[number] = row
        message = self._recent.setdefault(row.id, None)
        if message is not None and isinstance(row, Entry):
            first = message.update(row)
            self.note(number, message)
            return first
        if row.id not in self._seen:
            self.heights.set(number, message_height(row, self._style, self._width))
        return 0

    def think_on(self, entry: Entry) -> bool:
        """Take more of a reasoning that is folded, which changes nothing that is seen; False for any
        other state of a message."""
        if not entry.reasoning or entry.text:
            return False
        number = self._numbers.get(entry.id)
        message = self.made(number) if number is not None else None
        if number is None or message is None or message.unfolded:
            return False
        if not only_thinks_on(message.entry, entry):
            return False
        self._rows[number] = message.entry = message.frame.entry = entry
        return True

    def restyle(self, style: TranscriptStyle, width: int) -> None:
        """Take another look or width: all heights become estimates."""
        share = self._width / width
        self._style, self._width = style, width
        self._seen.clear()
        self.heights.scale(share)
        for message_id, message in self._recent.items():
            if message is not None:
                message.restyle(style, width)
                self.note(self._numbers[message_id], message)

    # ---- what is kept

    @property
    def crowded(self) -> bool:
        """Whether some should be let go of now rather than later."""
        return len(self._recent) > MOST_MESSAGES + SPARE

    def trim(self, keep: Collection[str]) -> None:
        """Let go of messages that were not seen for long, but not of the ids in `keep`; of some at a
        time, for that takes a while, too."""
        many = max(0, min(AT_ONCE, len(self._recent) - MOST_MESSAGES))
        for message_id in list(self._recent)[:many]:
            if message_id not in keep:
                self._let_go(message_id)

    def trim_layouts(self, keep: Collection[str]) -> None:
        """Drop blocks and layouts that were not seen for long, but not of the messages in `keep`."""
        boxes = characters = 0
        for message_id, message in reversed(list(self._recent.items())):
            if message is None:
                continue
            if characters > MOST_CHARACTERS and message_id not in keep:
                self._let_go(message_id)
                continue
            if boxes > MOST_BOXES and message_id not in keep:
                message.forget_boxes(range(0))
            boxes += message.laid
            characters += len(message.entry.text)

    def _make(self, number: int) -> Message:
        from ui.transcript.messages.message import Message  # not before there is one to be shown

        row = self._rows[number]
        entry = row if isinstance(row, Entry) else row.entry
        seen, height = self._seen.pop(row.id, None), self.heights[number]
        message = Message(entry, self._style, self._width, height=height, seen=seen)
        self._recent[row.id] = message
        return message

    def _let_go(self, message_id: str) -> None:
        number = self._numbers[message_id]
        row, message = self._rows[number], self._recent[message_id]
        if row.running:
            return
        del self._recent[message_id]
        if message is not None and message.seen is not None:
            self._seen[message_id] = message.seen
        if message_id in self._fetched and isinstance(row, Entry) and row.loaded:
            lines = row.text.count("\n") + 1
            self._rows[number] = Unloaded(row.id, row.role, len(row.text), lines, len(row.pictures))
