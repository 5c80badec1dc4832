"""Where characters of an answer's source are read: in which block, and where in its text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from ui.transcript.markdown.block import Block, Kind
from ui.transcript.markdown.invisible import code_line
from ui.transcript.markdown.styled_text import PLACE_SIGN, Span

Read = Callable[[], tuple[str, Sequence[Span]]]
"""Tells the text of a block, and what of it stands for markup of places."""
AHEAD = 400
"""Characters of markup at most between two that are read."""


class _Located(NamedTuple):
    """Where the lines of a block, as it was in one version, start in the source and in its own.

    They were looked for `after` a place of the source; those that are `settled` stay where they are.
    """

    block: Block
    version: int
    starts: list[int]
    own: list[int]
    end: int
    after: int
    settled: list[str]


class SpanMap:
    """Follows a source that only grows. Blocks are looked up in order, each once for each version.

    A block holds its lines without the marks of what they stand in, so each is found again in the
    source, at the first place from the end of the one before.
    """

    def __init__(self) -> None:
        self._located: list[_Located] = []
        self._shown: dict[int, tuple[Block, int, list[int] | None]] = {}

    def range_of(self, source: str, blocks: Sequence[Block], index: int) -> tuple[int, int]:
        """The first character of the source that a block holds, and one past the last."""
        located = self._locate(source, blocks, index)
        return (located.starts[0] if located.starts else located.end), located.end

    def shown(
        self,
        source: str,
        blocks: Sequence[Block],
        index: int,
        text: Read,
        spans: Iterable[tuple[int, int]],
    ) -> list[tuple[int, int] | None]:
        """Where spans of the source, no empty ones, stand in the text of a block, which `text` tells;
        None for each of which nothing is read there."""
        located = self._locate(source, blocks, index)
        places = self._places(located, index, text)
        return [_shown(located, places, *span) for span in spans]

    def source_of(self, source: str, blocks: Sequence[Block], index: int, text: Read, position: int) -> int:
        """The character of the source that is read at a position of a block's text."""
        located = self._locate(source, blocks, index)
        places = self._places(located, index, text)
        within = position if places is None else max(0, bisect_right(places, position) - 1)
        line = max(0, bisect_right(located.own, within) - 1)
        return located.starts[line] + within - located.own[line] if located.starts else located.end

    def _locate(self, source: str, blocks: Sequence[Block], index: int) -> _Located:
        known = self._located
        if index < len(known) and _is_current(known[index], blocks[index]):
            return known[index]
        pairs = enumerate(zip(known, blocks, strict=False))
        unlike = (number for number, (each, block) in pairs if not _is_current(each, block))
        first = next(unlike, min(len(known), len(blocks)))
        earlier = known[first:]
        del known[first:]
        for number, block in enumerate(blocks[first : index + 1]):
            before = earlier[number] if number < len(earlier) else None
            known.append(_found(source, block, known[-1].end if known else 0, before))
        return known[index]

    def _places(self, located: _Located, index: int, text: Read) -> list[int] | None:
        """For each character of a block's own source, and for its end, the position where it is read;
        None where all of it is read as it is written."""
        kept = self._shown.get(index)
        block = located.block
        if kept is not None and kept[0] is block and kept[1] == located.version:
            return kept[2]
        places = None
        if block.kind is not Kind.CODE or not all(map(str.isprintable, block.lines)):
            code = block.kind is Kind.CODE
            read, signs = ("\n".join(map(code_line, block.lines)), ()) if code else text()
            places = laid(block.source, read, signs) if read != block.source else None
        self._shown[index] = block, located.version, places
        return places


def aligned(source: str, text: str) -> list[int]:
    """For each character of `source`, and for its end, where it stands in `text`, which is read of it.

    What is not read stands where the next character does that is.
    """
    places: list[int] = []
    for position, sign in enumerate(text):
        at = len(places)
        found = source.find(sign, at, at + AHEAD)
        if sign in " \n\t":
            spaces = (source.find(space, at, at + AHEAD) for space in " \n\t")
            found = min((each for each in spaces if each >= 0), default=-1)
        if found >= 0:
            places += [position] * (found + 1 - at)
    return places + [len(text)] * (len(source) + 1 - len(places))


def laid(source: str, text: str, signs: Sequence[Span]) -> list[int]:
    """As `aligned`, where some spans of `text` stand for markup of places."""
    places: list[int] = []
    done = 0
    for span in signs:
        found = source.find(span.source, len(places))
        if found >= 0:
            between = aligned(source[len(places) : found], text[done : span.start])
            places += [done + each for each in between[:-1]]
            places += _in_mark(span, text)
            done = span.end
    return places + [done + each for each in aligned(source[len(places) :], text[done:])]


def _in_mark(span: Span, text: str) -> list[int]:
    """Where the characters of a mark are read: those of each place at its sign."""
    from app.grounding.marks import places_of  # loaded when the mark was found

    signs = [at for at in range(span.start, span.end) if text[at] == PLACE_SIGN]
    places: list[int] = []
    for (_, end), sign in zip(places_of(span.source), signs, strict=False):
        places += [sign] * (end - len(places))
    return (
        places + [span.end] * (len(span.source) - len(places)) if places else [span.start] * len(span.source)
    )


def overlapping(starts: Sequence[int], longest: int, start: int, end: int) -> range:
    """Which spans may reach into [start, end): they are sorted by `starts`, none is over `longest`."""
    return range(bisect_left(starts, start - longest), bisect_left(starts, end))


def _shown(located: _Located, places: list[int] | None, first: int, last: int) -> tuple[int, int] | None:
    start, end = _within(located, first), _within(located, last - 1) + 1
    if places is not None:
        while end > start and places[end - 1] == places[end]:  # not read
            end -= 1
        start, end = places[start], places[end - 1] + 1 if end > start else places[start]
    return (start, end) if start < end else None


def _is_current(located: _Located, block: Block) -> bool:
    return located.block is block and located.version == block.version


def _found(source: str, block: Block, at: int, before: _Located | None) -> _Located:
    """Where a block's lines are; `before` is where they were in an earlier version."""
    after, starts, own, length = at, list[int](), list[int](), 0
    if before is not None and before.settled and _grew(before, block, at):
        count = len(before.settled)
        starts, own = before.starts[:count], before.own[:count]
        at, length = (each[-1] + len(before.settled[-1]) for each in (starts, own))
        length += 1
    rest = block.lines[len(starts) :]
    if starts:
        first = at + 1 if source.startswith("\n", at) else -1
    else:
        first = source.find(rest[0], at) if rest else -1
    if first >= 0 and source.startswith("\n".join(rest), first):  # as in code: no need to look for each
        offsets = list(accumulate((len(line) + 1 for line in rest), initial=0))
        at, rest = first + offsets.pop() - 1, []
        starts += [first + offset for offset in offsets]
        own += [length + offset for offset in offsets]
    for line in rest:
        found = source.find(line, at)
        starts.append(found if found >= 0 else at)
        own.append(length)
        at = found + len(line) if found >= 0 else at
        length += len(line) + 1
    return _Located(block, block.version, starts, own, at, after, block.lines[: block.settled])


def _grew(before: _Located, block: Block, at: int) -> bool:
    """Whether a block goes on where it was left, after what it was after."""
    same = before.block is block and before.after == at
    return same and block.lines[: len(before.settled)] == before.settled


def _within(located: _Located, place: int) -> int:
    """The place in a block's own source of a character of the whole one."""
    line = bisect_right(located.starts, place) - 1
    if line < 0:
        return 0
    return located.own[line] + min(place - located.starts[line], len(located.block.lines[line]))
