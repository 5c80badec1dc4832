"""Text around a place as it is read: without the marks of Markdown.

What is searched for is never left out, and code keeps its characters. What is no mark for certain stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

Span = tuple[int, int]
_Change = tuple[int, int, str]
"""Characters from a start to before an end, and what is read in their place."""

BEFORE, AFTER = 40, 200
"""Characters around the place that are read."""
_FENCES = ("```", "~~~")
_LETTER = re.compile(r"[^\W_]")
_SIGN = re.compile(r"[*_`~\[\]<|\\]")
_LINE_SIGNS = frozenset("-*+=_#>|:")
_UNDERLINE = re.compile(r"(?:(?:[-*_=][ \t]*){3,}|[|:-][|: \t-]*-[|: \t-]*)(?=\n|\Z)")
"""A line between paragraphs, under a heading or under the head of a table."""
_OPENING = re.compile(r"(?:>[ \t]?)*(?:(?P<bullet>[-*+])[ \t]+|#{1,6}[ \t]+|\|[ \t]*)?")
"""What a quote, an item, a heading or a row begins with."""
_EMPHASIS = re.compile(
    r"(?<![\w*_~])(\*{1,3}|_{1,3}|~~)"
    r"(?=[^\s*_~](?:[^\n]{0,200}?[^\s*_~\\])??(?P<closing>\1)(?![\w*_~]))"
)
_PAIRED = {
    "`": re.compile(r"(?<!`)(`+)(?=[^`])[^\n]{1,200}?(?<!`)(?P<closing>\1)(?!`)"),
    "<": re.compile(r"<(?:[A-Za-z][\w+.-]*:[^<>\s]+|[\w.+-]+@[\w.-]+)(?P<closing>>)"),
}
_SINGLE = {
    "[": re.compile(r"\[(?=[^\[\]\n]{0,300}\][(\[])"),
    "]": re.compile(
        r"\](?:\((?:[^()\s]|\([^()\s]*\)){0,2000}(?:[ \t]+\"[^\"\n]*\")?\)|\[[^\[\]\n]{0,200}\])"
    ),
    "|": re.compile(r"\|[ \t]*(?=\n|\Z)"),
    "\\": re.compile(r"\\(?=[!-/:-@\[-`{-~])"),
}


def unmarked(text: str, place: int, spans: Sequence[Span]) -> tuple[str, int, list[Span]]:
    """A text without marks around `place`, as it was elsewhere; and where in it the place is, and
    those of the `spans`, which are in order and kept, that are around it."""
    low, high = max(0, place - BEFORE), min(len(text), place + AFTER)
    low = text.rfind("\n", 0, low) + 1 if low - text.rfind("\n", 0, low) < BEFORE else low
    near = [span for span in spans if low <= span[0] and span[1] <= high]
    pieces, kept, at = [text[:low]], low, low
    moves: list[Span] = []
    for start, end, instead in _changes(text, low, high, near):
        pieces += (text[at:start], instead)
        kept += start - at + len(instead)
        at = end
        moves.append((end, kept))
    if not moves:
        return text, place, near
    pieces.append(text[at:])
    return "".join(pieces), _moved(place, moves), [(_moved(a, moves), _moved(b, moves)) for a, b in near]


def _changes(text: str, low: int, high: int, spans: Sequence[Span]) -> Iterator[_Change]:
    """What is read otherwise between two places, in order; nothing with letters of the spans."""
    at = low
    for start, end, instead in sorted(_marks(text, low, high)):
        if start < at:
            continue
        sought = any(start < last and first < end for first, last in spans)
        if not sought or _LETTER.search(text, start, end) is None:
            yield start, end, instead
            at = end
        elif text.startswith("](", start):  # what is searched for stands in the address of a link
            at = start + 2
            yield start, at, " ("


def _marks(text: str, low: int, high: int) -> Iterator[_Change]:
    """The marks between two places, those in code apart."""
    in_code, at = False, low
    for start in _fences(text, high):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end > low:
            if not in_code:
                yield from _marks_outside_code(text, at, start)
            yield max(start, low), end, ""
            at = end
        in_code = not in_code
    if not in_code:
        yield from _marks_outside_code(text, at, high)


def _fences(text: str, end: int) -> list[int]:
    """Where lines begin, before `end`, that open or close code."""
    found: list[int] = []
    for fence in _FENCES:
        at = text.find(fence, 0, end)
        while at >= 0:
            start = text.rfind("\n", 0, at) + 1
            if not text[start:at].strip(" ") and at - start <= 3:
                found.append(start)
            at = text.find(fence, at + len(fence), end)
    return sorted(found)


def _marks_outside_code(text: str, low: int, high: int) -> Iterator[_Change]:
    for at in _lines(text, low, high):
        yield from _opening(text, at, high)
    for sign in _SIGN.finditer(text, low, high):
        start, kind = sign.start(), sign[0]
        if start < low:
            continue
        paired = _PAIRED.get(kind, _EMPHASIS) if kind in "*_~`<" else None
        found = (paired or _SINGLE[kind]).match(text, start, high)
        if found is None:
            continue
        if kind in "`\\":  # what they hold is no mark
            low = found.end() + (kind == "\\")
        if paired is None:
            shown = kind == "[" and text.startswith("!", start - 1) and start > low
            yield start - shown, found.end(), ""
        else:
            width = len(found["closing"])
            yield start, start + width, ""
            yield (*found.span("closing"), "")


def _lines(text: str, low: int, high: int) -> Iterator[int]:
    """Where lines begin."""
    if not low or text[low - 1] == "\n":
        yield low
    while low := text.find("\n", low, high) + 1:
        yield low


def _opening(text: str, at: int, high: int) -> Iterator[_Change]:
    """What a line begins with, or is all of it."""
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    if text[at : at + 1] not in _LINE_SIGNS:
        return
    line = _UNDERLINE.match(text, at, high)
    found = line or _OPENING.match(text, at, high)
    if found is not None and found.end() > at:
        yield at, found.end(), "• " if line is None and found["bullet"] else ""


def _moved(place: int, moves: Sequence[Span]) -> int:
    """Where a place is once everything before it has been changed."""
    at = bisect_right(moves, (place, moves[-1][1])) - 1
    return place if at < 0 else place - moves[at][0] + moves[at][1]
