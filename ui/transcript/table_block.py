"""A table on the screen."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from ui.transcript.inline import read_inline
from ui.transcript.line_rules import cells_of
from ui.transcript.paragraph import Formats, Paragraph, part
from ui.transcript.styled_text import StyledText
from ui.transcript.text_block import bold_formats

if TYPE_CHECKING:
    from ui.transcript.block import Block
    from ui.transcript.style import TranscriptStyle

PADDING = 8
NARROWEST = 32
HEAD_LINES = 2
"""Source lines before the first body row."""


class _Row:
    """The cells of one row: read and measured once, wrapped again only when a column changes."""

    def __init__(self, source: str, columns: int, style: TranscriptStyle, *, head: bool) -> None:
        cells = cells_of(source)
        if columns:
            cells = (cells + [""] * columns)[:columns]
        self.cells: list[tuple[StyledText, Paragraph]] = []
        for cell in cells:
            styled = read_inline(cell)
            formats = bold_formats(styled, style, bold=head)
            lines = Paragraph(styled.text, style.body, formats, style.line_height)
            lines.wrap(None)
            self.cells.append((styled, lines))
        self.natural = [lines.natural_width for _, lines in self.cells]

    @property
    def text(self) -> str:
        return "\t".join(styled.text for styled, _ in self.cells)

    def wrap(self, widths: list[int]) -> int:
        pairs = zip(self.cells, widths, strict=True)
        return max(lines.wrap(width) for (_, lines), width in pairs) + 2 * PADDING


class TableBlock:
    """Rows are read once; while the table streams in, a new row costs itself alone unless it
    widens a column."""

    def __init__(self, block: Block, style: TranscriptStyle) -> None:
        self._block = block
        self._style = style
        self.steady = 0
        self._rows: list[_Row] = []
        self._tops: list[int] = [0]
        self._natural: list[int] = []
        self._widths: list[int] = []
        self._settled = 0
        self._version = -1

    @property
    def text(self) -> str:
        """Cells divided by tabs, rows by line ends."""
        self._refresh()
        return "\n".join(row.text for row in self._rows)

    @property
    def natural_width(self) -> int:
        """The width of all columns."""
        return sum(self._widths) + 2 * PADDING * len(self._widths)

    def wrap(self, width: int) -> int:
        """Fit the columns to `width`; return the height."""
        self._refresh()
        widths = _fit(self._natural, width)
        if widths != self._widths:
            self._widths, self._tops, self.steady = widths, [0], 0
        for row in self._rows[len(self._tops) - 1 :]:
            self._tops.append(self._tops[-1] + row.wrap(widths))
        return self._tops[-1] + 1

    def draw(self, painter: QPainter, at: QPointF, clip: QRectF, marks: Formats) -> None:
        """Paint the rows that touch `clip`."""
        style = self._style
        first = max(0, bisect.bisect_right(self._tops, clip.top() - at.y()) - 1)
        start = sum(len(row.text) + 1 for row in self._rows[:first]) if marks else 0
        for index in range(first, len(self._rows)):
            row, y = self._rows[index], at.y() + self._tops[index]
            if y > clip.bottom():
                break
            x = at.x()
            for (styled, lines), width in zip(row.cells, self._widths, strict=True):
                inside = part(marks, start, start + len(styled.text))
                lines.draw(painter, QPointF(x + PADDING, y + PADDING), style.text, clip, inside)
                start += len(styled.text) + 1
                x += width + 2 * PADDING
            below = at.y() + self._tops[index + 1]
            colour = style.muted if index == 0 else style.line
            painter.fillRect(QRectF(at.x(), below - 1, x - at.x(), 1), colour)

    def hit(self, x: float, y: float) -> int:
        """The text position nearest to a point."""
        index, start = self._row_at(y)
        row = self._rows[index]
        for (styled, lines), width in zip(row.cells, self._widths, strict=True):
            if x < width + 2 * PADDING or styled is row.cells[-1][0]:
                return start + lines.hit(x - PADDING, y - self._tops[index] - PADDING)
            start += len(styled.text) + 1
            x -= width + 2 * PADDING
        return start

    def spot(self, position: int) -> tuple[float, float]:
        """Where a caret stands before a text position."""
        start, x = 0, 0
        for row, top in zip(self._rows, self._tops, strict=False):
            if position > start + len(row.text):
                start += len(row.text) + 1
                continue
            for (styled, lines), width in zip(row.cells, self._widths, strict=True):
                if position <= start + len(styled.text):
                    inside = lines.spot(position - start)
                    return x + PADDING + inside[0], top + PADDING + inside[1]
                start += len(styled.text) + 1
                x += width + 2 * PADDING
        return 0.0, float(self._tops[-1])

    def link_at(self, x: float, y: float) -> str:
        """The address under a point, or ""."""
        index, _ = self._row_at(y)
        for (styled, lines), width in zip(self._rows[index].cells, self._widths, strict=True):
            if x < width + 2 * PADDING:
                at = lines.over(x - PADDING, y - self._tops[index] - PADDING)
                spans = [s for s in styled.spans if at is not None and s.url and s.start <= at < s.end]
                return spans[0].url if spans else ""
            x -= width + 2 * PADDING
        return ""

    def end(self) -> tuple[float, float] | None:
        """A caret has no place here."""
        return None

    def _row_at(self, y: float) -> tuple[int, int]:
        index = min(max(0, bisect.bisect_right(self._tops, y) - 1), len(self._rows) - 1)
        return index, sum(len(row.text) + 1 for row in self._rows[:index])

    def _refresh(self) -> None:
        block = self._block
        if self._version == block.version:
            return
        self._version = block.version
        kept = max(0, min(self._settled, len(block.lines)) - HEAD_LINES + 1) if self._rows else 0
        del self._rows[kept:], self._tops[kept + 1 :]
        self.steady = self._tops[-1]
        if not self._rows:
            self._rows.append(_Row(block.lines[0], 0, self._style, head=True))
            self._natural = [max(NARROWEST, width) for width in self._rows[0].natural]
        for line in block.lines[HEAD_LINES + len(self._rows) - 1 :]:
            row = _Row(line, len(self._natural), self._style, head=False)
            self._natural = [max(pair) for pair in zip(self._natural, row.natural, strict=True)]
            self._rows.append(row)
        self._settled = block.settled


def _fit(natural: list[int], width: int) -> list[int]:
    """Column widths: as wide as their text where all fit, else the wide ones share what is left."""
    room = width - 2 * PADDING * len(natural)
    if sum(natural) <= room:
        return list(natural)
    fair = room // max(1, len(natural))
    narrow = sum(each for each in natural if each <= fair)
    wide = sum(each for each in natural if each > fair)
    left = max(0, room - narrow)
    return [each if each <= fair else max(NARROWEST, each * left // wide) for each in natural]
