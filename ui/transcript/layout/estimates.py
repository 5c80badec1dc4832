"""Heights of what has not been laid out, from sizes alone, in whole logical pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.transcript.blocks.style import CARD_SHARE
from ui.transcript.entry import Unloaded
from ui.transcript.markdown.block import Block, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.entry import Entry

AROUND = 52
"""What stands around a message without pictures and problems."""
PICTURES = 170
PLACES = 28
"""The line in place of what is folded."""
LINE = 26
"""A muted line below the text, with its distance."""
HIGHEST = 1 << 24


def message_height(row: Entry | Unloaded, style: TranscriptStyle, width: int) -> int:
    """The height of a message in a column of `width`."""
    if isinstance(row, Unloaded):
        characters, lines, extra = row.characters, row.lines, PICTURES * bool(row.pictures)
    else:
        characters, lines = row.size or (len(row.text), row.text.count("\n") + 1)
        said = bool(row.metrics) + bool(row.waiting) + 3 * bool(row.notice) + len(row.notes)
        said += bool(row.reasoning) + 4 * len(row.tools)
        extra = LINE * said + PICTURES * bool(row.pictures)
    share = 1.0 if row.role == "assistant" else CARD_SHARE
    rows = characters * style.char_width / (share * width) + 0.7 * lines
    return min(HIGHEST, int(rows * style.line_height) + AROUND + extra)


def message_heights(rows: Sequence[Entry | Unloaded], style: TranscriptStyle, width: int) -> list[int]:
    """The height of each message, at half the cost where thousands are not loaded."""
    wide, line = style.char_width * style.line_height / width, 0.7 * style.line_height
    shares = {"assistant": wide, "user": wide / CARD_SHARE}
    heights = []
    for row in rows:
        if isinstance(row, Unloaded):
            _, role, characters, lines, pictures = row
            height = AROUND + min(HIGHEST, int(characters * shares[role] + lines * line))
            heights.append(height + PICTURES if pictures else height)
        else:
            heights.append(message_height(row, style, width))
    return heights


def block_height(block: Block, style: TranscriptStyle, width: int, *, first: bool) -> int:
    """The height of a block that may take `width`, with the gap above it."""
    from ui.transcript.blocks.block_box import gap_above, indent_of  # loaded with the first message

    gap = gap_above(block, first=first)
    if block.is_folded:
        return gap + PLACES if block.leads else 0
    if block.kind is Kind.CODE:
        return gap + (len(block.lines) + 3) * style.code_height
    if block.kind is Kind.TABLE:
        return gap + len(block.lines) * (style.line_height + 16)
    width = max(1, width - indent_of(block))
    if block.kind is Kind.LITERAL:
        rows = sum(1 + int(len(line) * style.char_width / width) for line in block.lines)
    else:
        rows = 1 + int(block.size * style.char_width / width)
    return gap + rows * style.line_height
