"""Where text that never ends is cut, so that no piece of it is slow to lay out."""

from __future__ import annotations

import re

from ui.transcript.markdown.block import Block, Kind
from ui.transcript.markdown.styled_text import may_have_marks

FULL_AT_LINE = 2_000
"""A paragraph of so many characters goes on in a new block at its next line."""
FULL_AT_SENTENCE = 4_000
FULL_ANYWHERE = 5_000
LONGEST_WORD = 2_048
LONGEST_MARK = 12_000
"""Markup of a place is cut only where a paragraph has so many characters: few of them are shown."""
MOST_TRIES = 8
"""Spaces that are tried to cut at which is outside of markup of places."""
LONGEST_CODE_LINE = 20_000
WIDE_FULL_AT_SENTENCE = 1_000
"""As FULL_AT_SENTENCE, for scripts whose every character takes as long to lay out as a word."""
WIDE_FULL_ANYWHERE = 1_250
SAMPLE = 200
"""By so many characters a text is told to be of such a script."""
_FIRST_WIDE = "\u2e80"
_SENTENCE_END = re.compile(r"[.!?][ \n]|[。！？]")


def cut(line: str, start: int, before: int, places: str = "") -> int | None:
    """Where a block of `before` characters followed by line[start:] ends, None while it may grow.

    The answer depends on the text alone, never on how much of it has come. Markup of `places` (`marks`
    of an entry's Places) is kept together as far as that can be.
    """
    room = len(line) - start + before
    if room < WIDE_FULL_AT_SENTENCE:
        return None
    at_sentence, anywhere = FULL_AT_SENTENCE, FULL_ANYWHERE
    if _is_wide(line, start):
        at_sentence, anywhere = WIDE_FULL_AT_SENTENCE, WIDE_FULL_ANYWHERE
    if room < at_sentence:
        return None
    end = start + max(1, anywhere - before)
    sentence = _SENTENCE_END.search(line, start + max(0, at_sentence - before), end)
    if sentence is not None:
        return sentence.end()
    if room < anywhere:
        return None
    space = line.rfind(" ", start + 1, end)
    if space > start and _goes_on(line[start:space], places):
        outside = _outside(line, start, space, places)
        if outside is not None or room < LONGEST_MARK:
            return outside
    return space + 1 if space > start else min(end, start + LONGEST_WORD)


def _outside(line: str, start: int, space: int, places: str) -> int | None:
    """The end of what stands before the markup of a place that goes on at a space; None where too little
    does, or where it goes on for too long."""
    from app.grounding.marks import begun_at  # loaded when a mark was found

    for _ in range(MOST_TRIES):
        begun = begun_at(line[start:space], places)
        space = line.rfind(" ", start + 1, space if begun is None else start + begun)
        if space - start < SAMPLE:
            return None
        if not _goes_on(line[start:space], places):
            return space + 1
    return None


def _goes_on(text: str, places: str) -> bool:
    """Whether the markup of a place seems to go on after a text."""
    if not may_have_marks(text, places):
        return False
    from app.grounding.marks import goes_on  # not before there may be one

    return goes_on(text, places)


def _is_wide(line: str, start: int) -> bool:
    """Whether the text from `start` on is of wide characters; while little of it has come, it is not."""
    if len(line) - start < SAMPLE or line.isascii():
        return False
    return sum(char >= _FIRST_WIDE for char in line[start : start + SAMPLE]) > SAMPLE // 3


def literal_blocks(text: str) -> list[Block]:
    """Text that is not Markdown, in closed blocks that show it character for character."""
    blocks: list[Block] = []
    for line in text.split("\n"):
        for start in range(0, max(1, len(line)), LONGEST_WORD):
            piece = line[start : start + LONGEST_WORD]
            if not blocks or start or blocks[-1].size + len(piece) > FULL_AT_LINE:
                blocks.append(Block(Kind.LITERAL, continued=bool(blocks), inside_line=start > 0))
            blocks[-1].add(piece)
    for block in blocks:
        block.closed = True
    return blocks
