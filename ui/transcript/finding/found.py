"""Where the words that are sought stand: block by block, found anew only in what has changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ui.transcript.markdown.block import NOTICE, Kind
from ui.transcript.messages.reasoning import is_thinking

if TYPE_CHECKING:
    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.messages.message import Message

MOST_KNOWN = 20_000
"""Blocks whose places are remembered."""
FOLDED = -1
"""The block of places in a reasoning that is folded: going there unfolds it."""


class Place(NamedTuple):
    """Where the words stand in a message: a block of it and two positions of the block's text."""

    block: int
    start: int
    end: int


class Found:
    """The places of one pattern in the messages of an arrangement."""

    def __init__(self, arrangement: Arrangement) -> None:
        self.pattern: re.Pattern[str] | None = None
        self._arrangement = arrangement
        self._known: dict[tuple[str, int], tuple[object, list[Place]]] = {}

    def begin(self, pattern: str) -> None:
        """Look for something else; "" for nothing."""
        self.pattern = re.compile(pattern, re.IGNORECASE) if pattern else None
        self._known.clear()

    def places_of(self, number: int) -> list[Place]:
        """All places in a message, in the order of the screen."""
        message = self._arrangement.messages[number]
        message.split()
        entry = message.entry
        blocks = [*range(len(message.blocks or ())), *([NOTICE] if entry.notice else [])]
        if entry.reasoning and not message.unfolded and not is_thinking(entry):
            blocks = [FOLDED, *blocks]
        return [place for block in blocks for place in self.in_block(message, block)]

    def in_block(self, message: Message, block: int) -> list[Place]:
        """The places in one block, found anew only when it has changed."""
        state: object = message.entry.reasoning if block == FOLDED else message.entry.notice
        if block >= 0 and block != NOTICE:
            known_block = (message.blocks or [])[block]
            state = (known_block, known_block.version)
        key = message.entry.id, block
        known = self._known.get(key)
        if known is None or known[0] != state:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            known = self._known[key] = state, self._find(message, block)
        return known[1]

    def _find(self, message: Message, block: int) -> list[Place]:
        assert self.pattern is not None
        if block != FOLDED:
            found = [Place(block, *each.span()) for each in self.pattern.finditer(message.text_of(block))]
            return sorted(found + self._behind_signs(message, block))
        from ui.transcript.finding.shown import markdown_pieces

        pieces = markdown_pieces(message.entry.reasoning)
        return [Place(FOLDED, 0, 0) for piece in pieces for _ in self.pattern.finditer(piece)]

    def _behind_signs(self, message: Message, block: int) -> list[Place]:
        """The places in markup that signs stand for; in a tag that none stands for, at what it is round."""
        assert self.pattern is not None
        return [
            Place(block, span.start, max(span.end, span.start + 1))
            for span in message.places_of(block)
            for _ in self.pattern.finditer(span.source)
        ]


def open_at(message: Message, place: Place) -> bool:
    """Unfold what a place is folded into; whether anything was."""
    if place.block == FOLDED:
        message.unfolded = True
    elif not _is_folded_away(message, place):
        return False
    elif place.block == NOTICE:
        message.fold_notice()
    elif (message.blocks or [])[place.block].is_folded:
        message.fold_places(place.block)
    else:
        message.fold(place.block)
    return True


def height_of(message: Message, place: Place) -> float:
    """How far below the top of its message a place stands."""
    if place.block == NOTICE:
        notice, top = message.frame.notice, message.frame.notice_top(message.height)
        return top + notice.spot(place.start)[1] if notice is not None else top
    box = message.box(place.block)
    box.wrap(message.frame.inner)
    return message.tops[place.block] + box.spot(place.start)[1]


def _is_folded_away(message: Message, place: Place) -> bool:
    """Whether a place is on a line of code or of the notice that is not shown."""
    notice = message.frame.notice
    if place.block == NOTICE:
        return notice is not None and notice.hides(place.start)
    block = (message.blocks or [])[place.block]
    if block.is_folded:
        return True
    if block.kind is not Kind.CODE or block.folded <= 0:
        return False
    return message.text_of(place.block).count("\n", 0, place.start) >= block.folded
