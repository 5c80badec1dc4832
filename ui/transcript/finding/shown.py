"""What is read of a message: its words without their markup, in stretches that are searched one by one."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from ui.signs import INVISIBLE, LINE_BREAK
from ui.transcript.markdown import inline
from ui.transcript.markdown.block import Block, Kind
from ui.transcript.markdown.invisible import code_line
from ui.transcript.markdown.line_rules import cells_of
from ui.transcript.markdown.long_text import literal_blocks
from ui.transcript.markdown.styled_text import Span, StyledText, places_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ui.transcript.entry import Entry
    from ui.transcript.markdown.references import References

SLICE = 2_000
"""Characters that are cut into blocks at a time."""
_LETTERS = re.compile(r"[^\W_]+")
_MARKS = {ord(mark): None for mark in "*_~`[]<>\\"}
"""What may stand within a word as it is written, and not as it is read."""
_REWRITTEN = re.compile(r"\$|\\[(\[]|\]\(|&[#\w]")
"""Formulas, addresses and character names: what is read there may have other letters."""


class Sought:
    """Words to be found as they are read, in any case; compiled once for many messages."""

    def __init__(self, words: str) -> None:
        self.pattern = re.compile(re.escape(words), re.IGNORECASE)
        self._letters = [re.compile(run, re.IGNORECASE) for run in _LETTERS.findall(words)]

    def may_be_in(self, source: str) -> bool:
        """Whether it is worth reading `source`; quickly told, and never wrongly denied."""
        if _REWRITTEN.search(source) is not None or INVISIBLE.search(source) is not None:
            return True
        bare = source.translate(_MARKS)
        return all(letters.search(bare) is not None for letters in self._letters)

    def count(self, pieces: Iterable[str]) -> int:
        """How often they occur; no place reaches from one piece into the next."""
        return sum(1 for piece in pieces for _ in self.pattern.finditer(piece))

    def count_in(self, entry: Entry) -> int:
        """How often they occur in all that an entry shows, what is folded included."""
        return self.count(pieces(entry)) if self.may_be_in_any(entry) else 0

    def may_be_in_any(self, entry: Entry) -> bool:
        """Whether it is worth reading any text of an entry."""
        return any(map(self.may_be_in, _sources(entry)))


def pieces(entry: Entry) -> Iterator[str]:
    """The texts of all blocks of an entry in the order of the screen, what signs stand for behind each,
    with empty ones now and then, so that whoever reads a long one can stop for a moment."""
    yield from markdown_pieces(entry.reasoning)
    if entry.role == "user":
        yield from map(text_of, literal_blocks(entry.text) if entry.text else ())
    else:
        yield from markdown_pieces(entry.text, places=entry.places.marks)
    if entry.tools:
        from ui.transcript.messages.tool_blocks import tool_blocks

        yield from map(text_of, tool_blocks(entry.tools))
    yield entry.notice


def markdown_pieces(text: str, *, places: str = "") -> Iterator[str]:
    """The texts of the blocks of a finished Markdown text, and empty ones while it is cut. Where markup
    of `places` is read as what it marks, each text is followed by what its signs stand for."""
    if not text:
        return
    from ui.transcript.markdown.splitter import MarkdownSplitter

    splitter = MarkdownSplitter(places=places)
    for start in range(0, len(text), SLICE):
        splitter.feed(text[start : start + SLICE])
        yield ""
    splitter.finish()
    for block in splitter.blocks:
        read, signs = read_block(block)
        yield read
        yield from (sign.source for sign in signs)


def text_of(block: Block) -> str:
    """What is read of a block, list markers apart."""
    return read_block(block)[0]


def read_block(block: Block) -> tuple[str, tuple[Span, ...]]:
    """What is read of a block, list markers apart, and what of it stands for markup of places."""
    if block.kind is Kind.RULE:
        return "", ()
    if block.kind is Kind.CODE:
        return "\n".join(map(code_line, block.lines)), ()
    if block.kind is Kind.TABLE:
        head = block.head or block
        count = len(cells_of(head.lines[0]))
        lines = block.lines if block.head is not None else [block.lines[0], *block.lines[2:]]
        rows = [read_cells(row, count, block.references) for row in lines]
        return "\n".join(map(row_text, rows)), tuple(places_of(chain.from_iterable(rows)))
    read = read_text(block)
    return read.text.replace(LINE_BREAK, "\n"), read.places


def read_text(block: Block) -> StyledText:
    """A block that is neither code nor a table nor a rule, as if it grew no more."""
    source = block.source
    if block.kind is Kind.LITERAL or (block.kind is Kind.MATHS and block.continued):
        return inline.literal(source)
    if block.kind is Kind.MATHS:
        return inline.read_maths(source.rstrip(), growing=not block.closed)
    if block.kind is Kind.DEFINITION:
        return inline.muted(source.rstrip())
    return inline.read_inline(source.rstrip(), block.references)


def read_cells(row: str, count: int, references: References | None) -> list[StyledText]:
    """As many cells as a table has columns; what is beyond the last stands in the last."""
    cells = cells_of(row)
    if len(cells) > count:
        cells = [*cells[: count - 1], " | ".join(cells[count - 1 :])]
    return [inline.read_inline(cell, references) for cell in cells + [""] * (count - len(cells))]


def row_text(cells: Iterable[StyledText]) -> str:
    """The cells of a row divided by tabs."""
    return "\t".join(cell.text.replace(LINE_BREAK, " ") for cell in cells)


def _sources(entry: Entry) -> Iterator[str]:
    yield from (entry.text, entry.reasoning, entry.notice)
    yield from (tool.arguments for tool in entry.tools)
