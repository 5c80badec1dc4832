"""One line of a text around what was searched for in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from app.store.query import Phrase, Query, Span
from app.store.unmarked import unmarked

LENGTH = 120
"""Characters of a snippet, about."""

_BEFORE = 30
_SEARCHED_FOR_A_SPACE = 15
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_HALF_PAIRS = re.compile("[\ud800-\udfff]")
_ELLIPSIS = "\u2026"


def snippet(query: Query, texts: Sequence[str], *, markdown: bool = False) -> tuple[str, tuple[Span, ...]]:
    """A line from the text that has most phrases, where most of them stand together, and what to
    mark in it; of `markdown` as it is read, without its marks.

    Where nothing is found it is the beginning of the texts.
    """
    best: dict[Phrase, list[Span]] = {}
    where = next((text for text in texts if text.strip()), "")
    for text in texts:
        found = {phrase: spans for phrase in query.phrases if (spans := phrase.spans(text))}
        if len(found) > len(best):
            best, where = found, text
    places = sorted((span, number) for number, spans in enumerate(best.values()) for span in spans)
    wanted, spans = _crowd(places), _merged([span for span, _ in places])
    if markdown:
        where, wanted, spans = unmarked(where, wanted, spans)
    return _line(where, wanted, spans)


def _crowd(places: Sequence[tuple[Span, int]]) -> int:
    """Where a stretch of text begins in which as many different phrases stand as can be."""
    best, most, last = 0, 0, 0
    inside: Counter[int] = Counter()
    for (start, _), number in places:
        while last < len(places) and places[last][0][1] <= start + LENGTH - _BEFORE:
            inside[places[last][1]] += 1
            last += 1
        if len(+inside) > most:
            best, most = start, len(+inside)
        inside[number] -= 1
    return best


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
