"""What a screen reader says of places in an answer: a sign is "place 1", one that is folded how many."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.transcript.markdown.block import NOTICE
from ui.transcript.markdown.styled_text import PLACE_SIGN

if TYPE_CHECKING:
    from ui.transcript.entry import Entry
    from ui.transcript.markdown.styled_text import Span
    from ui.transcript.messages.message import Message

_SPACES = re.compile(r" {2,}")
MARKUP = 4
"""So many times as much is read as is said, for markup is not."""


class Spoken:
    """Reads one message from its start, and counts its places."""

    def __init__(self) -> None:
        self._count = 0

    def block(self, message: Message, index: int, start: int, end: int) -> str:
        """What is said of text_of(index)[start:end], which is all of it."""
        block = (message.blocks or [])[index] if index != NOTICE else None
        if block is not None and block.gathered is not None and not block.gathered.open:
            return block.gathered.words if block.leads else ""
        signs = message.places_of(index) if index != NOTICE else ()
        if not signs:
            return message.copied(index, start, end)
        return self.words(message.text_of(index), signs)

    def words(self, text: str, signs: Iterable[Span]) -> str:
        """A text with words in place of its signs."""
        pieces: list[str] = []
        done = 0
        for span in signs:
            pieces.append(text[done : span.start])
            for _ in range(text.count(PLACE_SIGN, span.start, span.end)):
                self._count += 1
                number = QCoreApplication.translate("Spoken", "place {number}").format(number=self._count)
                pieces.append(f" {number} ")
            done = span.end
        return _SPACES.sub(" ", "".join((*pieces, text[done:]))).strip(" ") if done else text


def spoken_text(entry: Entry, most: int) -> str:
    """The beginning of what an answer says, about `most` characters."""
    from ui.transcript.finding.shown import read_block  # reads Markdown
    from ui.transcript.markdown.splitter import MarkdownSplitter

    text = entry.text
    for fold in reversed(entry.places.folds):
        text = text[: fold.start] + fold.words + text[fold.end :]
    splitter, spoken = MarkdownSplitter(places=entry.places.marks), Spoken()
    splitter.feed(text[: MARKUP * most])
    splitter.finish()
    return "\n".join(spoken.words(*read_block(block)) for block in splitter.blocks)[:most]
