"""Code on the screen: only visible rows are ever laid out."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QTextCharFormat

from ui.transcript.blocks import code_rows
from ui.transcript.blocks.code_head import PADDING, CodeHead
from ui.transcript.blocks.code_rows import CodeRow
from ui.transcript.blocks.highlighter import Highlighter
from ui.transcript.blocks.paragraph import Formats, Paragraph, part
from ui.transcript.blocks.style import NO_PEN, RADIUS
from ui.transcript.markdown.invisible import code_line, spaced

if TYPE_CHECKING:
    from pygments.token import _TokenType

    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.markdown.block import Block
    from ui.transcript.markdown.styled_text import Span

MOST_LAYOUTS = 400


class CodeBlock:
    """Rows of fixed height; a line wider than the block goes on in further rows, below its own indent.

    `text` is the code with tabs as four spaces, so that positions are columns.
    """

    natural_width = 0
    places: tuple[Span, ...] = ()

    def __init__(self, block: Block, style: TranscriptStyle) -> None:
        self._block = block
        self._style = style
        self._highlighter = Highlighter(block.info)
        self.steady = 0
        self.head = CodeHead(block, style)
        self._lines: list[str] = []
        self._offsets: list[int] = [0]
        self._settled = 0
        self._version = -1
        self._columns = 0
        self._rows: list[CodeRow] = []
        self._first_row: list[int] = []
        self._layouts: dict[int, Paragraph] = {}
        self._width = 0
        self._closed = False
        self._last_seen = 0

    @property
    def text(self) -> str:
        """The code, without its fences."""
        self._refresh()
        return "\n".join(self._lines)

    def copied(self, start: int, end: int) -> str:
        """What a copy of text[start:end] gives: what signs stand for instead of the signs."""
        return "\n".join(map(spaced, self._block.lines))[start:end]

    def wrap(self, width: int) -> int:
        """Divide into rows that fit `width`; return the height."""
        columns = max(8, int((width - 2 * PADDING) / self._style.code_width))
        resized, self._width = width != self._width, width
        if columns != self._columns:
            self._columns = columns
            self._rows, self._first_row = [], []
            self._layouts.clear()
        self._refresh()
        self._divide()
        if resized:
            self.steady = 0
        self.head.width, self.head.height = width, self._height
        return self._height

    @property
    def _shown_rows(self) -> int:
        """How many rows are shown of a block that may be folded."""
        folded = self._block.folded
        return min(self._row_of(folded), len(self._rows)) if folded > 0 else len(self._rows)

    @property
    def _height(self) -> int:
        rows = max(1, self._shown_rows)
        return rows * self._style.code_height + 2 * PADDING + self.head.above + self.head.below

    def draw(self, painter: QPainter, at: QPointF, clip: QRectF, marks: Formats) -> None:
        """Paint the rows that touch `clip`."""
        style, row_height = self._style, self._style.code_height
        painter.setPen(NO_PEN)
        painter.setBrush(style.code_surface)
        painter.drawRoundedRect(QRectF(at.x(), at.y(), self._width, self._height), RADIUS, RADIUS)
        self.head.draw(painter, at, clip)
        top = at.y() + PADDING + self.head.above
        first = max(0, int((clip.top() - top) // row_height))
        last = min(self._shown_rows - 1, int((clip.bottom() - top) // row_height))
        if last < first:
            return
        self._last_seen = self._rows[last][0]
        for row in range(first, last + 1):
            line, start, end, _ = self._rows[row]
            layout = self._layout(row)
            base = self._offsets[line] + start
            point = QPointF(at.x() + self._left(row), top + row * row_height)
            layout.draw(painter, point, style.text, clip, part(marks, base, base + end - start))

    def hit(self, x: float, y: float) -> int:
        """The text position nearest to a point."""
        if not self._rows:
            return 0
        row = int((y - PADDING - self.head.above) // self._style.code_height)
        if row < 0:
            return 0
        row = min(row, max(0, self._shown_rows - 1))
        line, start, _, _ = self._rows[row]
        return self._offsets[line] + start + self._layout(row).hit(x - self._left(row), 0)

    def spot(self, position: int) -> tuple[float, float]:
        """Where a caret stands before a text position."""
        line = max(0, bisect.bisect_right(self._offsets, position, 0, max(1, len(self._lines))) - 1)
        if line >= len(self._first_row):
            return float(PADDING), float(self._top_of(0))
        row, column = self._first_row[line], position - self._offsets[line]
        while row + 1 < len(self._rows) and self._rows[row + 1][:2] <= (line, column):
            row += 1
        x = self._layout(row).spot(column - self._rows[row][1])[0]
        return self._left(row) + x, self._top_of(row) + self._style.code_height / 2

    def link_at(self, _x: float, _y: float) -> str:
        """Code has no links."""
        return ""

    def end(self) -> tuple[float, float] | None:
        """Where a caret stands after the code."""
        rows = max(1, self._shown_rows)
        x = self._left(rows - 1) + self._layout(rows - 1).natural_width if self._rows else PADDING
        return x, PADDING + self.head.above + (rows - 0.5) * self._style.code_height

    # ---- text

    def _refresh(self) -> None:
        block = self._block
        if self._version == block.version:
            return
        new, self._version = self._version < 0, block.version
        first = min(self._settled, len(block.lines))
        del self._lines[first:], self._offsets[first + 1 :]
        self._lines.extend(code_line(line) for line in block.lines[first:])
        for line in self._lines[first:]:
            self._offsets.append(self._offsets[-1] + len(line) + 1)
        self._settled = block.settled
        row = min(self._row_of(first), max(0, len(self._rows) - 1))
        self._forget_rows(first)
        if not block.closed and self._lines:
            coloured = self._highlighter.grow(self._lines)
            self._forget_layouts(coloured)
            row = min(row, self._row_of(coloured))
        elif block.closed and not self._closed:
            self._closed = True
            self._highlighter.restart()
        self.steady = 0 if new else self._top_of(row)

    def _top_of(self, row: int) -> int:
        return PADDING + self.head.above + row * self._style.code_height

    def _left(self, row: int) -> float:
        """Where the text of a row starts."""
        return PADDING + self._rows[row].hang * self._style.code_width

    def _row_of(self, line: int) -> int:
        return self._first_row[line] if line < len(self._first_row) else len(self._rows)

    def _forget_rows(self, line: int) -> None:
        if line < len(self._first_row):
            row = self._first_row[line]
            del self._rows[row:], self._first_row[line:]
            for known in [known for known in self._layouts if known >= row]:
                del self._layouts[known]

    def _forget_layouts(self, first: int, end: int | None = None) -> None:
        low, high = self._row_of(first), len(self._rows) if end is None else self._row_of(end)
        for known in [known for known in self._layouts if low <= known < high]:
            del self._layouts[known]

    def _divide(self) -> None:
        for line in range(len(self._first_row), len(self._lines)):
            self._first_row.append(len(self._rows))
            text = self._lines[line]
            if len(text) <= self._columns and text.isascii():
                self._rows.append(CodeRow(line, 0, len(text)))
                continue
            cuts, hang = code_rows.starts(text, self._columns), code_rows.hang(text, self._columns)
            ends = [*cuts[1:], len(text)]
            for start, end in zip(cuts, ends, strict=True):
                self._rows.append(CodeRow(line, start, end, hang if start else 0))

    # ---- colours

    @property
    def unread(self) -> bool:
        """Whether colours of rows that were painted are still to be read."""
        return self._closed and self._highlighter.behind(self._last_seen, len(self._lines))

    def read_on(self, deadline: float) -> tuple[int, int]:
        """Read finished code until time.perf_counter() passes `deadline`.

        Returns the heights between which colours changed.
        """
        changed = self._highlighter.catch_up(self._lines, self._last_seen, deadline)
        if not changed:
            return 0, 0
        self._forget_layouts(changed.start, changed.stop)
        return self._top_of(self._row_of(changed.start)), self._top_of(self._row_of(changed.stop))

    def _layout(self, row: int) -> Paragraph:
        found = self._layouts.get(row)
        if found is not None:
            return found
        if len(self._layouts) > MOST_LAYOUTS:
            self._layouts.clear()
        line, start, end, _ = self._rows[row]
        formats: Formats = []
        if line < len(self._highlighter.lines):
            for a, b, kind in self._highlighter.lines[line]:
                look = code_look(kind, self._style) if a < end and b > start else None
                if look is not None:
                    formats.append((max(a, start) - start, min(b, end) - start, look))
        made = Paragraph(self._lines[line][start:end], self._style.mono, formats, self._style.code_height)
        made.wrap(None)
        self._layouts[row] = made
        return made


def code_look(kind: _TokenType, style: TranscriptStyle) -> QTextCharFormat | None:
    """The format of a token type, None for plain."""
    known = style.code_looks
    if kind not in known:
        known[kind] = _make_look(kind, style)
    return known[kind]


def _make_look(kind: _TokenType, style: TranscriptStyle) -> QTextCharFormat | None:
    from pygments.token import Comment, Keyword, Name, Number, String

    palette = style.palette
    colours: tuple[tuple[_TokenType, QColor | None], ...] = (
        (Comment, palette.text_muted),
        (Keyword.Constant, palette.warning),
        (Keyword, palette.accent),
        (String, palette.positive),
        (Number, palette.warning),
        (Name.Tag, palette.accent),
        (Name.Decorator, palette.warning),
    )
    made = QTextCharFormat()
    if kind in Name.Function or kind in Name.Class:
        made.setFontWeight(600)
        return made
    for token, colour in colours:
        if kind in token and colour is not None:
            made.setForeground(colour)
            made.setFontItalic(token is Comment)
            return made
    return None
