"""A paragraph, a heading or literal text on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from ui.signs import LINE_BREAK
from ui.transcript.blocks.paragraph import Formats, Paragraph
from ui.transcript.markdown.block import Block, Kind
from ui.transcript.markdown.styled_text import Span, StyledText, agreement

if TYPE_CHECKING:
    from ui.transcript.blocks.links import Link
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.markdown.inline import GrowingText

_GROWING = (Kind.PARAGRAPH, Kind.HEADING)
"""What is read anew from its last words only, while it grows."""


class TextBlock:
    """Parsed and laid out once, and again only while the block grows."""

    def __init__(self, block: Block, style: TranscriptStyle) -> None:
        self._block = block
        self._style = style
        self._version = -1
        self._width = -1
        self.steady = 0
        self._styled = self._laid = StyledText("")
        self._growing: GrowingText | None = None
        self._lines: Paragraph | None = None

    @property
    def text(self) -> str:
        """What is read, without markup."""
        self._refresh()
        return self._styled.text.replace(LINE_BREAK, "\n")

    @property
    def places(self) -> tuple[Span, ...]:
        """What of its text stands for markup of places."""
        self._refresh()
        return self._styled.places

    def copied(self, start: int, end: int) -> str:
        """What a copy of text[start:end] gives."""
        self._refresh()
        return self._styled.copied(start, end)

    @property
    def natural_width(self) -> int:
        """The width of the widest line."""
        return self._lines.natural_width if self._lines is not None else 0

    def wrap(self, width: int) -> int:
        """Lay out in `width`; return the height."""
        self._refresh()
        before, lines = self._lines, self._lines
        if lines is None or self._laid is not self._styled:
            lines = self._lay()
        if lines is not before or width != self._width:
            self.steady = 0
            if before is not None and width == self._width:
                self.steady = before.steady(agreement(self._laid, self._styled))
            self._lines, self._laid, self._width = lines, self._styled, width
            lines.wrap(width)
            if lines.right_to_left and self._block.references is None:
                # A question's card is as wide as its text, and this text stands at its right edge.
                lines.wrap(min(width, lines.natural_width + 1))
        return lines.height

    def draw(self, painter: QPainter, at: QPointF, clip: QRectF, marks: Formats) -> None:
        """Paint at `at`."""
        if self._lines is not None:
            self._lines.draw(painter, at, self._style.text, clip, marks)

    def hit(self, x: float, y: float) -> int:
        """The text position nearest to a point."""
        return self._lines.hit(x, y) if self._lines is not None else 0

    def spot(self, position: int) -> tuple[float, float]:
        """Where a caret stands before a text position."""
        return self._lines.spot(position) if self._lines is not None else (0.0, 0.0)

    def link_at(self, x: float, y: float) -> str:
        """The address under a point, or ""."""
        position = self._lines.over(x, y) if self._lines is not None else None
        if position is None:
            return ""
        spans = self._styled.spans
        return next((span.url for span in spans if span.url and span.start <= position < span.end), "")

    @property
    def links(self) -> list[Link]:
        """What leads on in its text, laid out or not."""
        from ui.transcript.blocks.links import links_of

        self._refresh()
        return links_of(self._styled)

    def areas(self, start: int, end: int) -> list[QRectF]:
        """Where text[start:end] stands, line by line."""
        return self._lines.areas(start, end) if self._lines is not None else []

    def end(self) -> tuple[float, float] | None:
        """Where a caret stands after the text."""
        return self._lines.end() if self._lines is not None else None

    def _refresh(self) -> None:
        block = self._block
        if self._version == block.version:
            return
        self._version = block.version
        self._styled = self._read()

    def _read(self) -> StyledText:
        block = self._block
        if block.closed or block.kind not in _GROWING:
            from ui.transcript.finding import shown

            self._growing = None
            return shown.read_text(block)
        if self._growing is None:
            from ui.transcript.markdown.inline import GrowingText

            self._growing = GrowingText()
        return self._growing.read(block.source.rstrip(), block.references)

    def _lay(self) -> Paragraph:
        style, block = self._style, self._block
        formats: Formats = [
            (span.start, span.end, style.look(span.look))
            for span in self._styled.spans
            if span.look and span.start < span.end
        ]
        if block.kind is Kind.HEADING:
            font = style.heading_font(block.level)
            height = round(font.pixelSize() * 1.35)
        else:
            small = block.kind is Kind.DEFINITION
            font = style.caption if small else style.body
            height = style.caption_height if small else style.line_height
        return Paragraph(self._styled.text, font, formats, height, None)
