"""One line of a text around what was searched for in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.store.query import Query, Span

LENGTH = 120
"""Characters of a snippet, about."""

_BEFORE = 30
_SEARCHED_FOR_A_SPACE = 15
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_HALF_PAIRS = re.compile("[\ud800-\udfff]")
_ELLIPSIS = "\u2026"


def snippet(query: Query, texts: Sequence[str]) -> tuple[str, tuple[Span, ...]]:
    """A line from the first text that has the first phrase it can, and what to mark in it.

    Where nothing is found it is the beginning of the texts.
    """
    for phrase in query.phrases:
        for text in texts:
            if first := phrase.spans(text):
                spans = [
                    span
                    for other in query.phrases
                    for span in (first if other is phrase else other.spans(text))
                ]
                return _line(text, first[0][0], _merged(spans))
    return _line(next((text for text in texts if text.strip()), ""), 0, [])


def _line(text: str, wanted: int, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    start, end = _window(text, wanted)
    line = _ELLIPSIS if text[:start].strip() else ""
    marks: list[Span] = []
    at = start
    for first, last in ((max(first, start), min(last, end)) for first, last in spans):
        if first >= last:
            continue
        line = _joined(line, text[at:first])
        begins = len(line)
        line = _joined(line, text[first:last])
        marks.append((begins, len(line)))
        at = last
    line = _joined(line, text[at:end]).rstrip()
    line += _ELLIPSIS if text[end:].strip() else ""
    return line, tuple(marks)


def _joined(line: str, more: str) -> str:
    """Text added to a line, on one line."""
    more = _HALF_PAIRS.sub("\ufffd", _BLANKS.sub(" ", more))
    return line + (more.lstrip() if not line or line.endswith((" ", _ELLIPSIS)) else more)


def _window(text: str, wanted: int) -> Span:
    """The part of a text to show, from a word near before `wanted` on."""
    start = max(0, wanted - _BEFORE)
    if start:
        space = _BLANKS.search(text, start, min(wanted, start + _SEARCHED_FOR_A_SPACE))
        start = space.end() if space else start
    end = start + LENGTH
    if end < len(text):
        spaces = list(_BLANKS.finditer(text, max(wanted + 1, end - _SEARCHED_FOR_A_SPACE), end))
        end = spaces[-1].start() if spaces else end
    return start, end


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
