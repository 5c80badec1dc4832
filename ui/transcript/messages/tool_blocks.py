"""The tools that an answer asks for, as blocks of code with their names above."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from ui.transcript.markdown.block import Block, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.transcript.entry import EntryTool

FOLDED_LINES = 10
"""Lines of arguments that are shown before the rest is asked for."""
FOLDS_FROM = 14
"""Fewer lines than this are not worth folding."""
MOST_CHARACTERS = 200_000
"""Longer arguments stay as they were written."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_ASKS = QT_TRANSLATE_NOOP("ToolBlocks", "Asks for the tool {name}")


def tool_blocks(tools: Iterable[EntryTool]) -> list[Block]:
    """A closed block for each tool; long arguments are folded."""
    return [_block(tool) for tool in tools]


def _block(tool: EntryTool) -> Block:
    title = QCoreApplication.translate("ToolBlocks", str(_ASKS)).format(name=tool.name)
    block = Block(Kind.CODE, info="json", title=title)
    for line in spread(tool.arguments).split("\n"):
        block.add(line)
    block.closed = True
    if len(block.lines) >= FOLDS_FROM:
        block.folded = FOLDED_LINES
    return block


def spread(arguments: str) -> str:
    """JSON with one member a line. Only white space changes: numbers and names stay as written, and
    what is no JSON stays as it is altogether."""
    if len(arguments) > MOST_CHARACTERS or not _is_json(arguments):
        return arguments
    text, depth, last = [], 0, ""
    for piece in _TOKEN.findall(arguments):
        if piece in "}]":
            depth -= 1
            text.append("" if last in ("{", "[") else _line(depth))
        elif last in ("{", "[", ","):
            text.append(_line(depth))
        text.append(": " if piece == ":" else piece)
        if piece in "{[":
            depth += 1
        last = piece
    return "".join(text)


def _line(depth: int) -> str:
    return "\n" + "  " * depth


def _is_json(text: str) -> bool:
    import json

    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
