"""One row of a table on the screen."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.transcript.blocks.paragraph import Alignment, Formats, Paragraph
from ui.transcript.markdown.styled_text import Look, StyledText

if TYPE_CHECKING:
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.markdown.references import References


class TableRow:
    """Its cells: read at once, measured when first laid out, wrapped again only when a column changes.

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
        from ui.transcript.finding.shown import read_cells

        self.cells = read_cells(source, len(columns), references)
        self.length = sum(len(cell.text) for cell in self.cells) + len(self.cells) - 1
        """Characters of its text."""
        self._columns = columns
        self._style = style
        self._head = head

    @functools.cached_property
    def laid(self) -> list[Paragraph]:
        """Its cells on the screen."""
        return [self._lay(*pair) for pair in zip(self.cells, self._columns, strict=True)]

    @functools.cached_property
    def natural(self) -> list[int]:
        """How wide each cell is on one line; to be asked for before the row is wrapped."""
        return [lines.natural_width for lines in self.laid]

    @property
    def text(self) -> str:
        """Its cells divided by tabs."""
        from ui.transcript.finding.shown import row_text

        return row_text(self.cells)

    def copied(self, start: int, end: int) -> str:
        """What a copy of text[start:end] gives."""
        pieces, at = list[str](), 0
        for cell in self.cells:
            if start <= at + len(cell.text) and end >= at:
                pieces.append(cell.copied(max(0, start - at), min(len(cell.text), end - at)))
            at += len(cell.text) + 1
        return "\t".join(pieces)

    def wrap(self, widths: Sequence[int]) -> int:
        """Lay the cells out in their columns; return the height of the highest."""
        return max(lines.wrap(width) for lines, width in zip(self.laid, widths, strict=True))

    def _lay(self, cell: StyledText, alignment: Alignment | None) -> Paragraph:
        style = self._style
        formats: Formats = [(0, len(cell.text), style.look(Look.BOLD))] if self._head and cell.text else []
        spans = [span for span in cell.spans if span.look and span.start < span.end]
        formats += [(span.start, span.end, style.look(span.look)) for span in spans]
        lines = Paragraph(cell.text, style.body, formats, style.line_height, alignment)
        lines.wrap(None)
        return lines
