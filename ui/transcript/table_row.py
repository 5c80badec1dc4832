"""One row of a table on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.transcript.inline import read_inline
from ui.transcript.line_rules import cells_of
from ui.transcript.paragraph import Alignment, Formats, Paragraph
from ui.transcript.styled_text import Look, StyledText

if TYPE_CHECKING:
    from ui.transcript.references import References
    from ui.transcript.style import TranscriptStyle


class TableRow:
    """Its cells: read and measured once, wrapped again only when a column changes.

    Args:
        source: The line as written.
        columns: How the cells of each column stand; None for where their text begins.
        head: Whether the row names the columns.
    """

    def __init__(
        self,
        source: str,
        columns: Sequence[Alignment | None],
        style: TranscriptStyle,
        references: References | None,
        *,
        head: bool,
    ) -> None:
        self.cells: list[tuple[StyledText, Paragraph]] = []
        for cell, alignment in zip(_fitted(cells_of(source), len(columns)), columns, strict=True):
            styled = read_inline(cell, references)
            formats = _formats(styled, style, bold=head)
            lines = Paragraph(styled.text, style.body, formats, style.line_height, alignment)
            lines.wrap(None)
            self.cells.append((styled, lines))
        self.natural = [lines.natural_width for _, lines in self.cells]
        self.length = sum(len(styled.text) for styled, _ in self.cells) + len(self.cells) - 1
        """Characters of its text."""

    @property
    def text(self) -> str:
        """Its cells divided by tabs."""
        return "\t".join(styled.text.replace("\u2028", " ") for styled, _ in self.cells)

    def copied(self, start: int, end: int) -> str:
        """What a copy of text[start:end] gives."""
        pieces, at = list[str](), 0
        for styled, _ in self.cells:
            if start <= at + len(styled.text) and end >= at:
                pieces.append(styled.copied(max(0, start - at), min(len(styled.text), end - at)))
            at += len(styled.text) + 1
        return "\t".join(pieces)

    def wrap(self, widths: Sequence[int]) -> int:
        """Lay the cells out in their columns; return the height of the highest."""
        return max(lines.wrap(width) for (_, lines), width in zip(self.cells, widths, strict=True))


def _fitted(cells: list[str], count: int) -> list[str]:
    """As many cells as there are columns; what is beyond the last stands in the last."""
    if len(cells) > count:
        return [*cells[: count - 1], " | ".join(cells[count - 1 :])]
    return cells + [""] * (count - len(cells))


def _formats(text: StyledText, style: TranscriptStyle, *, bold: bool) -> Formats:
    formats: Formats = []
    if bold and text.text:
        formats.append((0, len(text.text), style.look(Look.BOLD)))
    return formats + [(span.start, span.end, style.look(span.look)) for span in text.spans if span.look]
