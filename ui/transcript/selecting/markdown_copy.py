"""A selection as Markdown: list marks, quotes, fences and tables as they were written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ui.signs import one_line
from ui.transcript.markdown.block import NOTICE, Block, Container, Kind
from ui.transcript.selecting.selection import speaker

if TYPE_CHECKING:
    from ui.transcript.layout.messages import Messages
    from ui.transcript.messages.message import Message
    from ui.transcript.selecting.selection import Selection

_FENCES = re.compile(r"`{3,}")
_HEAD_LINES = 2
"""Source lines of a table before its first row."""


class _Piece(NamedTuple):
    """What is selected of a block."""

    block: Block
    lines: list[str]


def markdown(selection: Selection, messages: Messages, *, named: bool = False) -> str:
    """The selected blocks as Markdown. Of a paragraph that is selected in part, the words alone.
    `named` says who spoke, too."""
    texts: list[str] = []
    last = min(selection.end.message, len(messages) - 1)
    for number in range(selection.start.message, last + 1):
        message = messages[number]
        message.split()
        written = _written(_pieces(selection, message, number))
        notice = selection.within(number, NOTICE, len(message.entry.notice))
        if notice is not None:
            written = "\n\n".join(filter(None, (written, message.entry.notice[slice(*notice)])))
        if named and (written or not message.entry.text):
            written = "\n\n".join(filter(None, (*speaker(message.entry), written)))
        if written:
            texts.append(written)
    return "\n\n".join(texts)


def _pieces(selection: Selection, message: Message, number: int) -> list[_Piece]:
    found: list[_Piece] = []
    for index, block in enumerate(message.blocks or ()):
        if block.kind is Kind.RULE:
            start, end = (selection.start.message, selection.start.block), selection.end
            if start <= (number, index) < (end.message, end.block):
                found.append(_Piece(block, ["---"]))
            continue
        text = message.text_of(index)
        part = selection.within(number, index, len(text))
        if part is not None:
            found.append(_Piece(block, _lines(message, index, text, part)))
    return found


def _lines(message: Message, index: int, text: str, part: tuple[int, int]) -> list[str]:
    """The source of the selected part of a block, without what it stands in."""
    assert message.blocks is not None
    block = message.blocks[index]
    if block.kind is Kind.TABLE and part != (0, len(text)):
        return _rows(block, text, part)
    lines = list(block.lines) if part == (0, len(text)) else message.copied(index, *part).split("\n")
    if block.kind is Kind.HEADING:
        return [f"{'#' * block.level} {' '.join(line.strip() for line in lines)}"]
    return lines


def _rows(block: Block, text: str, part: tuple[int, int]) -> list[str]:
    """The head of a table and the rows that the selection touches."""
    first, last = text.count("\n", 0, part[0]), text.count("\n", 0, max(part[0], part[1] - 1))
    body = block.lines[_HEAD_LINES:]
    return [*block.lines[:_HEAD_LINES], *body[max(0, first - 1) : last]]


def _written(pieces: list[_Piece]) -> str:
    out: list[str] = []
    fence = ""
    for number, piece in enumerate(pieces):
        block, lines = piece
        goes_on = block.continued and number > 0
        if fence and not (goes_on and block.kind is Kind.CODE):
            out.append(_prefix(pieces[number - 1].block, opens=False) + fence)
            fence = ""
        first, rest = _prefix(block, opens=not goes_on, anew=number == 0), _prefix(block, opens=False)
        if not goes_on:
            out += _between(pieces[number - 1].block, block) if number else []
        elif block.inside_line and out and lines:
            out[-1] += lines[0]
            lines, first = lines[1:], rest
        if block.kind is Kind.CODE and not fence:
            fence = _fence(pieces, number)
            if block.title:
                out += [f"{first}{one_line(block.title)}", rest.rstrip()]
                first = rest
            out.append(f"{first}{fence}{block.info}")
            first = rest
        out += [(rest if at else first) + line for at, line in enumerate(lines)]
    if fence:
        out.append(_prefix(pieces[-1].block, opens=False) + fence)
    return "\n".join(line.rstrip() if not line.strip(" >") else line for line in out)


def _fence(pieces: list[_Piece], number: int) -> str:
    """A fence longer than any in the code that starts with a piece."""
    longest = 2
    for at in range(number, len(pieces)):
        if at > number and not pieces[at].block.continued:
            break
        found = [len(run) for line in pieces[at].lines for run in _FENCES.findall(line)]
        longest = max([longest, *found])
    return "`" * (longest + 1)


def _between(before: Block, block: Block) -> list[str]:
    """The blank line between two blocks, where there is one."""
    opened = block.containers[block.joined :]
    if opened and not opened[-1].quote and not block.spaced:
        return []
    shared = block.containers[: block.joined]
    return ["".join(_going_on(container) for container in shared)]


def _prefix(block: Block, *, opens: bool, anew: bool = False) -> str:
    """What stands before a line: the marks of items that it `opens`, else room for them. A copy that
    begins `anew` in the middle of an item shows its marks."""
    made = ""
    for depth, container in enumerate(block.containers):
        marked = opens and (anew or depth >= block.joined)
        made += _mark(container) if marked else _going_on(container)
    return made


def _mark(container: Container) -> str:
    if container.quote:
        return "> "
    task = "" if container.task is None else "[x] " if container.task else "[ ] "
    return _item(container) + task if container.marker else ""


def _item(container: Container) -> str:
    """The mark of a list item as it is written."""
    ordered = container.marker[:1].isdigit()
    return f"{container.number}{container.delimiter} " if ordered else f"{container.delimiter} "


def _going_on(container: Container) -> str:
    if container.quote:
        return "> "
    return " " * (len(_item(container)) if container.marker else container.indent)
