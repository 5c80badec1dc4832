"""Where a line of code that is too wide for its block goes on in another row."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

LEAST = 8
"""Columns that a row has at least beside its hang."""
_BREAKS = ",;|&)]}>([{<+-=/\\.:"
"""A row ends after one of these where it has no space to end after."""


class CodeRow(NamedTuple):
    """The characters of a line from `start` to `end`, `hang` columns from the left."""

    line: int
    start: int
    end: int
    hang: int = 0


def hang(text: str, columns: int) -> int:
    """How far the further rows of a line are set in: as its first one, where that leaves room."""
    indent = len(text) - len(text.lstrip(" "))
    return min(indent, columns // 2, max(0, columns - LEAST))


def starts(text: str, columns: int) -> list[int]:
    """Where the rows of a line begin: after a space, else after a punctuation mark, else anywhere. Wide
    characters take two columns."""
    found, room, narrow = [0], columns, text.isascii()
    indent = len(text) - len(text.lstrip(" "))
    while True:
        start = found[-1]
        end = min(start + room, len(text)) if narrow else _end(text, start, room)
        if end >= len(text):
            return found
        found.append(_cut(text, max(start + (end - start) // 2, indent if not start else 0), end))
        room = columns - hang(text, columns)


def _cut(text: str, low: int, end: int) -> int:
    """The best place to end a row between two positions."""
    at = text.rfind(" ", low, end)
    if at < 0:
        at = max(text.rfind(mark, low, end) for mark in _BREAKS)
    return at + 1 if at >= 0 else end


def _end(text: str, start: int, room: int) -> int:
    """How far a row goes that has room for so many columns; further by one character at least."""
    used = 0
    for index in range(start, len(text)):
        char = text[index]
        if not char.isascii():
            used += 0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        else:
            used += 1
        if used > room and index > start:
            return index
    return len(text)
