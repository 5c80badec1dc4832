"""A selection as the mouse draws it: by characters, by words after a double click, by lines after a third."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.transcript.selecting.selection import Position, Selection

if TYPE_CHECKING:
    from ui.transcript.layout.messages import Messages

Grain = Callable[[str, int], tuple[int, int]]
"""Start and end of what is selected whole at a position of a text."""


class Stretch:
    """From where it began to wherever the mouse is; whole words or lines where it has a grain."""

    def __init__(self, messages: Messages, anchor: Position, grain: Grain | None) -> None:
        self._messages = messages
        self._grain = grain
        self._origin = self._spanned(anchor)

    def to(self, position: Position) -> Selection:
        """The selection when the mouse is at a position."""
        origin, here = self._origin, self._spanned(position)
        if here.start < origin.start:
            return Selection(origin.end, here.start)
        return Selection(origin.start, max(origin.end, here.end))

    def _spanned(self, position: Position) -> Selection:
        if self._grain is None:
            return Selection(position, position)
        message = self._messages[position.message]
        text = message.text_of(position.block) if message.blocks or message.entry.notice else ""
        start, end = self._grain(text, min(position.offset, len(text)))
        return Selection(position._replace(offset=start), position._replace(offset=end))
