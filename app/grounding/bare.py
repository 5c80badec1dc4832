"""Places that a dialect writes without tags, as marks within running text.

Prose of any model may hold numbers that look so: they are marks only where the dialect is known to be
spoken, and where its reader takes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.grounding import glm, molmo
from app.grounding.marks import LONGEST_MARK, Mark

_TAIL = 48
"""Characters at the end of a text in which an unfinished point begins."""
_POINT_BEGUN = re.compile(
    r"(?:(?<!\w)Click\(\s*+(?:\d[\d.]{0,6}\s*+(?:,\s*+[\d.]{0,7}\s*+)?)?"
    r"|(?<![\w.])(?:p\s?=|\d{1,3}\s?=(?=\s?\d))\s?(?:\d{1,3}(?:\s?,\s?\d{0,3})?)?)\Z"
)
_OF_LISTS = "0123456789-+.,[] \t\r\n"
_DOUBLE = re.compile(r"\[\s*+\[")


def marks(text: str, dialect: str) -> Iterator[tuple[int, Mark | None, int]]:
    """Where a mark of a dialect of BARE may begin, the mark, and up to where was looked for it."""
    if dialect == "molmo":
        for point in molmo.found_untagged(text):
            yield point.start, Mark(point.end, ((0, point.end - point.start),)), point.end
        return
    for start, end, boxes in glm.lists(text, LONGEST_MARK):
        if boxes is None:
            yield start, None, end
            continue
        done = 0
        for first, last in _groups(text, start, end):
            inside: list[tuple[int, int]] = []
            while done < len(boxes) and boxes[done][1] <= last:
                inside.append((boxes[done][0] - first, boxes[done][1] - first))
                done += 1
            # One that is not closed ends with its last box.
            closed = last if text[last - 1] == "]" or not inside else first + inside[-1][1]
            yield first, Mark(closed, tuple(inside)) if inside else None, closed


def begun(text: str, dialect: str) -> int | None:
    """Where a mark begins that may be finished by what comes after the text; None where none does."""
    if dialect == "molmo":
        found = _POINT_BEGUN.search(text, max(0, len(text) - _TAIL))
        return found.start() if found else None
    start = max(len(text.rstrip(_OF_LISTS)), len(text) - LONGEST_MARK)
    *_, (first, last) = [(start, start), *_groups(text, start, len(text))]
    is_open = text.count("[", first, last) > text.count("]", first, last)
    return first if is_open and _DOUBLE.match(text, first) and glm.are_boxes(text, first, last) else None


def _groups(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """From where to where each list of lists is; the last may not be closed."""
    depth = first = 0
    for at in range(start, end):
        sign = text[at]
        if sign == "[":
            first = at if depth == 0 else first
            depth += 1
        elif sign == "]" and depth:
            depth -= 1
            if depth == 0:
                yield first, at + 1
    if depth:
        yield first, end
