"""A horizontal rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from ui.transcript.blocks.paragraph import Formats
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.markdown.block import Block
    from ui.transcript.markdown.styled_text import Span

HEIGHT = 9


class RuleBlock:
    """One thin line; it has no text."""

    text = ""
    natural_width = 0
    places: tuple[Span, ...] = ()
    steady = 0

    def __init__(self, _block: Block, style: TranscriptStyle) -> None:
        self._style = style
        self._width = 0

    def wrap(self, width: int) -> int:
        """Take `width`; return the height."""
        self._width = width
        return HEIGHT

    def draw(self, painter: QPainter, at: QPointF, _clip: QRectF, _marks: Formats) -> None:
        """Paint at `at`."""
        painter.fillRect(QRectF(at.x(), at.y() + HEIGHT // 2, self._width, 1), self._style.line)

    def copied(self, _start: int, _end: int) -> str:
        """There is nothing to copy."""
        return ""

    def hit(self, _x: float, _y: float) -> int:
        """There is one position."""
        return 0

    def spot(self, _position: int) -> tuple[float, float]:
        """There is one place."""
        return 0.0, HEIGHT / 2

    def link_at(self, _x: float, _y: float) -> str:
        """There is no link."""
        return ""

    def end(self) -> tuple[float, float] | None:
        """A caret has no place here."""
        return None
