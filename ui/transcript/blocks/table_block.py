"""A table on the screen."""

from __future__ import annotations

import bisect
import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from ui.transcript.blocks.paragraph import Alignment, Formats, part
from ui.transcript.blocks.table_row import TableRow
from ui.transcript.markdown.styled_text import places_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui.transcript.blocks.links import Link
    from ui.transcript.blocks.paragraph import Paragraph
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.markdown.block import Block
    from ui.transcript.markdown.styled_text import Span, StyledText

PADDING = 8
NARROW_PADDING = 3
MANY_COLUMNS = 8
"""A table with more of them is set closer."""
NARROWEST = 32


class TableBlock:
    """Rows are read once; while the table streams in, a new row costs itself alone unless it
    widens a column. The first column is at the right where the block runs from there."""

    def __init__(self, block: Block, style: TranscriptStyle) -> None:
        self._block = block
        self._style = style
        self.steady = 0
        self._rows: list[TableRow] = []
        self._tops: list[int] = [0]
        self._natural: list[int] = []
        self._certain: list[int] = []
        self._widths: list[int] = []
        self._lefts: list[int] = []
        self._columns: list[Alignment | None] = []
        self._padding = PADDING
        self._above = 0 if block.head is not None else 1
        """Lines that are no rows: the one that underlines the head."""
        self._settled = 0
        self._measured = 0
        self._version = -1
        self._resolved = 0

    @property
    def text(self) -> str:
        """Cells divided by tabs, rows by line ends."""
        self._refresh()
        return "\n".join(row.text for row in self._rows)

    @property
    def places(self) -> tuple[Span, ...]:
        """What of its cells stands for markup of places."""
        self._refresh()
        return tuple(places_of(itertools.chain.from_iterable(row.cells for row in self._rows)))

    def copied(self, start: int, end: int) -> str:
        """What a copy of text[start:end] gives."""
        self._refresh()
        pieces, at = list[str](), 0
        for row in self._rows:
            if start <= at + row.length and end >= at:
                pieces.append(row.copied(max(0, start - at), min(row.length, end - at)))
            at += row.length + 1
        return "\n".join(pieces)

    @property
    def natural(self) -> list[int]:
        """How wide each column would like to be."""
        self._refresh()
        self._measure()
        return self._natural

    @property
    def natural_width(self) -> int:
        """The width of all columns."""
        return sum(self._widths) + 2 * self._padding * len(self._widths)

    def wrap(self, width: int) -> int:
        """Fit the columns to `width`; return the height."""
        self._refresh()
        self._measure()
        widths = _fit(self._natural, width - 2 * self._padding * len(self._natural))
        if widths != self._widths:
            self._widths, self._tops, self.steady = widths, [0], 0
        self._place_columns(width)
        for row in self._rows[len(self._tops) - 1 :]:
            self._tops.append(self._tops[-1] + row.wrap(widths) + 2 * PADDING)
        return self._tops[-1] + 1

    def _place_columns(self, width: int) -> None:
        self._lefts, x = [], 0
        for each in self._widths:
            self._lefts.append(x + self._padding)
            x += each + 2 * self._padding
        if self._block.right_to_left:
            right = max(width, x)
            pairs = zip(self._lefts, self._widths, strict=True)
            self._lefts = [right - left - each for left, each in pairs]

    def draw(self, painter: QPainter, at: QPointF, clip: QRectF, marks: Formats) -> None:
        """Paint the rows that touch `clip`."""
        style = self._style
        first = max(0, bisect.bisect_right(self._tops, clip.top() - at.y()) - 1)
        start = self._start_of(first)
        left = at.x() + min(self._lefts) - self._padding
        for index in range(first, len(self._rows)):
            y = at.y() + self._tops[index]
            if y > clip.bottom():
                break
            for styled, lines, x, _, begin in self._cells(index, start):
                inside = part(marks, begin, begin + len(styled.text))
                lines.draw(painter, QPointF(at.x() + x, y + PADDING), style.text, clip, inside)
            start += self._rows[index].length + 1
            below = at.y() + self._tops[index + 1]
            colour = style.muted if index == 0 and self._above else style.line
            painter.fillRect(QRectF(left, below - 1, self.natural_width, 1), colour)

    def hit(self, x: float, y: float) -> int:
        """The text position nearest to a point."""
        index = self._row_at(y)
        cells = list(self._cells(index, self._start_of(index)))
        nearest = min(cells, key=lambda cell: max(cell[2] - x, x - cell[2] - cell[3], 0))
        _, lines, left, _, begin = nearest
        return begin + lines.hit(x - left, y - self._tops[index] - PADDING)

    def spot(self, position: int) -> tuple[float, float]:
        """Where a caret stands before a text position."""
        start = 0
        for index, (row, top) in enumerate(zip(self._rows, self._tops, strict=False)):
            if position <= start + row.length:
                for styled, lines, left, _, begin in self._cells(index, start):
                    if position <= begin + len(styled.text):
                        x, y = lines.spot(position - begin)
                        return left + x, top + PADDING + y
            start += row.length + 1
        return 0.0, float(self._tops[-1])

    def link_at(self, x: float, y: float) -> str:
        """The address under a point, or ""."""
        index = self._row_at(y)
        for styled, lines, left, width, _ in self._cells(index, 0):
            if left - self._padding <= x < left + width + self._padding:
                at = lines.over(x - left, y - self._tops[index] - PADDING)
                spans = [s for s in styled.spans if at is not None and s.url and s.start <= at < s.end]
                return spans[0].url if spans else ""
        return ""

    @property
    def links(self) -> list[Link]:
        """What leads on in its cells, row by row, laid out or not."""
        from ui.transcript.blocks.links import links_of

        self._refresh()
        found: list[Link] = []
        start = 0
        for cell in itertools.chain.from_iterable(row.cells for row in self._rows):
            found += [link.moved(start) for link in links_of(cell)]
            start += len(cell.text) + 1
        return found

    def areas(self, start: int, end: int) -> list[QRectF]:
        """Where text[start:end] stands, which is in one cell, line by line."""
        begin = 0
        for index, (row, top) in enumerate(zip(self._rows, self._tops, strict=False)):
            if start <= begin + row.length:
                for styled, lines, left, _, at in self._cells(index, begin):
                    if start < at + len(styled.text):
                        areas = lines.areas(start - at, end - at)
                        return [area.translated(left, top + PADDING) for area in areas]
            begin += row.length + 1
        return []

    def end(self) -> tuple[float, float] | None:
        """A caret has no place here."""
        return None

    def _row_at(self, y: float) -> int:
        return min(max(0, bisect.bisect_right(self._tops, y) - 1), len(self._rows) - 1)

    def _start_of(self, index: int) -> int:
        """Where a row begins in the text."""
        return sum(row.length + 1 for row in self._rows[:index])

    def _cells(self, index: int, start: int) -> Iterator[tuple[StyledText, Paragraph, int, int, int]]:
        """Each cell of a row that begins at `start`: text, lines, left edge, width, start."""
        row = self._rows[index]
        for cell, lines, left, width in zip(row.cells, row.laid, self._lefts, self._widths, strict=True):
            yield cell, lines, left, width, start
            start += len(cell.text) + 1

    def _refresh(self) -> None:
        block = self._block
        if self._version == block.version:
            return
        self._version = block.version
        if self._resolved != block.resolved:
            self._resolved, self._settled, self._rows, self._columns = block.resolved, 0, [], []
        kept = max(0, min(self._settled, len(block.lines)) - self._above) if self._rows else 0
        del self._rows[kept:], self._tops[kept + 1 :]
        self.steady = self._tops[-1]
        if not self._columns:
            self._read_columns()
        if not self._rows and self._above:
            self._rows.append(self._row(block.lines[0], head=True))
        for line in block.lines[self._above + len(self._rows) :]:
            self._rows.append(self._row(line))
        self._settled = block.settled

    def _measure(self) -> None:
        """Widen the columns to what rows need that are new, for good to what those need that are finished."""
        if self._block.head is not None:
            self._natural = self._widths_above(self._block.head)
            return
        certain = max(self._measured, min(self._settled, len(self._block.lines)) - self._above)
        for row in self._rows[self._measured : certain]:
            self._certain = [max(pair) for pair in zip(self._certain, row.natural, strict=True)]
        self._measured, self._natural = certain, self._certain
        for row in self._rows[certain:]:
            self._natural = [max(pair) for pair in zip(self._natural, row.natural, strict=True)]

    def _widths_above(self, head: Block) -> list[int]:
        known = self._style.table_columns.get(head)
        if known is None:
            known = self._style.table_columns[head] = TableBlock(head, self._style).natural
        return known

    def _row(self, line: str, *, head: bool = False) -> TableRow:
        return TableRow(line, self._columns, self._style, self._block.references, head=head)

    def _read_columns(self) -> None:
        """Take the columns from the head of the table, and their widths where it is another block."""
        from ui.transcript.markdown.line_rules import cells_of, columns_of

        head = self._block.head or self._block
        named: dict[str, Alignment | None] = {"left": "left", "center": "center", "right": "right"}
        count = len(cells_of(head.lines[0]))
        told = columns_of(head.lines[1])[:count] if len(head.lines) > 1 else []
        self._columns = [named.get(each) for each in told] + [None] * (count - len(told))
        self._certain = self._natural = [NARROWEST] * count
        self._measured = 0
        self._padding = PADDING if count <= MANY_COLUMNS else NARROW_PADDING


def _fit(natural: list[int], room: int) -> list[int]:
    """Column widths: as wide as their text where all fit, else the wide ones share what is left."""
    if sum(natural) <= room:
        return list(natural)
    fair = max(1, room // max(1, len(natural)))
    narrow = sum(each for each in natural if each <= fair)
    wide = sum(each for each in natural if each > fair)
    left = max(0, room - narrow)
    least = min(NARROWEST, fair)
    return [each if each <= fair else max(least, each * left // wide) for each in natural]
