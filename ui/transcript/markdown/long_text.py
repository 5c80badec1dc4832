"""Where text that never ends is cut, so that no piece of it is slow to lay out."""

from __future__ import annotations

import re

from ui.transcript.markdown.block import Block, Kind

FULL_AT_LINE = 2_000
"""A paragraph of so many characters goes on in a new block at its next line."""
FULL_AT_SENTENCE = 4_000
FULL_ANYWHERE = 5_000
LONGEST_WORD = 2_048
LONGEST_CODE_LINE = 20_000
WIDE_FULL_AT_SENTENCE = 1_000
"""As FULL_AT_SENTENCE, for scripts whose every character takes as long to lay out as a word."""
WIDE_FULL_ANYWHERE = 1_250
SAMPLE = 200
"""By so many characters a text is told to be of such a script."""
_FIRST_WIDE = "\u2e80"
_SENTENCE_END = re.compile(r"[.!?][ \n]|[。！？]")


def cut(line: str, start: int, before: int) -> int | None:
    """Where a block of `before` characters followed by line[start:] ends, None while it may grow.

    The answer depends on the text alone, never on how much of it has come.
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
    return space + 1 if space > start else min(end, start + LONGEST_WORD)


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
