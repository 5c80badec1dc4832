"""What is drawn beside a block for what it stands in: bars of quotes, bullets, numbers, boxes of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ui.transcript.blocks.style import INDENT, QUOTE_INDENT

if TYPE_CHECKING:
    from ui.transcript.blocks.style import TranscriptStyle
    from ui.transcript.markdown.block import Block, Container

BAR = 3
GAP = 8
"""Between a marker and its text."""
BOX = 13
_BOX_RADIUS = 3
_BOX_LINE = 1.5
_CHECK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))
"""The corners of a check mark, as shares of its box."""


def draw_containers(
    painter: QPainter, area: QRectF, gap: int, block: Block, style: TranscriptStyle, *, mirrored: bool
) -> None:
    """Draw what belongs to the containers of `block` within `area`, whose top `gap` pixels are empty.

    `mirrored` puts it at the right edge.
    """
    x = 0.0
    for depth, container in enumerate(block.containers):
        joined = depth < block.joined
        if container.quote:
            top = area.top() if joined else area.top() + gap
            left = area.right() - x - BAR if mirrored else area.left() + x
            painter.fillRect(QRectF(left, top, BAR, area.bottom() - top), style.line)
            x += QUOTE_INDENT
            continue
        x += INDENT
        if not joined and not block.continued:
            edge = area.right() - x + GAP if mirrored else area.left() + x - GAP
            baseline = QPointF(edge, area.top() + gap + style.baseline)
            if container.task is None:
                _draw_marker(painter, baseline, container, style, mirrored=mirrored)
            else:
                painter.setFont(style.body)
                left = edge if mirrored else edge - BOX
                middle = baseline.y() - painter.fontMetrics().capHeight() / 2
                _draw_box(painter, QRectF(left, middle - BOX / 2, BOX, BOX), style, done=container.task)


def _draw_marker(
    painter: QPainter, edge: QPointF, container: Container, style: TranscriptStyle, *, mirrored: bool
) -> None:
    """Write a bullet or a number that ends at `edge`, or begins there where it is mirrored."""
    painter.setFont(style.body)
    painter.setPen(style.muted)
    if mirrored:
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        painter.drawText(edge, container.marker)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        return
    width = painter.fontMetrics().horizontalAdvance(container.marker)
    painter.drawText(QPointF(edge.x() - width, edge.y()), container.marker)


def _draw_box(painter: QPainter, box: QRectF, style: TranscriptStyle, *, done: bool) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(style.palette.accent if done else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(style.palette.accent if done else style.muted, _BOX_LINE))
    inset = _BOX_LINE / 2
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), _BOX_RADIUS, _BOX_RADIUS)
    if done:
        pen = QPen(style.palette.accent_text, _BOX_LINE + 0.25)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        corners = [QPointF(box.x() + a * box.width(), box.y() + b * box.height()) for a, b in _CHECK]
        painter.drawPolyline(corners)
    painter.restore()
