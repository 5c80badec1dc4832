"""A stretch of the conversation, from one text position to another."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from ui.signs import one_line
from ui.transcript.markdown.block import NOTICE

if TYPE_CHECKING:
    from ui.transcript.entry import Entry
    from ui.transcript.layout.messages import Messages
    from ui.transcript.messages.message import Message

Read = Callable[["Message", int, int, int], str]
"""Gives text_of(block)[start:end] of a message in some way."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")
END = 1 << 40


class Position(NamedTuple):
    """A place between two characters: message, block of it, code point of the block's text."""

    message: int
    block: int
    offset: int


class Selection(NamedTuple):
    """From where the selection began to where it is now, in either order."""

    anchor: Position
    caret: Position

    @property
    def start(self) -> Position:
        """The earlier end."""
        return min(self.anchor, self.caret)

    @property
    def end(self) -> Position:
        """The later end."""
        return max(self.anchor, self.caret)

    @property
    def empty(self) -> bool:
        """Whether nothing is selected."""
        return self.anchor == self.caret

    @property
    def several(self) -> bool:
        """Whether it goes from one message into another."""
        return self.anchor.message != self.caret.message

    def within(self, message: int, block: int, length: int) -> tuple[int, int] | None:
        """The selected part of a block whose text is `length` long; None when there is none."""
        start, end, here = self.start, self.end, (message, block)
        if not (start.message, start.block) <= here <= (end.message, end.block):
            return None
        first = start.offset if (start.message, start.block) == here else 0
        last = min(end.offset, length) if (end.message, end.block) == here else length
        return (first, last) if first < last else None


def everything(messages: Messages) -> Selection | None:
    """All of the conversation."""
    if not len(messages):
        return None
    return Selection(Position(0, 0, 0), Position(len(messages) - 1, NOTICE, END))


def word_at(text: str, offset: int) -> tuple[int, int]:
    """Start and end of the word at a position, empty between words."""
    for found in _WORD.finditer(text):
        if found.start() <= offset <= found.end():
            return found.span()
        if found.start() > offset:
            break
    return offset, offset


def line_at(text: str, offset: int) -> tuple[int, int]:
    """Start and end of the line at a position."""
    end = text.find("\n", offset)
    return text.rfind("\n", 0, offset) + 1, end if end >= 0 else len(text)


def plain_text(
    selection: Selection, messages: Messages, *, named: bool = False, read: Read | None = None
) -> str:
    """What is selected, as plain text: code without fences, list markers kept, a blank line between
    paragraphs and between messages. `named` says who spoke, too. `read` gives what is selected of a
    block where that is not to be as it is copied."""
    read = read or _copied
    pieces: list[str] = []
    for number in range(selection.start.message, min(selection.end.message, len(messages) - 1) + 1):
        message = messages[number]
        message.split()
        text = ""
        for block in [*range(len(message.blocks or ())), NOTICE]:
            piece = _piece(selection, message, number, block, read)
            if piece is not None:
                text += (_joint(message, block) if text else "") + piece
        if named and (text or not message.entry.text):
            text = "\n".join(filter(None, (*speaker(message.entry), text)))
        if text:
            pieces.append(text)
    return "\n\n".join(pieces)


def speaker(entry: Entry) -> list[str]:
    """Who spoke, and which pictures were with it, each on a line; nothing where nothing was said."""
    if not (entry.text or entry.pictures or entry.notice or entry.tools):
        return []
    name = _tr("Question") if entry.role == "user" else entry.heading or _tr("Answer")
    pictures = [
        _tr("[Picture: {name}]").format(name=one_line(entry.named(sha256))) for sha256, _ in entry.pictures
    ]
    return [f"{one_line(name)}:", *pictures]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Copied", text)


def _copied(message: Message, block: int, start: int, end: int) -> str:
    return message.copied(block, start, end)


def _piece(selection: Selection, message: Message, number: int, block: int, read: Read) -> str | None:
    start, end = selection.start, selection.end
    if not (start.message, start.block) <= (number, block) <= (end.message, end.block):
        return None
    text = message.text_of(block)
    part = selection.within(number, block, len(text))
    if part is None:
        return None
    chosen = read(message, block, *part)
    if part[0] == 0 and (title := message.title_of(block)):
        chosen = f"{one_line(title)}\n{chosen}"
    return message.prefix_of(block) + chosen if part[0] == 0 else chosen


def _joint(message: Message, index: int) -> str:
    if index == NOTICE or not message.blocks:
        return "\n\n"
    block = message.blocks[index]
    if block.inside_line:
        return " " if message.blocks[index - 1].source.endswith(" ") else ""
    if block.continued:
        return "\n"
    opened = block.containers[block.joined :]
    tight = bool(opened) and not opened[-1].quote and not block.spaced
    return "\n" if tight else "\n\n"
